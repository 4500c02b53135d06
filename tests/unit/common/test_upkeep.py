"""A consumer that gives no more records, though some wait, is noticed; one that is idle, busy or slow is not."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from schemas.topics import EVENT, Topic
from services.common.health import Health
from services.common.upkeep import StalledError, Upkeep
from services.common.waiting import Waiter


@dataclass
class Ends:
    """A reader of ends: one record lies beyond each position."""

    at: int = 1

    async def end(self, topic: str, partition: int) -> int:
        return self.at


class Cache:
    """Answers."""

    async def ping(self) -> bool:
        return True


@dataclass
class Bench:
    """An upkeep over fakes, its clock turned by hand."""

    now: float = 1000.0
    positions: dict[int, int] = field(default_factory=lambda: {3: 0})
    busy: bool = False
    ends: Ends = field(default_factory=Ends)

    def upkeep(self) -> Upkeep:
        position: Callable[[Topic, int], int] = lambda topic, number: self.positions[number]  # noqa: E731
        return Upkeep(
            (EVENT,),
            Waiter(Health()),
            Cache(),  # type: ignore[arg-type]
            self.ends,  # type: ignore[arg-type]
            owned=lambda: list(self.positions),
            position=position,
            busy=lambda: self.busy,
            stall_seconds=20,
            clock=lambda: self.now,
        )

    async def looks(self, step: Callable[[int], None], upkeep: Upkeep) -> None:
        """Ten looks, five seconds apart; `step` says what happens before each."""
        for number in range(10):
            step(number)
            await upkeep._measure_once()
            self.now += 5.0


Case = Callable[[Bench, int], None]


def idle(bench: Bench, number: int) -> None:
    bench.ends.at = 0


def busy(bench: Bench, number: int) -> None:
    bench.busy = True


def slow(bench: Bench, number: int) -> None:
    bench.positions[3], bench.ends.at = number // 2, 100


def nothing_owned(bench: Bench, number: int) -> None:
    bench.positions.clear()


@pytest.mark.parametrize("case", [idle, busy, slow, nothing_owned])
async def test_these_are_no_stall(case: Case) -> None:
    bench = Bench()
    await bench.looks(lambda number: case(bench, number), bench.upkeep())


async def test_records_that_wait_and_do_not_come_are() -> None:
    bench = Bench()
    looks: Awaitable[None] = bench.looks(lambda number: None, bench.upkeep())
    with pytest.raises(StalledError, match="1 records wait"):
        await looks
    assert bench.now >= 1020
