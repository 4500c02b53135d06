"""At most so many messages an hour to a subscription: asks in, leave or seconds to wait out.

The hour slides. Redis keeps the count for all workers together; it is no truth of ours, so where it was emptied the
hour begins anew, and while it cannot be reached each worker counts for itself. Nothing is lost either way.
"""

from collections import defaultdict
from typing import Protocol

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from services.alerting.clock import Clock
from services.common.logging import get_logger

log = get_logger(__name__)

HOUR = 3600.0

# KEYS[1] the messages of the last hour by their times; ARGV: now, window, limit, the message
_SCRIPT = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', tonumber(ARGV[1]) - tonumber(ARGV[2]))
if redis.call('ZSCORE', KEYS[1], ARGV[4]) then return '0' end
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[1], ARGV[1], ARGV[4])
  redis.call('EXPIRE', KEYS[1], math.ceil(tonumber(ARGV[2])))
  return '0'
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return tostring(tonumber(oldest[2]) + tonumber(ARGV[2]) - tonumber(ARGV[1]))
"""


class Limiter(Protocol):
    """Counts messages."""

    async def take(self, subscription_id: str, message: str, limit: int) -> float:
        """0 where the message may go now; else the seconds until another may. One asked for again counts once."""
        ...


class MemoryLimiter:
    """One worker's own count."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sent: defaultdict[str, dict[str, float]] = defaultdict(dict)

    async def take(self, subscription_id: str, message: str, limit: int) -> float:
        """As `Limiter` says."""
        now = self._clock.now().timestamp()
        sent = {one: at for one, at in self._sent[subscription_id].items() if at > now - HOUR}
        self._sent[subscription_id] = sent
        if message in sent:
            return 0.0
        if len(sent) < limit:
            sent[message] = now
            return 0.0
        return max(0.001, min(sent.values()) + HOUR - now)


class RedisLimiter:
    """All workers' count."""

    def __init__(self, client: "aioredis.Redis", clock: Clock) -> None:
        self._script = client.register_script(_SCRIPT)
        self._clock = clock
        self._own = MemoryLimiter(clock)

    async def take(self, subscription_id: str, message: str, limit: int) -> float:
        """As `Limiter` says; by this worker's own count while Redis cannot be reached."""
        now = self._clock.now().timestamp()
        try:
            told = await self._script(
                keys=[f"tocsin:alerting:sent:{subscription_id}"], args=[now, HOUR, limit, message]
            )
        except RedisError as error:
            log.warning("rate_counted_alone", subscription=subscription_id, problem=type(error).__name__)
            return await self._own.take(subscription_id, message, limit)
        return float(told)
