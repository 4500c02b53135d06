"""Builders of subscriptions, alerts and a whole alerting service in memory."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import SecretStr

from schemas.alert import Alert, Pending
from schemas.envelope import Envelope
from schemas.incident import Change, ChangeType, Incident
from schemas.subscription import Filters, Subscription, Target
from schemas.topics import INCIDENT
from services.alerting.attempts import AttemptSettings, SwitchOff, leave_on
from services.alerting.decide import ALERT_MAX_AGE, Suppressed, decide
from services.alerting.endpoint import Endpoint
from services.alerting.facts import Facts
from services.alerting.handle import AlertingStep
from services.alerting.outbox import Outbox, OutboxSettings
from services.alerting.outcome import Outcome, Schedule
from services.common.message import Message
from tests.factories import NOON, incident
from tests.fakes import FakeClock, FakeEndpoints, FakeSender, FakeWriter

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def subscription(name: str = "desk", url: str = "https://desk.example/hook", **filters: Any) -> Subscription:
    return Subscription(id=name, name=name, target=Target(url=url), filters=Filters(**filters))


def endpoint(name: str = "desk", url: str = "https://desk.example/hook", **filters: Any) -> Endpoint:
    return Endpoint(subscription(name, url, **filters), (SecretStr(SECRET),))


def version(
    number: int, change: ChangeType = ChangeType.CREATED, of: Incident | None = None, **changes: Any
) -> Incident:
    """Version `number` of an incident."""
    told = of or incident()
    values = {"version": number, "change": Change(type=change, reason="a test")} | changes
    return told.model_copy(update=values)


def decided_on(
    told: Incident, asked: Subscription, last: int | None = None, age: timedelta = timedelta(0)
) -> Alert | Suppressed:
    """What alerting decides `age` after noon."""
    return decide(Facts(told), Endpoint(asked, ()), last, ALERT_MAX_AGE, NOON + age)


def alert(told: Incident | None = None, subscription_id: str = "desk") -> Alert:
    decided = decided_on(told or incident(), subscription(subscription_id))
    assert isinstance(decided, Alert), decided
    return decided


def pending(told: Incident | None = None, subscription_id: str = "desk") -> Pending:
    made = alert(told, subscription_id)
    return Pending(alert_id=made.id, alert=made, due_at=made.decided_at)


def message(told: Incident | None, partition: int = 3, offset: int = 0) -> Message[Incident | None]:
    key = told.id if told else "inc_gone"
    envelope = Envelope(id=key, source="/tocsin/dedup", type="org.tocsin.incident.v1", subject=key)
    return Message(INCIDENT, partition, offset, key, told, envelope)


@dataclass
class Service:
    """Alerting without network: `answer` is what endpoints say."""

    clock: FakeClock
    writer: FakeWriter
    endpoints: FakeEndpoints
    sender: FakeSender
    outbox: Outbox
    step: AlertingStep

    async def deliver(self, told: Incident, partition: int = 3) -> None:
        """What the loop does with one incident version."""
        handed = message(told, partition)
        stages = await self.step.handle(handed)
        await self.writer.write(partition, stages)
        await self.step.written(handed, stages)


def service(
    answer: Callable[[Endpoint, Alert, int], int | Outcome] = lambda endpoint, alert, number: 204,
    *endpoints: Endpoint,
    writer: FakeWriter | None = None,
    schedule: Schedule | None = None,
    concurrency: int = 8,
    attempts: AttemptSettings | None = None,
    switch_off: SwitchOff = leave_on,
) -> Service:
    """A worker; give it another's `writer` to restart it over the same broker."""
    clock = FakeClock(NOON)
    kept = writer or FakeWriter()
    known = FakeEndpoints(*(endpoints or (endpoint(),)))
    sender = FakeSender(clock, answer)
    settings = OutboxSettings(
        attempts or AttemptSettings(schedule or Schedule()), concurrency, grace_seconds=0.05
    )
    outbox = Outbox(known, sender, kept, kept, clock, random.Random(1), settings, switch_off)
    step = AlertingStep(known, kept.ledger.__getitem__, kept.pending.__getitem__, outbox, clock.now)
    return Service(clock, kept, known, sender, outbox, step)
