"""Looks at topics without a group: records out, nothing changed for anybody."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kafka import KafkaConsumer, TopicPartition
from pydantic import BaseModel, ValidationError

from schemas.base import UndecodableError, describe
from schemas.envelope import Headers
from schemas.event import EventRecord
from schemas.topics import ALL_TOPICS, BY_NAME, Topic
from services.cli.errors import CliError, UsageError
from services.common.kafka import broker_errors, group_free_consumer

POLL_MS = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """One record as it lies on a topic."""

    topic: Topic
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @property
    def where(self) -> str:
        """`topic:partition:offset`."""
        return f"{self.topic.name}:{self.partition}:{self.offset}"

    def header(self, name: str) -> str | None:
        """The last header of that name, as text."""
        found = [value for key, value in self.headers if key == name]
        return found[-1].decode(errors="replace") if found else None


def named(told: str) -> Topic:
    """The topic of a full or a short name: `incident`, `event.dlt`. Raises `UsageError` with all there are."""
    dead = told.endswith(".dlt")
    entity = told.removesuffix(".dlt")
    if found := BY_NAME.get(told):
        return found
    for topic in ALL_TOPICS:
        if topic.entity == entity and topic.name.endswith(".dlt") == dead:
            return topic
    names = ", ".join(topic.entity for topic in ALL_TOPICS if not topic.name.endswith(".dlt"))
    raise UsageError(f"there is no topic {told!r}; name one of {names} (with .dlt for its dead letters)")


class TopicView:
    """One topic, all partitions. Use it as a context manager. Raises `BrokerError`, `CliError`."""

    def __init__(
        self, bootstrap_servers: str, topic: Topic, *, partitions: Sequence[int] | None = None
    ) -> None:
        self._bootstrap = bootstrap_servers
        self._topic = topic
        self._consumer: KafkaConsumer = group_free_consumer(bootstrap_servers)
        try:
            self._places = self._placed(partitions)
            with broker_errors(bootstrap_servers):
                self._consumer.assign(self._places)
        except Exception:
            self._consumer.close()
            raise

    def __enter__(self) -> "TopicView":
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def _placed(self, partitions: Sequence[int] | None) -> list[TopicPartition]:
        with broker_errors(self._bootstrap):
            there = self._consumer.partitions_for_topic(self._topic.name)
        if not there:
            raise CliError(f"topic {self._topic.name} is not on the broker: `tocsin topics create` makes it")
        numbers = sorted(there) if partitions is None else partitions
        return [TopicPartition(self._topic.name, number) for number in numbers]

    def stored(self, starts: Mapping[int, int] | None = None) -> Iterator[Seen]:
        """Every record that is there now, partition by partition as the broker gives them; then it ends.

        `starts` gives the first offset of a partition; its beginning otherwise.
        """
        with broker_errors(self._bootstrap):
            ends = {place.partition: end for place, end in self._consumer.end_offsets(self._places).items()}
            self._seek(starts or {})
            while self._behind(ends):
                for seen in self._poll():
                    if seen.offset < ends[seen.partition]:
                        yield seen

    def offsets_since(self, moment: datetime) -> dict[int, int]:
        """Of each partition the offset of the first record written at that time or later; its end without one."""
        asked = dict.fromkeys(self._places, int(moment.timestamp() * 1000))
        with broker_errors(self._bootstrap):
            found = self._consumer.offsets_for_times(asked)
            ends = self._consumer.end_offsets(self._places)
        return {
            place.partition: one.offset if (one := found.get(place)) else ends[place]
            for place in self._places
        }

    def _seek(self, starts: Mapping[int, int]) -> None:
        firsts = self._consumer.beginning_offsets(self._places)
        for place in self._places:
            self._consumer.seek(place, max(firsts[place], starts.get(place.partition, 0)))

    def _behind(self, ends: Mapping[int, int]) -> bool:
        # by position and not by the last record: a compacted topic has gaps, at its end too
        return any(self._consumer.position(place) < ends[place.partition] for place in self._places)

    def follow(self, *, from_beginning: bool, idle_seconds: float | None) -> Iterator[Seen]:
        """Records as they come, without end, or until none came for `idle_seconds`."""
        with broker_errors(self._bootstrap):
            if from_beginning:
                self._seek({})
            else:
                for place, end in self._consumer.end_offsets(self._places).items():
                    self._consumer.seek(place, end)
            last = time.monotonic()
            while idle_seconds is None or time.monotonic() - last < idle_seconds:
                for seen in self._poll():
                    yield seen
                    last = time.monotonic()

    def _poll(self) -> list[Seen]:
        """What one fetch brought, in the order of the broker's times."""
        polled = self._consumer.poll(timeout_ms=POLL_MS)
        seen = [
            Seen(self._topic, one.partition, one.offset, one.timestamp, one.key, one.value, list(one.headers))
            for batch in polled.values()
            for one in batch
        ]
        return sorted(seen, key=lambda one: (one.timestamp_ms, one.partition, one.offset))


def decoded(seen: Seen) -> BaseModel | None:
    """The record's value as the topic's model; None for a removal. Raises `UndecodableError`."""
    if seen.value is None:
        return None
    try:
        value = seen.topic.model.model_validate_json(seen.value)
    except ValidationError as error:
        raise UndecodableError(describe(error)) from None
    return value.root if isinstance(value, EventRecord) else value
