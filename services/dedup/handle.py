"""The steps: an event, a revision or a correction in; incident versions out, on the partition of their cause."""

from collections.abc import Callable

from schemas.correction import Correction
from schemas.event import ConflictEvent, EventRecord, Superseded
from schemas.topics import CORRECTION, EVENT
from services.common.message import Message, Stages
from services.common.metrics import DEDUP_DECISIONS
from services.common.store import Store
from services.dedup.correct import correct
from services.dedup.decide import decide
from services.dedup.timers import out


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
        return [[out(incident, message.partition)] for incident in decision.versions]

    async def written(self, message: Message[ConflictEvent | Superseded], stages: Stages) -> None:
        """Nothing is left to do: the projection holds what was written."""


class CorrectionStep:
    """Carries out what operators ask for."""

    topic = CORRECTION

    def __init__(self, incidents: Callable[[int], Store]) -> None:
        """`incidents` gives a partition's projection of `conflict.incident.v1`."""
        self._incidents = incidents

    def decode(self, value: bytes | None) -> Correction:
        """Raises `UndecodableError`; a correction is never removed, so a null value is none."""
        return Correction.from_bytes(value or b"")

    async def handle(self, message: Message[Correction]) -> Stages:
        """One version a stage, the one that notes the correction as carried out last. Raises `Unprocessable`."""
        versions = await correct(message.value, self._incidents(message.partition))
        return [[out(incident, message.partition)] for incident in versions]

    async def written(self, message: Message[Correction], stages: Stages) -> None:
        """Nothing is left to do: the projection holds what was written."""
