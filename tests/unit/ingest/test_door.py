"""`POST /v1/reports`: good reports are taken, bad ones named, and nothing makes it fall over."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from services.common.health import Health
from services.ingest import door as door_module
from services.ingest import receive
from services.ingest.app import door_app
from services.ingest.body import BodyFormat
from services.ingest.clock import FetchClock
from services.ingest.door import Door
from services.ingest.intake import Intake
from services.ingest.producer import Handed
from services.ingest.receive import BodyBudget
from tests.unit.ingest.fakes import FakeBroker, Ignorant

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
JSON = {"content-type": "application/json"}
LINES = {"content-type": "application/x-ndjson"}


@pytest.fixture
def broker() -> FakeBroker:
    return FakeBroker()


@pytest.fixture
def app(broker: FakeBroker) -> FastAPI:
    return door_app(Door(Intake(broker, Ignorant()), FetchClock(lambda: NOW)), Health())


@pytest.fixture
async def client(app: FastAPI) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://ingest")


def problem(response: httpx.Response, status: int) -> dict[str, object]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert told["status"] == status
    assert set(told) == {"type", "title", "status", "detail", "errors"}
    return told


async def test_takes_one(client: httpx.AsyncClient, broker: FakeBroker) -> None:
    response = await client.post("/v1/reports", json={"text": "a", "odd": 1})
    assert response.status_code == 202
    (receipt,) = response.json()["reports"]
    assert receipt["status"] == "accepted"
    assert receipt["ignored_fields"] == ["odd"]
    assert receipt["notes"] == ["published_at: missing, and left so"]
    assert [record.key.decode() for record in broker.records] == [receipt["id"]]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'[{"text":"a"},{"text":"b"}]', JSON),
        (b'[{"text":"a"},{"text":"b"}]', {}),
        (b'[{"text":"a"},{"text":"b"}]', {"content-type": "application/json; charset=UTF-8"}),
        (b'{"text":"a"}\n\n{"text":"b"}\r\n', LINES),
        (b'{"text":"a"}\n{"text":"b"}', {"content-type": "application/jsonl"}),
    ],
)
async def test_takes_many(
    client: httpx.AsyncClient, broker: FakeBroker, body: bytes, headers: dict[str, str]
) -> None:
    response = await client.post("/v1/reports", content=body, headers=headers)
    assert [receipt["item"] for receipt in response.json()["reports"]] == [0, 1]
    assert len(broker.records) == 2


async def test_all_or_nothing(client: httpx.AsyncClient, broker: FakeBroker) -> None:
    told = problem(await client.post("/v1/reports", json=[{"text": "a"}, {"text": "", "url": "x"}, 5]), 422)
    named = [(error["item"], error["field"]) for error in told["errors"]]  # type: ignore[attr-defined]
    assert named == [(1, "text"), (1, "url"), (2, "")]
    assert broker.records == []


async def test_partial_takes_the_good_and_names_the_bad(
    client: httpx.AsyncClient, broker: FakeBroker
) -> None:
    body = b'{"text":"a"}\nnonsense\n{"text":"b"}'
    response = await client.post("/v1/reports?partial=true", content=body, headers=LINES)
    assert response.status_code == 202
    assert [receipt["item"] for receipt in response.json()["reports"]] == [0, 2]
    assert [error["item"] for error in response.json()["refused"]] == [1]
    assert len(broker.records) == 2
    problem(await client.post("/v1/reports?partial=true", json=[{}]), 422)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", JSON, 400),
        (b"  \n", LINES, 400),
        (b'{"text": "a"', JSON, 400),
        (b"\x00\xff\xfe\x80", JSON, 400),
        (b'{"text": "\xff"}', JSON, 400),
        (b'{"text": "\\ud800"}', JSON, 400),
        (b"[" * 200_000, JSON, 400),
        (b'{"text":"a"}\n{', LINES, 400),
        (b"1" * 5_000, JSON, 400),
        (b"[]", JSON, 422),
        (b"5", JSON, 422),
        (b'{"text": 5}', JSON, 422),
        (b'{"text": NaN}', JSON, 422),
        (b'{"text": "a"}', {"content-type": "text/plain"}, 415),
        (b'{"text": "a"}', {"content-type": "application/json; charset=latin-1"}, 415),
        (b'{"text": "a"}', {**JSON, "content-encoding": "br"}, 415),
        (b'{"text": "a"}', {**JSON, "content-encoding": "gzip"}, 400),
        (json.dumps({"text": "x" * 10_000_000}).encode(), JSON, 413),
        (b"[" + b"{}," * 10_000 + b"{}]", JSON, 413),
        (b"{}\n" * 10_001, LINES, 413),
        (json.dumps({"text": "x" * 10_000_000}).encode(), LINES, 413),
        (b"[" + b"{}," * 3_000_000 + b"{}]", JSON, 413),
    ],
)
async def test_bad_bodies(
    client: httpx.AsyncClient, broker: FakeBroker, body: bytes, headers: dict[str, str], status: int
) -> None:
    problem(await client.post("/v1/reports", content=body, headers=headers), status)
    assert broker.records == []
    assert (await client.post("/v1/reports", json={"text": "after"})).status_code == 202


async def test_the_body_is_bounded_while_it_streams(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(door_module.LIMITS, BodyFormat.JSON, 1_000)

    async def endless() -> Iterator[bytes]:  # type: ignore[misc]
        for _ in range(10):
            yield b"x" * 500
        raise AssertionError("read on beyond the bound")

    problem(await client.post("/v1/reports", content=endless(), headers=JSON), 413)
    problem(await client.post("/v1/reports", content=b"x" * 1_001, headers=JSON), 413)


async def test_all_bodies_together_are_bounded(broker: FakeBroker) -> None:
    door = Door(Intake(broker, Ignorant()), FetchClock(lambda: NOW), BodyBudget(100))
    transport = httpx.ASGITransport(door_app(door, Health()))
    async with httpx.AsyncClient(transport=transport, base_url="http://ingest") as client:
        response = await client.post("/v1/reports", json={"text": "x" * 100})
        problem(response, 503)
        assert int(response.headers["retry-after"]) > 0
        # what a request held is free again
        for _ in range(10):
            assert (await client.post("/v1/reports", json={"text": "x"})).status_code == 202


async def test_a_slow_body_is_given_up(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.setattr(receive, "BODY_SECONDS", 0.01)

    async def slow() -> Iterator[bytes]:  # type: ignore[misc]
        yield b"{"
        await asyncio.Event().wait()

    problem(await client.post("/v1/reports", content=slow(), headers=JSON), 408)


async def test_without_the_broker_it_asks_to_come_back(client: httpx.AsyncClient, broker: FakeBroker) -> None:
    broker.down = True
    response = await client.post("/v1/reports", json={"text": "a"})
    problem(response, 503)
    assert int(response.headers["retry-after"]) > 0
    broker.down = False
    assert (await client.post("/v1/reports", json={"text": "a"})).status_code == 202


async def test_other_errors_are_problem_documents_too(client: httpx.AsyncClient, broker: FakeBroker) -> None:
    problem(await client.get("/v1/reports"), 405)
    problem(await client.get("/nowhere"), 404)
    problem(await client.post("/v1/reports?partial=maybe", json={"text": "a"}), 422)

    def broken(_: object) -> list[Handed]:
        raise KeyError("secret")

    broker.hand = broken  # type: ignore[method-assign]
    told = problem(await client.post("/v1/reports", json={"text": "a"}), 500)
    assert "secret" not in json.dumps(told)


async def test_counts_by_outcome(client: httpx.AsyncClient) -> None:
    def count(outcome: str) -> float:
        labels = {"door": "http", "outcome": outcome}
        return REGISTRY.get_sample_value("tocsin_reports_received_total", labels) or 0

    before = {outcome: count(outcome) for outcome in ("accepted", "refused")}
    await client.post("/v1/reports?partial=true", json=[{"text": "a"}, {"text": "b"}, {}])
    assert count("accepted") - before["accepted"] == 2
    assert count("refused") - before["refused"] == 1


async def test_the_trace_goes_on(client: httpx.AsyncClient, broker: FakeBroker) -> None:
    trace = "a" * 32
    for header in (f"00-{trace}-{'b' * 16}-01", "nonsense"):
        await client.post("/v1/reports", json={"text": header}, headers={"traceparent": header})
    traces = [dict(record.headers)["traceparent"].decode().split("-")[1] for record in broker.records]
    assert traces[0] == trace
    assert traces[1] != trace


async def test_documents_itself(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    operation = document["paths"]["/v1/reports"]["post"]
    assert {"202", "400", "413", "415", "422", "503"} <= set(operation["responses"])
    assert "application/x-ndjson" in operation["requestBody"]["content"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(body=st.binary(max_size=200), kind=st.sampled_from([JSON, LINES, {}]))
async def test_any_bytes_get_an_answer(app: FastAPI, body: bytes, kind: dict[str, str]) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ingest") as one:
        response = await one.post("/v1/reports", content=body, headers=kind)
    assert response.status_code in {202, 400, 413, 422}
