"""The command line on a real broker and Redis: topics, tail, ingest, dead letters and their replay, resume."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from uuid import uuid4

import pytest
import redis
from kafka import KafkaProducer

from schemas.envelope import Envelope, Headers, event_type
from schemas.failure import FailureReason
from schemas.incident import Incident
from schemas.topics import ALL_TOPICS, BY_NAME, EVENT, INCIDENT, PENDING, REPORT, SOURCE, Topic
from services.cli.records import Seen, TopicView
from services.common.dead_letter import REPLAYED_AT, Death, Origin, dead_letter_headers
from services.common.guard import stop_marker
from services.common.kafka import BrokerError, TopicsDifferError, check_topics, create_topics, describe_topics
from tests.factories import NOON, incident

pytestmark = pytest.mark.broker


@pytest.fixture
def topics(bootstrap_servers: str) -> str:
    create_topics(bootstrap_servers, ALL_TOPICS)
    return bootstrap_servers


def tocsin(
    bootstrap_servers: str, *arguments: str, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", *arguments],
        input=stdin,
        env=os.environ | {"KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def write(
    bootstrap_servers: str, topic: Topic, key: str, value: bytes | None, headers: Headers, partition: int = 0
) -> int:
    """Produce one record; its offset."""
    producer = KafkaProducer(bootstrap_servers=bootstrap_servers)
    try:
        sent = producer.send(topic.name, key=key.encode(), value=value, headers=headers, partition=partition)
        return int(sent.get(timeout=30).offset)
    finally:
        producer.close()


def envelope(topic: Topic, key: str) -> Headers:
    return Envelope(
        id=f"{key}:1", source="/tocsin/test", type=event_type(topic.entity), subject=key
    ).to_headers()


def bury(
    bootstrap_servers: str, topic: Topic, key: str, value: bytes | None, offset: int, partition: int = 0
) -> int:
    """Write a dead letter as the services do; its offset on the dead-letter topic."""
    headers = dead_letter_headers(
        envelope(topic, key),
        Origin(topic.name, partition, offset, 0),
        Death("test", FailureReason.HANDLER_ERROR, "it failed", NOON),
    )
    return write(bootstrap_servers, BY_NAME[topic.dead_letters], key, value, headers, partition)


def stored(bootstrap_servers: str, topic: Topic, key: str) -> list[Seen]:
    with TopicView(bootstrap_servers, topic) as view:
        return [seen for seen in view.stored() if seen.key == key.encode()]


def test_create_is_safe_to_repeat(topics: str) -> None:
    done = tocsin(topics, "topics", "create")
    assert done.returncode == 0
    assert f"0 created, {len(ALL_TOPICS)} were there" in done.stdout
    check_topics(topics, ALL_TOPICS)


def test_topics_are_as_the_map_says(topics: str) -> None:
    for state in describe_topics(topics, ALL_TOPICS):
        assert (state.partitions, state.replication) == (state.topic.partitions, 1)
        assert state.records is not None
    done = tocsin(topics, "topics", "describe")
    assert done.returncode == 0
    assert all(topic.name in done.stdout for topic in ALL_TOPICS)


def test_another_number_of_partitions_is_refused_and_told(topics: str) -> None:
    odd = replace(REPORT, name=f"test.{uuid4().hex}.v1", partitions=3)
    assert create_topics(topics, [odd]) == (odd.name,)
    with pytest.raises(TopicsDifferError, match="has 3 partitions where 5 are needed"):
        create_topics(topics, [replace(odd, partitions=5)])
    with pytest.raises(TopicsDifferError, match="is missing"):
        check_topics(topics, [replace(odd, name="test.none.v1")])


def test_too_many_copies_for_the_brokers_is_told(topics: str) -> None:
    with pytest.raises(BrokerError, match="KAFKA_REPLICATION_FACTOR"):
        create_topics(topics, [replace(REPORT, name=f"test.{uuid4().hex}.v1")], replication=3)


def test_tail_shows_records_removals_and_poison(topics: str) -> None:
    key = uuid4().hex
    write(topics, SOURCE, key, b"\xff poison", envelope(SOURCE, key))
    write(topics, SOURCE, key, None, [])
    done = tocsin(topics, "tail", "source", "--from-beginning", "--timeout", "2")
    lines = [line for line in done.stdout.splitlines() if key in line]
    assert [word in line for line, word in zip(lines, ("UNDECODABLE", "REMOVED"), strict=True)] == [
        True,
        True,
    ]
    as_json = tocsin(topics, "tail", "source", "--json", "--from-beginning", "--timeout", "2")
    told = [one for one in map(json.loads, as_json.stdout.splitlines()) if one["key"] == key]
    assert told[1]["value"] is None
    assert "undecodable" in told[0]


def test_tail_says_when_too_few_came(topics: str) -> None:
    done = tocsin(topics, "tail", "correction", "--max", "1", "--timeout", "0.5")
    assert done.returncode == 1
    assert "0 of 1" in done.stderr


def test_a_dead_letter_goes_back_to_its_partition_as_it_was(topics: str) -> None:
    key = uuid4().hex
    position = f"7:{bury(topics, EVENT, key, b'poison', offset=0, partition=7)}"
    listed = tocsin(topics, "dlt", "list", "event")
    assert "handler_error" in listed.stdout
    shown = tocsin(topics, "dlt", "show", "event", position)
    assert "it failed" in shown.stdout
    assert "poison" in shown.stdout
    dry = tocsin(topics, "dlt", "replay", "event", "--at", position, "--dry-run")
    assert "1 would be replayed" in dry.stdout
    assert stored(topics, EVENT, key) == []
    done = tocsin(topics, "dlt", "replay", "event", "--at", position, "--reason", "handler_error")
    assert (done.returncode, done.stdout.strip()) == (0, "1 replayed, 0 stay")
    (seen,) = stored(topics, EVENT, key)
    assert (seen.partition, seen.value) == (7, b"poison")
    headers = dict(seen.headers)
    assert headers.pop(REPLAYED_AT)
    assert headers == dict(envelope(EVENT, key))
    other = tocsin(topics, "dlt", "replay", "event", "--reason", "stuck")
    assert other.stdout.strip() == "0 replayed, 0 stay"


def test_a_removal_can_die_and_come_back(topics: str) -> None:
    key = uuid4().hex
    position = f"0:{bury(topics, PENDING, key, None, offset=10**9)}"
    done = tocsin(topics, "dlt", "replay", "pending", "--at", position)
    assert done.returncode == 0, done.stderr
    assert [seen.value for seen in stored(topics, PENDING, key)] == [None]


def test_never_over_a_later_version(topics: str) -> None:
    first: Incident = incident(id=f"inc_{uuid4().hex}")
    second = first.model_copy(update={"version": 2})
    offset = write(topics, INCIDENT, first.id, first.to_bytes(), envelope(INCIDENT, first.id))
    position = f"0:{bury(topics, INCIDENT, first.id, first.to_bytes(), offset)}"
    newer = (
        f"0:{bury(topics, INCIDENT, first.id, second.model_copy(update={'version': 3}).to_bytes(), offset)}"
    )
    write(topics, INCIDENT, first.id, second.to_bytes(), envelope(INCIDENT, first.id))
    done = tocsin(topics, "dlt", "replay", "incident", "--at", position)
    assert done.returncode == 1
    assert "later version" in done.stderr
    assert len(stored(topics, INCIDENT, first.id)) == 2
    # a version that is the latest goes back, once
    assert tocsin(topics, "dlt", "replay", "incident", "--at", newer).returncode == 0
    assert tocsin(topics, "dlt", "replay", "incident", "--at", newer).returncode == 1
    versions = [Incident.from_bytes(seen.value or b"").version for seen in stored(topics, INCIDENT, first.id)]
    assert versions == [1, 2, 3]


def test_resume_deletes_the_marker_and_tells_it(bootstrap_servers: str, redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set(
            stop_marker("nlp"), json.dumps({"why": "50 dead letters in a row", "at": "2026-03-01T12:00:00Z"})
        )
        done = tocsin(bootstrap_servers, "resume", "nlp", REDIS_URL=redis_url)
        assert "50 dead letters in a row, at 2026-03-01T12:00:00Z" in done.stdout
        assert client.get(stop_marker("nlp")) is None
    assert "not stopped" in tocsin(bootstrap_servers, "resume", "nlp", REDIS_URL=redis_url).stdout
