"""Ceasefires: whether two tellings are of one truce, and how a truce moves through its phases. Pure."""

from datetime import timedelta

from schemas.event import Phase
from services.dedup.parts import UNSPECIFIC, Part
from services.dedup.placing import place_part
from services.dedup.slots import Slots

SAME_INSTANT = timedelta(minutes=30)
FRESH = timedelta(days=3)
RECENT = timedelta(days=14)
FORGOTTEN = timedelta(days=60)
"""A truce of which nothing was heard for so long is another truce."""

_OF_A_SORT = UNSPECIFIC | {"militants", "government forces", "both sides", "the two sides"}
"""Names that say of what sort parties are, and not who: they contradict nobody."""
_ORDER = {
    Phase.CALLED_FOR: 0,
    Phase.PROPOSED: 1,
    Phase.REJECTED: 2,
    Phase.DECLARED: 3,
    Phase.AGREED: 4,
    Phase.IN_FORCE: 5,
    Phase.EXTENDED: 6,
    Phase.ENDED: 7,
}
_PRESUPPOSES_ONE = {Phase.IN_FORCE, Phase.EXTENDED, Phase.ENDED}
_BEGINS_ONE = {Phase.CALLED_FOR, Phase.PROPOSED, Phase.DECLARED, Phase.AGREED}


def truce_parts(event: Slots, truce: Slots) -> list[Part]:
    """Parties, place, the instant it takes force, and the phases in their order; days matter little."""
    return [
        _lane(event),
        _place(event, truce),
        _parties(event, truce),
        _terms(event, truce),
        _age(event, truce),
        _phases(event, truce),
    ]


def _lane(event: Slots) -> Part:
    return Part("kind", 0.5, f"both a ceasefire in {event.theatre}")


def _place(event: Slots, truce: Slots) -> Part:
    """A truce covers an area, and is often told by a town in it: another place is a strong reason, but no veto.

    A country alone may be only that of a party.
    """
    part = place_part(event.place, truce.place)
    if part.veto:
        known = all(place and place.lat is not None for place in (event.place, truce.place))
        return part._replace(points=-3.5 if known else -1.0, veto=False)
    if part.points == 0 and event.place and truce.place:
        return part._replace(points=0.5)
    return part._replace(points=min(1.5, part.points) if part.points > 0 else part.points / 2)


def _parties(event: Slots, truce: Slots) -> Part:
    """Parties in either order."""
    ours, theirs = parties_of(event), parties_of(truce)
    shared = len(ours & theirs)
    if shared:
        return Part("parties", 1.0 * min(2, shared) + 0.3, f"{shared} shared")
    if ours <= _OF_A_SORT or theirs <= _OF_A_SORT:
        return Part("parties", 0.0, "parties not told")
    return Part("parties", -1.5, "other parties")


def parties_of(slots: Slots) -> set[str]:
    """The parties of a truce: nlp joins those that a sentence names by a semicolon."""
    names = f"{slots.actor or ''};{slots.target or ''}".split(";")
    return {name.strip() for name in names} - {""}


def _terms(event: Slots, truce: Slots) -> Part:
    ours, theirs = event.effective_from, truce.effective_from
    if not ours or not theirs:
        return Part("terms", 0.0, "not told")
    if abs(ours - theirs) <= SAME_INSTANT:
        return Part("terms", 3.0, "same instant")
    if event.phase in _PRESUPPOSES_ONE:
        return Part("terms", 0.0, "a later term")
    return Part("terms", -2.5, "another instant")


def _age(event: Slots, truce: Slots) -> Part:
    apart = abs(event.told_at - truce.told_at)
    if truce.effective_until and truce.effective_until > truce.told_at:
        apart = min(apart, abs(event.told_at - truce.effective_until))
    if apart <= FRESH:
        return Part("age", 1.0, "told within days")
    if apart <= RECENT:
        return Part("age", 0.5, "told within two weeks")
    return Part("age", -0.5, "told long after", veto=apart > FORGOTTEN)


def _phases(event: Slots, truce: Slots) -> Part:
    if event.phase is None or truce.phase is None:
        return Part("phase", 0.0, "no phase")
    if truce.phase is Phase.ENDED and event.phase in _BEGINS_ONE and event.told_at > truce.told_at:
        return Part("phase", -3.0, "a new one after the end")
    if event.phase in _PRESUPPOSES_ONE:
        return Part("phase", 1.5, f"{event.phase.value} presupposes one")
    if event.phase is truce.phase:
        return Part("phase", 0.5, "same phase")
    return Part("phase", 0.0, f"{truce.phase.value}, then {event.phase.value}")


def moves(old: Phase, new: Phase) -> bool:
    """Whether a telling of `new` moves a truce on from `old`: only forward.

    A refusal ends a proposal, but does not undo what one side declared.
    """
    if old is Phase.VIOLATED or new is Phase.VIOLATED:
        return False
    return _ORDER[new] > _ORDER[old] and not (new is Phase.REJECTED and _ORDER[old] > _ORDER[Phase.REJECTED])
