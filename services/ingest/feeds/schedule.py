"""When to look at each feed: a list of feeds in, looks at them at their times out, for ever; none waits for another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from services.common.logging import get_logger
from services.common.metrics import FEED_LOOKS
from services.ingest.feeds.feed_list import Feed
from services.ingest.feeds.fetch import FetchError, FetchProblem
from services.ingest.feeds.look import Looked
from services.ingest.feeds.sandbox import UnreadableError
from services.ingest.feeds.state import FeedStates
from services.ingest.producer import UnavailableError

log = get_logger(__name__)

JITTER = 0.1
LONGEST_BACK_OFF_SECONDS = 3_600.0
LONGEST_RETRY_AFTER_SECONDS = 86_400.0
GONE_SECONDS = 86_400.0
NO_BROKER_SECONDS = 5.0
FIRST_LOOKS_SECONDS = 10.0
"""All first looks after a start are spread over so long."""
OK, NOT_MODIFIED, UNREADABLE, UNAVAILABLE, DEFECT = (
    "ok",
    "not_modified",
    "unreadable",
    "unavailable",
    "defect",
)
OUTCOMES = (OK, NOT_MODIFIED, UNREADABLE, UNAVAILABLE, DEFECT, *(problem.value for problem in FetchProblem))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look came to, for schedule, metrics and heartbeat."""

    name: str
    """One of `OUTCOMES`."""
    detail: str = ""
    new: int = 0
    retry_after: float | None = None

    @property
    def is_error(self) -> bool:
        """Whether the feed failed. The broker's failures are not the feed's."""
        return self.name not in (OK, NOT_MODIFIED, UNAVAILABLE)


class Looks(Protocol):
    """Looks at a feed."""

    async def look(self, feed: Feed) -> Looked:
        """See `Looker`."""
        ...


class Observer(Protocol):
    """Hears of every look."""

    def looked(self, feed: Feed, outcome: Outcome, at: datetime) -> None:
        """One look is over."""
        ...


def delay_seconds(feed: Feed, outcome: Outcome, error_streak: int, random: float) -> float:
    """Until the next look. `random` is from [0, 1). What the server asks for goes before our own schedule."""
    if outcome.name == UNAVAILABLE:
        return NO_BROKER_SECONDS * (1 + random)
    delay = feed.interval_seconds
    if outcome.is_error:
        delay = max(delay, min(delay * 2.0 ** min(error_streak, 20), LONGEST_BACK_OFF_SECONDS))
    if outcome.name == FetchProblem.GONE.value:
        delay = GONE_SECONDS
    jittered = delay * (1 + JITTER * (2 * random - 1))
    return max(jittered, min(outcome.retry_after or 0.0, LONGEST_RETRY_AFTER_SECONDS))


@dataclass
class Schedule:
    """Runs one task a feed; time and chance are parameters."""

    feeds: Sequence[Feed]
    looks: Looks
    states: FeedStates
    observer: Observer
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    random: Callable[[], float]
    _told: dict[str, str] = field(default_factory=dict)

    async def run(self) -> None:
        """Look for ever, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for feed in self.feeds:
                group.create_task(self._keep_looking(feed), name=f"feed {feed.id}")

    async def _keep_looking(self, feed: Feed) -> None:
        await self.sleep(await self._first_delay(feed))
        while True:
            outcome = await self._look(feed)
            await self.sleep(await self._settled(feed, outcome))

    async def _first_delay(self, feed: Feed) -> float:
        spread = min(FIRST_LOOKS_SECONDS, feed.interval_seconds) * self.random()
        due = (await self.states.get(feed.id)).next_at
        left = (due - self.now()).total_seconds() if due else 0.0
        return max(spread, min(left, LONGEST_RETRY_AFTER_SECONDS))

    async def _look(self, feed: Feed) -> Outcome:
        try:
            looked = await self.looks.look(feed)
        except FetchError as error:
            return Outcome(error.problem.value, str(error), retry_after=error.retry_after)
        except UnreadableError as error:
            return Outcome(UNREADABLE, str(error))
        except UnavailableError as error:
            return Outcome(UNAVAILABLE, str(error))
        except Exception as error:  # one feed's defect must not end the looks at the others
            log.error("look_failed", feed=feed.id, error=type(error).__name__, exc_info=error)
            return Outcome(DEFECT, type(error).__name__)
        return Outcome(
            OK if looked.modified else NOT_MODIFIED, "stamped" if looked.stamped else "", looked.new
        )

    async def _settled(self, feed: Feed, outcome: Outcome) -> float:
        """Tell of the look, and when the next one is due."""
        FEED_LOOKS.labels(outcome.name).inc()
        at = self.now()
        self.observer.looked(feed, outcome, at)
        self._tell(feed, outcome)
        state = await self.states.get(feed.id)
        streak = state.error_streak + 1 if outcome.is_error else 0
        delay = delay_seconds(feed, outcome, streak, self.random())
        due = at + timedelta(seconds=delay)
        await self.states.put(feed.id, state.model_copy(update={"error_streak": streak, "next_at": due}))
        return delay

    def _tell(self, feed: Feed, outcome: Outcome) -> None:
        """Once for each change: a feed that stays broken does not fill the log."""
        story = f"{outcome.name} {outcome.detail}" if outcome.is_error or outcome.detail else ""
        if self._told.get(feed.id, "") == story:
            return
        self._told[feed.id] = story
        if story:
            log.warning("feed_looked", feed=feed.id, outcome=outcome.name, detail=outcome.detail)
        else:
            log.info("feed_well_again", feed=feed.id)
