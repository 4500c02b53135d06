"""Same happening or not: the slots of an event and of an incident in, a score with named parts out. Pure.

By slots, never by words: neighbouring strikes share almost all their words. Each part gives points for or against;
a veto ends it. From `ACCEPT` on it is one incident, below `REJECT` another; between the two they are linked as
possibly related. docs/deduplication.md explains the points.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.dedup.lanes import GENERIC, Lane
from services.dedup.parts import (
    Part,
    direction_part,
    kind_part,
    text_part,
    time_part,
    toll_part,
    weapon_part,
)
from services.dedup.placing import place_part
from services.dedup.slots import Slots
from services.dedup.truce import truce_parts

ACCEPT = 3.0
REJECT = 2.0

TOLD_APART = Part("one_report", -1.2, "one report tells the two apart")
"""nlp has merged the mentions of one event within a report: what is left apart is, more often than not, meant to be."""

TWO_FACETS = Part("one_report", 0.5, "one report tells two sides of it")
"""An air strike and an attack on civilians at one place and time, with no other toll."""

REVISED = Part("one_report", 1.0, "an older revision of the same report told it")


FOLLOW_ON_PART = "follow_on"
"""The veto of two clock times that makes a follow-on strike where the rest fits."""


class Verdict(StrEnum):
    """What the score says."""

    SAME = "same"
    RELATED = "related"
    FOLLOW_ON = "follow_on"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Match:
    """An event held against one incident."""

    incident_id: str
    parts: tuple[Part, ...]

    @property
    def vetoed(self) -> Part | None:
        """The part that forbids a merge whatever the rest says."""
        vetoes = [part for part in self.parts if part.veto]
        return min(vetoes, key=lambda part: part.name == FOLLOW_ON_PART, default=None)

    @property
    def score(self) -> float:
        """The points of all parts."""
        return round(sum(part.points for part in self.parts), 3)

    @property
    def verdict(self) -> Verdict:
        """Same, possibly related, a follow-on strike on the same spot, or different."""
        if self.vetoed and self.vetoed.name == FOLLOW_ON_PART and self.score >= REJECT:
            return Verdict.FOLLOW_ON
        if self.vetoed or self.score < REJECT:
            return Verdict.DIFFERENT
        return Verdict.SAME if self.score >= ACCEPT else Verdict.RELATED

    def explain(self) -> str:
        """The score and its parts, for the reason on a version and for `--explain`."""
        told = ", ".join(f"{part.name} {part.points:+.1f} ({part.why})" for part in self.parts)
        veto = f"; never one: {self.vetoed.why}" if self.vetoed else ""
        return f"score {self.score:.1f}: {told}{veto}"


def compare(event: Slots, incident_id: str, incident: Slots) -> Match:
    """Hold an event against an incident of its lane. A veto ends it: what would follow is not asked."""
    parts = truce_parts(event, incident) if event.lane is Lane.TRUCE else _slot_parts(event, incident)
    if not any(part.veto for part in parts):
        parts += _texts(event, incident, parts)
    return Match(incident_id, tuple(part for part in parts if part.points or part.veto))


def _slot_parts(event: Slots, incident: Slots) -> list[Part]:
    first = [kind_part(event, incident), place_part(event.place, incident.place), time_part(event, incident)]
    if any(part.veto and part.name != FOLLOW_ON_PART for part in first):
        return first
    return [
        *first,
        direction_part(event, incident),
        weapon_part(event, incident),
        toll_part(event, incident),
    ]


def _texts(event: Slots, incident: Slots, parts: Sequence[Part]) -> list[Part]:
    """What the reports and their texts say: nothing where they are one."""
    if set(event.tellings) & set(incident.tellings):
        facets = event.kind is not incident.kind and GENERIC & {event.kind, incident.kind}
        at_odds = any(part.name == "toll" and part.points < 0 for part in parts)
        return [TWO_FACETS if facets and not at_odds else TOLD_APART]
    revised = [REVISED] if set(event.reports) & set(incident.reports) else []
    return [text_part(event, incident), *revised]


def compare_denial(denial: Slots, incident_id: str, incident: Slots) -> Match:
    """Hold a denial against what it may deny: a denial tells no toll and names no culprit."""
    if denial.lane is Lane.TRUCE:
        return Match(incident_id, tuple(truce_parts(denial, incident)))
    parts = (
        kind_part(denial, incident),
        place_part(denial.place, incident.place),
        time_part(denial, incident),
    )
    return Match(incident_id, parts)


def best(matches: Iterable[Match]) -> Match | None:
    """The same incident with the highest score; the smaller id where two are equal."""
    return next(iter(nearest(matches, Verdict.SAME, 1)), None)


def nearest(matches: Iterable[Match], verdict: Verdict, limit: int) -> list[Match]:
    """The incidents of one verdict, the nearest first."""
    found = [match for match in matches if match.verdict is verdict]
    return sorted(found, key=lambda match: (-match.score, match.incident_id))[:limit]
