"""The next version of an incident: an incident and one telling, link or withdrawal in, a version out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from schemas.base import iso_utc
from schemas.correction import Correction
from schemas.incident import ChangeType, Incident, IncidentEvidence, Link, LinkType, Status
from services.dedup.changes import change_between
from services.dedup.clock import Term
from services.dedup.origins import independent_origins
from services.dedup.picture import add, begin, bounded

MAX_LINKS = 100
"""Related incidents that an incident names: a truce may be broken every day."""


MAX_CORRECTIONS = 100

_TERMS = {
    ChangeType.TOOK_EFFECT: ("took_effect_at", "in effect from"),
    ChangeType.EXPIRED: ("expired_at", "it held until"),
}
"""The field that notes a term as told, and how its version tells it."""


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


def absorb(incident: Incident, other: Incident, correction: Correction) -> Incident:
    """The next version of an incident that another one was merged into: it tells what both told."""
    known = {e.event_id for e in incident.evidence}
    more = [e for e in other.evidence if e.event_id not in known]
    after = reduce(add, (e for e in more if e.withdrawn_at is None), incident)
    between = {incident.id, other.id}
    links = dict.fromkeys(link for link in (*incident.links, *other.links) if link.incident_id not in between)
    after = after.model_copy(
        update={
            "evidence": bounded((*after.evidence, *(e for e in more if e.withdrawn_at is not None))),
            "evidence_count": incident.evidence_count + other.evidence_count,
            "links": bounded_links(tuple(links)),
            "alert_worthy": incident.alert_worthy or other.alert_worthy,
            "took_effect_at": incident.took_effect_at or other.took_effect_at,
            "expired_at": incident.expired_at or other.expired_at,
        }
    )
    return _corrected(
        incident, after, correction, f"an operator merged {other.id} into it", ChangeType.MERGED
    )


def merged(incident: Incident, into: str, correction: Correction) -> Incident:
    """The last version of an incident that was merged: a pointer under the old id."""
    links = bounded_links((*incident.links, Link(type=LinkType.MERGED_INTO, incident_id=into)))
    after = incident.model_copy(update={"merged_into": into, "links": links})
    return _corrected(incident, after, correction, f"an operator merged it into {into}", ChangeType.MERGED)


def retracted(incident: Incident, correction: Correction) -> Incident:
    """The next version as an operator retracts it, whatever reports tell."""
    newest = max(incident.newest_fetched_at, correction.issued_at)
    after = incident.model_copy(update={"retracted_by": correction.id, "newest_fetched_at": newest})
    return _corrected(incident, after, correction, "an operator retracted it", ChangeType.RETRACTED)


def _corrected(
    old: Incident, after: Incident, correction: Correction, done: str, change: ChangeType
) -> Incident:
    corrections = (*old.corrections, correction.id)[-MAX_CORRECTIONS:]
    after = after.model_copy(update={"corrections": corrections})
    return _next(old, after, None, f"{done}: {correction.reason} ({correction.id})", change)


def fell_due(truce: Incident, term: Term) -> Incident:
    """The next version of a truce of which a term fell due."""
    field, text = _TERMS[term.change]
    after = truce.model_copy(update={field: term.at})
    return _next(truce, after, None, f"by its terms, not reported: {text} {iso_utc(term.at)}", term.change)


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
            "took_effect_at": incident.took_effect_at,
            "expired_at": incident.expired_at,
            "corrections": incident.corrections,
            "retracted_by": incident.retracted_by,
            "first_reported_at": incident.first_reported_at,
            "newest_fetched_at": newest,
        }
    )


def _replaces(told: IncidentEvidence, earlier: IncidentEvidence) -> bool:
    same_report = earlier.report.id == told.report.id and earlier.report.revision != told.report.revision
    return (
        earlier.withdrawn_at is None and same_report and earlier.report.fetched_at <= told.report.fetched_at
    )


def _next(old: Incident, after: Incident, cause: str | None, reason: str, at_least: ChangeType) -> Incident:
    after = _with_status(after)
    change = change_between(old, after, event_id=cause, reason=reason, at_least=at_least)
    return after.model_copy(update={"version": old.version + 1, "change": change})


def _with_status(incident: Incident) -> Incident:
    status, reason = _status(incident)
    return incident.model_copy(update={"status": status, "status_reason": reason})


def _status(incident: Incident) -> tuple[Status, str]:
    """Retracted before contested before corroborated: the reason is for a reader."""
    if incident.retracted_by:
        return Status.RETRACTED, f"an operator retracted it: see {incident.retracted_by}"
    if all(e.withdrawn_at is not None for e in incident.evidence):
        return Status.RETRACTED, "no report tells it any more"
    denials = [link.incident_id for link in incident.links if link.type is LinkType.DENIED_BY]
    if denials:
        return Status.CONTESTED, "denied: see " + ", ".join(denials)
    if len(incident.origins) > 1:
        return Status.CORROBORATED, f"{len(incident.origins)} independent origins"
    return Status.UNCONFIRMED, "one origin"
