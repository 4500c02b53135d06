"""Leaves an endpoint alone that fails time and again: outcomes in, and when the next attempt may be made out.

While it is open no attempt is made and none is used up: the alerts wait. After the pause one attempt goes ahead; if it
succeeds the others follow, if it fails the next pause is longer.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason
from services.alerting.clock import Clock, sleep_unless
from services.alerting.outcome import Outcome

LOOK_SECONDS = 1.0
"""How often those behind a trial look whether it ended."""


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """When to open, and for how long."""

    failures: int = 5
    """In a row, of those that may pass."""
    first_pause: float = 5.0
    longest_pause: float = 300.0
    jitter: float = 0.2


@dataclass
class Breaker:
    """One endpoint's."""

    clock: Clock
    rng: random.Random
    settings: BreakerSettings = field(default_factory=BreakerSettings)
    _failed: int = 0
    _pause: float = 0.0
    _open_until: float | None = None
    _trial: bool = False
    _released: asyncio.Event = field(default_factory=asyncio.Event)
    """Wakes those who wait; cleared whenever it opens."""

    @property
    def is_open(self) -> bool:
        """Whether attempts wait."""
        return self._open_until is not None

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Enter when an attempt may be made; tell its outcome inside."""
        mine = await self._wait()
        try:
            yield
        finally:
            if mine:
                self._trial = False

    async def _wait(self) -> bool:
        """Whether this attempt is the trial."""
        while self._open_until is not None:
            wait = self._open_until - self.clock.monotonic()
            if wait <= 0 and not self._trial:
                self._trial = True
                return True
            pause = min(max(wait, 0.001), 60.0) if wait > 0 else LOOK_SECONDS
            await sleep_unless(self.clock, pause, self._released)
        return False

    def tell(self, outcome: Outcome) -> None:
        """What became of an attempt."""
        if outcome.outcome is not DeliveryOutcome.RETRYING:
            # it answers, if only to refuse this one; those who wait see it at their next look, not all at once
            self._close()
        elif outcome.reason is FailureReason.RATE_LIMITED and outcome.retry_after is not None:
            # it says itself when to come back, and says so of all
            pause = min(max(outcome.retry_after, 1.0), self.settings.longest_pause)
            self._hold(max(self._open_until or 0.0, self.clock.monotonic() + pause))
        elif outcome.reason is not FailureReason.UNKNOWN_SUBSCRIPTION:
            self._failed += 1
            if self._failed >= self.settings.failures:
                self._open()

    def release(self) -> None:
        """Nothing is sent to it any more: nobody need wait."""
        self._close()
        self._released.set()

    def _close(self) -> None:
        self._failed, self._pause, self._open_until = 0, 0.0, None

    def _hold(self, until: float) -> None:
        self._open_until = until
        self._released.clear()

    def _open(self) -> None:
        now, settings = self.clock.monotonic(), self.settings
        if self._open_until is not None and self._open_until > now:
            return  # the last of those that were under way when it opened
        self._pause = min(max(self._pause * 2, settings.first_pause), settings.longest_pause)
        self._hold(now + self._pause * self.rng.uniform(1 - settings.jitter, 1 + settings.jitter))
