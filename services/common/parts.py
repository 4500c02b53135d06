"""What the settlers of one service share: its dead-letter limit, its guard, its limits; one settler a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import redis.asyncio as aioredis

from services.common.dead_letter import DeadLetterLimit
from services.common.guard import RunGuard, StopSwitch
from services.common.projection import Projection
from services.common.settings import CommonSettings
from services.common.settle import Limits, Settler, Step
from services.common.waiting import Waiter
from services.common.writer import Producer, Writer


def utc_now() -> datetime:
    """The clock of what is told to operators; no decision asks it."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Parts:
    """One service's name, settings and cache."""

    service: str
    settings: CommonSettings
    client: "aioredis.Redis"

    def settlers(
        self,
        steps: Sequence[Step],
        writer: Writer,
        producer: Producer,
        projections: Sequence[Projection],
        waiter: Waiter,
    ) -> dict[str, Settler]:
        """A settler for each step, by the name of its topic; a limit reached by one stops all."""
        guard, switch = RunGuard(self.service, self.client), self._switch()
        return {
            step.topic.name: Settler(
                self.service, step, writer, producer, projections, guard, switch, waiter, self._limits()
            )
            for step in steps
        }

    def _switch(self) -> StopSwitch:
        settings = self.settings
        limit = DeadLetterLimit(
            settings.dead_letter_limit_consecutive,
            settings.dead_letter_limit_share,
            settings.dead_letter_limit_window,
        )
        return StopSwitch(self.service, self.client, limit, utc_now)

    def _limits(self) -> Limits:
        return Limits(
            max_retries=self.settings.max_retries,
            watchdog_seconds=self.settings.watchdog_seconds,
            lease_seconds=self.settings.kafka_session_timeout_seconds * 0.8,
        )
