"""The store in memory answers as Redis does; that it agrees with a real one is an integration test."""

from services.common.store import MemoryStore


async def test_reads_answer_one_a_command() -> None:
    store = MemoryStore()
    store.apply([("HSET", "h", "a", "1", "b", "2"), ("SADD", "s", "y", "x")])
    replies = await store.read([("HMGET", "h", "b", "none"), ("SMEMBERS", "s"), ("HGETALL", "h")])
    assert replies == [["2", None], ["x", "y"], ["a", "1", "b", "2"]]
