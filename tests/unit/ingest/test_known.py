"""A cache that fails costs a repeat, never a report; one that hangs is left alone for a while."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import cast

import pytest
import redis.asyncio as aioredis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from services.common.health import Health
from services.common.retry import OutageError
from services.ingest.known import Written
from services.ingest.known_projection import LEFT_ALONE_SECONDS, KnownProjection
from services.ingest.normalise import normalise
from services.ingest.producer import UnavailableError
from tests.fakes import EmptyReader

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WRITTEN = Written(normalise({"text": "one"}, NOW).report, 0, 0)


class Failing:
    """Redis that answers every request with an error, or has nothing."""

    def __init__(self, error: RedisError | None) -> None:
        self.error = error
        self.asked = 0

    def register_script(self, _: str) -> object:
        return self.run

    async def run(self, keys: list[str], args: list[str]) -> int:
        self.asked += 1
        if self.error:
            raise self.error
        return 0

    async def mget(self, keys: list[str]) -> list[str | None]:
        await self.run([], [])
        return [None] * len(keys)

    async def get(self, _: str) -> str | None:
        await self.run([], [])
        return None


class Unreachable:
    """A broker that cannot be read."""

    async def end(self, topic: str, partition: int) -> int:
        raise OutageError("broker", "nobody there")

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes | None]]:
        raise OutageError("broker", "nobody there")
        yield


def known(redis: Failing, now: list[float]) -> KnownProjection:
    return KnownProjection(cast("aioredis.Redis", redis), Unreachable(), lambda: NOW, clock=lambda: now[0])


async def test_one_that_hangs_is_left_alone_for_a_while() -> None:
    redis, now = Failing(RedisTimeoutError()), [100.0]
    one = known(redis, now)
    for _ in range(3):
        assert await one.current(["a"]) == {}
    await one.remember([WRITTEN])
    assert redis.asked == 1
    now[0] += LEFT_ALONE_SECONDS
    assert await one.current(["a"]) == {}
    assert redis.asked == 2


async def test_one_that_refuses_is_asked_each_time() -> None:
    redis = Failing(RedisConnectionError())
    one = known(redis, [100.0])
    for _ in range(3):
        assert await one.current(["a"]) == {}
    await one.remember([WRITTEN])
    assert redis.asked == 4


async def test_one_that_is_full_is_as_good_as_none() -> None:
    class Full(Failing):
        async def mget(self, keys: list[str]) -> list[str | None]:
            return [None] * len(keys)

    full = Full(ResponseError("OOM command not allowed"))
    one = KnownProjection(cast("aioredis.Redis", full), EmptyReader(), lambda: NOW)
    assert await one.current(["a"]) == {}
    await one.remember([WRITTEN])
    assert await one.current(["a"]) == {}


async def test_a_topic_that_cannot_be_read_is_no_reason_to_guess() -> None:
    with pytest.raises(UnavailableError, match="cannot be read"):
        await known(Failing(None), [100.0]).current(["a"])


async def test_readiness_asks_for_the_topic_and_not_for_the_cache() -> None:
    health = Health(problems={})
    await known(Failing(None), [100.0]).refresh(health)
    assert list(health.problems) == ["known reports"]
    one = KnownProjection(cast("aioredis.Redis", Failing(RedisConnectionError())), EmptyReader(), lambda: NOW)
    await one.refresh(health)
    assert health.problems == {}
