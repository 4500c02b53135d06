"""`/v1/subscriptions` as a client sees it: saved whole or not at all, secrets shown once, keys with scopes."""

import json
import re
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from services.alerting.api import SubscriptionPages, api
from services.alerting.book import Book
from services.alerting.keys import ApiKeys
from services.alerting.previews import Previews
from services.alerting.register import BothEndpoints
from services.alerting.severity import DEFAULT_RULE
from services.common.api_keys import KeysError, Scope
from tests.factories import NOON
from tests.fakes import FakeClock, FakeEndpoints
from tests.unit.alerting.build import SECRET, endpoint
from tests.unit.alerting.topic import MemoryTopic, register

KEYS = SecretStr("ops:read+write:0123456789abcdef,eye:read:fedcba9876543210")
TARGET = {"url": "https://desk.example/hook"}


class Door:
    """The pages over a topic in memory."""

    def __init__(self, keys: SecretStr | None = KEYS, http_host: str = "0.0.0.0", **allowed: bool) -> None:  # noqa: S104
        self.topic = MemoryTopic()
        self.register = register(self.topic)
        both = BothEndpoints(FakeEndpoints(endpoint("filed")), self.register)
        self.register.changed = both.changed
        clock = FakeClock(NOON)
        book = Book(self.register, both, clock, **allowed)
        pages = SubscriptionPages(book, ApiKeys(keys, http_host), Previews("", DEFAULT_RULE, clock))
        transport = httpx.ASGITransport(app=api(pages))
        key = {"authorization": "Bearer 0123456789abcdef"} if keys else {}
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8004", headers=key)

    async def add(self, **changes: Any) -> httpx.Response:
        return await self.http.post("/v1/subscriptions", json={"id": "desk", "target": TARGET} | changes)


async def test_a_secret_is_made_and_shown_once() -> None:
    door = Door()
    made = await door.add(name="The desk", filters={"kinds": ["shelling"], "not": {"countries": ["SY"]}})
    assert made.status_code == 201, made.text
    told = made.json()
    assert told["secret"].startswith("whsec_")
    [saved] = door.register.all()
    assert saved.secrets[0].get_secret_value() == told["secret"]
    seen = (await door.http.get("/v1/subscriptions/desk")).json()
    assert "secret" not in seen
    assert told["secret"][6:] not in (await door.http.get("/v1/subscriptions")).text
    assert (seen["target"]["secrets"], seen["filters"]["not"]["countries"]) == (1, ["SY"])
    assert seen["kept_in"] == "topic"


async def test_an_edit_changes_what_it_names_and_keeps_the_rest() -> None:
    door = Door()
    await door.add(
        target=TARGET | {"secret": SECRET, "headers": {"X-A": "1", "X-B": "2"}}, filters={"min_killed": 3}
    )
    patch = {
        "target": {"headers": {"X-A": None}},
        "filters": {"severities": ["flash"]},
        "rules": {"max_per_hour": 5},
    }
    edited = (await door.http.patch("/v1/subscriptions/desk", json=patch)).json()
    assert (edited["version"], edited["target"]["headers"], edited["target"]["secrets"]) == (2, ["X-B"], 1)
    assert (edited["filters"]["min_killed"], edited["filters"]["severities"]) == (3, ["flash"])
    assert edited["rules"] == {"hold_seconds": 0, "max_per_hour": 5}
    [saved] = door.register.all()
    assert saved.secrets[0].get_secret_value() == SECRET


async def test_a_rotation_signs_with_both_and_then_with_the_new_one() -> None:
    door = Door()
    first = (await door.add()).json()["secret"]
    second = (await door.http.post("/v1/subscriptions/desk/secret")).json()["secret"]
    assert [s.get_secret_value() for s in door.register.all()[0].secrets] == [second, first]
    third = (await door.http.post("/v1/subscriptions/desk/secret?keep_previous=false")).json()["secret"]
    assert [s.get_secret_value() for s in door.register.all()[0].secrets] == [third]


async def test_a_slack_url_is_a_credential() -> None:
    door = Door()
    made = await door.add(target={"url": "https://hooks.slack.example/T0/B0/very-secret", "format": "slack"})
    assert made.json()["secret"] is None
    assert made.json()["target"]["url"] == "https://hooks.slack.example/…"


async def test_removed_is_gone() -> None:
    door = Door()
    await door.add()
    assert (await door.http.delete("/v1/subscriptions/desk")).status_code == 204
    assert (await door.http.get("/v1/subscriptions/desk")).status_code == 404
    assert door.topic.records[-1][:2] == ("desk", None)


