"""Delivers what is pending: pending alerts in, attempts made, their records out, until each alert is settled.

The outbox is in memory; the truth is `conflict.pending.v1`, from which it is loaded on assignment. A delivery record
is written before the pending record goes, so a crash repeats an attempt (same `webhook-id`) and loses none.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from schemas.alert import Alert, Pending
from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason
from services.alerting import records
from services.alerting.clock import Clock
from services.alerting.endpoint import Endpoint, Endpoints
from services.alerting.gone import GoneEndpoints
from services.alerting.lanes import Lane, Lanes
from services.alerting.outcome import Outcome, Schedule
from services.alerting.records import Attempt
from services.common import metrics
from services.common.logging import get_logger
from services.common.message import Stages
from services.common.retry import Backoff
from services.common.writer import NotAssignedError

log = get_logger(__name__)


class Sends(Protocol):
    """Makes one attempt."""

    async def send(self, endpoint: Endpoint, alert: Alert) -> Outcome:
        """Raises nothing that an endpoint could cause."""
        ...


class Writes(Protocol):
    """Writes records; on return they are acknowledged and applied."""

    async def write(self, partition: int, stages: Stages) -> None:
        """Raises `NotAssignedError` for a partition that is not ours any more."""
        ...


class Buries(Protocol):
    """Writes an alert to its dead-letter topic; on return it is acknowledged."""

    async def bury(self, partition: int, alert: Alert, reason: FailureReason, text: str) -> None:
        """Raises `NotAssignedError` for a partition that is not ours any more."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxSettings:
    """Limits of the senders."""

    schedule: Schedule = field(default_factory=Schedule)
    concurrency_per_endpoint: int = 8
    grace_seconds: float = 2.0
    """How long attempts in flight may take when a partition is revoked, or the service ends."""


