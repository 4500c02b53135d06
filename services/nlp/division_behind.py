"""The division that is told right behind a name: a text and places of one name in, those that lie in it out."""

import re
from collections.abc import Iterator

from services.nlp.earth import flat_km
from services.nlp.gazetteer import Entry, Gazetteer
from services.nlp.inflection import inflected

_DIVISION_BEHIND = re.compile(
    r",? (?:(?:на|в|у) )?([А-ЯІЇЄҐ]\w+(?:щині|ччині|щине|чине))\b"
    r"|,? (?:в |у )?([А-ЯІЇЄҐ][\w-]+(?:ого|ої|ой|ий|ій|ом)) (?:район|област|обл\b|громад)"
    r"|,? (?:in )?([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)(?: [Rr]egion| [Oo]blast| [Pp]rovince| [Gg]overnorate)\b"
)
"""The division that is told right behind a name."""
_KINDS = ("province", "region", "governorate", "oblast")
_BEYOND_KM, _RAION_KM = 40.0, 90.0
"""How far beyond a division as the gazetteer has it, and around a town that has a division of its name."""
WIDE_KM = 30
"""The radius from which on a place is a division rather than a town."""


def in_division(text: str, end: int, entries: list[Entry], gazetteer: Gazetteer) -> list[Entry]:
    """Of places of one name, which ends there, those in the division that the words behind name; all where none does.

    None is left of a village that the gazetteer knows elsewhere alone: "села Костянтинівка Миколаївського району".
    """
    told = _DIVISION_BEHIND.match(text, end)
    if told is None or entries[0].radius_km >= WIDE_KM:
        return entries
    named = _named(told[told.lastindex or 0], gazetteer)
    known = [e for e in named if e.country == entries[0].country]
    return [e for e in entries if any(_lies_in(e, division) for division in known)] if known else entries


def _named(division: str, gazetteer: Gazetteer) -> Iterator[Entry]:
    """The divisions of that name, else the towns that they have it of."""
    wide = [e for kind in _KINDS for e in gazetteer.lookup(f"{division} {kind}") if e.exact]
    yield from wide or (e for e in gazetteer.lookup(division) if e.exact)
    if not division.isascii():
        towns = (e for e in inflected(division, gazetteer) if e.exact)
        yield from sorted(towns, key=lambda e: -e.population)[:1]


def _lies_in(entry: Entry, division: Entry) -> bool:
    reach = division.radius_km + _BEYOND_KM if division.radius_km >= WIDE_KM else _RAION_KM
    return flat_km(entry.lat, entry.lon, division.lat, division.lon) <= reach
