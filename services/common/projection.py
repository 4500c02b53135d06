"""What a service must remember: a topic's records, folded into Redis, one partition at a time.

Kafka is the truth and Redis a cache of it. Per partition a *mark* holds the offset up to which
the topic is applied. Every read and write is one script that first compares the mark with what the worker
knows; where they differ the state is stale, and is read again from the topic.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from schemas.topics import Topic
from services.common.logging import get_logger
from services.common.metrics import PROJECTION_REBUILDS
from services.common.retry import OutageError
from services.common.store import Command, Reply
from services.common.topic_reader import REBUILD_BATCH, TopicReader

log = get_logger(__name__)

Reducer = Callable[[str, bytes | None], Sequence[Command]]
"""The commands that one record of the topic (its key, its value; None removes) asks for."""

# KEYS[1] the mark; ARGV: expected mark ("" for none), new mark ("" to leave it), prefix, the commands as JSON.
# UNDO and SWEEP are described beside `Command`. Replies go as one JSON text: parsed at once, and not line by line.
_SCRIPT = """
local mark = redis.call('GET', KEYS[1])
if (mark or '') ~= ARGV[1] then return redis.error_reply('STALE ' .. (mark or 'none')) end
local prefix = ARGV[3]
local run
local function undo(asked, member)
  local commands = redis.call('HGET', asked, member)
  redis.call('HDEL', asked, member)
  for _, command in ipairs(cjson.decode(commands or '[]')) do run(command) end
end
run = function(command)
  local name, key, a, b, c = unpack(command)
  command[2] = prefix .. key
  if name == 'UNDO' then return undo(command[2], a) end
  if name ~= 'SWEEP' then return redis.call(unpack(command)) end
  local gone = redis.call('ZRANGEBYSCORE', command[2], '-inf', '(' .. a, 'LIMIT', 0, b)
  for _, member in ipairs(gone) do
    undo(prefix .. c, member)
    redis.call('ZREM', command[2], member)
  end
  return #gone
end
local replies = {}
for i, command in ipairs(cjson.decode(ARGV[4])) do replies[i] = run(command) or false end
if ARGV[2] ~= '' then
  redis.call('SET', KEYS[1], ARGV[2])
  return ''
