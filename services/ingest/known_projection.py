"""The current revision of each report: a projection of the report topic, in Redis; says what is new, revised or known.

Several workers write the same partitions, so none owns a mark as the projections of the other services do
(`services.common.projection`): here the newest by `fetched_at` stands, whoever notes it, and a partition's mark may
only move over records that are noted. Whoever misses a mark that it knew (a flush, a failover) reads the topic again.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import redis.asyncio as aioredis
from pydantic import BaseModel, ValidationError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from schemas.base import UtcDatetime
from schemas.report import Report
from schemas.topics import REPORT
from services.common.health import Health
from services.common.logging import get_logger
from services.common.metrics import CACHE_REQUESTS, PROJECTION_REBUILDS
from services.common.retry import OutageError
from services.common.topic_reader import REBUILD_BATCH, TopicReader
from services.ingest.known import Written
from services.ingest.known_cache import KnownCache, LostError, Noted
from services.ingest.producer import UnavailableError

log = get_logger(__name__)

CACHE = "reports"
LEFT_ALONE_SECONDS = 5.0
"""A Redis that did not answer in time is not asked again for so long."""
WAIT_SECONDS = 5.0
"""So long a request waits for the topic to be read; then its sender is asked to come back."""
MAX_AHEAD = 2_000
"""Of a partition: records noted beyond a gap of other writers' records, before the topic is read over the gap."""
TRIES = 3
PROBLEM = "known reports"


class _Told(BaseModel):
    """What is needed of a report's record."""

    id: str
    revision: str
    fetched_at: UtcDatetime


