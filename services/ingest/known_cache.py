"""What is known of reports, as it lies in Redis: revisions to note in; the newest revision of each report out.

Any number of workers may note the same record, in any order: the newest by `fetched_at` stands.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import redis.asyncio as aioredis

PREFIX = "tocsin:ingest:known:"
MARK = PREFIX + "mark:"
REPORT = PREFIX + "report:"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# KEYS[1] the mark; ARGV: from and to of the move, the prefix, the records as JSON [id, microseconds, revision, seconds
# left]. Every record before the mark is noted, so a move is good if the mark is not behind its beginning.
_NOTE = """
local mark = tonumber(redis.call('GET', KEYS[1]) or '-1')
local from, to = tonumber(ARGV[1]), tonumber(ARGV[2])
for _, one in ipairs(cjson.decode(ARGV[4])) do
  local key = ARGV[3] .. one[1]
  local known = redis.call('GET', key)
  if not known or tonumber(string.match(known, '^%d+')) <= tonumber(one[2]) then
    redis.call('SET', key, one[2] .. ' ' .. one[3], 'EX', one[4])
  end
end
if mark < from then return -1 end
if to > mark then
  redis.call('SET', KEYS[1], ARGV[2])
  mark = to
end
return mark
"""


class LostError(Exception):
    """The mark is not where it was: Redis has lost what it held."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One revision of one report."""

    id: str
    revision: str
    fetched_at: datetime
    seconds_left: int
    """Until its record leaves the topic."""

    def told(self) -> list[str | int]:
        """As the script takes it."""
        microseconds = (self.fetched_at - _EPOCH) // timedelta(microseconds=1)
        return [self.id, str(microseconds), self.revision, max(1, self.seconds_left)]


class KnownCache:
    """Raises `RedisError` throughout."""

    def __init__(self, client: "aioredis.Redis", partitions: int) -> None:
        self._redis = client
        self._marks = [f"{MARK}{number}" for number in range(partitions)]
        self._note = client.register_script(_NOTE)

    async def look_up(self, ids: Sequence[str]) -> tuple[list[int | None], Mapping[str, str]]:
        """The mark of each partition, and the revisions that are known; both of one moment."""
        found = await self._redis.mget([*self._marks, *(REPORT + one for one in ids)])
        marks = [None if mark is None else int(mark) for mark in found[: len(self._marks)]]
        told = zip(ids, found[len(self._marks) :], strict=True)
        return marks, {one: str(value).partition(" ")[2] for one, value in told if value is not None}

    async def mark(self, partition: int) -> int | None:
        """Every record before it is noted."""
        found = await self._redis.get(self._marks[partition])
        return None if found is None else int(found)

    async def begin(self, partition: int, *, clear: bool) -> None:
        """Begin at 0, as long as nobody has begun meanwhile. `clear` forgets all partitions first."""
        if clear:
            await self._redis.delete(*self._marks)
            async for keys in _chunks(self._redis):
                await self._redis.delete(*keys)
        await self._redis.set(self._marks[partition], 0, nx=True)

    async def note(self, partition: int, start: int, end: int, noted: Sequence[Noted]) -> int:
        """Note records, among them all from `start` to before `end`; the mark from then on. Raises `LostError`."""
        told = json.dumps([one.told() for one in noted], separators=(",", ":"))
        arguments: list[str | int] = [start, end, REPORT, told]
        mark = int(await self._note(keys=[self._marks[partition]], args=arguments))
        if mark < 0:
            raise LostError
        return mark


async def _chunks(client: "aioredis.Redis") -> AsyncIterator[list[str]]:
    """Keys of reports, some hundred at a time."""
    keys: list[str] = []
    async for key in client.scan_iter(match=REPORT + "*", count=1000):
        keys.append(key)
        if len(keys) == 500:
            yield keys
            keys = []
    if keys:
        yield keys
