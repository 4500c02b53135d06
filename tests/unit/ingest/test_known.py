"""A cache that fails costs a repeat, never a report; one that hangs is left alone for a while."""

from typing import cast

import redis.asyncio as aioredis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from services.ingest.known import LEFT_ALONE_SECONDS, RedisKnownReports


class Failing:
    """Redis that answers every request with an error."""

    def __init__(self, error: RedisError) -> None:
        self.error = error
        self.asked = 0

    async def mget(self, _: list[str]) -> list[str | None]:
        self.asked += 1
        raise self.error


def known(redis: Failing, now: list[float]) -> RedisKnownReports:
    return RedisKnownReports(cast("aioredis.Redis", redis), clock=lambda: now[0])


async def test_one_that_hangs_is_left_alone_for_a_while() -> None:
    redis, now = Failing(RedisTimeoutError()), [100.0]
    one = known(redis, now)
    for _ in range(3):
        assert await one.current(["a"]) == {}
    await one.remember({"a": "b"})
    assert redis.asked == 1
    now[0] += LEFT_ALONE_SECONDS
    assert await one.current(["a"]) == {}
    assert redis.asked == 2


async def test_one_that_refuses_is_asked_each_time() -> None:
    redis = Failing(RedisConnectionError())
    one = known(redis, [100.0])
    for _ in range(3):
        assert await one.current(["a"]) == {}
    assert redis.asked == 3
