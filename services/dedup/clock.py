"""A truce's terms as a clock: an incident in, the term that falls due next out. Pure, and without a now.

A term is told by the clock where it was known in advance: one that had passed when its first report was fetched is
told by that report, and so is what a later report tells as a fact.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.event import Assertion, Phase
from schemas.incident import ChangeType, Incident, IncidentEvidence, Status
from schemas.topics import INCIDENT
from services.dedup.lanes import Lane, lane_of

STANDING = frozenset({Phase.DECLARED, Phase.AGREED, Phase.IN_FORCE, Phase.EXTENDED})
"""Phases in which there is a truce: neither only wished for, nor rejected, nor ended."""

RENEW_AFTER = (INCIDENT.retention or timedelta(days=180)) - timedelta(days=30)
"""Since its newest report: from then on a truce in force is written again, before retention takes it."""

_REPORTED = frozenset({Phase.IN_FORCE, Phase.EXTENDED})
_HAPPENED = frozenset({Assertion.ASSERTED, Assertion.ALLEGED})


class Term(NamedTuple):
    """What falls due, and when."""

    at: datetime
    change: ChangeType
    """`TOOK_EFFECT` or `EXPIRED`."""


def stands(incident: Incident) -> bool:
    """Whether the incident is a truce that holds by what is told of it, whatever its terms."""
    return (
        lane_of(incident.kind, incident.phase) is Lane.TRUCE
        and incident.phase in STANDING
        and incident.assertion is not Assertion.DENIED
        and incident.status is not Status.RETRACTED
        and incident.merged_into is None
    )


def needs_renewal(incident: Incident) -> bool:
    """Whether a truce holds for longer than its record would be kept."""
    until = incident.effective_until
    return stands(incident) and (until is None or until > incident.newest_fetched_at + RENEW_AFTER)


def in_force(incident: Incident, moment: datetime) -> bool:
    """Whether a truce holds at a moment, by what is told of it and by its terms."""
    return stands(incident) and (incident.effective_until is None or incident.effective_until > moment)


def next_term(incident: Incident) -> Term | None:
    """The term that falls due next and that no version tells yet; None where nothing does."""
    if not stands(incident):
        return None
    begins, ends = incident.effective_from, incident.effective_until
    if begins and _takes_effect(incident, begins):
        return Term(begins, ChangeType.TOOK_EFFECT)
    if ends and (begins is None or begins < ends) and _expires(incident, ends):
        return Term(ends, ChangeType.EXPIRED)
    return None


def _takes_effect(incident: Incident, at: datetime) -> bool:
    if incident.took_effect_at == at:
        return False
    told = [e.report.fetched_at for e in _standing(incident) if e.effective_from == at]
    return _in_advance(incident, told, at) and not any(
        e.phase in _REPORTED and e.assertion in _HAPPENED and e.report.fetched_at >= at
        for e in _standing(incident)
    )


def _expires(incident: Incident, at: datetime) -> bool:
    if incident.expired_at == at:
        return False
    told = [e.report.fetched_at for e in _standing(incident) if e.effective_until == at]
    return _in_advance(incident, told, at) and not _extended_beyond(incident, at)


def _extended_beyond(incident: Incident, at: datetime) -> bool:
    """Whether it was extended, no report says until when: then the old term is not the end of it."""
    if incident.phase is not Phase.EXTENDED:
        return False
    extensions = [e for e in _standing(incident) if e.phase is Phase.EXTENDED]
    return not any(e.effective_until == at for e in extensions)


def _in_advance(incident: Incident, told: list[datetime], at: datetime) -> bool:
    """Whether a term was told before it fell due; beyond the tellings kept in full, by the newest of all."""
    return min(told, default=incident.newest_fetched_at) < at


def _standing(incident: Incident) -> list[IncidentEvidence]:
    return [e for e in incident.evidence if e.withdrawn_at is None]
