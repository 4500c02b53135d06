"""Packed bodies, senders with keys and rates, and requests that are repeated under one name."""

import asyncio
import gzip
import json
from datetime import UTC, datetime

import httpx
import pytest
from pydantic import SecretStr

from schemas.source import SourceHealth
from services.common.api_keys import KeysError, Scope, parse_keys
from services.common.health import Health
from services.common.settings import SettingsError, load
from services.ingest.app import door_app
from services.ingest.clock import FetchClock
from services.ingest.door import Door
from services.ingest.idempotency import RedisRequests, key_of
from services.ingest.intake import Intake
from services.ingest.keys import Gate
from services.ingest.problems import RequestError
from services.ingest.settings import IngestSettings
from tests.unit.ingest.fakes import FakeBroker, FakeKnown

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRITER, READER = "w" * 20, "r" * 20
KEYS = SecretStr(f"desk:write:{WRITER}:60,board:read:{READER}")


class Memory:
    """The three commands of Redis that requests are remembered with."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.asked = asyncio.Event()

    async def set(self, key: str, value: str, ex: int, nx: bool = False) -> bool | None:
        self.asked.set()
        if nx and key in self.kept:
            return None
        self.kept[key] = value
        return True

    async def get(self, key: str) -> str | None:
        return self.kept.get(key)

    async def delete(self, key: str) -> None:
        self.kept.pop(key, None)


class World:
    def __init__(self, keys: SecretStr | None = None) -> None:
        self.broker, self.seconds = FakeBroker(), 0.0
        gate = Gate(parse_keys(keys), 6_000, lambda: self.seconds)
        self.memory = Memory()
        requests = RedisRequests(self.memory)  # type: ignore[arg-type]
        door = Door(Intake(self.broker, FakeKnown()), FetchClock(lambda: NOW), gate=gate, requests=requests)
        health = [SourceHealth(id="valley", version=1)]
        transport = httpx.ASGITransport(door_app(door, Health(), None, lambda: health))
        self.client = httpx.AsyncClient(transport=transport, base_url="http://ingest")

    async def post(self, *texts: str, key: str | None = None, name: str | None = None) -> httpx.Response:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        headers |= {"idempotency-key": name} if name else {}
        told = [{"text": text, "id": "1", "source": "test"} for text in texts]
        return await self.client.post("/v1/reports", json=told, headers=headers)


async def test_a_packed_body() -> None:
    world = World()
    body = gzip.compress(b'{"text": "a"}\n' * 3)
    headers = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
    response = await world.client.post("/v1/reports", content=body, headers=headers)
    assert response.status_code == 202
    assert len(response.json()["reports"]) == 3


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (gzip.compress(json.dumps({"text": "x" * 10_000_000}).encode()), 413),
        (gzip.compress(b"\0" * 500_000_000), 413),
        (gzip.compress(b'{"text": "a"}')[:-5], 400),
        (b"nonsense", 400),
        (b"", 400),
    ],
)
async def test_a_packed_body_that_is_none(body: bytes, status: int) -> None:
    headers = {"content-type": "application/json", "content-encoding": "gzip"}
    response = await World().client.post("/v1/reports", content=body, headers=headers)
    assert response.status_code == status
    assert response.json()["detail"]


async def test_without_keys_the_door_is_open() -> None:
    world = World()
    assert (await world.post("a")).status_code == 202
    assert (await world.client.get("/v1/sources")).json()["sources"][0]["id"] == "valley"


async def test_keys_open_what_their_scopes_say() -> None:
    world = World(KEYS)
    statuses = [(await world.post("a", key=key)).status_code for key in (WRITER, READER, "x" * 20, None)]
    assert statuses == [202, 403, 401, 401]
    told = [
        await world.client.get("/v1/sources", headers={"authorization": f"Bearer {key}"})
        for key in (READER, WRITER)
    ]
    assert [one.status_code for one in told] == [200, 403]
    refused = await world.post("a", key="x" * 20)
    assert refused.headers["www-authenticate"] == "Bearer"
    assert "x" * 20 not in refused.text
    assert (await world.client.get("/healthz")).status_code == 200


async def test_a_sender_over_its_rate_comes_back_later() -> None:
    world = World(KEYS)
    assert (await world.post(*map(str, range(80)), key=WRITER)).status_code == 202
    late = await world.post("a", key=WRITER)
    assert (late.status_code, late.headers["retry-after"]) == (429, "21")
    assert late.headers["content-type"] == "application/problem+json"
    world.seconds += 21
    assert (await world.post("a", key=WRITER)).status_code == 202
    assert (await world.post("b", key=WRITER)).status_code == 429
    world.seconds += 3_600
    assert (await world.post(*map(str, range(60)), key=WRITER)).status_code == 202
    assert (await world.post("c", key=WRITER)).status_code == 429


async def test_a_request_of_one_name_is_taken_once() -> None:
    world = World()
    first = await world.post("one", name="n1")
    await world.post("two")
    again = await world.post("one", name="n1")
    assert [report.text for report in world.broker.reports] == ["one", "two"]
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.json()["reports"][0]["id"] == first.json()["reports"][0]["id"]
    # without the name the earlier wording is a revision
    await world.post("one")
    assert [report.text for report in world.broker.reports] == ["one", "two", "one"]


async def test_a_name_belongs_to_one_body() -> None:
    world = World()
    await world.post("one", name="n1")
    assert (await world.post("two", name="n1")).status_code == 422
    assert (await world.post("two", name="n2")).status_code == 202
    assert (await world.post("one", name="\t ")).status_code == 400


async def test_a_request_that_failed_may_be_sent_again() -> None:
    world = World()
    world.broker.down = True
    assert (await world.post("one", name="n1")).status_code == 503
    world.broker.down = False
    assert (await world.post("one", name="n1")).status_code == 202
    assert len(world.broker.reports) == 1
    assert (await world.post("", name="n2")).status_code == 422
    assert (await world.post("two", name="n2")).status_code == 202


async def test_a_request_in_hand_is_not_taken_twice() -> None:
    world = World()
    world.broker.gate.clear()
    first = asyncio.create_task(world.post("one", name="n1"))
    # the first is in hand once its name is taken
    await asyncio.wait_for(world.memory.asked.wait(), 5)
    second = await world.post("one", name="n1")
    assert (second.status_code, second.headers["retry-after"]) == (409, "2")
    world.broker.gate.set()
    assert (await first).status_code == 202
    assert len(world.broker.reports) == 1


def test_names_are_each_senders_own() -> None:
    assert key_of("n1", "desk") != key_of("n1", "board")
    assert key_of('"n1"', "desk") == key_of("n1", "desk")
    assert key_of(None, "desk") is None
    with pytest.raises(RequestError):
        key_of("x" * 300, "desk")


@pytest.mark.parametrize(
    "told",
    [
        "desk:write",
        f"desk:{WRITER}",
        "desk:write:short",
        f"desk:admin:{WRITER}",
        f"de sk:write:{WRITER}",
        f"desk:write:{WRITER}:-1",
        f"desk:write:{WRITER}:nan",
        f"desk:write:{WRITER}:1:2",
        f"a:write:{WRITER},a:read:{READER}",
        f"a:write:{WRITER},b:read:{WRITER}",
    ],
)
def test_keys_that_cannot_be_used(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeysError):
        parse_keys(SecretStr(told))
    monkeypatch.setenv("INGEST_API_KEYS", told)
    with pytest.raises(SettingsError, match="INGEST_API_KEYS") as caught:
        load(IngestSettings)
    assert WRITER not in str(caught.value)


def test_keys() -> None:
    desk, board = parse_keys(KEYS)
    assert (desk.name, desk.scopes, desk.rate) == ("desk", {Scope.WRITE}, 60)
    assert (board.name, board.scopes, board.rate) == ("board", {Scope.READ}, None)
    assert parse_keys(None) == parse_keys(SecretStr("")) == ()
    assert WRITER not in repr(desk)
