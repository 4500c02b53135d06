"""The YAML file: what it may say, how its mistakes are told, how an edit takes effect, and that secrets stay secret."""

import asyncio
import os
from pathlib import Path

import pytest

from schemas.event import Kind
from schemas.incident import Status
from schemas.subscription import DEFAULT_CHANGES
from services.alerting.endpoint import Endpoint
from services.alerting.subscriptions import SubscriptionsError, load
from services.alerting.watch import SubscriptionFile
from services.common.logging import configure
from tests.factories import NOON
from tests.fakes import FakeClock
from tests.unit.alerting.build import OTHER_SECRET, SECRET

GOOD = f"""
subscriptions:
  - id: desk
    name: The desk
    target:
      url: https://desk.example/hook/token-in-path
      secret: {SECRET}
      headers: {{Authorization: Bearer very-secret}}
    filters:
      kinds: [air_strike, shelling]
      countries: [NO, SY]
      min_killed: 3
      min_status: corroborated
  - id: night
    target: {{url: "https://night.example/", secret_env: NIGHT, secret_file: night.secret}}
    enabled: false
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "night.secret").write_text(OTHER_SECRET + "\n")
    path = tmp_path / "subscriptions.yaml"
    path.write_text(GOOD)
    return path


def read(path: Path) -> tuple[Endpoint, ...]:
    return load(path, {"NIGHT": SECRET})


def problems(path: Path, text: str, allow_http: bool = False) -> list[str]:
    path.write_text(text)
    with pytest.raises(SubscriptionsError) as caught:
        load(path, {}, allow_http=allow_http)
    assert all(str(path) in line for line in str(caught.value).splitlines())
    assert "MfKQ9r8" not in str(caught.value)
    return list(caught.value.problems)


def one(target: str = f"{{url: 'https://desk.example', secret: {SECRET}}}", more: str = "") -> str:
    return f"subscriptions:\n  - id: desk\n    target: {target}\n{more}"


def test_a_file_is_read_in_its_order(file: Path) -> None:
    desk, night = read(file)
    assert (desk.id, desk.subscription.name, desk.host) == ("desk", "The desk", "desk.example")
    assert desk.subscription.filters.kinds == {Kind.AIR_STRIKE, Kind.SHELLING}
    assert desk.subscription.filters.countries == {"NO", "SY"}
    assert desk.subscription.filters.min_status is Status.CORROBORATED
    assert desk.subscription.filters.changes == DEFAULT_CHANGES
    assert (night.subscription.name, night.subscription.enabled) == ("night", False)
    assert [s.get_secret_value() for s in night.secrets] == [SECRET, OTHER_SECRET]


def test_an_empty_list_is_a_list(file: Path) -> None:
    file.write_text("subscriptions: []\n")
    assert read(file) == ()


def test_nothing_secret_is_in_a_repr_or_in_the_record(file: Path) -> None:
    shown = repr(read(file)) + str(read(file)) + "".join(e.subscription.model_dump_json() for e in read(file))
    for secret in (SECRET, SECRET[6:], OTHER_SECRET[6:], "very-secret"):
        assert secret not in shown
    assert "token-in-path" not in repr(read(file))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("subscriptions: [", "line 1: not YAML (expected the node content, but found '<stream end>')"),
        ("- id: desk", "must hold one key, `subscriptions`, with a list"),
        ("subscriptions: {id: desk}", "subscriptions: must be a list"),
        ("subscriptions: [7]", "item 1: must be a mapping with id and target"),
        ("subscriptions:\n  - id: desk\n", "item 1 (desk): target: Field required"),
        (one(more="    filter: {}\n"), "item 1 (desk): filter: Extra inputs are not permitted"),
        (one(more="    filters: {kinds: [airstrike]}\n"), "item 1 (desk): filters.kinds.0: Input should be"),
        (
            one(more="    filters: {countries: [Syria]}\n"),
            "item 1 (desk): filters.countries.0: String should",
        ),
        (one(more="    filters: {min_killed: -1}\n"), "item 1 (desk): filters.min_killed: Input should be"),
        (
            one(more="    filters: {not: {bbox: [1, 2, 3]}}\n"),
            "item 1 (desk): filters.not.bbox.3: Field required",
        ),
        (
            one(more="    filters: {near: {lat: 95, lon: 1, radius_km: 9}}\n"),
            "item 1 (desk): filters.near.lat: Input",
        ),
        (
            one(more="    filters: {near: {lat: 9, lon: 1}}\n"),
            "item 1 (desk): filters.near.radius_km: Field req",
        ),
        (
            one(more="    filters: {bbox: [1, 9, 2, 8]}\n"),
            "item 1 (desk): filters: bbox: south lies above north",
        ),
        (one(more="    filters: {area: {type: Point}}\n"), "item 1 (desk): filters.area: Input tag 'Point'"),
        (
            one(
                more="    filters: {area: {type: Polygon, coordinates: [[[1, 2], [3, 4], [5, 99], [1, 2]]]}}\n"
            ),
            "item 1 (desk): filters.area.coordinates.0.2.1: Input should be less",
        ),
        (
            one(
                more="    filters: {area: {type: Polygon, coordinates: [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}}\n"
            ),
            "item 1 (desk): filters.area.coordinates: not a valid area: Self-intersection[1 1]",
        ),
        (
            one(
                more="    filters: {not: {area: {type: Polygon, coordinates: [[[0, 0], [2, 2], [2, 0], [0, 2]]]}}}\n"
            ),
            "item 1 (desk): filters.not.area.coordinates: a ring is not closed",
        ),
        (one(more="    filters: {actors: ['--']}\n"), "item 1 (desk): filters.actors: holds a name without"),
        (one(more="    rules: {max_per_hour: 0}\n"), "item 1 (desk): rules.max_per_hour: Input should be"),
        (one(more="    filters: {place: Idlib}\n"), "item 1 (desk): filters.place: Extra inputs are not"),
        (one("{url: 'ftp://x.example', secret: a}"), "item 1 (desk): target.url: must start with https://"),
        (one("{url: 'https://', secret: a}"), "item 1 (desk): target.url: names no host"),
        (one("{url: 'https://0177.0.0.1', secret: a}"), "item 1 (desk): target.url: not a URL"),
        (one("{url: 'https://x:99999', secret: a}"), "item 1 (desk): target.url: not a URL"),
        (one("{url: 'https://u:p@x.example', secret: a}"), "item 1 (desk): target.url: holds credentials"),
        (one("{url: 'https://x.example/a b', secret: a}"), "item 1 (desk): target.url: holds characters"),
        (
            one(f"{{url: 'http://x.example', secret: {SECRET}}}"),
            "item 1 (desk): target.url: must be https://",
        ),
        (one("{url: 'https://x.example'}"), "item 1 (desk): target: needs secret, secret_env or secret_file"),
        (one("{url: 'https://x.example', secret: MfKQ9r8}"), "item 1 (desk): target.secret: must start with"),
        (
            one("{url: 'https://x.example', secret: whsec_MfKQ9r8G}"),
            "item 1 (desk): target.secret: holds 6 bytes",
        ),
        (
            one("{url: 'https://x.example', secret: whsec_MfKQ9r8*}"),
            "item 1 (desk): target.secret: is not base64",
        ),
        (
            one("{url: 'https://x.example', secret_env: NIGHT}"),
            "item 1 (desk): target.secret_env: the environment",
        ),
        (
            one("{url: 'https://x.example', secret_file: no}"),
            "item 1 (desk): target.secret_file: no cannot be read",
        ),
        (
            one("{url: 'https://x.example', secret: a, format: fax}"),
            "item 1 (desk): target.format: unknown; one of",
        ),
        (
            one("{url: 'https://x.example', secret: a, headers: {Webhook-Id: x}}"),
            "item 1 (desk): target.headers: Webhook-Id is set by Tocsin itself",
        ),
        (
            one('{url: "https://x.example", secret: a, headers: {X: "a\\r\\nEvil: yes"}}'),
            "item 1 (desk): target.headers: 'X' is not a valid header",
        ),
        (one() + one().split("\n", 1)[1], "id 'desk' is given 2 times"),
    ],
)
def test_a_mistake_is_told_with_its_place(file: Path, text: str, expected: str) -> None:
    assert any(told.startswith(expected) for told in problems(file, text))


def test_all_mistakes_are_told_at_once(file: Path) -> None:
    text = "subscriptions:\n  - id: Desk\n    target: {url: x}\n  - {id: night, target: {url: 'https://x'}}\n"
    assert [told.split(":")[0] for told in problems(file, text)] == ["item 1 (Desk)"] * 2 + ["item 2 (night)"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SubscriptionsError, match="cannot be read \\(No such file or directory\\)"):
        load(tmp_path / "none.yaml")


def test_an_edit_takes_effect_and_a_bad_one_keeps_the_last_good_list(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure("alerting", fmt="json")
    watched = SubscriptionFile(file, environment={"NIGHT": SECRET})
    assert (len(watched.all()), watched.check()) == (2, False)
    file.write_text(GOOD.replace(SECRET, "whsec_tooshort"))
    assert watched.check() is False
    assert watched.problem and "item 1 (desk): target.secret" in watched.problem
    assert len(watched.all()) == 2
    file.write_text(one())
    assert watched.check() is True
    assert ([e.id for e in watched.all()], watched.problem) == (["desk"], None)
    assert watched.get("night") is None
    logged = capsys.readouterr().out
    assert "subscriptions_refused" in logged and "subscriptions_loaded" in logged
    assert "tooshort" not in logged and "MfKQ9r8" not in logged and "very-secret" not in logged


def test_a_rotated_secret_file_takes_effect(file: Path) -> None:
    watched = SubscriptionFile(file, environment={"NIGHT": SECRET})
    rotated = file.with_name("new")
    rotated.write_text(SECRET)
    os.replace(rotated, file.with_name("night.secret"))  # noqa: PTH105 - as a mounted secret is swapped
    assert watched.check() is True
    night = watched.get("night")
    assert night is not None and [s.get_secret_value() for s in night.secrets] == [SECRET, SECRET]


def test_a_file_that_vanishes_keeps_the_list_until_it_is_back(file: Path) -> None:
    watched = SubscriptionFile(file, environment={"NIGHT": SECRET})
    file.unlink()
    assert (watched.check(), len(watched.all())) == (False, 2)
    assert watched.problem and "cannot be read" in watched.problem
    file.write_text(GOOD)
    assert (watched.check(), watched.problem) == (True, None)


async def test_the_watch_looks_every_second(file: Path) -> None:
    watched = SubscriptionFile(file, environment={"NIGHT": SECRET})
    clock = FakeClock(NOON)
    watching = asyncio.create_task(watched.watch(clock))
    await clock.advance(3)
    file.write_text(one())  # noqa: ASYNC240 - a small file
    await clock.advance(1)
    assert len(watched.all()) == 1
    watching.cancel()
