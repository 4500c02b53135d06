"""The count of messages an hour on a real Redis: shared by workers, and each alone while Redis is away."""

import pytest

from services.alerting.limiter import HOUR, RedisLimiter
from services.common.cache import connect
from tests.factories import NOON
from tests.fakes import FakeClock
from tests.servers import Cache

pytestmark = pytest.mark.broker


async def test_workers_share_one_count_and_count_alone_without_it(
    redis_url: str, redis_server: Cache
) -> None:
    clock = FakeClock(NOON)
    one, other = RedisLimiter(connect(redis_url), clock), RedisLimiter(connect(redis_url), clock)
    assert await one.take("desk", "a", 2) == 0
    await clock.advance(600)
    assert await other.take("desk", "b", 2) == 0
    assert await one.take("desk", "b", 2) == 0
    assert await one.take("desk", "c", 2) == pytest.approx(HOUR - 600)
    assert await one.take("night", "c", 1) == 0
    await clock.advance(HOUR - 600)
    assert await one.take("desk", "c", 2) == 0
    assert await other.take("desk", "d", 2) == pytest.approx(600)
    redis_server.kill()
    assert await one.take("desk", "e", 1) == 0
    assert await one.take("desk", "f", 1) == pytest.approx(HOUR)
