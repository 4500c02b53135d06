"""The same decisions without a broker: the events of reports in, the incidents that each is evidence of out."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from schemas.base import Model
from schemas.event import ConflictEvent
from schemas.incident import Incident
from services.common.partition import partition_of
from services.common.store import MemoryStore
from services.dedup.decide import Decision, decide
from services.dedup.explain import held_against, told
from services.dedup.index import Index
from services.dedup.memory import reduce
from services.dedup.origins import origin_in


class Answer(Model):
    """What one report is evidence of."""

    id: str
    incident_ids: tuple[str, ...]
    """The incident of its main event first."""
    origin: str | None
    """Whom it relays, of what others told before it, else of its main event: one key for all reports of one voice.

    None where it tells no incident.
    """


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
        tells: dict[str, ConflictEvent] = {}
        for event in _main_first(events):
            decision = await self.decide(event)
            if decision.incident_id:
                tells.setdefault(decision.incident_id, event)
        found = [(await self.incident(name, event.theatre), event) for name, event in tells.items()]
        shared = (pair for pair in found if any(e.report.id != pair[1].report.id for e in pair[0].evidence))
        main = next(shared, found[0] if found else None)
        return Answer(
            id=report_id, incident_ids=tuple(tells), origin=origin_in(main[0], main[1].id) if main else None
        )

    async def explain(self, events: Sequence[ConflictEvent]) -> list[str]:
        """Decide a report's events, and tell of each which parts of the score decided."""
        lines = []
        for event in _main_first(events):
            against = await held_against(event, Index(self._stores[partition_of(event.theatre)]))
            lines += told(event, await self.decide(event), against)
        return lines or ["  tells no event"]

    async def incident(self, name: str, theatre: str) -> Incident:
        """The highest version of an incident. Raises `LookupError` where there is none."""
        found = await Index(self._stores[partition_of(theatre)]).incidents([name])
        if not found:
            raise LookupError(f"no incident {name} in {theatre}")
        return found[0]


def _main_first(events: Sequence[ConflictEvent]) -> list[ConflictEvent]:
    theatres = Counter(event.theatre for event in events)
    return sorted(events, key=lambda event: -theatres[event.theatre])
