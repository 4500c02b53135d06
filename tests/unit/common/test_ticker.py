"""What falls due is written after the records that lay there when it did, and only for partitions owned."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace

import pytest

from schemas.base import Record
from schemas.topics import Topic
from services.common.message import Out, Stages
from services.common.projection import StaleProjectionError
from services.common.retry import OutageError
from services.common.ticker import Ticker

IN = Topic("test.in.v1", "key", Record, "in")
STAGES: Stages = [[Out(IN, "k", None, "1", 4)]]


class World:
    """A clock, a writer, and offsets, all set by hand."""

    def __init__(self) -> None:
        self.stages: Stages = STAGES
        self.raises: Exception | None = None
        self.first, self.last, self.position = 0, 5, 5
        self.wrote: list[Stages] = []
        self.refreshed: list[int] = []
        upkeep = SimpleNamespace(
            owned=lambda: [4], topics=[IN], position=lambda topic, number: self.position, reader=self
        )
        self.ticker = Ticker(self, upkeep, self.write, self.refresh)  # type: ignore[arg-type]

    async def due(self, partition: int) -> Stages:
        if self.raises:
            raise self.raises
        return self.stages

    def written(self, stages: Stages) -> None:
        self.wrote.append(stages)
        self.stages = []

    async def write(self, partition: int, decide: Callable[[], Awaitable[Stages]]) -> Stages:
        return await decide()

    async def refresh(self, partition: int) -> None:
        self.refreshed.append(partition)

    async def begin(self, topic: str, partition: int) -> int:
        return self.first

    async def end(self, topic: str, partition: int) -> int:
        return self.last


async def test_what_is_due_is_written_once() -> None:
    world = World()
    await world.ticker.tick(4)
    await world.ticker.tick(4)
    assert world.wrote == [STAGES]


async def test_records_that_lay_there_first_are_settled_first_and_later_ones_are_not_waited_for() -> None:
    world = World()
    world.position = 3
    await world.ticker.tick(4)
    assert world.wrote == []
    world.last, world.position = 900, 5
    await world.ticker.tick(4)
    assert world.wrote == [STAGES]


async def test_records_may_end_what_was_due() -> None:
    world = World()
    world.position = 3
    await world.ticker.tick(4)
    world.stages, world.position = [], 5
    await world.ticker.tick(4)
    assert world.wrote == []


async def test_a_topic_whose_records_are_all_gone_is_not_waited_for() -> None:
    world = World()
    world.first, world.position = 5, 0
    await world.ticker.tick(4)
    assert world.wrote == [STAGES]


@pytest.mark.parametrize("error", [OutageError("cache", "down"), StaleProjectionError("flushed")])
async def test_an_outage_or_a_flush_is_left_to_the_next_tick(error: Exception) -> None:
    world = World()
    world.raises = error
    await world.ticker.turn()
    world.raises = None
    await world.ticker.turn()
    assert world.wrote == [STAGES]
    assert bool(world.refreshed) == isinstance(error, StaleProjectionError)
