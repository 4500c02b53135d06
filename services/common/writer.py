"""Writes what a handler decided: stage by stage, acknowledged by the broker, then folded into the projections."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from schemas.envelope import Envelope, Headers, event_type
from schemas.failure import FailureReason
from schemas.topics import Topic
from services.common import tracing
from services.common.message import Out, Stages
from services.common.metrics import MESSAGES_PRODUCED
from services.common.projection import Projection, StaleProjectionError
from services.common.retry import OutageError, Unprocessable


class NotAssignedError(Exception):
    """The partition belongs to another worker now: nothing is written for it."""


class Producer(Protocol):
    """Sends one record; the inner awaitable is the broker's acknowledgement, and gives (partition, offset)."""

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, partition: int | None, headers: Headers
    ) -> Awaitable[tuple[int, int]]:
        """Raises `OutageError` when the broker cannot be reached."""
        ...


class Writer:
    """The one way in which a service's records leave it."""

    def __init__(
        self,
        service: str,
        producer: Producer,
        owns: Callable[[int], bool],
        projections: Mapping[str, Projection] | None = None,
    ) -> None:
        self._source = f"/tocsin/{service}"
        self._producer = producer
        self._owns = owns
        self._projections = dict(projections or {})
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def write(self, partition: int, stages: Stages) -> None:
        """Write for a partition that this worker owns; on return all is acknowledged and applied.

        Raises `NotAssignedError`, `OutageError`, or `Unprocessable` for a record over its topic's limit. After an
        error part of the stages may be written: what is decided again must come out the same.
        """
        async with self._locks[partition]:
            for stage in stages:
                if not self._owns(partition):
                    raise NotAssignedError(f"partition {partition} is not ours any more")
                await self._write_stage(stage)

    async def _write_stage(self, stage: Sequence[Out]) -> None:
        records = [(out, None if out.value is None else out.value.to_bytes()) for out in stage]
        for out, value in records:
            refuse_oversize(out.topic, value)
        # sent together and awaited together; the client keeps the order within a partition
        acknowledgements = [await self._send(out, value) for out, value in records]
        placed = await asyncio.gather(*acknowledgements, return_exceptions=True)
        for (out, value), where in zip(records, placed, strict=True):
            if isinstance(where, BaseException):
                MESSAGES_PRODUCED.labels(out.topic.name, "error").inc()
                raise OutageError("broker", f"{type(where).__name__} on {out.topic.name}") from where
            MESSAGES_PRODUCED.labels(out.topic.name, "ok").inc()
            await self._apply(out, value, *where)

    async def _send(self, out: Out, value: bytes | None) -> Awaitable[tuple[int, int]]:
        envelope = Envelope(
            id=out.id,
            source=self._source,
            type=event_type(out.topic.entity),
            subject=out.key,
            traceparent=tracing.child(tracing.current.get()),
        )
        headers = envelope.to_headers(removal=value is None)
        return await self._producer.send(out.topic.name, out.key.encode(), value, out.partition, headers)

    async def _apply(self, out: Out, value: bytes | None, partition: int, offset: int) -> None:
        projection = self._projections.get(out.topic.name)
        if projection is None:
            return
        try:
            await projection.applied(partition, offset, out.key, value)
        except StaleProjectionError:
            # the record is on the topic, so reading the topic applies it, in its turn
            await projection.refresh(partition)


def refuse_oversize(topic: Topic, value: bytes | None) -> None:
    """Raises `Unprocessable` for a value over the topic's limit: the broker would refuse it for ever."""
    if value is not None and len(value) > topic.max_bytes:
        raise Unprocessable(FailureReason.TOO_LARGE, f"{len(value)} bytes for {topic.name}")
