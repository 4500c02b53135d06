"""Records told in a line, topics by their short names, and what may be replayed."""

import json

import pytest

from schemas.failure import FailureReason
from schemas.topics import ALL_TOPICS, BY_NAME, EVENT, INCIDENT, PENDING, REPORT, Topic
from services.cli.errors import UsageError
from services.cli.lines import line
from services.cli.records import Seen, named
from services.cli.replay import Replay, _addressed, _judged
from services.cli.tail import as_line_of_json
from services.common.dead_letter import Death, Origin, dead_letter_headers
from tests.factories import NOON

REPORT_JSON = {
    "id": "rep_a",
    "revision": "r",
    "text": "Shells\x1b[31m hit the port.",
    "source": "wire",
    "fetched_at": "2026-03-01T12:00:00Z",
    "new_field_of_a_newer_producer": 1,
}


def seen(
    topic: Topic, value: bytes | None, offset: int = 5, headers: list[tuple[str, bytes]] | None = None
) -> Seen:
    return Seen(topic, 3, offset, 1_700_000_000_000, b"key", value, headers or [])


def test_short_names() -> None:
    assert named("incident") is INCIDENT
    assert named("conflict.incident.v1") is INCIDENT
    assert named("event.dlt") is BY_NAME["conflict.event.v1.dlt"]
    assert all(named(topic.name) is topic for topic in ALL_TOPICS)
    with pytest.raises(UsageError, match="report, event"):
        named("events")
    with pytest.raises(UsageError):
        named("delivery.dlt")


def test_a_report_in_a_line_cannot_move_the_cursor() -> None:
    told = line(seen(REPORT, json.dumps(REPORT_JSON).encode()))
    assert "wire: Shells [31m hit the port." in told
    assert "\x1b" not in told


@pytest.mark.parametrize("topic", ALL_TOPICS, ids=lambda topic: topic.name)
@pytest.mark.parametrize("value", [b"", b"poison", b"\xff\xfe\x00", b"{}", b"[]", b'{"record": "event"}'])
def test_poison_is_told_and_never_fatal(topic: Topic, value: bytes) -> None:
    assert "UNDECODABLE" in line(seen(topic, value))
    assert "undecodable" in json.loads(as_line_of_json(seen(topic, value)))


def test_removals() -> None:
    assert line(seen(PENDING, None)).endswith("REMOVED")
    told = json.loads(as_line_of_json(seen(PENDING, None)))
    assert told["value"] is None
    assert "undecodable" not in told


def test_json_shows_fields_of_a_newer_producer() -> None:
    told = json.loads(
        as_line_of_json(seen(REPORT, json.dumps(REPORT_JSON).encode(), headers=[("ce_id", b"1")]))
    )
    assert told["value"]["new_field_of_a_newer_producer"] == 1
    assert told["headers"] == {"ce_id": "1"}
    assert (told["key"], told["partition"], told["offset"]) == ("key", 3, 5)


def dead(topic: Topic, partition: int = 7, offset: int = 2, name: str | None = None) -> Seen:
    headers = dead_letter_headers(
        [("ce_id", b"1")],
        Origin(name or topic.name, partition, offset, 0),
        Death("g", FailureReason.HANDLER_ERROR, "m", NOON),
    )
    return seen(BY_NAME[topic.dead_letters], b"poison", headers=headers)


def test_a_dead_letter_says_where_it_came_from_and_why_it_died() -> None:
    one = _addressed(dead(EVENT))
    assert (one.topic, one.partition, one.refusal) == (EVENT, 7, None)
    assert "[dead: handler_error]" in line(dead(EVENT))


@pytest.mark.parametrize(
    "one",
    [
        dead(EVENT, partition=12),
        dead(EVENT, name="conflict.report.v1"),
        seen(BY_NAME[EVENT.dead_letters], b"x"),
    ],
)
def test_without_its_address_a_dead_letter_stays(one: Seen) -> None:
    assert _addressed(one).refusal is not None


@pytest.mark.parametrize(
    ("topic", "later_offset", "stays"),
    [(INCIDENT, 3, True), (INCIDENT, 1, False), (PENDING, 3, True), (EVENT, 3, False)],
)
def test_never_over_a_later_record_of_its_key(topic: Topic, later_offset: int, stays: bool) -> None:
    one: Replay = _addressed(dead(topic))
    later = {(topic.name, b"key"): [seen(topic, None, later_offset)]} if topic is not EVENT else {}
    assert (_judged(one, later).refusal is not None) is stays
