"""What is told no more: that a report was revised, and the partition's memory in, incident versions out."""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.event import Superseded
from schemas.incident import ChangeType, Incident, Link, LinkType, Status
from services.dedup.index import Index
from services.dedup.memory import KEPT
from services.dedup.merge import Cause, Revision, linked, revise, unlinked


async def supersede(record: Superseded, index: Index) -> tuple[Incident, ...]:
    """Withdraw what the report's older revisions told and the new one does not."""
    work = Work()
    for incident in await index.incidents(await index.told_by(record.report_id)):
        current = work.latest.get(incident.id, incident)
        revision = _revision(current, record)
        left = record.fetched_at - current.newest_fetched_at > KEPT
        if left or current.retracted_by or not (revision.gone or revision.back):
            continue
        after = revise(current, revision, record.id, "the report was revised")
        if after.status is Status.RETRACTED:
            await untie(after, record.id, record.fetched_at, work, index)
        elif current.status is Status.RETRACTED:
            await _retie(after, record, work, index)
        work.write(after)
    return tuple(work.versions)


@dataclass(slots=True)
class Work:
    """Versions in the order in which they are to be written."""

    versions: list[Incident] = field(default_factory=list)
    latest: dict[str, Incident] = field(default_factory=dict)

    def write(self, incident: Incident) -> None:
        self.versions.append(incident)
        self.latest[incident.id] = incident


_BACK = {
    LinkType.DENIAL_OF: (LinkType.DENIED_BY, ChangeType.CONTESTED),
    LinkType.VIOLATION_OF: (LinkType.VIOLATED_BY, ChangeType.VIOLATION_REPORTED),
}
"""How the neighbour is linked, and what its version says."""


async def _retie(back: Incident, record: Superseded, work: Work, index: Index) -> None:
    """What a denial or a violation did that is told again, it does again."""
    for link in back.links:
        if link.type not in _BACK:
            continue
        kind, change = _BACK[link.type]
        again = Link(type=kind, incident_id=back.id)
        for known in await index.standing([link.incident_id]):
            other = work.latest.get(known.id, known)
            if again not in other.links:
                work.write(
                    linked(other, again, Cause(record.id, record.fetched_at, "it is told again", change))
                )


async def untie(gone: Incident, cause: str, at: datetime, work: Work, index: Index) -> None:
    """What a retracted denial contested is contested no more; what a retracted violation broke is not broken."""
    names = [link.incident_id for link in gone.links if link.type in _BACK]
    for known in await index.standing(names):
        other = work.latest.get(known.id, known)
        if any(link.incident_id == gone.id for link in other.links):
            why = f"{gone.id} was retracted"
            work.write(unlinked(other, gone.id, Cause(cause, at, why, ChangeType.CORRECTED)))


def _revision(incident: Incident, record: Superseded) -> Revision:
    """What the revised report does to an incident; nothing where a still newer revision is known."""
    ours = [told for told in incident.evidence if told.report.id == record.report_id]
    gone = (
        told.event_id
        for told in ours
        if told.withdrawn_at is None
        and told.report.revision != record.revision
        and told.report.fetched_at <= record.fetched_at
        and told.event_id not in record.events
    )
    back = (
        told.event_id
        for told in ours
        if told.withdrawn_at is not None
        and told.withdrawn_at < record.fetched_at
        and told.event_id in record.events
    )
    return Revision(frozenset(gone), frozenset(back), record.fetched_at)
