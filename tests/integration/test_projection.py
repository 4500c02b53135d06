"""The projection on a real broker and a real Redis: whatever happens to the cache, the topic brings it back."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import redis
import redis.asyncio as aioredis
from hypothesis import given
from hypothesis import strategies as st
from kafka import KafkaProducer

from schemas.topics import Topic
from services.common.cache import connect
from services.common.kafka import create_topics
from services.common.projection import Projection, StaleProjectionError
from services.common.retry import OutageError
from services.common.store import Command, MemoryStore
from services.common.topic_reader import KafkaTopicReader
from tests.integration.tally_service import Tally
from tests.servers import Cache

pytestmark = pytest.mark.broker

NAMES = st.sampled_from(["a", "b", "c"])
NUMBERS = st.integers(0, 9)
COMMANDS = st.one_of(
    st.tuples(st.just("HSET"), st.just("h"), NAMES, NAMES),
    st.tuples(st.just("HGET"), st.just("h"), NAMES),
    st.tuples(st.just("HMGET"), st.just("h"), NAMES, NAMES),
    st.tuples(st.just("HDEL"), st.just("h"), NAMES),
    st.tuples(st.just("HLEN"), st.just("h")),
    st.tuples(st.just("SADD"), st.just("s"), NAMES, NAMES),
    st.tuples(st.just("SREM"), st.just("s"), NAMES),
    st.tuples(st.just("ZADD"), st.just("z"), NUMBERS, NAMES),
    st.tuples(st.just("ZADD"), st.just("z"), st.just("GT"), NUMBERS, NAMES),
    st.tuples(st.just("ZRANGEBYSCORE"), st.just("z"), NUMBERS, NUMBERS),
    st.tuples(st.just("ZREM"), st.just("z"), NAMES),
    st.tuples(st.just("DEL"), st.sampled_from(["h", "s", "z"])),
)


TOPIC = Topic("test.projected.v1", "key", Tally, "for the projection", cleanup=("compact",), partitions=2)


def reduce(key: str, value: bytes | None) -> Sequence[Command]:
    """One hash field a key."""
    return [("HDEL", "values", key)] if value is None else [("HSET", "values", key, value.decode())]


class Writes:
    """Writes to the topic as another worker would."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = KafkaProducer(bootstrap_servers=bootstrap)

    def put(self, key: str, value: str | None, partition: int = 0) -> int:
        """The record's offset."""
        data = None if value is None else value.encode()
        sent = self._producer.send(TOPIC.name, key=key.encode(), value=data, partition=partition)
        return int(sent.get(30).offset)


@pytest.fixture
def topic(bootstrap_servers: str) -> Writes:
    """The topic, and a way to write to it."""
    create_topics(bootstrap_servers, [TOPIC], 1)
    return Writes(bootstrap_servers)


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator["aioredis.Redis"]:
    """A connection to the empty cache."""
    made = connect(redis_url)
    yield made
    await made.aclose()


@pytest.fixture
async def projection(
    topic: Writes, client: "aioredis.Redis", bootstrap_servers: str
) -> AsyncIterator[Projection]:
    """A projection that has read its topic."""
    reader = KafkaTopicReader(bootstrap_servers)
    made = Projection("test", TOPIC, reduce, client, reader)
    await made.refresh(0)
    yield made
    await reader.close()


async def value(projection: Projection, key: str) -> str | None:
    """What the projection knows of a key."""
    [reply] = await projection.store(0).read([("HGET", "values", key)])
    return reply


async def test_a_record_of_ones_own_is_applied(projection: Projection, topic: Writes) -> None:
    offset = topic.put("a", "1")
    await projection.applied(0, offset, "a", b"1")
    assert await value(projection, "a") == "1"
    await projection.applied(0, offset, "a", b"1")
    assert await value(projection, "a") == "1"


async def test_a_removal_is_applied(projection: Projection, topic: Writes) -> None:
    await projection.applied(0, topic.put("gone", "1"), "gone", b"1")
    await projection.applied(0, topic.put("gone", None), "gone", None)
    assert await value(projection, "gone") is None


async def test_a_record_of_another_worker_is_read_first(projection: Projection, topic: Writes) -> None:
    topic.put("other", "1")
    offset = topic.put("mine", "1")
    with pytest.raises(StaleProjectionError):
        await projection.applied(0, offset, "mine", b"1")
    await projection.refresh(0)
    assert [await value(projection, key) for key in ("other", "mine")] == ["1", "1"]


