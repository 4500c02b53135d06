"""The step: an event, or that a report was revised, in; versions of incidents out, on the partition of their cause."""

from collections.abc import Callable

from schemas.event import ConflictEvent, EventRecord, Superseded
from schemas.incident import Incident
from schemas.topics import EVENT, INCIDENT
from services.common.message import Message, Out, Stages
from services.common.metrics import DEDUP_DECISIONS
from services.common.store import Store
from services.dedup.decide import decide


class DedupStep:
    """Decides which incident an event belongs to."""

    topic = EVENT

    def __init__(self, incidents: Callable[[int], Store]) -> None:
        """`incidents` gives a partition's projection of `conflict.incident.v1`."""
        self._incidents = incidents

    def decode(self, value: bytes | None) -> ConflictEvent | Superseded:
        """Raises `UndecodableError`; events are never removed, so a null value is no record of this topic."""
        return EventRecord.parse(value or b"")

    async def handle(self, message: Message[ConflictEvent | Superseded]) -> Stages:
        """One version a stage, the one that marks the event as seen last."""
        decision = await decide(message.value, self._incidents(message.partition))
        DEDUP_DECISIONS.labels(decision.outcome.value).inc()
        return [[_out(incident, message.partition)] for incident in decision.versions]

    async def written(self, message: Message[ConflictEvent | Superseded], stages: Stages) -> None:
        """Nothing is left to do: the projection holds what was written."""


def _out(incident: Incident, partition: int) -> Out:
    return Out(INCIDENT, incident.id, incident, f"{incident.id}-{incident.version}", partition)
