"""Makes attempts: a pending alert in, one attempt with its outcome out; endpoints that fail are spared and given up."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from schemas.alert import Alert, Pending
from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason
from schemas.notice import Notice
from services.alerting.breaker import Breaker, BreakerSettings
from services.alerting.clock import Clock
from services.alerting.digest import Digest
from services.alerting.endpoint import Endpoint, Endpoints
from services.alerting.outcome import Outcome, Schedule
from services.alerting.records import Attempt
from services.alerting.trouble import Troubles
from services.common import metrics
from services.common.logging import get_logger

log = get_logger(__name__)

SwitchOff = Callable[[str, str], Awaitable[None]]
"""Switches a subscription off on its topic: its id, and why."""


class Sends(Protocol):
    """Makes one attempt."""

    async def send(self, endpoint: Endpoint, message: Alert | Digest | Notice) -> Outcome:
        """Raises nothing that an endpoint could cause."""
        ...


async def leave_on(subscription_id: str, why: str) -> None:
    """For a service without a topic of subscriptions."""


@dataclass(frozen=True, slots=True)
class AttemptSettings:
    """How often and how patiently."""

    schedule: Schedule = field(default_factory=Schedule)
    breaker: BreakerSettings = field(default_factory=BreakerSettings)
    patience: timedelta = timedelta(hours=24)
    """An endpoint that takes nothing for so long is switched off."""


class Attempts:
    """The attempts of one worker."""

    def __init__(
        self,
        endpoints: Endpoints,
        sender: Sends,
        clock: Clock,
        rng: random.Random,
        settings: AttemptSettings,
        switch_off: SwitchOff = leave_on,
    ) -> None:
        self._endpoints = endpoints
        self._sender = sender
        self._clock = clock
        self._rng = rng
        self._settings = settings
        self._switch_off = switch_off
        self._troubles = Troubles(settings.patience)
        self._breakers = defaultdict[str, Breaker](lambda: Breaker(clock, rng, settings.breaker))
        self._switching: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def turn(self, subscription_id: str) -> AsyncIterator[None]:
        """Enter when the endpoint may be tried: at once, but for one that fails time and again."""
        endpoint = self._endpoints.get(subscription_id)
        if endpoint is None or not endpoint.subscription.enabled or self._troubles.given_up(endpoint):
            yield  # nothing will be sent
            return
        async with self._breakers[subscription_id].turn():
            yield

    async def make(self, pending: Pending) -> Attempt:
        """One attempt. Raises nothing."""
        attempted_at, started = self._clock.now(), self._clock.monotonic()
        endpoint = self._endpoints.get(pending.alert.subscription_id)
        outcome = self._refusal(endpoint, pending, attempted_at)
        if endpoint is not None and outcome is None:
            outcome = await self._sent(endpoint, pending.alert)
        assert outcome is not None  # noqa: S101 - without an endpoint it was refused
        if endpoint is not None:
            self._learn(endpoint, outcome, self._clock.now())
        return self._made(pending, outcome, attempted_at, self._clock.monotonic() - started)

    async def make_together(self, pendings: Sequence[Pending]) -> list[Attempt]:
        """One attempt at all of them, of one subscription, in one digest; one alone, or refused, goes by itself."""
        attempted_at, started = self._clock.now(), self._clock.monotonic()
        endpoint = self._endpoints.get(pendings[0].alert.subscription_id)
        refused = [self._refusal(endpoint, pending, attempted_at) for pending in pendings]
        told = [pending for pending, refusal in zip(pendings, refused, strict=True) if refusal is None]
        if endpoint is None or len(told) < 2:
            return [await self.make(pending) for pending in pendings]
        digest = Digest.of([pending.alert for pending in told])
        outcome = await self._sent(endpoint, digest)
        self._learn(endpoint, outcome, self._clock.now())
        took = self._clock.monotonic() - started
        return [
            self._made(pending, refusal or outcome, attempted_at, took, None if refusal else digest.id)
            for pending, refusal in zip(pendings, refused, strict=True)
        ]

    def limit(self, subscription_id: str) -> int | None:
        """Messages an hour that its rules allow; None without a limit, or where nothing will be sent."""
        endpoint = self._endpoints.get(subscription_id)
        if endpoint is None or not endpoint.subscription.enabled:
            return None
        return endpoint.subscription.rules.max_per_hour

    def _made(
        self, pending: Pending, outcome: Outcome, at: datetime, took: float, digest_id: str | None = None
    ) -> Attempt:
        """The attempt, once the schedule had its say."""
        now, due = self._clock.now(), None
        if outcome.outcome is DeliveryOutcome.RETRYING:
            due = self._settings.schedule.next_due(pending.attempt + 1, outcome.retry_after, now, self._rng)
        attempt = Attempt(pending, outcome, at, max(0.0, took), due, digest_id)
        _measure(attempt, self._endpoints.get(pending.alert.subscription_id), now)
        return attempt

    async def _sent(self, endpoint: Endpoint, message: Alert | Digest) -> Outcome:
        try:
            return await self._sender.send(endpoint, message)
        except Exception as error:
            # a defect of ours: this alert is set aside, and those behind it go on
            log.exception("attempt_failed", message_id=message.id)
            return Outcome.dead(FailureReason.HANDLER_ERROR, type(error).__name__)

    def _refusal(self, endpoint: Endpoint | None, pending: Pending, now: datetime) -> Outcome | None:
        """Why nothing is sent."""
        if endpoint is None:
            return Outcome.dead(FailureReason.UNKNOWN_SUBSCRIPTION, "the subscription was removed")
        if not endpoint.subscription.enabled:
            why = endpoint.subscription.disabled_reason
            text = f"the subscription is disabled{f': {why}' if why else ''}"
            return Outcome.dead(FailureReason.UNKNOWN_SUBSCRIPTION, text)
        if endpoint.locked:
            return Outcome.retrying(FailureReason.UNKNOWN_SUBSCRIPTION, endpoint.locked)
        if given_up := self._troubles.given_up(endpoint):
            return Outcome.dead(given_up.reason, f"the endpoint was given up: {given_up.why}")
        # what an operator asks for by hand is sent whatever its age
        if now > pending.alert.expires_at and pending.redelivery is None:
            return Outcome.dead(FailureReason.EXPIRED, "the alert expired before it could be delivered")
        return None

    def _learn(self, endpoint: Endpoint, outcome: Outcome, now: datetime) -> None:
        self._breakers[endpoint.id].tell(outcome)
        why = self._troubles.tell(endpoint, outcome, now)
        if why is not None:
            self._breakers[endpoint.id].release()
            # beside the attempt, whose record must not wait for it
            task = asyncio.create_task(self._say(endpoint.id, why))
            self._switching.add(task)
            task.add_done_callback(self._switching.discard)

    async def _say(self, subscription_id: str, why: str) -> None:
        try:
            await self._switch_off(subscription_id, why)
        except Exception as error:
            # this worker leaves it alone in any case; the others find out for themselves
            log.warning("subscription_not_switched_off", subscription=subscription_id, problem=str(error))


def _measure(attempt: Attempt, endpoint: Endpoint | None, now: datetime) -> None:
    channel = endpoint.subscription.target.format if endpoint else "none"
    reason = attempt.outcome.reason
    metrics.ALERT_DELIVERIES.labels(channel, attempt.result.value, reason.value if reason else "").inc()
    metrics.ALERT_DELIVERY_DURATION.labels(channel).observe(attempt.duration)
    if attempt.result is DeliveryOutcome.DELIVERED and attempt.pending.redelivery is None:
        arrived = attempt.pending.alert.incident.newest_fetched_at
        metrics.END_TO_END_LATENCY.observe(max(0.0, (now - arrived).total_seconds()))
