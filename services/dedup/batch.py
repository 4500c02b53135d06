"""The same decisions without a broker: the events of reports in, the incidents that each is evidence of out."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from schemas.base import Model
from schemas.event import ConflictEvent
from schemas.incident import Incident
from services.common.partition import partition_of
from services.common.store import MemoryStore
from services.dedup.decide import Decision, decide
from services.dedup.index import Index, reduce
from services.dedup.origins import origin_in


class Answer(Model):
    """What one report is evidence of."""

    id: str
    incident_ids: tuple[str, ...]
    """The incident of its main event first."""
    origin: str | None
    """Whom it relays: one key for all reports of one voice. None where it tells no incident."""


class Bench:
    """All partitions in memory. Merges no more than the service does: an event meets those of its partition."""

    def __init__(self) -> None:
        self._stores: defaultdict[int, MemoryStore] = defaultdict(MemoryStore)

    async def decide(self, event: ConflictEvent) -> Decision:
        """Decide one event and remember the outcome, as the service does through the topic."""
        store = self._stores[partition_of(event.theatre)]
        decision = await decide(event, store)
        for version in decision.versions:
            store.apply(reduce(version.id, version.to_bytes()))
        return decision

    async def answer(self, report_id: str, events: Sequence[ConflictEvent]) -> Answer:
        """The answer for one report. Its main event is the first of those in the theatre that it tells most of."""
        told: dict[str, ConflictEvent] = {}
        theatres = Counter(event.theatre for event in events)
        for event in sorted(events, key=lambda event: -theatres[event.theatre]):
            decision = await self.decide(event)
            if decision.incident_id:
                told.setdefault(decision.incident_id, event)
        origin = None
        for name, event in told.items():
            origin = origin_in(await self.incident(name, event.theatre), event.id)
            break
        return Answer(id=report_id, incident_ids=tuple(told), origin=origin)

    async def incident(self, name: str, theatre: str) -> Incident:
        """The highest version of an incident. Raises `LookupError` where there is none."""
        found = await Index(self._stores[partition_of(theatre)]).incidents([name])
        if not found:
            raise LookupError(f"no incident {name} in {theatre}")
        return found[0]