end
return cjson.encode(replies)
"""


class StaleProjectionError(Exception):
    """The state in Redis is not what this worker knows: read the topic again, then decide again."""


@dataclass
class PartitionStore:
    """The state of one partition, as handlers read it."""

    projection: "Projection"
    partition: int

    async def read(self, commands: Sequence[Command]) -> list[Reply]:
        """The replies, all of one moment. Raises `StaleProjectionError`, or `OutageError` without Redis."""
        return await self.projection.read(self.partition, commands)


class Projection:
    """One topic folded into Redis by `reduce`, for the partitions that this worker owns."""

    def __init__(
        self, name: str, topic: Topic, reduce: Reducer, client: "aioredis.Redis", reader: TopicReader
    ) -> None:
        self.topic = topic
        self._reduce = reduce
        self._redis = client
        self._reader = reader
        self._prefix = f"tocsin:{name}:{topic.name}"
        self._script = client.register_script(_SCRIPT)
        self._marks: dict[int, int] = {}
        # one task at a time on a partition, so that none sees half of a rebuild; one rebuild at a time on the reader
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._reading = asyncio.Lock()

    def store(self, partition: int) -> PartitionStore:
        """One partition's state for a handler."""
        return PartitionStore(self, partition)

    def mark(self, partition: int) -> int | None:
        """The offset up to which this worker knows the topic to be applied."""
        return self._marks.get(partition)

    def forget(self, partition: int) -> None:
        """The partition went to another worker."""
        self._marks.pop(partition, None)

    async def read(self, partition: int, commands: Sequence[Command]) -> list[Reply]:
        """Replies if the state is what this worker knows; raises `StaleProjectionError` otherwise."""
        async with self._locks[partition]:
            return await self._run_known(partition, commands)

    async def applied(self, partition: int, offset: int, key: str, value: bytes | None) -> None:
        """Fold in a record that this worker wrote at `offset`.

        Raises `StaleProjectionError` where records of another writer lie between: they must be read first.
        """
        async with self._locks[partition]:
            known = self._marks.get(partition)
            if known is not None and offset < known:
                return
            if known != offset:
                raise StaleProjectionError(f"{self.topic.name}[{partition}] stands at {known}, not {offset}")
            await self._advance(partition, self._reduce(key, value), offset + 1)

    async def refresh(self, partition: int) -> None:
        """Bring the state up to the topic's end: from the mark in Redis, or from the beginning without one.

        Raises `OutageError` while broker or cache cannot be reached, or while another worker moves the mark too (one
        of the two is about to learn that the partition is the other's); a repeat goes on where this one ended.
        """
        async with self._locks[partition], self._reading:
            try:
                await self._refresh(partition)
            except StaleProjectionError as error:
                self.forget(partition)
                raise OutageError("projection", str(error)) from error
            except BaseException:
                # the cache holds a part: nobody may decide on it before a repeat has read the rest
                self.forget(partition)
                raise

    async def _refresh(self, partition: int) -> None:
        mark = await self._stored_mark(partition)
        end = await self._reader.end(self.topic.name, partition)
        if mark is None or mark > end:
            mark = await self._clear(partition)
            PROJECTION_REBUILDS.labels(self.topic.name).inc()
        self._marks[partition] = mark
        applied = 0
        batch: list[Command] = []
        async for offset, key, value in self._reader.read(self.topic.name, partition, mark, end):
            batch.extend(self._reduce(key, value))
            applied += 1
            if applied % REBUILD_BATCH == 0:
                await self._advance(partition, batch, offset + 1)
                batch = []
        await self._advance(partition, batch, end)
        if applied:
            log.info("projection_read", topic=self.topic.name, partition=partition, records=applied)

    async def _advance(self, partition: int, commands: Sequence[Command], mark: int) -> None:
        await self._run_known(partition, commands, mark)
        self._marks[partition] = mark

    async def _run_known(
        self, partition: int, commands: Sequence[Command], new_mark: int | None = None
    ) -> list[Reply]:
        known = self._marks.get(partition)
        if known is None:
            raise StaleProjectionError(f"{self.topic.name}[{partition}] was never read")
        return await self._run(partition, str(known), commands, new_mark)

    async def _run(
        self, partition: int, known: str, commands: Sequence[Command], new_mark: int | None
    ) -> list[Reply]:
        prefix = f"{self._prefix}:{partition}:"
        arguments = [
            known,
            "" if new_mark is None else str(new_mark),
            prefix,
            json.dumps(commands, separators=(",", ":")),
        ]
        try:
            answer: str = await self._script(keys=[prefix + "mark"], args=arguments)
        except RedisError as error:
            if "STALE" in str(error):
                raise StaleProjectionError(f"{self.topic.name}[{partition}] is not at {known}") from None
            raise OutageError("cache", type(error).__name__) from error
        return [_told(reply) for reply in json.loads(answer or "[]")]

    async def _stored_mark(self, partition: int) -> int | None:
        try:
            stored = await self._redis.get(f"{self._prefix}:{partition}:mark")
        except RedisError as error:
            raise OutageError("cache", type(error).__name__) from error
        return None if stored is None else int(stored)

    async def _clear(self, partition: int) -> int:
        """Remove what is left of the partition's state, the mark first, and begin at 0."""
        prefix = f"{self._prefix}:{partition}:"
        try:
            await self._redis.delete(prefix + "mark")
            async for key in self._redis.scan_iter(match=prefix + "*", count=1000):
                await self._redis.delete(key)
            await self._redis.set(prefix + "mark", 0)
        except RedisError as error:
            raise OutageError("cache", type(error).__name__) from error
        return 0


def _told(reply: Reply) -> Reply:
    """A reply as Redis gives it: Lua tells nil as false, and knows no empty list."""
    if isinstance(reply, list):
        return [None if each is False else each for each in reply]
    return None if reply is False else reply or ([] if isinstance(reply, dict) else reply)