RING = [[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]
BAD = [
    ({"target": {"url": "ftp://x.example"}}, "target.url"),
    ({"target": {"url": "http://x.example"}}, "target.url"),
    ({"target": {"url": "https://127.0.0.1/"}}, "target.url"),
    ({"target": {"url": "https://[::ffff:10.0.0.1]/"}}, "target.url"),
    ({"target": {"url": "https://169.254.169.254/"}}, "target.url"),
    ({"target": {"url": "https://localhost/"}}, "target.url"),
    ({"target": TARGET | {"secret": "whsec_short"}}, "target.secret"),
    ({"target": TARGET | {"secrets": SECRET}}, "target.secrets"),
    ({"target": TARGET | {"format": "fax"}}, "target.format"),
    ({"target": TARGET | {"headers": {"Webhook-Id": "x"}}}, "target.headers"),
    ({"id": "The Desk"}, "id"),
    ({"filters": {"kinds": ["airstrike"]}}, "filters.kinds.0"),
    ({"filters": {"near": {"lat": 91, "lon": 0, "radius_km": 5}}}, "filters.near.lat"),
    ({"filters": {"near": {"lat": 9, "lon": 0, "radius_km": 0}}}, "filters.near.radius_km"),
    ({"filters": {"bbox": [0, 0, 1]}}, "filters.bbox.3"),
    (
        {"filters": {"not": {"area": {"type": "Polygon", "coordinates": [RING]}}}},
        "filters.not.area.coordinates",
    ),
    ({"filters": {"area": {"type": "Polygon", "coordinates": [RING[:3]]}}}, "filters.area.coordinates.0"),
    ({"filters": {"not": {"not": {}}}}, "filters.not.not"),
    ({"filters": {"languages": ["English"]}}, "filters.languages.0"),
    ({"rules": {"hold_seconds": -1}}, "rules.hold_seconds"),
    ({"colour": "red"}, "colour"),
]


@pytest.mark.parametrize(
    ("wrong", "field"), BAD, ids=[field + "-" + str(at) for at, (_, field) in enumerate(BAD)]
)
async def test_what_is_wrong_is_told_with_its_path_and_nothing_is_saved(
    wrong: dict[str, Any], field: str
) -> None:
    door = Door()
    await door.add(id="other")
    before = len(door.topic.records)
    answers = [await door.add(**wrong)]
    if "id" not in wrong:
        answers.append(await door.http.patch("/v1/subscriptions/other", json=wrong))
    for answer in answers:
        assert answer.status_code == 422, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert field in {error["field"] for error in answer.json()["errors"]}
        assert "whsec_short" not in answer.text
    assert len(door.topic.records) == before


async def test_a_time_without_a_zone_and_a_draft_with_a_mistake_are_refused_in_a_preview() -> None:
    door = Door()
    naive = await door.http.post("/v1/subscriptions/desk/preview", json={"since": "2026-03-04T12:00:00"})
    assert (naive.status_code, naive.json()["errors"][0]["field"]) == (422, "since")
    draft = {"subscription": {"target": TARGET, "filters": {"kinds": ["x"]}}}
    wrong = await door.http.post("/v1/subscriptions/desk/preview", json=draft)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "filters.kinds.0")


async def test_conflicts_are_told() -> None:
    door = Door()
    await door.add()
    assert (await door.add()).status_code == 409
    assert (await door.add(id="filed")).status_code == 409
    in_file = await door.http.patch("/v1/subscriptions/filed", json={"enabled": False})
    assert (in_file.status_code, "ALERTING_SUBSCRIPTIONS" in in_file.json()["detail"]) == (409, True)
    renamed = await door.http.patch("/v1/subscriptions/desk", json={"id": "night"})
    assert (renamed.status_code, renamed.json()["errors"][0]["field"]) == (422, "id")
    assert (await door.http.patch("/v1/subscriptions/desk", json=[])).status_code == 422


async def test_an_outage_is_no_success() -> None:
    door = Door()
    door.topic.out = True
    assert (await door.add()).status_code == 503
    assert not door.topic.records


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b" " * 600_000, "application/json", 413),
        (b"[]", "application/json", 422),
    ],
)
async def test_a_body_that_is_no_subscription(content: bytes, kind: str, status: int) -> None:
    answer = await Door().http.post("/v1/subscriptions", content=content, headers={"content-type": kind})
    assert answer.status_code == status, answer.text


async def test_keys_have_scopes() -> None:
    door = Door()
    for header, read, write in [
        ("Bearer 0123456789abcdef", 200, 201),
        ("Bearer fedcba9876543210", 200, 403),
        ("Bearer no-such-key-here", 401, 401),
        ("Basic 0123456789abcdef", 401, 401),
        ("", 401, 401),
    ]:
        headers = {"authorization": header}
        assert (await door.http.get("/v1/subscriptions", headers=headers)).status_code == read
        body = {"id": "desk", "target": TARGET}
        assert (await door.http.post("/v1/subscriptions", json=body, headers=headers)).status_code == write


async def test_without_keys_only_this_machine_is_served() -> None:
    here = Door(None, "127.0.0.1")
    assert (await here.add()).status_code == 201
    elsewhere = await here.http.get("/v1/subscriptions", headers={"host": "evil.example"})
    assert elsewhere.status_code == 403
    assert (await Door(None).add()).status_code == 403


@pytest.mark.parametrize(
    "text", ["ops", "ops:read:short", "ops:all:0123456789abcdef", ":read:0123456789abcdef"]
)
def test_a_bad_setting_of_keys_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(KeysError) as caught:
        ApiKeys(SecretStr(text), "127.0.0.1")
    assert "0123456789abcdef" not in str(caught.value)


def test_a_host_may_be_named_in_several_ways() -> None:
    keys = ApiKeys(None, "::1")
    for host in ("127.0.0.1:8004", "localhost:8004", "LOCALHOST", "[::1]:8004"):
        assert keys.require(Scope.WRITE, None, host) == "loopback"


async def test_the_openapi_page_shows_the_whole_subscription() -> None:
    page = (await Door().http.get("/openapi.json")).json()
    body = page["paths"]["/v1/subscriptions"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert {"id", "target", "filters", "rules", "enabled", "name"} == set(body["properties"])
    named = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(page)))
    assert named <= set(page["components"]["schemas"])
    assert "#/$defs" not in json.dumps(page)