class Outbox:
    """The senders of one worker."""

    def __init__(
        self,
        endpoints: Endpoints,
        sender: Sends,
        writer: Writes,
        burial: Buries,
        clock: Clock,
        rng: random.Random,
        settings: OutboxSettings | None = None,
    ) -> None:
        self._endpoints = endpoints
        self._sender = sender
        self._writer = writer
        self._burial = burial
        self._clock = clock
        self._rng = rng
        self._settings = settings or OutboxSettings()
        self._gone = GoneEndpoints()
        self._lanes = Lanes(self._run)
        self._gates = defaultdict[str, asyncio.Semaphore](self._gate)
        # counted when it is asked for, not at every alert
        metrics.ALERTS_PENDING.set_function(lambda: self.waiting)

    @property
    def waiting(self) -> int:
        """Alerts not yet settled."""
        return self._lanes.waiting

    def load(self, partition: int, pendings: Iterable[Pending]) -> None:
        """Begin with a partition, from what is pending there; before its incidents are consumed."""
        self._lanes.open(partition, pendings)

    def enqueue(self, partition: int, pending: Pending) -> None:
        """Take in an alert whose pending record is written. A repeat of one that is queued is dropped."""
        self._lanes.add(partition, pending)

    async def revoke(self, partition: int) -> None:
        """The partition goes to another worker: on return nothing is written for it any more."""
        await self._lanes.close(partition, self._settings.grace_seconds)

    async def close(self) -> None:
        """End: attempts in flight are awaited for a while; what is pending stays on its topic."""
        await self._lanes.close_all(self._settings.grace_seconds)

    def _gate(self) -> asyncio.Semaphore:
        return asyncio.Semaphore(self._settings.concurrency_per_endpoint)

    async def _run(self, lane: Lane) -> None:
        try:
            while lane.queue and not lane.leaving:
                await self._advance(lane)
        except NotAssignedError:
            log.info("lane_dropped", partition=lane.partition, alerts=len(lane.queue))

    async def _advance(self, lane: Lane) -> None:
        """One attempt for the lane's head: what remains of it, or the next alert, is the head afterwards."""
        pending = lane.queue[0]
        if pending.attempt:
            await self._until(pending.due_at)
        async with self._gates[pending.alert.subscription_id]:
            if lane.leaving:
                return
            lane.busy = True
            attempt = await self._attempt(pending)
        rest = await self._record(lane.partition, attempt)
        lane.busy = False
        lane.queue[:1] = [rest] if rest else []

    async def _until(self, moment: datetime) -> None:
        # in short steps, so that a clock that is set right meanwhile is followed
        while (wait := (moment - self._clock.now()).total_seconds()) > 0:
            await self._clock.sleep(min(wait, 60.0))

    async def _attempt(self, pending: Pending) -> Attempt:
        attempted_at, started = self._clock.now(), self._clock.monotonic()
        endpoint = self._endpoints.get(pending.alert.subscription_id)
        outcome = await self._outcome(endpoint, pending.alert, attempted_at)
        now = self._clock.now()
        due = None
        if outcome.outcome is DeliveryOutcome.RETRYING:
            due = self._settings.schedule.next_due(pending.attempt + 1, outcome.retry_after, now, self._rng)
        attempt = Attempt(pending, outcome, attempted_at, max(0.0, self._clock.monotonic() - started), due)
        if endpoint and outcome.reason is FailureReason.GONE:
            self._gone.add(endpoint)
        _measure(attempt, endpoint, now)
        return attempt

    async def _outcome(self, endpoint: Endpoint | None, alert: Alert, now: datetime) -> Outcome:
        if endpoint is None:
            return Outcome.dead(FailureReason.UNKNOWN_SUBSCRIPTION, "the subscription was removed")
        if not endpoint.subscription.enabled:
            return Outcome.dead(FailureReason.UNKNOWN_SUBSCRIPTION, "the subscription is disabled")
        if endpoint.locked:
            return Outcome.retrying(FailureReason.UNKNOWN_SUBSCRIPTION, endpoint.locked)
        if endpoint in self._gone:
            return Outcome.dead(FailureReason.GONE, "the endpoint answered 410 before")
        if now > alert.expires_at:
            return Outcome.dead(FailureReason.EXPIRED, "the alert expired before it could be delivered")
        try:
            return await self._sender.send(endpoint, alert)
        except Exception as error:
            # a defect of ours: this alert is set aside, and those behind it go on
            log.exception("attempt_failed", alert_id=alert.id)
            return Outcome.dead(FailureReason.HANDLER_ERROR, type(error).__name__)

    async def _record(self, partition: int, attempt: Attempt) -> Pending | None:
        """Write down the attempt, and then what it means for the pending record; gives what is pending still."""
        _tell(attempt)
        rest = attempt.rest()
        await self._persist(lambda: self._writer.write(partition, records.delivery(partition, attempt)))
        if attempt.is_dead:
            alert, (reason, text) = attempt.pending.alert, attempt.verdict()
            await self._persist(lambda: self._burial.bury(partition, alert, reason, text))
        await self._persist(lambda: self._writer.write(partition, records.pending(partition, attempt, rest)))
        return rest

    async def _persist(self, write: Callable[[], Awaitable[None]]) -> None:
        """An outage is no alert's fault: try without end, since the attempt was made and must stand."""
        waits = Backoff().waits(self._rng)
        while True:
            try:
                return await write()
            except NotAssignedError:
                raise
            except Exception as error:
                wait = next(waits)
                log.warning(
                    "delivery_not_recorded", problem=f"{type(error).__name__}: {error}", again_in=wait
                )
                await self._clock.sleep(wait)


def _measure(attempt: Attempt, endpoint: Endpoint | None, now: datetime) -> None:
    channel = endpoint.subscription.target.format if endpoint else "none"
    reason = attempt.outcome.reason
    metrics.ALERT_DELIVERIES.labels(channel, attempt.result.value, reason.value if reason else "").inc()
    metrics.ALERT_DELIVERY_DURATION.labels(channel).observe(attempt.duration)
    if attempt.result is DeliveryOutcome.DELIVERED:
        arrived = attempt.pending.alert.incident.newest_fetched_at
        metrics.END_TO_END_LATENCY.observe(max(0.0, (now - arrived).total_seconds()))


def _tell(attempt: Attempt) -> None:
    level = log.info if attempt.result is DeliveryOutcome.DELIVERED else log.warning
    level(
        "delivery",
        alert_id=attempt.pending.alert_id,
        subscription=attempt.pending.alert.subscription_id,
        attempt=attempt.number,
        outcome=attempt.result.value,
        reason=attempt.outcome.reason and attempt.outcome.reason.value,
        detail=attempt.outcome.detail,
        next_attempt_at=attempt.next_due and attempt.next_due.isoformat(),
    )
