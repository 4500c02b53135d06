"""What the alerts must be, computed beforehand: the services' own pure steps, one after the other, in memory."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime

from services.nlp.handle import handle as read
from services.nlp.reader import ReportReader

from schemas.alert import Alert
from schemas.envelope import Envelope
from schemas.event import ConflictEvent, Superseded
from schemas.incident import Incident
from schemas.report import Report
from schemas.subscription import Subscription, Target
from schemas.topics import EVENT
from services.alerting.decide import ALERT_MAX_AGE, Suppressed, decide
from services.alerting.endpoint import Endpoint
from services.alerting.facts import Facts
from services.alerting.ledger import last_versions, reduce_alert
from services.common.message import Message
from services.common.store import MemoryStore
from services.dedup.handle import DedupStep
from services.dedup.index import reduce
from tests.e2e.pipeline import SUBSCRIPTION

Told = tuple[str, str, int, str]
"""Subscription, incident, version, type."""

EVERYTHING = Endpoint(Subscription(id=SUBSCRIPTION, name="", target=Target(url="http://127.0.0.1/")), ())


class Model:
    """The pipeline without a bus."""

    def __init__(self, reader: ReportReader) -> None:
        self._reader = reader
        self._incidents: defaultdict[int, MemoryStore] = defaultdict(MemoryStore)
        self._alerts: defaultdict[int, MemoryStore] = defaultdict(MemoryStore)
        self._dedup = DedupStep(lambda partition: self._incidents[partition])

    async def expect(self, reports: Iterable[Report]) -> set[Told]:
        """The alerts that these reports raise, in this order, after those before."""
        told: set[Told] = set()
        for report in reports:
            for out in read(report, self._reader):
                assert out.partition is not None
                assert isinstance(out.value, ConflictEvent | Superseded)
                told |= await self._event(out.value, out.partition)
        return told

    async def _event(self, event: ConflictEvent | Superseded, partition: int) -> set[Told]:
        envelope = Envelope(id=event.id, source="/model", type="", subject="")
        message = Message(EVENT, partition, 0, "", event, envelope)
        told: set[Told] = set()
        for stage in await self._dedup.handle(message):
            for out in stage:
                assert isinstance(out.value, Incident)
                self._incidents[partition].apply(reduce(out.key, out.value.to_bytes()))
                told |= await self._incident(out.value, partition)
        return told

    async def _incident(self, incident: Incident, partition: int) -> set[Told]:
        store = self._alerts[partition]
        last = (await last_versions(store, [SUBSCRIPTION], incident.id))[SUBSCRIPTION]
        decided = decide(Facts(incident), EVERYTHING, last, ALERT_MAX_AGE, datetime.now(UTC))
        if isinstance(decided, Suppressed):
            return set()
        store.apply(reduce_alert(incident.id, decided.to_bytes()))
        return {told_of(decided)}


def told_of(alert: Alert) -> Told:
    """What identifies an alert."""
    return (alert.subscription_id, alert.incident_id, alert.incident_version, alert.type)
