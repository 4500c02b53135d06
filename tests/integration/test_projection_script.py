"""A projection's commands answer in a real Redis as in memory, those that Redis does not have included."""

import json
import random
from collections.abc import Sequence

import pytest

from schemas.base import Record
from schemas.topics import Topic
from services.common.cache import connect
from services.common.projection import Projection
from services.common.store import Command, MemoryStore
from tests.fakes import EmptyReader

pytestmark = pytest.mark.broker

TOPIC = Topic("test.script.v1", "key", Record, "commands", partitions=1)
NAMES = ("a", "b", 'ü/ \\"')
LATER = json.dumps([["HDEL", "h", "a"], ["ZADD", "z", 7, "left"], ["UNDO", "asked", "b"]])
QUESTIONS: list[Command] = [
    ("HGET", "h", "a"),
    ("HMGET", "h", *NAMES),
    ("HGETALL", "h"),
    ("HLEN", "h"),
    ("SMEMBERS", "s"),
    ("ZMSCORE", "z", *NAMES),
    ("ZRANGEBYSCORE", "z", "-inf", "+inf"),
    ("HGETALL", "asked"),
]


def reduce(key: str, value: bytes | None) -> Sequence[Command]:
    """The record holds its commands."""
    return [tuple(command) for command in json.loads(value or b"[]")]


def drawn(rng: random.Random) -> list[Command]:
    """A few commands that change something."""
    name, number = rng.choice(NAMES), rng.randrange(9)
    kinds: list[Command] = [
        ("HSET", "h", name, rng.choice(NAMES)),
        ("HDEL", "h", name),
        ("SADD", "s", name),
        ("SREM", "s", name),
        ("ZADD", "z", number, name),
        ("ZADD", "z", "GT", number, name),
        ("ZADD", "z", "+inf", name),
        ("ZREM", "z", name),
        ("HSET", "asked", name, LATER),
        ("UNDO", "asked", name),
        ("SWEEP", "z", number, 2, "asked"),
    ]
    return rng.choices(kinds, k=rng.randrange(1, 4))


@pytest.mark.parametrize("seed", range(20))
async def test_a_script_and_the_store_in_memory_agree(redis_url: str, seed: int) -> None:
    client, rng, memory = connect(redis_url), random.Random(seed), MemoryStore()
    projection = Projection("test", TOPIC, reduce, client, EmptyReader())
    await projection.refresh(0)
    for offset in range(25):
        commands = drawn(rng)
        memory.apply(commands)
        await projection.applied(0, offset, "k", json.dumps(commands).encode())
        plain = [_ordered(reply) for reply in await projection.store(0).read(QUESTIONS)]
        assert plain == [_ordered(reply) for reply in await memory.read(QUESTIONS)], commands
    await client.aclose()


def _ordered(reply: object) -> object:
    """Hashes and sets have no order; infinity has two spellings."""
    if not isinstance(reply, list):
        return reply
    return sorted(
        str(each).replace("inf", "Infinity").replace("InfinityInfinity", "Infinity") for each in reply
    )
