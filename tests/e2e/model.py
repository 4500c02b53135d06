"""What the alerts must be, computed beforehand: the services' own steps, one after the other, in memory."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from schemas.alert import Alert
from schemas.envelope import Envelope
from schemas.report import Report
from schemas.topics import ALERT, EVENT, INCIDENT, REPORT
from services.alerting.endpoint import Endpoints
from services.alerting.handle import AlertingStep
from services.alerting.ledger import reduce_alert, reduce_pending
from services.common.message import Message, Out
from services.common.settle import Step
from services.common.store import MemoryStore
from services.dedup.handle import DedupStep
from services.dedup.memory import reduce
from services.nlp.reader import ReportReader
from services.nlp.step import NlpStep

Told = tuple[str, str, int, str]
"""Subscription, incident, version, type."""


class _NoOutbox:
    """Decisions alone: nothing is sent."""

    def enqueue(self, partition: int, pending: object) -> None:
        """Dropped."""

    def held(self, partition: int, subscription_id: str, incident_id: str) -> None:
        """None is held back."""


class Model:
    """The pipeline without a bus: each record is handled to its end before the next."""

    def __init__(self, reader: ReportReader, endpoints: Endpoints) -> None:
        self._incidents: defaultdict[int, MemoryStore] = defaultdict(MemoryStore)
        self._alerts: defaultdict[int, MemoryStore] = defaultdict(MemoryStore)
        self._pending: defaultdict[int, MemoryStore] = defaultdict(MemoryStore)
        self._nlp = NlpStep(reader)
        self._dedup = DedupStep(self._incidents.__getitem__)
        self._alerting = AlertingStep(
            endpoints,
            self._alerts.__getitem__,
            self._pending.__getitem__,
            _NoOutbox(),  # type: ignore[arg-type]
            lambda: datetime.now(UTC),
        )

    async def expect(self, reports: Iterable[Report]) -> set[Told]:
        """The alerts that these reports raise, in this order, after those before."""
        told: set[Told] = set()
        for report in reports:
            for event in await self._outs(self._nlp, Out(REPORT, report.id, report, report.id, 0)):
                for incident in await self._outs(self._dedup, event):
                    alerts = await self._outs(self._alerting, incident)
                    told |= {told_of(out.value) for out in alerts if isinstance(out.value, Alert)}
        return told

    async def _outs(self, step: Step, cause: Out) -> list[Out]:
        """Handle one record and apply what it gives."""
        assert cause.partition is not None
        envelope = Envelope(id=cause.id, source="/model", type="", subject=cause.key)
        message = Message(cause.topic, cause.partition, 0, cause.key, cause.value, envelope)
        stages = await step.handle(message)
        outs = [out for stage in stages for out in stage]
        for out in outs:
            self._apply(out)
        return [out for out in outs if out.topic in (EVENT, INCIDENT, ALERT)]

    def _apply(self, out: Out) -> None:
        assert out.partition is not None
        assert out.value is not None
        value = out.value.to_bytes()
        if out.topic is INCIDENT:
            self._incidents[out.partition].apply(reduce(out.key, value))
        elif out.topic is ALERT:
            self._alerts[out.partition].apply(reduce_alert(out.key, value))
        elif out.topic is not EVENT:
            self._pending[out.partition].apply(reduce_pending(out.key, value))


def told_of(alert: Alert) -> Told:
    """What identifies an alert."""
    return (alert.subscription_id, alert.incident_id, alert.incident_version, alert.type)
