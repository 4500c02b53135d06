"""Chains of names ("Barangay San Miguel, Las Navas"): the places of a text in, those lying where the next says out.

A small place is told by what holds it. Where a namesake far from there was found, the one near it is meant; where the
gazetteer has none, the name stays open, to be kept as told.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from services.common.spelling import fold
from services.nlp import told_patterns
from services.nlp.gazetteer import Entry
from services.nlp.placed import km_between
from services.nlp.text import plain
from services.nlp.toponyms import ADMIN, Found

_NEAR_KM, _FAR_KM = 60.0, 150.0
"""Beyond its edge: how far from what holds it a place may lie, and from where on it is another of that name."""
_KNOWN = 250_000
_WIDE_KM = 15.0
_HELD_BY = re.compile(
    r"(?: (?:village|town|community|area|camp|hamlet|neighbourhood|quarter))?(?:, (?:in |near )?|,? in )(?:the )?"
)
_LISTED = re.compile(
    r"^(?:'s)?(?:,? (?:and|or|y|et|e|ve|и|та|і|or) |, [^\W\d_][\w'-]+(?: [^\W\d_][\w'-]+)?,? (?:and|y|et|e|ve) )"
)
_AT = re.compile(
    r"\b(?:in|at|near|on|of|from|outside|into|en|à|em|hit|struck|attacked|village|town|community)(?: the)? $",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:barangay|sitio|purok|colonia|barrio|vereda|corregimiento|bairro|aldeia|quartier|village of|hamlet of)"
    r"(?: (?:de|da|do|del|of))? $",
    re.IGNORECASE,
)
_LONGEST = 40

Lookup = Callable[[str], Sequence[Entry]]
Moves = dict[tuple[str, Entry], Entry | None]


def moves(text: str, found: Sequence[Found], lookup: Lookup) -> Moves:
    """The places of a text that another place beside them says to lie elsewhere: by name and entry, where; None for
    nowhere that is known."""
    moved: Moves = {}
    for place, holder in pairwise(found):
        entry, held_by = place.entry, holder.entry
        if entry is None or held_by is None or not _is_far(text, place, entry, holder, held_by):
            continue
        named = [e for e in lookup(place.name) if e.exact]
        if not (place.country == holder.country and _is_alone(place, named)):
            best = min(named, key=lambda e: km_between(e, held_by), default=None)
            near = best and km_between(best, held_by) <= held_by.radius_km + _NEAR_KM
            moved[place.name, entry] = best if near else None
    return moved


def moved(found: Sequence[Found], by: Moves) -> list[Found]:
    """Places with those that lie elsewhere moved there, or left out."""
    return list(_moved(found, by)) if by else list(found)


def _moved(found: Sequence[Found], by: Moves) -> Iterator[Found]:
    for place in found:
        if place.entry is None or (place.name, place.entry) not in by:
            yield place
        elif entry := by[place.name, place.entry]:
            yield replace(place, entry=entry, country=entry.country)


def _is_alone(place: Found, named: Sequence[Entry]) -> bool:
    """Whether it is the only one of its very name in its country: then the other name may be the misread one."""
    at_home = [e for e in named if e.country == place.country]
    return len(at_home) == 1 and fold(place.name) == fold(at_home[0].name)


def _is_far(text: str, place: Found, entry: Entry, holder: Found, held_by: Entry) -> bool:
    """Whether the second place holds the first by the words between them, and lies far from where that was found."""
    if holder.start - place.end > _LONGEST or km_between(entry, held_by) <= held_by.radius_km + _FAR_KM:
        return False
    between, before = plain(text[place.end : holder.start]), text[max(0, place.start - 24) : place.start]
    if not (_HELD_BY.fullmatch(between) or told_patterns.belongs().fullmatch(between)):
        return False
    if _PART.search(before):
        return True
    divided = ADMIN.match(text[holder.end : holder.end + 24])
    smaller = divided or held_by.radius_km >= _WIDE_KM or held_by.population >= entry.population
    listed = _LISTED.match(plain(text[holder.end : holder.end + 48]))
    return bool(smaller and entry.population < _KNOWN and not listed and _AT.search(before))
