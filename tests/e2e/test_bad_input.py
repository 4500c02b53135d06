"""Bad input at every door: a clear error or a dead letter with its reason, and good reports get through all along."""

import gzip
import json
import time
from typing import Any

import httpx
import pytest
from kafka import KafkaProducer

from schemas.envelope import Envelope, event_type
from schemas.topics import EVENT, INCIDENT, REPORT, TOPICS, Topic, dead_letter_topic
from tests.e2e.pipeline import Pipeline
from tests.processes import eventually

pytestmark = pytest.mark.broker

TOWNS = iter(
    (
        "Quetta, Pakistan",
        "Sanaa, Yemen",
        "Benghazi, Libya",
        "Mosul, Iraq",
        "Kabul, Afghanistan",
        "Maiduguri, Nigeria",
    )
)
"""A town a report: each is a happening of its own, and none of another test."""
POISON = b"\x00\xffpoison"
CONSUMED = (REPORT, EVENT, INCIDENT)
"""Topics that a service takes its work from: what it cannot read there is a dead letter."""


def good(name: str) -> dict[str, Any]:
    """A report that rings."""
    return {
        "url": f"https://wire.example/bad-input/{name}/{int(time.time())}",
        "source": "Northern Wire",
        "text": f"An air strike hit a clinic in {next(TOWNS)}, on Tuesday, killing five people, medics said.",
        "published_at": "2025-03-05T08:00:00Z",
    }


def rings(pipeline: Pipeline, report: dict[str, Any]) -> None:
    """Post it and wait for its alert."""
    pipeline.accept(report)
    eventually(lambda: pipeline.alerts(report["url"]), what=f"an alert about {report['url']}")


def post_bytes(pipeline: Pipeline, content: bytes, kind: str = "application/json") -> httpx.Response:
    url = f"{pipeline.services['ingest'].url}/v1/reports"
    return httpx.post(url, content=content, headers={"content-type": kind}, timeout=30.0)


REFUSED = {
    "malformed JSON": (b'{"text": ', 400),
    "binary": (POISON * 50, 400),
    "wrong types": (b'{"text": 7, "source": []}', 422),
    "an empty text": (b'{"text": "  ", "source": "x"}', 422),
    "no text": (b'{"source": "x"}', 422),
    "10 MB of text": (json.dumps({"text": "a strike " * 1_200_000, "source": "x"}).encode(), 413),
    "deep nesting": (b"[" * 100_000, 400),
    "a number": (b"7", 422),
    "a gzip that is none": (gzip.compress(b"{}")[:10], 400),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_door_refuses_with_a_problem_document(pipeline: Pipeline, case: str) -> None:
    content, status = REFUSED[case]
    answer = post_bytes(pipeline, content)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"] or problem["errors"]


def test_an_unknown_field_is_ignored_and_named(pipeline: Pipeline) -> None:
    [answer] = pipeline.post({**good("unknown-field"), "colour": "red"}).json()["reports"]
    assert answer["ignored_fields"] == ["colour"]


def test_a_missing_and_a_future_date_are_accepted_and_marked(pipeline: Pipeline) -> None:
    undated = good("undated")
    del undated["published_at"]
    future = {**good("future"), "published_at": "2199-01-01T00:00:00Z"}
    names = dict(zip(("missing", "clamped"), pipeline.accept([undated, future]), strict=True))
    stored = {report["id"]: report for report in pipeline.values(REPORT)}
    assert stored[names["missing"]]["published_at"] is None
    assert stored[names["missing"]]["published_at_provenance"] == "missing"
    clamped = stored[names["clamped"]]
    assert clamped["published_at_provenance"] == "clamped"
    assert clamped["published_at"] == clamped["fetched_at"]


def poison(producer: KafkaProducer, topic: Topic) -> None:
    """Bytes that are no record, with and without an envelope, an empty value, and JSON of another schema."""
    envelope = Envelope(id="poison", source="/test", type=event_type(topic.entity), subject="poison")
    headers = envelope.to_headers()
    key = b"poison"
    for value, told in (
        (POISON, []),
        (POISON, headers),
        (b"", headers),
        (b'{"id": "poison"}', headers),
        (b"[" * 50_000, headers),
    ):
        producer.send(topic.name, key=key, value=value, headers=told, partition=0)


def test_poison_on_every_topic_stops_nothing(pipeline: Pipeline) -> None:
    rings(pipeline, good("before"))
    producer = KafkaProducer(bootstrap_servers=pipeline.bootstrap)
    for topic in TOPICS:
        poison(producer, topic)
    producer.flush()
    producer.close()
    rings(pipeline, good("after"))
    for topic in CONSUMED:
        letters = eventually(lambda topic=topic: dead(pipeline, topic), what=f"dead letters of {topic.name}")
        assert [value for value, _ in letters].count(POISON) == 2
        assert {reason for _, reason in letters} == {b"envelope_error", b"decode_error"}
    for name, process in pipeline.services.items():
        assert process.readyz() == 200, name


def dead(pipeline: Pipeline, topic: Topic) -> list[tuple[bytes, bytes]] | None:
    """Values and reasons of the poison among the dead letters; None until all five are there."""
    records = [r for r in pipeline.records(dead_letter_topic(topic)) if r.key == b"poison"]
    found = [(record.value, dict(record.headers)["dlt-reason"]) for record in records]
    return found if len(found) >= 5 else None


def test_the_projections_survive_the_poison(pipeline: Pipeline) -> None:
    """Alerting restarts on a ledger and an outbox that hold foreign records."""
    pipeline.services["alerting"].kill()
    pipeline.services["alerting"].start().ready()
    pipeline.services["dedup"].kill()
    pipeline.services["dedup"].start().ready()
    rings(pipeline, good("restarted"))
