"""What a handler takes and gives: a decoded record in, records to write out. No Kafka in sight."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from schemas.base import Record
from schemas.envelope import Envelope
from schemas.topics import Topic

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Message(Generic[T]):
    """One record of a topic, decoded. `value` is None for a removal."""

    topic: Topic
    partition: int
    offset: int
    key: str
    value: T
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Out:
    """One record to write. `id` becomes `ce_id`; `value` None removes the key.

    `partition` None lets the key decide; otherwise the partition *number* is kept.
    """

    topic: Topic
    key: str
    value: Record | None
    id: str
    partition: int | None = None


Stages = Sequence[Sequence[Out]]
"""Records to write: a stage is acknowledged by the broker before the next is sent.

A record that marks its cause as done must come in a later stage than what must not be lost with it.
"""
