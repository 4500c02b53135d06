"""The place of an event for its record: a name found in a text, or one told near such a name, in; the place out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from schemas.event import Place
from services.common.spelling import Alike, alike
from services.nlp import bearings, countries
from services.nlp.earth import flat_km
from services.nlp.gazetteer import Entry
from services.nlp.text import Section, Sentence
from services.nlp.told import Told
from services.nlp.toponyms import Context, Found

_COUNTRYSIDE = re.compile(r"(?:^|\s)[وف]?[بلك]?(?:ال)?(?:ريف|ريفي|ريفَي)\s$|\b(?:rural|countryside of) $")
_COUNTRYSIDE_AFTER = re.compile(r"^(?:'s)?(?: \w+)? countryside\b")
_COUNTRYSIDE_KM = 40.0
_DISTRICT_AFTER = re.compile(
    r"^(?:'s)? (?:local government area|districts?|townships?|territory|county|municipality|sub district|raion|area"
    r"|район\w*|громад\w*)\b"
)
_NEAR_KM = 30.0
"""How far a village lies from the town by which it is told; how far a district reaches around its town."""
_NAMED = 0.7
"""What a report speaks of a country where it names its government or who fights there."""
_NAMESAKE_KM = 100.0
"""How far beyond an area a place of the gazetteer still is the one that is told in it."""


GAZETTEER = "gazetteer"
"""The rule of a place found; others are told by a bearing or as a name."""


@dataclass(frozen=True, slots=True)
class Placed:
    """The place of an event and where the report names it."""

    place: Place
    start: int
    end: int
    in_title: bool
    zone: str | None
    rule: str = GAZETTEER
    by: str | None = None
    """The place by whose name it is told: what holds it, or what it lies so far from."""


@dataclass(frozen=True, slots=True)
class Atlas:
    """What is known of the names of a report beyond the places found in it."""

    lookup: Callable[[str], Sequence[Entry]]
    is_word: Callable[[str, int, int], bool]
    """Whether characters of a text name no place: a month, a people, a party."""
    context: Context

    @property
    def country(self) -> str | None:
        """The country of which the report speaks most, if of any by name."""
        weights = self.context.weights
        most = max(weights, key=lambda c: weights[c], default=None)
        return most if most and weights[most] >= _NAMED else None


def found_at(found: Found, sentence: Sentence) -> Placed:
    """A place of the gazetteer, or a country; so far from it as the words before its name say."""
    entry = found.entry
    in_title = sentence.section is Section.TITLE
    if entry is None:
        return Placed(Place(name=found.name, country=found.country), found.start, found.end, in_title, None)
    by = bearings.away(sentence.plain, found.start - sentence.start)
    if by:
        name = sentence.text[by.start : found.end - sentence.start]
        place = _place(name, bearings.moved(entry, by))
        start = sentence.start + by.start
        return Placed(place, start, found.end, in_title, entry.zone, "bearing", _shown(found))
    entry = replace(entry, radius_km=max(entry.radius_km, _reach(found, sentence)))
    return Placed(_place(_shown(found), entry), found.start, found.end, in_title, entry.zone)


def told_at(
    told: Told,
    sentence: Sentence,
    anchor: tuple[Found, Sentence] | None,
    atlas: Atlas,
    beside: Sequence[Told] = (),
) -> Placed | None:
    """A name as told: a place of the gazetteer near the anchor, else within it; by its country where none is known.

    `beside` are the names told with it: without an anchor one of them may hold it.
    """
    start, end = sentence.start + told.start, sentence.start + told.end
    in_title = sentence.section is Section.TITLE
    found, where = anchor or (None, sentence)
    namesake = _namesake(told, found, atlas)
    if namesake:
        entry = replace(namesake, radius_km=max(namesake.radius_km, _district(sentence, told)))
        name = told.bare if told.bare.isascii() else entry.name
        return Placed(_place(name, entry), start, end, in_title, entry.zone)
    if found and found.entry:
        place = _within(told, found, found.entry, where)
        return Placed(place, start, end, in_title, found.entry.zone, "told", _shown(found))
    held = (
        next((h for other in beside if (h := _held_by(told, other, atlas))), None) if found is None else None
    )
    if held:
        return Placed(held, start, end, in_title, None, "told", held.within)
    country = found.country if found else atlas.country
    if country is None and not told.read:
        return None
    holder = found.name if found else countries.name_of(country)
    return Placed(Place(name=told.name, within=holder, country=country), start, end, in_title, None, "told")


def _within(told: Told, found: Found, entry: Entry, where: Sentence) -> Place:
    """Within the place found; at the distance that the words before that one's name say."""
    by = bearings.away(where.plain, found.start - where.start)
    return _place(told.name, bearings.moved(entry, by) if by else _around(entry), _shown(found))


