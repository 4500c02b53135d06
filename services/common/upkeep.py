"""What a service does beside its records: turns its pulse, tells its lag, notices an outage while it is idle."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from schemas.topics import Topic
from services.common import metrics
from services.common.retry import OutageError
from services.common.topic_reader import KafkaTopicReader
from services.common.waiting import Waiter

TURN_SECONDS = 1.0
MEASURE_SECONDS = 5.0


class StalledError(Exception):
    """Records wait, and the consumer gives none."""


@dataclass
class Upkeep:
    """Both tasks run for ever, in the loop that settles records: if that stands still, so do they."""

    topics: Sequence[Topic]
    waiter: Waiter
    client: "aioredis.Redis"
    reader: KafkaTopicReader
    owned: Callable[[], Iterable[int]]
    position: Callable[[Topic, int], int]
    """The offset after the last record settled of a topic's partition."""
    busy: Callable[[], bool]
    """Whether a record is in hand."""
    stall_seconds: float
    clock: Callable[[], float] = time.monotonic
    _places: tuple[tuple[str, int, int], ...] = ()
    _since: float = 0.0

    async def turn(self) -> None:
        """The pulse: `/healthz` fails when it stops."""
        while True:
            self.waiter.health.turned()
            metrics.LAST_POLL.set(time.time())
            await asyncio.sleep(TURN_SECONDS)

    async def measure(self) -> None:
        """The lag of every partition owned, and whether broker and cache answer.

        Raises `StalledError` where records wait, none is in hand, and none was settled for `stall_seconds`: the
        consumer has stopped giving them, and only a new start mends that.
        """
        while True:
            try:
                await self._measure_once()
            except OutageError as error:
                self.waiter.waiting(error)
            except RedisError as error:
                self.waiter.waiting(OutageError("cache", type(error).__name__))
            else:
                self.waiter.over("broker", "cache")
            await asyncio.sleep(MEASURE_SECONDS)

    async def _measure_once(self) -> None:
        behind = sum([await self._measure_lag(topic) for topic in self.topics])
        await self.client.ping()
        self._watch_progress(behind)

    def _watch_progress(self, behind: int) -> None:
        places = tuple(
            (topic.name, number, self.position(topic, number))
            for topic in self.topics
            for number in sorted(self.owned())
        )
        if not behind or not places or self.busy() or places != self._places:
            self._places, self._since = places, self.clock()
        elif self.clock() - self._since > self.stall_seconds:
            raise StalledError(f"{behind} records wait, and none came for {self.stall_seconds:.0f} s")

    async def _measure_lag(self, topic: Topic) -> int:
        total = 0
        for number in sorted(self.owned()):
            behind = max(0, await self.reader.end(topic.name, number) - self.position(topic, number))
            metrics.CONSUMER_LAG.labels(topic.name, str(number)).set(behind)
            total += behind
        if not total:
            metrics.OLDEST_UNPROCESSED.labels(topic.name).set(0)
        return total
