"""What is known of reports, in a real Redis: whatever happens to it, the topic brings it back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import redis.asyncio as aioredis

from schemas.report import Report
from schemas.topics import REPORT
from services.common.cache import connect
from services.common.partition import partition_of
from services.ingest.known import Written
from services.ingest.known_cache import MARK
from services.ingest.known_cache import REPORT as ENTRY
from services.ingest.known_projection import MAX_AHEAD, KnownProjection
from services.ingest.normalise import normalise

pytestmark = pytest.mark.broker

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


class Topic:
    """The report topic, in memory."""

    def __init__(self) -> None:
        self.partitions: list[list[Report]] = [[] for _ in range(REPORT.partitions)]
        self.read_records = 0
        self.now = count()

    def append(self, text: str, name: str = "a", at: datetime | None = None) -> Written:
        fetched_at = at or NOW + timedelta(seconds=next(self.now))
        report = normalise({"text": text, "id": name, "source": "test"}, fetched_at).report
        number = partition_of(report.id)
        self.partitions[number].append(report)
        return Written(report, number, len(self.partitions[number]) - 1)

    async def end(self, topic: str, partition: int) -> int:
        return len(self.partitions[partition])

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes | None]]:
        for offset, report in list(enumerate(self.partitions[partition]))[start:end]:
            self.read_records += 1
            yield offset, report.id, report.to_bytes()


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator["aioredis.Redis"]:
    client = connect(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
def topic() -> Topic:
    return Topic()


Start = Callable[[], KnownProjection]


@pytest.fixture
def start(client: "aioredis.Redis", topic: Topic) -> Start:
    """Another worker."""
    return lambda: KnownProjection(client, topic, lambda: NOW)


async def known(one: KnownProjection, *written: Written) -> list[bool]:
    current = await one.current([each.report.id for each in written])
    return [current.get(each.report.id) == each.report.revision for each in written]


async def test_a_new_worker_knows_what_is_on_the_topic(start: Start, topic: Topic) -> None:
    old, new = topic.append("one"), topic.append("two")
    other = topic.append("three", "b")
    assert await known(start(), old, new, other) == [False, True, True]


async def test_what_a_flush_takes_is_read_again(start: Start, topic: Topic, client: "aioredis.Redis") -> None:
    one = start()
    await one.current(["x"])
    written = [topic.append("text", f"{number}") for number in range(50)]
    await one.remember(written)
    assert await known(one, *written) == [True] * 50
    assert topic.read_records == 0
    await client.flushall()
    assert await known(one, *written) == [True] * 50
    assert topic.read_records == 50


async def test_what_a_failover_loses_is_read_again_from_where_it_stands(
    start: Start, topic: Topic, client: "aioredis.Redis"
) -> None:
    one = start()
    await one.current(["x"])
    written = [topic.append(f"{number}") for number in range(3)]
    for each in written[:2]:
        await one.remember([each])
    held = await client.get(ENTRY + written[0].report.id)
    await one.remember(written[2:])
    # the replica had not heard of the last one
    await client.mset({f"{MARK}{written[0].partition}": 2, ENTRY + written[0].report.id: held})
    assert await known(one, written[2]) == [True]
    assert topic.read_records == 1


async def test_records_of_two_workers_between_each_other(start: Start, topic: Topic) -> None:
    one, two = start(), start()
    await asyncio.gather(one.current(["x"]), two.current(["x"]))
    written = [topic.append(f"{number}") for number in range(6)]
    for at, each in reversed(list(enumerate(written))):
        await (one, two)[at % 2].remember([each])
    assert await known(one, written[-1]) == await known(two, written[-1]) == [True]
    # the marks stand before the gaps until the topic is read over them
    assert await known(start(), written[-1]) == [True]
    assert topic.read_records == 5
    topic.read_records = 0
    assert await known(start(), written[-1]) == [True]
    assert topic.read_records == 0


async def test_a_worker_that_notes_out_of_order_moves_its_mark_once_the_gap_is_closed(
    start: Start, topic: Topic, client: "aioredis.Redis"
) -> None:
    one = start()
    await one.current(["x"])
    written = [topic.append(f"{number}") for number in range(4)]
    for at in (2, 1, 3, 0):
        await one.remember([written[at]])
    assert await client.get(f"{MARK}{written[0].partition}") == "4"
    assert await known(one, written[3]) == [True]


async def test_a_doubt_is_looked_into(start: Start, topic: Topic) -> None:
    one = start()
    await one.current(["x"])
    lost_word = topic.append("one")
    assert await known(one, lost_word) == [False]
    one.doubt()
    assert await known(one, lost_word) == [True]
    await one.remember([Written(topic.append("two").report, lost_word.partition, -1)])
    assert await known(one, lost_word) == [False]


async def test_a_doubt_that_comes_while_the_topic_is_read_has_it_read_again(
    start: Start, topic: Topic
) -> None:
    one = start()
    await one.current(["x"])
    began, go_on = asyncio.Event(), asyncio.Event()
    read_end = topic.end

    async def slowly(name: str, partition: int) -> int:
        end = await read_end(name, partition)
        began.set()
        await go_on.wait()
        return end

    topic.end = slowly  # type: ignore[method-assign]
    one.doubt()
    first = asyncio.create_task(one.current(["x"]))
    await began.wait()
    late = topic.append("one")
    one.doubt()
    second = asyncio.create_task(known(one, late))
    await asyncio.sleep(0)
    go_on.set()
    await first
    # neither who waited for the first reading, nor who comes while the second one goes on
    assert await asyncio.gather(second, known(one, late)) == [[True], [True]]


async def test_memory_ends_with_the_topic_s_retention(
    start: Start, topic: Topic, client: "aioredis.Redis"
) -> None:
    gone = topic.append("one", "a", NOW - timedelta(days=15))
    kept = topic.append("two", "b", NOW - timedelta(days=13))
    assert await known(start(), gone, kept) == [False, True]
    assert await client.ttl(ENTRY + kept.report.id) == pytest.approx(86_400, abs=5)
    assert await client.dbsize() == REPORT.partitions + 1


async def test_what_is_noted_over_a_gap_is_bounded(start: Start, topic: Topic) -> None:
    one = start()
    await one.current(["x"])
    foreign = topic.append("of another worker")
    mine = [topic.append(f"{number}") for number in range(MAX_AHEAD + 1)]
    await one.remember(mine)
    assert not any(one._ahead.values())
    assert await known(one, mine[-1], foreign) == [True, False]


async def test_a_topic_made_anew_is_another_topic(start: Start, topic: Topic) -> None:
    one = start()
    await one.current(["x"])
    before = [topic.append("one", f"{number}") for number in range(30)]
    await one.remember(before)
    topic.partitions = [[] for _ in range(REPORT.partitions)]
    after = topic.append("two")
    one.doubt()
    assert await known(one, *before, after) == [False] * 30 + [True]
