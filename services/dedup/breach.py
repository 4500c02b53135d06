"""Whether an attack breaks a truce: an attack's slots and a truce's card out of one theatre in, named parts out. Pure.

By place, time and parties, and only where each is known well enough: a truce that is told to be broken rings at once.
"""

from datetime import datetime, timedelta

from schemas.event import Kind, Phase, Place
from services.dedup.clock import STANDING
from services.dedup.geography import CITY_RADIUS_KM, DISTRICT_RADIUS_KM, distance_km
from services.dedup.homes import home_of
from services.dedup.match import Match
from services.dedup.parts import PLACE_SLACK_KM, Part
from services.dedup.slots import Sharpness, Slots
from services.dedup.truce import parties_of

MOSTLY = 0.5
"""Of the time in which the attack may have happened: so much must lie within the truce. On the day on which it takes
force at midday, a strike "on Tuesday" may well have been one of the last before it."""

_OF_ARMIES = frozenset({Kind.AIR_STRIKE, Kind.SHELLING, Kind.GROUND_CLASH, Kind.CHEMICAL_ATTACK})
"""In a whole country a bomb or a raid may be anybody's: it counts where a party of the truce is named."""

_FORCE = frozenset({Phase.IN_FORCE, Phase.EXTENDED})


def breach(attack: Slots, truce_id: str, truce: Slots) -> Match | None:
    """What speaks for the attack breaking the truce; None where something speaks against it."""
    if truce.denied or truce.phase not in STANDING:
        return None
    parts = [_time(attack, truce), _parties(attack, truce), _place(attack, truce)]
    told = tuple(part for part in parts if part is not None)
    return Match(truce_id, told) if len(told) == len(parts) else None


def _time(attack: Slots, truce: Slots) -> Part | None:
    """Once it is in force: from its term, else from when it was told to hold, until its end."""
    since, until = _since(truce), truce.effective_until
    if since is None:
        return None
    start, end = _span(attack)
    within = min(end, until or end) - max(start, since)
    enough = within >= (end - start) * MOSTLY if end > start else since <= start <= (until or start)
    return Part("time", 1.0, f"while it holds, from {since:%Y-%m-%d %H:%M} UTC") if enough else None


def _since(truce: Slots) -> datetime | None:
    """A truce that is only agreed holds from its term on; without one it is not known to hold."""
    if truce.effective_from is not None:
        return truce.effective_from
    return truce.when.end if truce.phase in _FORCE else None


def _span(attack: Slots) -> tuple[datetime, datetime]:
    """When it may have happened in UTC: a day is a local one, and nothing happens after it was told."""
    start, end = attack.when.start, attack.when.end
    if attack.when.sharpness is Sharpness.DAY and attack.place and attack.place.lon is not None:
        shift = timedelta(hours=round(attack.place.lon / 15))
        start, end = start - shift, end - shift
    return start, max(start, min(end, attack.told_at))


def _parties(attack: Slots, truce: Slots) -> Part | None:
    """An attack by or on a third one breaks nothing; a truce of which one party alone is known binds the other too."""
    parties = parties_of(truce)
    known = [side for side in (attack.actor, attack.target) if side and (side in parties or home_of(side))]
    strangers = [side for side in known if side not in parties]
    if len(parties) > 1 and strangers:
        return None
    return Part(
        "parties", float(len(known) - len(strangers)), "of its parties" if parties else "parties not told"
    )


def _place(attack: Slots, truce: Slots) -> Part | None:
    if attack.place is None:
        return None
    area = truce.place
    if area is not None and area.lat is not None:
        return _within(attack.place, area)
    if attack.place.country in _countries(truce) and (
        attack.kind in _OF_ARMIES or _names_a_party(attack, truce)
    ):
        return Part("place", 1.0, f"in {attack.place.country}")
    both = {attack.actor, attack.target} <= parties_of(truce)
    return Part("place", 0.5, "between its parties") if both else None


def _within(place: Place, area: Place) -> Part | None:
    """Within the truce's area, as far as the attack's own place is known; a wide region is not within a town."""
    apart = distance_km(place, area)
    if apart is None:
        # the attack is told by its country alone, the truce holds in a part of it
        return None
    reach = area.radius_km + min(place.radius_km, CITY_RADIUS_KM) + PLACE_SLACK_KM
    too_wide = place.radius_km > max(area.radius_km, DISTRICT_RADIUS_KM)
    return None if apart > reach or too_wide else Part("place", 2.0, "within its area")


def _names_a_party(attack: Slots, truce: Slots) -> bool:
    return bool({attack.actor, attack.target} & parties_of(truce))


def _countries(truce: Slots) -> set[str | None]:
    """A truce told by a country, or by none, holds there and where its parties are at home."""
    told = truce.place.country if truce.place else None
    return {told, *map(home_of, parties_of(truce))} - {None}
