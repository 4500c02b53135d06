"""The next version of an incident: an incident and one telling, link or withdrawal in, a version out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from schemas.incident import ChangeType, Incident, IncidentEvidence, Link, LinkType, Status
from services.dedup.changes import change_between
from services.dedup.origins import independent_origins
from services.dedup.picture import add, begin, bounded

MAX_LINKS = 100
"""Related incidents that an incident names: a truce may be broken every day."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What a revised report does to the tellings of an incident."""

    gone: frozenset[str]
    """Events that it no longer tells."""
    back: frozenset[str]
    """Events that an earlier revision withdrew and that it tells again."""
    at: datetime
    """When it was fetched."""

    def applied(self, told: IncidentEvidence) -> IncidentEvidence:
        """A telling as the revision leaves it."""
        if told.event_id in self.gone and told.withdrawn_at is None:
            return told.model_copy(update={"withdrawn_at": self.at})
        if told.event_id not in self.back:
            return told
        # of the revision that stands now, so that an older `superseded` delivered again leaves it alone
        report = told.report.model_copy(update={"fetched_at": self.at})
        return told.model_copy(update={"withdrawn_at": None, "report": report})


def create(told: IncidentEvidence, theatre: str, links: Sequence[Link], reason: str) -> Incident:
    """Version 1."""
    first = begin(told, theatre).model_copy(update={"links": tuple(links)})
    change = first.change.model_copy(update={"reason": reason})
    return _with_status(first).model_copy(update={"change": change})


def fold(incident: Incident, told: IncidentEvidence, reason: str, links: Sequence[Link] = ()) -> Incident:
    """The next version, with one more telling.

    A newer revision of a report takes the place of its older ones: what they told is withdrawn.
    """
    replaced = [e.event_id for e in incident.evidence if _replaces(told, e)]
    revision = Revision(frozenset(replaced), frozenset(), told.report.fetched_at)
    after = retold(incident, revision, told) if replaced else add(incident, told)
    after = after.model_copy(update={"links": bounded_links((*after.links, *links))})
    return _next(incident, after, told.event_id, reason, ChangeType.SOURCE_ADDED)


def revise(incident: Incident, revision: Revision, cause: str, reason: str) -> Incident:
    """The next version as a revised report leaves it; retracted where no telling stands."""
    return _next(incident, retold(incident, revision), cause, reason, ChangeType.CORRECTED)


@dataclass(frozen=True, slots=True)
class Cause:
    """What another incident's event does to an incident."""

    id: str
    """Of the event, or of the record that a report was revised."""
    at: datetime
    """When its report was fetched: what is told of the incident now is as fresh as that."""
    reason: str
    change: ChangeType


def linked(incident: Incident, link: Link, cause: Cause) -> Incident:
    """The next version with a link to another incident: a denial of it, a violation of it."""
    return _relinked(incident, bounded_links((*incident.links, link)), cause)


def unlinked(incident: Incident, other: str, cause: Cause) -> Incident:
    """The next version without its links to another incident, which was retracted."""
    return _relinked(incident, tuple(link for link in incident.links if link.incident_id != other), cause)


def _relinked(incident: Incident, links: tuple[Link, ...], cause: Cause) -> Incident:
    newest = max(incident.newest_fetched_at, cause.at)
    after = incident.model_copy(update={"links": links, "newest_fetched_at": newest})
    return _next(incident, after, cause.id, cause.reason, cause.change)


def bounded_links(links: Sequence[Link]) -> tuple[Link, ...]:
    """At most `MAX_LINKS`: the oldest give way, denials never."""
    kept = list(links)
    while len(kept) > MAX_LINKS:
        kept.remove(next((link for link in kept if link.type is not LinkType.DENIED_BY), kept[0]))
    return tuple(kept)


def retold(incident: Incident, revision: Revision, instead: IncidentEvidence | None = None) -> Incident:
    """The content folded anew from the tellings that stand.

    The withdrawn ones stay in the record, marked, so that a repeat of them is still known. Where none is left
    the content stays as it was last told.
    """
    evidence = tuple(revision.applied(told) for told in incident.evidence)
    standing = [e for e in evidence if e.withdrawn_at is None] + ([instead] if instead else [])
    newest = max(incident.newest_fetched_at, revision.at)
    if not standing:
        return incident.model_copy(update={"evidence": evidence, "newest_fetched_at": newest})
    picture = reduce(add, standing[1:], begin(standing[0], incident.theatre))
    known = {e.event_id for e in evidence}
    more = (e for e in picture.evidence if e.event_id not in known)
    return picture.model_copy(
        update={
            "id": incident.id,
            "links": incident.links,
            "evidence": bounded((*evidence, *more)),
            "evidence_count": incident.evidence_count + (1 if instead else 0),
            "origins": independent_origins(standing),
            "first_reported_at": incident.first_reported_at,
            "newest_fetched_at": newest,
        }
    )


def _replaces(told: IncidentEvidence, earlier: IncidentEvidence) -> bool:
    same_report = earlier.report.id == told.report.id and earlier.report.revision != told.report.revision
    return (
        earlier.withdrawn_at is None and same_report and earlier.report.fetched_at <= told.report.fetched_at
    )


def _next(old: Incident, after: Incident, cause: str, reason: str, at_least: ChangeType) -> Incident:
    after = _with_status(after)
    change = change_between(old, after, event_id=cause, reason=reason, at_least=at_least)
    return after.model_copy(update={"version": old.version + 1, "change": change})


def _with_status(incident: Incident) -> Incident:
    status, reason = _status(incident)
    return incident.model_copy(update={"status": status, "status_reason": reason})


def _status(incident: Incident) -> tuple[Status, str]:
    """Retracted before contested before corroborated: the reason is for a reader."""
    if all(e.withdrawn_at is not None for e in incident.evidence):
        return Status.RETRACTED, "no report tells it any more"
    denials = [link.incident_id for link in incident.links if link.type is LinkType.DENIED_BY]
    if denials:
        return Status.CONTESTED, "denied: see " + ", ".join(denials)
    if len(incident.origins) > 1:
        return Status.CORROBORATED, f"{len(incident.origins)} independent origins"
    return Status.UNCONFIRMED, "one origin"
