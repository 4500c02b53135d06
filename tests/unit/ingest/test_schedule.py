"""Each feed is looked at in its own time; who fails is left alone for longer, who asks for patience gets it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from services.ingest.feeds.feed_list import Feed
from services.ingest.feeds.fetch import FetchError, FetchProblem
from services.ingest.feeds.look import Looked
from services.ingest.feeds.sandbox import UnreadableError
from services.ingest.feeds.schedule import Outcome, Schedule, delay_seconds
from services.ingest.feeds.state import FeedState
from services.ingest.producer import UnavailableError
from tests.fakes import FakeClock

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def feed(name: str = "a", interval: float = 60) -> Feed:
    return Feed.model_validate(
        {"id": name, "url": f"https://{name}.example/feed", "interval_seconds": interval}
    )


class World:
    """Looks that answer as a test says, and what was seen of them."""

    def __init__(self, answer: Callable[[Feed], Looked | Exception]) -> None:
        self.clock = FakeClock(NOW)
        self.answer = answer
        self.looks: list[tuple[str, float]] = []
        self.outcomes: list[Outcome] = []
        self.states: dict[str, FeedState] = {}

    async def look(self, one: Feed) -> Looked:
        self.looks.append((one.id, self.clock.monotonic()))
        answer = self.answer(one)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def get(self, feed_id: str) -> FeedState:
        return self.states.get(feed_id, FeedState())

    async def put(self, feed_id: str, state: FeedState) -> None:
        self.states[feed_id] = state

    def looked(self, one: Feed, outcome: Outcome, at: datetime) -> None:
        self.outcomes.append(outcome)

    async def run(self, feeds: Sequence[Feed], seconds: float) -> list[float]:
        """The times of the looks."""
        schedule = Schedule(feeds, self, self, self, self.clock.now, self.clock.sleep, lambda: 0.5)
        task = asyncio.create_task(schedule.run())
        await self.clock.advance(seconds)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return [at for _, at in self.looks]


async def test_a_well_feed_is_looked_at_in_its_interval() -> None:
    assert await World(lambda _: Looked()).run([feed()], 250) == [5, 65, 125, 185, 245]


@pytest.mark.parametrize(
    "error",
    [FetchError(FetchProblem.TIMEOUT, "slow"), UnreadableError("broken"), ZeroDivisionError("a defect")],
)
async def test_a_failing_feed_is_left_alone_for_longer_and_longer(error: Exception) -> None:
    world = World(lambda _: error)
    times = await world.run([feed()], 20_000)
    gaps = [later - sooner for sooner, later in pairwise(times)]
    assert gaps[:6] == [120, 240, 480, 960, 1920, 3600]
    assert set(gaps[5:]) == {3600}
    assert world.states["a"].error_streak == len(times)


async def test_a_success_ends_the_back_off() -> None:
    answers = iter([UnreadableError("broken"), UnreadableError("broken"), Looked(), Looked(), Looked()])
    assert await World(lambda _: next(answers)).run([feed()], 500) == [5, 125, 365, 425, 485]


async def test_one_feed_does_not_delay_another() -> None:
    class Stuck(World):
        async def look(self, one: Feed) -> Looked:
            if one.id == "stuck":
                await self.clock.sleep(10**6)
            return await super().look(one)

    world = Stuck(lambda _: Looked())
    await world.run([feed("stuck"), *(feed(f"f{number}") for number in range(20))], 310)
    counts = Counter(name for name, _ in world.looks)
    assert set(counts.values()) == {6}
    assert "stuck" not in counts


async def test_the_due_time_outlives_a_restart() -> None:
    world = World(lambda _: Looked())
    world.states["a"] = FeedState(next_at=NOW + timedelta(seconds=100))
    assert (await world.run([feed()], 150))[0] == 100


async def test_a_brokers_outage_is_not_the_feeds_fault() -> None:
    world = World(lambda _: UnavailableError("no broker"))
    times = await world.run([feed()], 30)
    assert times[:3] == [5, 12.5, 20]
    assert world.states["a"].error_streak == 0
    assert not any(outcome.is_error for outcome in world.outcomes)


def test_what_the_server_asks_for_goes_before_the_schedule() -> None:
    limited = Outcome("rate_limited", retry_after=7_200)
    assert delay_seconds(feed(), limited, 1, 0.0) == 7_200
    assert delay_seconds(feed(), Outcome("rate_limited", retry_after=1), 1, 0.5) == 120
    assert delay_seconds(feed(), Outcome("rate_limited", retry_after=10**9), 1, 0.5) == 86_400
    assert delay_seconds(feed(), Outcome("gone"), 1, 0.5) == 86_400


def test_looks_are_jittered() -> None:
    delays = {delay_seconds(feed(), Outcome("ok"), 0, random / 10) for random in range(10)}
    assert len(delays) == 10
    assert all(54 <= delay <= 66 for delay in delays)
    # a feed that is asked rarely is never asked more often because it fails
    assert delay_seconds(feed(interval=80_000), Outcome("timeout"), 3, 0.5) == 80_000
