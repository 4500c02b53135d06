"""What a service notes in Redis of its own running: the record in hand, and whether a limit stopped it."""

import json
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from schemas.base import iso_utc
from services.common.dead_letter import DeadLetterLimit
from services.common.retry import OutageError

T = TypeVar("T")

STUCK_STARTS = 3
"""The start at which a record that was in hand when earlier ones ended is given up."""

# KEYS[1] the hash; ARGV: record, this start. Counts starts, so that a repeat within one start counts once.
_BEGIN = """
local starts = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if not string.find(starts, ARGV[2], 1, true) then
  starts = starts .. ARGV[2] .. ' '
  redis.call('HSET', KEYS[1], ARGV[1], starts)
end
local _, count = string.gsub(starts, ' ', '')
return count
"""


def stop_marker(service: str) -> str:
    """The key that is set while a dead-letter limit has stopped the service; `tocsin resume` deletes it."""
    return f"tocsin:stopped:{service}"


async def _reached(reply: Awaitable[T]) -> T:
    try:
        return await reply
    except RedisError as error:
        raise OutageError("cache", type(error).__name__) from error


class RunGuard:
    """Counts the starts that a record was in hand at. All methods raise `OutageError` without Redis."""

    def __init__(self, service: str, client: "aioredis.Redis") -> None:
        self._redis = client
        self._begin = client.register_script(_BEGIN)
        self._hands = f"tocsin:in_hand:{service}"
        self._start = secrets.token_hex(4)

    async def begin(self, record: str) -> bool:
        """Note that `record` is in hand; False where this is the `STUCK_STARTS`th start that finds it so."""
        count = await _reached(self._begin(keys=[self._hands], args=[record, self._start]))
        return int(count) < STUCK_STARTS

    async def finish(self, record: str) -> None:
        """The record is settled, or left to another worker."""
        await _reached(self._redis.hdel(self._hands, record))


class StopSwitch:
    """The dead-letter limit with its memory: counts and marker outlive the process."""

    def __init__(
        self, service: str, client: "aioredis.Redis", limit: DeadLetterLimit, now: Callable[[], datetime]
    ) -> None:
        self._redis = client
        self._limit = limit
        self._now = now
        self._marker = stop_marker(service)
        self._counts = f"tocsin:dead_letter_counts:{service}"

    async def restore(self) -> None:
        """Take up the counts of before a restart."""
        counts = await _reached(self._redis.get(self._counts))
        if counts:
            self._limit.restore(str(counts))

    async def record(self, died: bool) -> bool:
        """Count one settled record; True where the limit is reached, and the marker set."""
        reached = self._limit.record(died)
        if died:
            await _reached(self._redis.set(self._counts, self._limit.dump()))
        if reached:
            told = {"why": reached, "at": iso_utc(self._now())}
            await _reached(self._redis.set(self._marker, json.dumps(told)))
        return reached is not None

    async def stopped(self) -> str | None:
        """Why the service is stopped, or None."""
        marker = await _reached(self._redis.get(self._marker))
        return None if marker is None else str(json.loads(marker)["why"])

    async def resumed(self) -> None:
        """An operator resumed the service: begin counting anew."""
        self._limit.reset()
        await _reached(self._redis.delete(self._counts))
