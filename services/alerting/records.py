"""The records that an attempt leaves: an attempt in, the delivery record and what becomes of the pending one out."""

from dataclasses import dataclass
from datetime import datetime

from schemas.alert import Pending
from schemas.delivery import Delivery, DeliveryOutcome
from schemas.failure import FailureReason
from schemas.topics import DELIVERY, PENDING
from services.alerting.outcome import Outcome
from services.common.message import Out, Stages


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt that was made."""

    pending: Pending
    outcome: Outcome
    attempted_at: datetime
    duration: float
    """Seconds."""
    next_due: datetime | None
    """When to try again; None where it succeeded, cannot succeed, or was the last."""
    digest_id: str | None = None
    """The digest that told it with others; None where it went by itself."""

    @property
    def number(self) -> int:
        """The first is 1."""
        return self.pending.attempt + 1

    @property
    def is_dead(self) -> bool:
        """Whether the alert is given up."""
        return self.outcome.outcome is not DeliveryOutcome.DELIVERED and self.next_due is None

    @property
    def result(self) -> DeliveryOutcome:
        """The outcome once the schedule had its say."""
        return DeliveryOutcome.DEAD if self.is_dead else self.outcome.outcome

    def rest(self) -> Pending | None:
        """What is pending after it."""
        if self.next_due is None:
            return None
        return self.pending.model_copy(
            update={"attempt": self.number, "due_at": self.next_due, "held": False}
        )

    def verdict(self) -> tuple[FailureReason, str]:
        """Why the alert is given up: the reason for its dead letter, and a sentence for people."""
        last = self.outcome.reason or FailureReason.HANDLER_ERROR
        if self.outcome.outcome is DeliveryOutcome.DEAD:
            return last, self.outcome.detail
        text = f"{self.number} attempts failed, the last with {last.value}: {self.outcome.detail}"
        return FailureReason.ATTEMPTS_EXHAUSTED, text


def delivery(partition: int, attempt: Attempt) -> Stages:
    """The delivery record."""
    alert = attempt.pending.alert
    record = Delivery(
        alert_id=alert.id,
        subscription_id=alert.subscription_id,
        incident_id=alert.incident_id,
        incident_version=alert.incident_version,
        attempt=attempt.number,
        outcome=attempt.result,
        reason=attempt.outcome.reason,
        status_code=attempt.outcome.status_code,
        duration_seconds=round(attempt.duration, 6),
        attempted_at=attempt.attempted_at,
        next_attempt_at=attempt.next_due,
        digest_id=attempt.digest_id,
    )
    return [[Out(DELIVERY, alert.id, record, f"{_mark(attempt.pending)}-{attempt.number}", partition)]]


def pending(partition: int, attempt: Attempt, rest: Pending | None) -> Stages:
    """The pending record after the attempt: rewritten with its next due time, or removed."""
    alert_id = attempt.pending.alert_id
    mark = f"pending-{rest.attempt}" if rest else "settled"
    return [[Out(PENDING, alert_id, rest, f"{_mark(attempt.pending)}-{mark}", partition)]]


def settled(partition: int, pending: Pending) -> Stages:
    """The end of a pending record without an attempt."""
    return [[Out(PENDING, pending.alert_id, None, f"{pending.alert_id}-settled", partition)]]


def _mark(pending: Pending) -> str:
    """Tells the records of a redelivery from those of the first delivery."""
    again = pending.redelivery
    return f"{pending.alert_id}-again-{int(again.timestamp() * 1000)}" if again else pending.alert_id
