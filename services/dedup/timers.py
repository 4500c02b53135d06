"""Carries the clock of truces: a partition's memory and a moment in, the versions that fell due out.

The moment only decides *whether* a version is written; all that it says are the terms in the record, so a worker that
was stopped, or a second one, writes the same bytes.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from schemas.incident import Incident
from schemas.topics import INCIDENT
from services.common.message import Out, Stages
from services.common.store import Store
from services.dedup.clock import RENEW_AFTER, in_force, next_term
from services.dedup.index import Index
from services.dedup.merge import fell_due

RENEW_EVERY = timedelta(days=30)


def fallen_due(truces: Iterable[Incident], moment: datetime) -> list[Incident]:
    """The versions that the terms of truces ask for up to `moment`, truce by truce in the order of the terms."""
    versions = []
    for latest in truces:
        while (term := next_term(latest)) and term.at <= moment:
            latest = fell_due(latest, term)
            versions.append(latest)
    return versions


class TruceClock:
    """What is due of a partition now; for one worker."""

    def __init__(self, incidents: Callable[[int], Store], now: Callable[[], datetime]) -> None:
        """`incidents` gives a partition's projection of `conflict.incident.v1`."""
        self._incidents = incidents
        self._now = now
        self._written: dict[str, datetime] = {}

    async def due(self, partition: int) -> Stages:
        """One version a stage: what fell due, and truces in force that are about to be forgotten, as they are."""
        index, now = Index(self._incidents(partition)), self._now()
        due, told = await index.timers(now, now - RENEW_AFTER)
        versions = fallen_due(await index.incidents(due), now)
        old = [name for name in told if name not in due and self._lapses(name, now)]
        # the same version again, which readers have; a repeat after a restart does no harm
        versions += [truce for truce in await index.incidents(old) if in_force(truce, now)]
        return [[out(incident, partition)] for incident in versions]

    def _lapses(self, name: str, now: datetime) -> bool:
        last = self._written.get(name)
        return last is None or now - last >= RENEW_EVERY

    def written(self, stages: Stages) -> None:
        """These are on the topic: none of them needs to be renewed for a while."""
        self._written |= {record.key: self._now() for stage in stages for record in stage}


def out(incident: Incident, partition: int) -> Out:
    """An incident's version as a record."""
    return Out(INCIDENT, incident.id, incident, f"{incident.id}-{incident.version}", partition)
