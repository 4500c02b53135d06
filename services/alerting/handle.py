"""The step: an incident version in; for each subscription that is to hear of it a pending record and an alert out."""

from collections.abc import Callable
from datetime import datetime, timedelta

from schemas.alert import Alert, Pending
from schemas.incident import Incident
from schemas.topics import ALERT, INCIDENT, PENDING
from services.alerting.decide import ALERT_MAX_AGE, alert_of, decide
from services.alerting.endpoint import Endpoint, Endpoints
from services.alerting.facts import Facts
from services.alerting.hold import MOOT, pending_for
from services.alerting.ledger import last_versions, pending_of
from services.alerting.outbox import Outbox
from services.alerting.records import settled
from services.alerting.severity import DEFAULT_RULE, SeverityRule
from services.common.message import Message, Out, Stages
from services.common.metrics import ALERTS_DECIDED, ALERTS_SUPPRESSED
from services.common.store import Store


class AlertingStep:
    """Decides; the outbox delivers. Takes milliseconds, however an endpoint behaves."""

    topic = INCIDENT

    def __init__(
        self,
        endpoints: Endpoints,
        ledger: Callable[[int], Store],
        pending: Callable[[int], Store],
        outbox: Outbox,
        now: Callable[[], datetime],
        max_age: timedelta = ALERT_MAX_AGE,
        rule: SeverityRule = DEFAULT_RULE,
    ) -> None:
        """`ledger` and `pending` give a partition's projections of `conflict.alert.v1` and `conflict.pending.v1`."""
        self._endpoints = endpoints
        self._ledger = ledger
        self._pending = pending
        self._outbox = outbox
        self._now = now
        self._max_age = max_age
        self._rule = rule
        self._left: list[Pending] = []
        """Of the message in hand: what an earlier try wrote, and could not hand to the senders."""
        self._withdrawn: list[Pending] = []
        """Of the message in hand: what was held back, and is not to be sent any more."""

    def decode(self, value: bytes | None) -> Incident | None:
        """None for a removal. Raises `UndecodableError`."""
        return None if value is None else Incident.from_bytes(value)

    async def handle(self, message: Message[Incident | None]) -> Stages:
        """First what is pending, then the alerts, which mark the version as done.

        A crash between the two repeats the decision, with the same ids and bytes; the other way round it would lose
        the alert. A version that the ledger knows gives nothing.
        """
        self._left, self._withdrawn = [], []
        if message.value is None:
            return []
        partition = message.partition
        pending, self._withdrawn = await self._decide(partition, message.value)
        first = [Out(PENDING, p.alert_id, p, f"{p.alert_id}-pending-0", partition) for p in pending]
        then = [Out(ALERT, p.alert.incident_id, p.alert, p.alert_id, partition) for p in pending]
        last = [out for p in self._withdrawn for stage in settled(partition, p) for out in stage]
        return [stage for stage in (first, then, last) if stage]

    async def written(self, message: Message[Incident | None], stages: Stages) -> None:
        """The records stand: hand the pending alerts to the senders; those of an earlier try first."""
        for pending in self._left:
            self._outbox.enqueue(message.partition, pending)
        for pending in self._withdrawn:
            self._outbox.forget(message.partition, pending)
        for out in (out for stage in stages for out in stage):
            if isinstance(out.value, Pending):
                self._outbox.enqueue(message.partition, out.value)
            elif isinstance(out.value, Alert):
                ALERTS_DECIDED.labels(out.value.severity.value).inc()

    async def _decide(self, partition: int, incident: Incident) -> tuple[list[Pending], list[Pending]]:
        """What is to be sent, and what was held back and is not to be sent any more."""
        endpoints, facts = self._endpoints.all(), Facts(incident, self._rule)
        known = await last_versions(self._ledger(partition), [e.id for e in endpoints], incident.id)
        told = [alert_of(incident, e.subscription) for e in endpoints if known[e.id] == incident.version]
        # an outage after the broker took the alert, and before we knew: the version is done, its delivery may not be
        self._left = await pending_of(self._pending(partition), told)
        now = self._now()
        pending, withdrawn = [], []
        for endpoint in endpoints:
            last = known[endpoint.id]
            held = self._held(partition, incident, endpoint, last)
            decided = decide(facts, endpoint, None if held else last, self._max_age, now)
            if isinstance(decided, Alert):
                pending.append(pending_for(decided, endpoint.subscription.rules, held))
                continue
            ALERTS_SUPPRESSED.labels(decided.reason.value).inc()
            if held and decided.reason in MOOT:
                withdrawn.append(held)
        return pending, withdrawn

    def _held(
        self, partition: int, incident: Incident, endpoint: Endpoint, last: int | None
    ) -> Pending | None:
        """The first alert, if it is still held back: then nobody has heard of the incident yet."""
        if last is None or incident.version <= last:
            return None
        return self._outbox.held(partition, endpoint.id, incident.id)
