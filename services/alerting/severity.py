"""How urgently an analyst should look: an incident in, `flash`, `urgent` or `routine` out. Pure.

The rule, documented in docs/webhooks.md: what happened gives a level, and each ground for doubt takes one step off.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schemas.alert import Severity
from schemas.event import Kind, Phase
from schemas.incident import ChangeType, Incident, Status

_STEPS = (Severity.ROUTINE, Severity.URGENT, Severity.FLASH)


@dataclass(frozen=True, slots=True)
class SeverityRule:
    """The rule's figures and lists; another instance is another rule."""

    flash_killed: int = 10
    """A toll of at least so many makes a flash."""
    flash_kinds: frozenset[Kind] = frozenset({Kind.CHEMICAL_ATTACK, Kind.EVACUATION_WARNING})
    flash_changes: frozenset[ChangeType] = frozenset({ChangeType.TOOK_EFFECT, ChangeType.VIOLATION_REPORTED})
    flash_phases: frozenset[Phase] = frozenset({Phase.IN_FORCE, Phase.VIOLATED, Phase.ENDED})
    routine_kinds: frozenset[Kind] = frozenset({Kind.INTERCEPTION})
    routine_phases: frozenset[Phase] = frozenset({Phase.CALLED_FOR, Phase.PROPOSED})
    routine_changes: frozenset[ChangeType] = frozenset(
        {ChangeType.SOURCE_ADDED, ChangeType.PLACE_REFINED, ChangeType.MERGED}
    )
    urgent_changes: frozenset[ChangeType] = frozenset(
        {ChangeType.RETRACTED, ChangeType.CONTESTED, ChangeType.CORRECTED}
    )
    """What takes back an earlier alert: to be seen, whatever is left of the incident."""
    stale_after: timedelta = timedelta(hours=48)
    """Told so long after it happened, an incident is one step less urgent."""


DEFAULT_RULE = SeverityRule()


def severity(incident: Incident, rule: SeverityRule = DEFAULT_RULE) -> Severity:
    """The severity of this version."""
    if incident.change.type in rule.routine_changes:
        return Severity.ROUTINE
    if incident.change.type in rule.urgent_changes:
        return Severity.URGENT
    doubts = (incident.status is Status.CONTESTED) + _is_unplaced(incident) + _is_stale(incident, rule)
    return _STEPS[max(0, _level(incident, rule) - doubts)]


def _level(incident: Incident, rule: SeverityRule) -> int:
    if incident.killed is not None and incident.killed.min >= rule.flash_killed:
        return 2
    if incident.kind in rule.flash_kinds or incident.change.type in rule.flash_changes:
        return 2
    if incident.kind is Kind.CEASEFIRE and incident.phase in rule.flash_phases:
        return 2
    if incident.kind in rule.routine_kinds or incident.phase in rule.routine_phases:
        return 0
    return 1


def _is_unplaced(incident: Incident) -> bool:
    """Neither a place nor parties that name a theatre."""
    return incident.place is None and incident.theatre == "unplaced"


def _is_stale(incident: Incident, rule: SeverityRule) -> bool:
    if incident.occurred is None:
        return False
    return _newest_telling(incident) - incident.occurred.end > rule.stale_after


def _newest_telling(incident: Incident) -> datetime:
    """By publication where known: an article of last year, read today, was fresh when it was written."""
    reports = [evidence.report for evidence in incident.evidence]
    return max((r.published_at or r.fetched_at for r in reports), default=incident.newest_fetched_at)
