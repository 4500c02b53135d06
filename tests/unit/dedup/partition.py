"""One partition of the incident topic in memory: what the loop, the broker and the projection do around the step."""

from dataclasses import dataclass, field

from schemas.envelope import Envelope
from schemas.event import ConflictEvent, Superseded
from schemas.incident import Incident
from schemas.topics import EVENT
from services.common.message import Message, Out, Stages
from services.common.store import MemoryStore
from services.dedup.handle import DedupStep
from services.dedup.memory import reduce

NUMBER = 3


@dataclass
class Partition:
    """Feeds records to the step and keeps what it writes."""

    written: list[Out] = field(default_factory=list)
    store: MemoryStore = field(default_factory=MemoryStore)

    async def feed(
        self, *records: ConflictEvent | Superseded, crash_after: int | None = None
    ) -> list[Incident]:
        """What each record wrote. `crash_after`: only so many stages of a record are written."""
        incidents = []
        for record in records:
            stages = await DedupStep(lambda _: self.store).handle(message(record))
            incidents += self.keep(stages[:crash_after])
        return incidents

    def keep(self, stages: Stages) -> list[Incident]:
        """Write these records, as the writer does."""
        incidents = []
        for out in (out for stage in stages for out in stage):
            assert isinstance(out.value, Incident)
            self.written.append(out)
            self.store.apply(reduce(out.key, out.value.to_bytes()))
            incidents.append(out.value)
        return incidents

    def rebuilt(self) -> "Partition":
        """The same topic, its state read again from the beginning."""
        other = Partition(list(self.written))
        for out in other.written:
            assert out.value is not None
            other.store.apply(reduce(out.key, out.value.to_bytes()))
        return other

    def incidents(self) -> dict[str, Incident]:
        """The highest version of each incident."""
        return {out.key: out.value for out in self.written if isinstance(out.value, Incident)}

    def groups(self) -> set[frozenset[str]]:
        """The events of each incident."""
        return {frozenset(e.event_id for e in i.evidence) for i in self.incidents().values()}


def message(record: ConflictEvent | Superseded) -> Message[ConflictEvent | Superseded]:
    """The record as the loop hands it over."""
    envelope = Envelope(id=record.id, source="/tocsin/nlp", type="org.tocsin.event.v1", subject="levant")
    return Message(EVENT, NUMBER, 0, "levant", record, envelope)