def _around(entry: Entry) -> Entry:
    """Where a village lies that is told by a town."""
    return replace(entry, radius_km=max(_NEAR_KM, entry.radius_km), geonames_id=0)


def _held_by(told: Told, other: Told, atlas: Atlas) -> Place | None:
    """Within another name told behind it, which the gazetteer knows: "À Fambita, dans la commune de Kokorou"."""
    entry = _namesake(other, None, atlas) if other.start > told.end else None
    return _place(told.name, _around(entry), other.bare) if entry else None


def _namesake(told: Told, found: Found | None, atlas: Atlas) -> Entry | None:
    """The place of the gazetteer that is told: the nearest of that name to the anchor, else one of a country named."""
    entries = [e for e in atlas.lookup(told.bare) if e.exact]
    if found and found.entry:
        near = [(km_between(e, found.entry), e) for e in entries if e.country == found.country]
        reach = found.entry.radius_km + _NAMESAKE_KM
        return min(((km, e) for km, e in near if km <= reach), key=lambda p: p[0], default=(0.0, None))[1]
    weights = atlas.context.weights
    alone = (
        not weights and len({e.country for e in entries}) == 1
    )  # of no country a word, and one alone has it
    beyond = {e.country for e in entries} <= atlas.context.near  # none at home: beyond the border
    named = [
        e
        for e in entries
        if (e.country == found.country if found else alone or beyond or weights[e.country] >= 1)
    ]
    return max(named, key=lambda e: (weights[e.country], e.population), default=None)


def is_wide(found: Found, sentence: Sentence) -> bool:
    """Whether a place found is a district or more, of which another sentence may name the village."""
    entry = found.entry
    return entry is not None and max(entry.radius_km, _reach(found, sentence)) >= _NEAR_KM


def is_one(told: Told, found: Found) -> bool:
    """Whether a name told is a spelling of a place that is found elsewhere in the report."""
    names = (found.name, found.entry.name) if found.entry else (found.name,)
    return any(alike(told.bare, name) is Alike.SAME for name in names)


def km_between(a: Entry, b: Entry) -> float:
    """Kilometres between two places that lie near each other."""
    return flat_km(a.lat, a.lon, b.lat, b.lon)


def _shown(found: Found) -> str:
    return found.entry.name if found.entry and not found.name.isascii() else found.name


def _place(name: str, entry: Entry, within: str | None = None) -> Place:
    return Place(
        name=name, within=within, country=entry.country, admin1=entry.admin1 or None,
        lat=round(entry.lat, 4), lon=round(entry.lon, 4), geonames_id=entry.geonames_id or None,
        radius_km=entry.radius_km,
    )  # fmt: skip


def _reach(found: Found, sentence: Sentence) -> float:
    """How far the words around a town's name let it reach: its countryside, its district."""
    start, end = found.start - sentence.start, found.end - sentence.start
    before, after = sentence.plain[max(0, start - 20) : start], sentence.plain[end : end + 30]
    if _COUNTRYSIDE.search(before) or _COUNTRYSIDE_AFTER.match(after):
        return _COUNTRYSIDE_KM
    return _NEAR_KM if _DISTRICT_AFTER.match(after) else 0.0


def _district(sentence: Sentence, told: Told) -> float:
    return _NEAR_KM if _DISTRICT_AFTER.match(sentence.plain[told.start + len(told.bare) :][:30]) else 0.0
