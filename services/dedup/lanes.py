"""What is compared with what: an event's kind, phase and assertion in, its lane and its fate out. Pure.

Only events of one lane can be one incident. A denial has a lane of its own beside that of what it denies: it is a
record linked to the incident, never evidence of it.
"""

from enum import StrEnum

from schemas.event import Assertion, ConflictEvent, Kind, Novelty, Phase


class Lane(StrEnum):
    """A family of kinds that reports confuse with one another."""

    VIOLENCE = "violence"
    TERRITORY = "territory"
    WARNING = "warning"
    INTERCEPTION = "interception"
    TRUCE = "truce"
    VIOLATION = "violation"


class Fate(StrEnum):
    """What dedup does with an event."""

    DROP = "drop"
    TELL = "tell"
    DENY = "deny"


GENERIC = frozenset({Kind.EXPLOSION, Kind.ATTACK_ON_CIVILIANS})
"""Kinds that say little more than that something happened: a more specific one replaces them."""

_LANES = {
    Kind.TERRITORY_CHANGE: Lane.TERRITORY,
    Kind.EVACUATION_WARNING: Lane.WARNING,
    Kind.INTERCEPTION: Lane.INTERCEPTION,
}


def lane_of(kind: Kind, phase: Phase | None) -> Lane:
    """A violation of a ceasefire happens at a place and time like an attack; it is no phase of the truce."""
    if kind is Kind.CEASEFIRE:
        return Lane.VIOLATION if phase is Phase.VIOLATED else Lane.TRUCE
    return _LANES.get(kind, Lane.VIOLENCE)


def fate_of(event: ConflictEvent) -> Fate:
    """History never makes or feeds an incident, and neither does what is only feared.

    A plan makes one where the plan is the news: a ceasefire, an evacuation warning. A denied event makes a denial.
    """
    if event.novelty is Novelty.BACKGROUND:
        return Fate.DROP
    if event.assertion is Assertion.DENIED:
        return Fate.DENY
    if event.assertion in (Assertion.THREATENED, Assertion.HYPOTHETICAL):
        return Fate.DROP
    if event.assertion is Assertion.PLANNED and event.kind not in (Kind.CEASEFIRE, Kind.EVACUATION_WARNING):
        return Fate.DROP
    return Fate.TELL
