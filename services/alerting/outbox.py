"""Delivers what is pending: pending alerts in, attempts made, their records out, until each alert is settled.

The outbox is in memory; the truth is `conflict.pending.v1`, from which it is loaded on assignment. A delivery record
is written before the pending record goes, so a crash repeats an attempt (same `webhook-id`) and loses none.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from schemas.alert import Pending
from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason
from services.alerting import records
from services.alerting.attempts import Attempts, AttemptSettings, Sends, SwitchOff, leave_on
from services.alerting.clock import Clock, sleep_unless
from services.alerting.digests import Digests
from services.alerting.endpoint import Endpoints
from services.alerting.lanes import Lane, Lanes
from services.alerting.limiter import Limiter, MemoryLimiter
from services.alerting.records import Attempt
from services.common import metrics
from services.common.logging import get_logger
from services.common.message import Stages
from services.common.retry import Backoff
from services.common.writer import NotAssignedError

log = get_logger(__name__)

YIELD = timedelta(seconds=30)
"""So long an alert that is held back waits for the version that is being decided."""


class Writes(Protocol):
    """Writes records; on return they are acknowledged and applied."""

    async def write(self, partition: int, stages: Stages) -> None:
        """Raises `NotAssignedError` for a partition that is not ours any more."""
        ...


class Buries(Protocol):
    """Writes a pending alert to its dead-letter topic; on return it is acknowledged."""

    async def bury(self, partition: int, pending: Pending, reason: FailureReason, text: str) -> None:
        """Raises `NotAssignedError` for a partition that is not ours any more."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxSettings:
    """Limits of the senders."""

    attempts: AttemptSettings = field(default_factory=AttemptSettings)
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
        switch_off: SwitchOff = leave_on,
        limiter: Limiter | None = None,
    ) -> None:
        self._writer = writer
        self._burial = burial
        self._clock = clock
        self._rng = rng
        self._settings = settings or OutboxSettings()
        self._attempts = Attempts(endpoints, sender, clock, rng, self._settings.attempts, switch_off)
        self._lanes = Lanes(self._run)
        self._digests = Digests(
            self._attempts, limiter or MemoryLimiter(clock), clock, lambda sid: self._gates[sid]
        )
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

    def adopt(self, partition: int, pending: Pending) -> None:
        """Take in an alert that an operator wrote to its topic: queued anew, or made due now where it waits."""
        alert = pending.alert
        lane = self._lanes.find(partition, alert.subscription_id, alert.incident_id)
        if lane is not None and any(pending.alert_id == known.alert_id for known in lane.queue):
            lane.put_anew(pending)
        else:
            self._lanes.add(partition, pending)

    def held(self, partition: int, subscription_id: str, incident_id: str) -> Pending | None:
        """The alert of this incident that is held back; it yields for a while, so that it can be replaced."""
        lane = self._lanes.find(partition, subscription_id, incident_id)
        if lane is None or lane.held is None:
            return None
        lane.yields_until = self._clock.now() + YIELD
        return lane.held

    def forget(self, partition: int, pending: Pending) -> None:
        """An alert that was held back was settled by others: it is not sent."""
        lane = self._lanes.find(partition, pending.alert.subscription_id, pending.alert.incident_id)
        if lane is not None and lane.held is not None and lane.held.alert_id == pending.alert_id:
            lane.queue.pop(0)
            lane.changed.set()

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
        await self._until_due(lane)
        if lane.is_replaced:
            await self._drop(lane)
        if not lane.queue or lane.leaving:
            return
        together = await self._digests.attempts_for(lane)
        if together is not None:
            await self._record_all(lane, together)
            return
        subscription = lane.queue[0].alert.subscription_id
        async with self._gates[subscription], self._attempts.turn(subscription):
            if lane.leaving or not lane.queue or lane.is_replaced or self._wait(lane) > 0:
                return  # revoked, or another head by now
            lane.busy = True
            attempt = await self._attempts.make(lane.queue[0])
        rest = await self._record(lane.partition, attempt)
        lane.busy = False
        lane.queue[:1] = [rest] if rest else []

    async def _record_all(self, lane: Lane, attempts: Sequence[Attempt]) -> None:
        """Write down what came of a digest for each alert that the lane had in it, in their order."""
        rests = [await self._record(lane.partition, attempt) for attempt in attempts]
        lane.busy = False
        lane.queue[: len(attempts)] = [rest for rest in rests if rest]

    async def _drop(self, lane: Lane) -> None:
        """Settle a head that was held back and never sent: the alert behind it tells what it would have told."""
        lane.busy = True
        pending = lane.queue[0]
        log.info("held_alert_replaced", alert_id=pending.alert_id)
        await self._persist(
            lambda: self._writer.write(lane.partition, records.settled(lane.partition, pending))
        )
        lane.busy = False
        lane.queue.pop(0)

    def _wait(self, lane: Lane) -> float:
        """Seconds until the head may be tried."""
        due = lane.next_at()
        return (due - self._clock.now()).total_seconds() if due else 0.0

    async def _until_due(self, lane: Lane) -> None:
        """Wait for the head's time, whatever the head is by then."""
        while (wait := self._wait(lane)) > 0:
            lane.changed.clear()
            # in short steps, so that a clock that is set right meanwhile is followed
            await sleep_unless(self._clock, min(wait, 60.0), lane.changed)

    async def _record(self, partition: int, attempt: Attempt) -> Pending | None:
        """Write down the attempt, and then what it means for the pending record; gives what is pending still."""
        _tell(attempt)
        rest = attempt.rest()
        await self._persist(lambda: self._writer.write(partition, records.delivery(partition, attempt)))
        if attempt.is_dead:
            await self._persist(lambda: self._burial.bury(partition, attempt.pending, *attempt.verdict()))
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
