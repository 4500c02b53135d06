"""Dead letters in, the same records on their original topic and partition out; never over a later version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kafka import KafkaProducer

from schemas.alert import Alert
from schemas.base import UndecodableError
from schemas.incident import Incident
from schemas.topics import (
    ALERT,
    ALL_TOPICS,
    BY_NAME,
    INCIDENT,
    MAX_RECORD_BYTES,
    PENDING,
    RECORD_OVERHEAD_BYTES,
    Topic,
)
from services.cli.records import Seen, TopicView, decoded
from services.common.dead_letter import (
    ORIGINAL_OFFSET,
    ORIGINAL_PARTITION,
    ORIGINAL_TOPIC,
    replay_headers,
)
from services.common.kafka import broker_errors

DEAD_LETTER_TOPICS = tuple(topic for topic in ALL_TOPICS if topic.name.endswith(".dlt"))
VERSIONED = (INCIDENT, ALERT, PENDING)
"""Topics whose readers go by the last record of a key: there a replay can put the old over the new."""
ACK_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Replay:
    """One dead letter, and where it goes; or why it stays."""

    dead: Seen
    topic: Topic
    partition: int
    refusal: str | None = None


def plan(bootstrap_servers: str, dead: Sequence[Seen]) -> list[Replay]:
    """Decide for each. Reads the original partitions where a later version may stand. Raises `BrokerError`."""
    addressed = [_addressed(one) for one in dead]
    later = _later_records(bootstrap_servers, [one for one in addressed if one.refusal is None])
    return [_judged(one, later) for one in addressed]


def send(bootstrap_servers: str, replays: Iterable[Replay]) -> None:
    """Write them, each acknowledged: same key, same bytes, and told to be a replay. Raises `BrokerError`."""
    now = datetime.now(UTC)
    with broker_errors(bootstrap_servers):
        producer = KafkaProducer(
            bootstrap_servers=bootstrap_servers.split(","),
            max_request_size=MAX_RECORD_BYTES + RECORD_OVERHEAD_BYTES,
            bootstrap_timeout_ms=10_000,
            allow_auto_create_topics=False,
        )
        try:
            sent = [
                producer.send(
                    one.topic.name,
                    key=one.dead.key,
                    value=one.dead.value,
                    headers=replay_headers(one.dead.headers, now),
                    partition=one.partition,
                )
                for one in replays
            ]
            for future in sent:
                future.get(timeout=ACK_SECONDS)
        finally:
            producer.close(timeout=ACK_SECONDS)


def _addressed(dead: Seen) -> Replay:
    """Where the headers say it came from."""
    name = dead.topic.name.removesuffix(".dlt")
    topic = BY_NAME[name]
    if dead.header(ORIGINAL_TOPIC) != name:
        return Replay(dead, topic, -1, f"its header {ORIGINAL_TOPIC} does not say {name}")
    partition = _number(dead, ORIGINAL_PARTITION)
    if partition is None or partition >= topic.partitions:
        return Replay(dead, topic, -1, f"its header {ORIGINAL_PARTITION} names no partition of {name}")
    return Replay(dead, topic, partition)


def _number(dead: Seen, header: str) -> int | None:
    told = dead.header(header) or ""
    return int(told) if told.isdecimal() else None


def _later_records(
    bootstrap_servers: str, replays: Sequence[Replay]
) -> Mapping[tuple[str, bytes | None], Sequence[Seen]]:
    """All records of the keys in question, by topic and key, from the oldest original offset on."""
    found: dict[tuple[str, bytes | None], list[Seen]] = {
        (one.topic.name, one.dead.key): [] for one in replays if one.topic in VERSIONED
    }
    for topic in VERSIONED:
        starts: dict[int, int] = {}
        for one in replays:
            if one.topic is topic:
                offset = _number(one.dead, ORIGINAL_OFFSET) or 0
                starts[one.partition] = min(offset, starts.get(one.partition, offset))
        if starts:
            with TopicView(bootstrap_servers, topic, partitions=sorted(starts)) as view:
                for seen in view.stored(starts):
                    if (topic.name, seen.key) in found:
                        found[topic.name, seen.key].append(seen)
    return found


def _judged(one: Replay, later: Mapping[tuple[str, bytes | None], Sequence[Seen]]) -> Replay:
    if one.refusal is not None:
        return one
    offset = _number(one.dead, ORIGINAL_OFFSET) or 0
    for seen in later.get((one.topic.name, one.dead.key), ()):
        if seen.offset > offset and _supersedes(seen, one.dead):
            refusal = f"{seen.where} has a later version of the key, or the same one again"
            return Replay(one.dead, one.topic, one.partition, refusal)
    return one


def _supersedes(seen: Seen, dead: Seen) -> bool:
    """Whether `seen`, which came after, tells as much of the same thing or more."""
    newer, older = _standing(seen), _standing(dead)
    if newer is None or older is None:
        # no version to go by: the later record of a key stands
        return True
    return newer[0] == older[0] and newer[1] >= older[1]


def _standing(seen: Seen) -> tuple[str, int] | None:
    """What the record is a version of, and which one."""
    try:
        value = decoded(seen)
    except UndecodableError:
        return None
    if isinstance(value, Incident):
        return value.id, value.version
    if isinstance(value, Alert):
        return f"{value.subscription_id}/{value.incident_id}", value.incident_version
    return None
