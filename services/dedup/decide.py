"""Which incident an event belongs to: one record and the partition's memory in, incident versions out.

Depends on the partition's records in their order and on times in them alone: the same record and memory give
the same bytes, and a record that was decided before gives nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from schemas.event import ConflictEvent, Phase, Superseded
from schemas.incident import ChangeType, Incident, Link, LinkType
from services.common.store import Store
from services.dedup.breach import breach
from services.dedup.index import Index, Survey
from services.dedup.lanes import Fate, Lane, fate_of
from services.dedup.match import REJECT, Match, Verdict, best, compare, compare_denial, nearest
from services.dedup.merge import Cause, create, fold, linked
from services.dedup.picture import telling_of
from services.dedup.slots import Slots, slots_of_event
from services.dedup.withdraw import supersede

_DENIED = "a report denies it"
_BROKEN = "a report tells of a violation"
_ATTACKED = "an attack within its place and time"

MAX_RELATED = 3
"""Incidents of each loose kind that a new one is linked with."""

_LOOSE = {Verdict.FOLLOW_ON: LinkType.FOLLOW_ON, Verdict.RELATED: LinkType.POSSIBLY_RELATED}


class Outcome(StrEnum):
    """What became of a record; the metric's label."""

    NEW = "new"
    MERGED = "merged"
    DUPLICATE = "duplicate"
    FILTERED = "filtered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """What to write, in this order, each acknowledged before the next.

    The record that marks the event as seen is the last one, and the others are skipped when they stand already:
    so a crash between them heals when the event is delivered again.
    """

    outcome: Outcome
    versions: tuple[Incident, ...] = ()
    incident_id: str | None = None
    """The incident that the event is evidence of, whether written now or before."""
    matches: tuple[Match, ...] = ()
    """What it was held against: for `--explain`."""


async def decide(record: ConflictEvent | Superseded, store: Store) -> Decision:
    """Decide one record. Raises what `store` raises."""
    index = Index(store)
    if isinstance(record, Superseded):
        versions = await supersede(record, index)
        return Decision(Outcome.WITHDRAWN if versions else Outcome.FILTERED, versions)
    fate = fate_of(record)
    if fate is Fate.DROP:
        return Decision(Outcome.FILTERED)
    slots = slots_of_event(record)
    survey = await index.survey(record, slots)
    if survey.incident_id:
        return Decision(Outcome.DUPLICATE, incident_id=survey.incident_id)
    if survey.is_outdated:
        return Decision(Outcome.FILTERED)
    return await _place(record, slots, survey, index)


async def _place(event: ConflictEvent, slots: Slots, survey: Survey, index: Index) -> Decision:
    """Into the incident that it tells, or into a new one."""
    matches = [compare(slots, name, card) for name, card in survey.alike]
    chosen = best(matches)
    found = await index.incidents([chosen.incident_id] if chosen else [])
    home = found[0] if found else None
    ties = await _ties(slots, survey, index)
    own = _own(event, home, ties, matches)
    neighbours = await _neighbours(own.id, event, ties, index)
    outcome = Outcome.MERGED if home else Outcome.NEW
    return Decision(outcome, (*neighbours, own), own.id, tuple(matches))


@dataclass(frozen=True, slots=True)
class _Tie:
    """A link between the event's incident and a neighbour."""

    incident_id: str
    forth: LinkType
    back: LinkType
    change: ChangeType | None
    """The neighbour's next version; None where the neighbour stays as it is."""
    why: str


def _own(
    event: ConflictEvent, home: Incident | None, ties: Sequence[_Tie], matches: Sequence[Match]
) -> Incident:
    links = [Link(type=tie.forth, incident_id=tie.incident_id) for tie in ties]
    chosen = best(matches)
    if home and chosen:
        more = [link for link in links if link not in home.links]
        return fold(home, telling_of(event), chosen.explain(), more)
    links += [
        Link(type=kind, incident_id=match.incident_id)
        for verdict, kind in _LOOSE.items()
        for match in nearest(matches, verdict, MAX_RELATED)
    ]
    return create(telling_of(event), event.theatre, links, "the first report of it")


async def _neighbours(
    own_id: str, event: ConflictEvent, ties: Sequence[_Tie], index: Index
) -> list[Incident]:
    """The next versions of those that must tell of the event too; none of one that tells of it already."""
    versions = []
    for tie in ties:
        link = Link(type=tie.back, incident_id=own_id)
        for other in await index.incidents([tie.incident_id]):
            if tie.change and link not in other.links and not await _told_already(tie, other, event, index):
                cause = Cause(event.id, event.report.fetched_at, tie.why, tie.change)
                versions.append(linked(other, link, cause))
    return versions


async def _told_already(tie: _Tie, truce: Incident, event: ConflictEvent, index: Index) -> bool:
    """Whether the same report told of the breach before: as an attack, and once more as a violation."""
    if tie.change is not ChangeType.VIOLATION_REPORTED:
        return False
    told = await index.told_by(event.report.id)
    return any(link.type is tie.back and link.incident_id in told for link in truce.links)


async def _ties(slots: Slots, survey: Survey, index: Index) -> list[_Tie]:
    """A denial and what it denies, in whichever order they come; a violation and the truce that it breaks."""
    others = survey.opposite
    if slots.denied:
        match = best(compare_denial(slots, name, card) for name, card in others)
        if match is None:
            return []
        return [
            _Tie(match.incident_id, LinkType.DENIAL_OF, LinkType.DENIED_BY, ChangeType.CONTESTED, _DENIED)
        ]
    match = best(compare_denial(card, name, slots) for name, card in others)
    ties = [_Tie(match.incident_id, LinkType.DENIED_BY, LinkType.DENIAL_OF, None, "")] if match else []
    return ties + await _broken_truces(slots, survey, index)


async def _broken_truces(slots: Slots, survey: Survey, index: Index) -> list[_Tie]:
    """The truce that a report tells to be broken, or within whose place and time an attack lies."""
    if slots.lane is Lane.VIOLATION:
        return await _told_to_be_broken(slots, index)
    matches = [match for name, card in survey.truces if (match := breach(slots, name, card))]
    broken = min(matches, key=lambda match: (-match.score, match.incident_id), default=None)
    return [_breaks(broken.incident_id, f"{_ATTACKED}: {broken.explain()}")] if broken else []


def _breaks(truce_id: str, why: str) -> _Tie:
    return _Tie(truce_id, LinkType.VIOLATION_OF, LinkType.VIOLATED_BY, ChangeType.VIOLATION_REPORTED, why)


async def _told_to_be_broken(slots: Slots, index: Index) -> list[_Tie]:
    as_truce = slots.model_copy(update={"lane": Lane.TRUCE})
    truces = [(name, card) for name, card in await index.near(as_truce) if _stands(card, slots)]
    matches = [compare(as_truce, name, card) for name, card in truces]
    fitting = [match for match in matches if match.score >= REJECT and not match.vetoed]
    broken = min(fitting, key=lambda match: (-match.score, match.incident_id), default=None)
    return [_breaks(broken.incident_id, _BROKEN)] if broken else []


def _stands(truce: Slots, violation: Slots) -> bool:
    """Whether there was a truce to break, by what is told of it."""
    standing = truce.phase in (Phase.DECLARED, Phase.AGREED, Phase.IN_FORCE, Phase.EXTENDED)
    begun = truce.effective_from is None or truce.effective_from <= violation.when.end
    return (
        standing
        and begun
        and (truce.effective_until is None or violation.when.start <= truce.effective_until)
    )
