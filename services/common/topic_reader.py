"""Reads partitions of a topic whole, without a group: what projections are rebuilt from, and lag is measured by."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from services.common.retry import OutageError

ANSWER_SECONDS = 5.0
"""A broker that does not answer for so long is out of reach."""

MAX_IDLE_FETCHES = 20
"""Fetches of half a second without a record, where there are some: the connection is no good."""

REBUILD_BATCH = 500
"""Records applied at a time while a topic is read again."""


class TopicReader(Protocol):
    """Reads a partition of the topic whole."""

    async def end(self, topic: str, partition: int) -> int:
        """The offset after the last record."""
        ...

    def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes | None]]:
        """(offset, key, value) from `start` up to `end`; a compacted topic has gaps."""
        ...


class KafkaTopicReader:
    """Reads partitions with a consumer of its own, without a group: never moves a committed offset."""

    def __init__(self, bootstrap_servers: str) -> None:
        self._bootstrap = bootstrap_servers
        self._consumer: AIOKafkaConsumer | None = None

    async def _connected(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap.split(","),
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                max_partition_fetch_bytes=4 * 1024 * 1024,
                fetch_max_wait_ms=100,
            )
            try:
                await consumer.start()
            except (KafkaError, OSError) as error:
                await consumer.stop()
                raise OutageError("broker", type(error).__name__) from error
            self._consumer = consumer
        return self._consumer

    async def end(self, topic: str, partition: int) -> int:
        """The offset after the last record. Raises `OutageError`."""
        return await self._asked(topic, partition, last=True)

    async def begin(self, topic: str, partition: int) -> int:
        """The offset of the first record that is still there. Raises `OutageError`."""
        return await self._asked(topic, partition, last=False)

    async def _asked(self, topic: str, partition: int, *, last: bool) -> int:
        where = TopicPartition(topic, partition)
        try:
            consumer = await self._connected()
            asked = consumer.end_offsets([where]) if last else consumer.beginning_offsets([where])
            offsets: dict[TopicPartition, int] = await asyncio.wait_for(asked, ANSWER_SECONDS)
        except (KafkaError, OSError, TimeoutError) as error:
            raise OutageError("broker", type(error).__name__) from error
        return offsets[where]

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes | None]]:
        """Every record from `start` up to `end`. Raises `OutageError`."""
        if start >= end:
            return
        consumer = await self._connected()
        where = TopicPartition(topic, partition)
        try:
            consumer.assign([where])
            consumer.seek(where, start)
            idle = 0
            while await asyncio.wait_for(consumer.position(where), ANSWER_SECONDS) < end:
                batches = await consumer.getmany(where, timeout_ms=500, max_records=REBUILD_BATCH)
                idle = 0 if batches else idle + 1
                if idle > MAX_IDLE_FETCHES:
                    raise OutageError("broker", f"{topic}[{partition}] gives nothing before its end at {end}")
                for record in batches.get(where, ()):
                    if record.offset >= end:
                        return
                    yield record.offset, (record.key or b"").decode(errors="replace"), record.value
        except (KafkaError, OSError, TimeoutError) as error:
            raise OutageError("broker", type(error).__name__) from error

    async def close(self) -> None:
        """Let go of the connection."""
        if self._consumer is not None:
            await self._consumer.stop()
            self._consumer = None
