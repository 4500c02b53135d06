"""Waiting for what cannot be reached: with backoff, without end, and said aloud. An outage is no record's fault."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from services.common.guard import StopSwitch
from services.common.health import Health
from services.common.logging import get_logger
from services.common.metrics import CONSUMER_STOPPED, WAITING
from services.common.retry import Backoff, OutageError

log = get_logger(__name__)

T = TypeVar("T")

RESUME_POLL_SECONDS = 1.0


@dataclass
class Waiter:
    """Repeats what an outage interrupts; `/readyz` says why meanwhile."""

    health: Health
    backoff: Backoff = field(default_factory=lambda: Backoff(first=0.1, longest=5.0))
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    rng: random.Random = field(default_factory=random.Random)
    clock: Callable[[], float] = time.monotonic
    _looked: float = -RESUME_POLL_SECONDS

    async def through_outages(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """The result of `attempt`, however long its dependencies cannot be reached.

        Whoever stops waiting, as for a partition that went to another worker, is not held up any more; a dependency
        that is still away is told by the next who needs it.
        """
        waited_for: set[str] = set()
        waits = self.backoff.waits(self.rng)
        try:
            while True:
                try:
                    return await attempt()
                except OutageError as error:
                    self.waiting(error)
                    waited_for.add(error.dependency)
                    self.health.turned()
                    await self.sleep(next(waits))
        finally:
            self.over(*waited_for)

    async def until_resumed(self, switch: StopSwitch) -> None:
        """Return at once, or when an operator has ended the stop that a dead-letter limit caused.

        Looks at the marker once a second at most, so that it costs nothing.
        """
        if self.clock() - self._looked < RESUME_POLL_SECONDS:
            return
        why = await self.through_outages(switch.stopped)
        if why is None:
            self._looked = self.clock()
            return
        log.error("consumer_stopped", why=why, remedy="mend the cause, then `tocsin resume SERVICE`")
        CONSUMER_STOPPED.set(1)
        self.health.not_ready("stopped", f"{why}; `tocsin resume` ends it")
        while await self.through_outages(switch.stopped):
            self.health.turned()
            await self.sleep(RESUME_POLL_SECONDS)
        await self.through_outages(switch.resumed)
        CONSUMER_STOPPED.set(0)
        self.health.ready("stopped")
        log.info("consumer_resumed")

    def look_again(self) -> None:
        """The marker was just set."""
        self._looked = -RESUME_POLL_SECONDS

    def waiting(self, error: OutageError) -> None:
        """Tell that a dependency cannot be reached; once, until that is over or the reason changes."""
        why = str(error)
        if self.health.problems.get(error.dependency) == why:
            return
        WAITING.labels(error.dependency).set(1)
        self.health.not_ready(error.dependency, why)
        log.warning("waiting", dependency=error.dependency, why=why)

    def over(self, *dependencies: str) -> None:
        """Tell that dependencies answer again."""
        for dependency in dependencies:
            if dependency in self.health.problems:
                WAITING.labels(dependency).set(0)
                self.health.ready(dependency)
                log.info("waited", dependency=dependency)