async def test_a_flushed_cache_is_noticed_and_rebuilt(
    projection: Projection, topic: Writes, client: "aioredis.Redis"
) -> None:
    await projection.applied(0, topic.put("kept", "1"), "kept", b"1")
    await client.flushall()
    with pytest.raises(StaleProjectionError):
        await value(projection, "kept")
    await projection.refresh(0)
    assert await value(projection, "kept") == "1"


async def test_a_failover_that_lost_a_second_is_noticed(
    projection: Projection, topic: Writes, client: "aioredis.Redis"
) -> None:
    mark = f"tocsin:test:{TOPIC.name}:0:mark"
    before = await client.get(mark)
    await projection.applied(0, topic.put("late", "1"), "late", b"1")
    await client.set(mark, str(before))
    await client.hdel(f"tocsin:test:{TOPIC.name}:0:values", "late")
    with pytest.raises(StaleProjectionError):
        await value(projection, "late")
    await projection.refresh(0)
    assert await value(projection, "late") == "1"


async def test_leftovers_without_a_mark_are_cleared(projection: Projection, client: "aioredis.Redis") -> None:
    prefix = f"tocsin:test:{TOPIC.name}:0:"
    await client.delete(prefix + "mark")
    await client.hset(prefix + "values", "ghost", "1")
    await projection.refresh(0)
    assert await value(projection, "ghost") is None


async def test_another_worker_moving_on_makes_ones_own_state_stale(
    projection: Projection, topic: Writes, client: "aioredis.Redis", bootstrap_servers: str
) -> None:
    reader = KafkaTopicReader(bootstrap_servers)
    other = Projection("test", TOPIC, reduce, client, reader)
    await other.refresh(0)
    await other.applied(0, topic.put("theirs", "1"), "theirs", b"1")
    with pytest.raises(StaleProjectionError):
        await value(projection, "theirs")
    await projection.refresh(0)
    assert await value(projection, "theirs") == "1"
    await reader.close()


async def test_rebuilding_in_several_tasks_at_once_shows_no_half_of_a_state(
    projection: Projection, topic: Writes, client: "aioredis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler and several senders notice a flushed cache together; none may decide on half a ledger."""
    monkeypatch.setattr("services.common.projection.REBUILD_BATCH", 2)
    for number in range(40):
        for partition in range(TOPIC.partitions):
            topic.put(f"many-{number}", "1", partition)
    await projection.refresh(0)
    await projection.refresh(1)
    whole = [await projection.store(partition).read([("HLEN", "values")]) for partition in (0, 1)]
    await client.flushall()

    async def recover(partition: int) -> None:
        for _ in range(20):
            try:
                assert await projection.store(partition).read([("HLEN", "values")]) == whole[partition]
                return
            except StaleProjectionError:
                await projection.refresh(partition)
        raise AssertionError("stale for ever")

    await asyncio.gather(*(recover(partition) for partition in (0, 1, 0, 1, 0, 1)))


async def test_a_rebuild_cut_short_is_stale_until_it_was_finished(
    projection: Projection, topic: Writes, client: "aioredis.Redis", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.common.projection.REBUILD_BATCH", 1)
    await projection.applied(0, topic.put("first", "1"), "first", b"1")
    await projection.applied(0, topic.put("last", "1"), "last", b"1")
    await client.flushall()
    advance, steps = projection._advance, iter(range(100))

    async def lose_the_broker(*arguments: Any) -> None:
        if next(steps) == 1:
            raise OutageError("broker", "gone")
        await advance(*arguments)

    monkeypatch.setattr(projection, "_advance", lose_the_broker)
    with pytest.raises(OutageError):
        await projection.refresh(0)
    with pytest.raises(StaleProjectionError):
        await value(projection, "last")
    await projection.refresh(0)
    assert [await value(projection, key) for key in ("first", "last")] == ["1", "1"]


async def test_without_redis_it_is_an_outage(projection: Projection, redis_server: Cache) -> None:
    redis_server.kill()
    with pytest.raises(OutageError, match="cache"):
        await value(projection, "a")
    redis_server.start()
    await projection.refresh(0)


async def test_a_partition_never_read_is_stale(projection: Projection) -> None:
    with pytest.raises(StaleProjectionError):
        await projection.store(1).read([("HGET", "values", "a")])


def test_the_store_in_memory_agrees_with_a_real_redis(redis_url: str) -> None:
    client = redis.Redis.from_url(redis_url, decode_responses=True)

    @given(st.lists(COMMANDS, max_size=25))
    def agree(commands: list[Command]) -> None:
        client.flushdb()
        store = MemoryStore()
        for command in commands:
            # a client's own callbacks would change the replies: a script gives them plain
            plain = client.eval("return redis.call(unpack(ARGV))", 0, *map(str, command))
            assert store.run(command) == plain, command

    agree()
    client.close()
