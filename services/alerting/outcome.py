"""What an endpoint's answer means: a status code in, an outcome out; and when to try again. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt, before the schedule has its say."""

    outcome: DeliveryOutcome
    reason: FailureReason | None = None
    status_code: int | None = None
    retry_after: float | None = None
    """Seconds that the endpoint asked for."""
    detail: str = ""
    """For people; holds nothing secret."""

    @classmethod
    def retrying(cls, reason: FailureReason, detail: str) -> "Outcome":
        """Failed without an answer, in a way that may pass."""
        return cls(DeliveryOutcome.RETRYING, reason, detail=detail)

    @classmethod
    def dead(cls, reason: FailureReason, detail: str) -> "Outcome":
        """Failed without an answer, in a way that will not pass."""
        return cls(DeliveryOutcome.DEAD, reason, detail=detail)


def classify(status: int, retry_after: float | None = None) -> Outcome:
    """Only 2xx is success; what cannot pass by itself is dead at once (docs/webhooks.md has the table)."""
    outcome, reason = _meaning(status)
    return Outcome(outcome, reason, status, retry_after, f"the endpoint answered {status}")


def _meaning(status: int) -> tuple[DeliveryOutcome, FailureReason | None]:
    if 200 <= status < 300:
        return DeliveryOutcome.DELIVERED, None
    if 300 <= status < 400:
        return DeliveryOutcome.DEAD, FailureReason.REDIRECT
    if status == 410:
        return DeliveryOutcome.DEAD, FailureReason.GONE
    if status == 429:
        return DeliveryOutcome.RETRYING, FailureReason.RATE_LIMITED
    if 400 <= status < 500:
        return DeliveryOutcome.DEAD, FailureReason.CLIENT_ERROR
    return DeliveryOutcome.RETRYING, FailureReason.SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Schedule:
    """When attempts are made. Standard Webhooks' list runs over three days; an alert is of no use by then."""

    delays: Sequence[float] = (0, 5, 30, 120, 600, 3600)
    """Seconds before each attempt, counted from the failure of the one before."""
    jitter: float = 0.2
    max_retry_after: float = 3600

    @property
    def attempts(self) -> int:
        """Attempts in all."""
        return len(self.delays)

    def next_due(
        self, made: int, retry_after: float | None, now: datetime, rng: random.Random
    ) -> datetime | None:
        """When to try again after `made` attempts; None when they are exhausted.

        What the endpoint asks for goes before the list, to the second, within the bound.
        """
        if made >= self.attempts:
            return None
        if retry_after is not None:
            return now + timedelta(seconds=min(max(retry_after, 1.0), self.max_retry_after))
        return now + timedelta(seconds=self.delays[made] * rng.uniform(1 - self.jitter, 1 + self.jitter))