class KnownProjection:
    """`KnownReports` in Redis. Where Redis fails nothing is known: a repeat is harmless by its id.

    Entries leave with the records that they were read from, by the topic's retention: memory is bounded.
    """

    def __init__(
        self,
        client: "aioredis.Redis",
        reader: TopicReader,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cache = KnownCache(client, REPORT.partitions)
        self._reader = reader
        self._now = now
        self._clock = clock
        self._left_alone_until = 0.0
        self._doubts = 1
        self._allayed = 0
        """The doubts before the last reading that came to its end: one that comes meanwhile asks for another."""
        self._marks: dict[int, int] = {}
        """Up to where Redis was seen to hold each partition: less there, and it has lost something."""
        self._ahead: defaultdict[int, dict[int, Noted]] = defaultdict(dict)
        """By partition and offset: what this worker noted beyond the mark."""
        self._reading: asyncio.Task[None] | None = None

    def doubt(self) -> None:
        """See `KnownReports`."""
        self._doubts += 1

    @property
    def is_doubted(self) -> bool:
        """Whether the topic must be read before anything is said to be unknown."""
        return self._doubts != self._allayed

    async def current(self, ids: Sequence[str]) -> Mapping[str, str]:
        """See `KnownReports`. Nothing is known of any id while Redis cannot be reached."""
        if not ids or self._is_left_alone(len(ids)):
            return {}
        for _ in range(TRIES):
            try:
                marks, known = await self._cache.look_up(ids)
            except RedisError as error:
                self._failed(error, len(ids))
                return {}
            if not self.is_doubted and self._holds(marks):
                CACHE_REQUESTS.labels(CACHE, "hit").inc(len(known))
                CACHE_REQUESTS.labels(CACHE, "miss").inc(len(ids) - len(known))
                return known
            if not await self._caught_up():
                return {}
        raise UnavailableError("the reports on the topic are being read again")

    async def remember(self, written: Sequence[Written]) -> None:
        """See `KnownReports`."""
        if not written:
            return
        if self._is_left_alone(len(written)):
            self.doubt()
            return
        moves = [self._move(partition, ones) for partition, ones in _by_partition(written).items()]
        try:
            await asyncio.gather(*moves)
        except LostError:
            self.doubt()
        except RedisError as error:
            self.doubt()
            self._failed(error, len(written))

    async def keep(self, health: Health, every_seconds: float) -> None:
        """Read the topic at the start, and over gaps and after doubts; until cancelled. `/readyz` tells of it."""
        health.not_ready(PROBLEM, "the report topic is being read")
        while True:
            if self.is_doubted or any(self._ahead.values()):
                await self.refresh(health)
            await asyncio.sleep(every_seconds)

    async def refresh(self, health: Health) -> None:
        """Read what is not known yet, and tell of it."""
        try:
            await asyncio.shield(self._read_through())
        except OutageError as error:
            # without Redis reports are taken all the same; without the broker none is
            if error.dependency == "cache":
                health.ready(PROBLEM)
            else:
                health.not_ready(PROBLEM, str(error))
        else:
            health.ready(PROBLEM)

    def _holds(self, marks: Sequence[int | None]) -> bool:
        """Whether Redis still has all that it was seen to have."""
        return all(
            mark is not None and mark >= self._marks.get(number, mark + 1)
            for number, mark in enumerate(marks)
        )

    async def _move(self, partition: int, ones: Sequence[Written]) -> None:
        """Note records, and move the mark over those that follow on it without a gap."""
        placed = {one.offset: self._noted(one.report) for one in ones if one.offset >= 0}
        if len(placed) < len(ones):
            self.doubt()
        mark, ahead = self._marks.get(partition), self._ahead[partition]
        if mark is None:
            await self._cache.note(partition, 0, 0, list(placed.values()))
            return
        ahead.update(placed)
        end = mark
        while end in ahead:
            end += 1
        self._moved(partition, await self._cache.note(partition, mark, end, list(ahead.values())))
        if len(ahead) > MAX_AHEAD:
            ahead.clear()
            self.doubt()

    def _moved(self, partition: int, mark: int) -> None:
        self._marks[partition] = mark = max(mark, self._marks.get(partition, 0))
        ahead = self._ahead[partition]
        for offset in [offset for offset in ahead if offset < mark]:
            del ahead[offset]

    def _noted(self, told: "Report | _Told") -> Noted:
        left = told.fetched_at + (REPORT.retention or timedelta(days=14)) - self._now()
        return Noted(told.id, told.revision, told.fetched_at, int(left.total_seconds()))

    async def _caught_up(self) -> bool:
        """Wait for the topic to be read, by whoever reads it; False where Redis fails. Raises `UnavailableError`."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await asyncio.shield(self._read_through())
        except TimeoutError:
            raise UnavailableError("the reports on the topic are being read again") from None
        except OutageError as error:
            if error.dependency == "cache":
                return False
            if error.dependency != "projection":
                raise UnavailableError(f"the topic cannot be read ({error})") from error
        return True

    def _read_through(self) -> "asyncio.Task[None]":
        """One reading at a time, and it goes on when those who wait for it give up."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._read_all(), name="known reports")
            self._reading.add_done_callback(_retrieved)
        return self._reading

    async def _read_all(self) -> None:
        doubts = self._doubts
        try:
            for partition, end in enumerate(await self._ends()):
                await self._read(partition, end)
        except RedisError as error:
            raise OutageError("cache", type(error).__name__) from error
        except LostError as error:
            raise OutageError("projection", "Redis was emptied while the topic was read") from error
        self._allayed = doubts

    async def _ends(self) -> list[int]:
        """Of all partitions, asked for together once the first answer shows that there is a connection."""
        first = await self._reader.end(REPORT.name, 0)
        rest = (self._reader.end(REPORT.name, number) for number in range(1, REPORT.partitions))
        return [first, *await asyncio.gather(*rest)]

    async def _read(self, partition: int, end: int) -> None:
        """From the mark, or from the beginning without one, to the end."""
        mark = await self._cache.mark(partition)
        if mark is None or mark > end:
            # lost; or the topic was made anew, and what is noted is of the old one
            await self._begin(partition, clear=mark is not None)
            mark = 0
        batch: list[Noted] = []
        records = 0
        async for offset, key, value in self._reader.read(REPORT.name, partition, mark, end):
            batch += self._read_record(key, value)
            if len(batch) >= REBUILD_BATCH:
                mark = max(offset + 1, await self._cache.note(partition, mark, offset + 1, batch))
                records, batch = records + len(batch), []
        self._moved(partition, await self._cache.note(partition, mark, max(mark, end), batch))
        if records + len(batch):
            log.info("known_reports_read", partition=partition, records=records + len(batch))

    async def _begin(self, partition: int, *, clear: bool) -> None:
        await self._cache.begin(partition, clear=clear)
        PROJECTION_REBUILDS.labels(REPORT.name).inc()
        self._marks.pop(partition, None)
        if clear:
            self._ahead.clear()

    def _read_record(self, key: str, value: bytes | None) -> list[Noted]:
        try:
            noted = self._noted(_Told.model_validate_json(value or b""))
        except ValidationError:
            # a foreign record; it was no report of ours
            log.warning("report_record_ignored", key=key)
            return []
        return [noted] if noted.seconds_left > 0 else []

    def _is_left_alone(self, count: int) -> bool:
        if self._clock() >= self._left_alone_until:
            return False
        CACHE_REQUESTS.labels(CACHE, "error").inc(count)
        return True

    def _failed(self, error: RedisError, count: int) -> None:
        if isinstance(error, RedisTimeoutError):
            # it hangs: not every report should wait for it in turn
            self._left_alone_until = self._clock() + LEFT_ALONE_SECONDS
        CACHE_REQUESTS.labels(CACHE, "error").inc(count)
        log.warning("known_reports_unavailable", error=type(error).__name__)


def _by_partition(written: Sequence[Written]) -> Mapping[int, list[Written]]:
    found: defaultdict[int, list[Written]] = defaultdict(list)
    for one in written:
        found[one.partition].append(one)
    return found


def _retrieved(task: "asyncio.Task[None]") -> None:
    """Nobody may be waiting for it any more."""
    if not task.cancelled() and (error := task.exception()):
        log.warning("known_reports_not_read", why=str(error))
