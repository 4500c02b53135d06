"""What a service does beside its records: turns its pulse, tells its lag, notices an outage while it is idle."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from schemas.topics import Topic
from services.common import metrics
from services.common.projection import KafkaTopicReader
from services.common.retry import OutageError
from services.common.waiting import Waiter

TURN_SECONDS = 1.0
MEASURE_SECONDS = 5.0


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

    async def turn(self) -> None:
        """The pulse: `/healthz` fails when it stops."""
        while True:
            self.waiter.health.turned()
            metrics.LAST_POLL.set(time.time())
            await asyncio.sleep(TURN_SECONDS)

    async def measure(self) -> None:
        """The lag of every partition owned, and whether broker and cache answer."""
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
        for topic in self.topics:
            await self._measure_lag(topic)
        await self.client.ping()

    async def _measure_lag(self, topic: Topic) -> None:
        total = 0
        for number in sorted(self.owned()):
            behind = max(0, await self.reader.end(topic.name, number) - self.position(topic, number))
            metrics.CONSUMER_LAG.labels(topic.name, str(number)).set(behind)
            total += behind
        if not total:
            metrics.OLDEST_UNPROCESSED.labels(topic.name).set(0)
