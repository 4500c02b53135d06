"""Finds and resolves places: a text in, the names of places in it with what the gazetteer makes of each out."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from services.common.spelling import Alike, alike
from services.nlp import chains, countries
from services.nlp.gazetteer import Entry, Gazetteer
from services.nlp.inflection import inflected
from services.nlp.located import Located
from services.nlp.names import Name, NameFinder
from services.nlp.namesakes import Company, Namesakes, is_known
from services.nlp.placed import Atlas, km_between
from services.nlp.text import plain
from services.nlp.toponyms import (
    DIVISION_BEFORE,
    ENGLISH,
    QUARTER_AFTER,
    QUARTER_BEFORE,
    Context,
    Found,
    as_dateline,
    dateline_end,
)
from services.nlp.us_states import UsStates

MAX_PLACES = 300
MAX_NAMES = 1_500
CITY = 80_000
"""Inhabitants of places that have quarters."""
_CITY_KM = 30.0
_ONE_SPOT_KM = 5.0
"""Two entries of a name so near each other are one place."""
_WIDE_KM = 15.0
_SPOKEN_OF = 1.5
_AT_HOME = 1
"""What an outlet's country weighs in a report that speaks of none."""
_SPOKEN_IN = {"uk": {"UA": 2}, "ru": {"RU": 1, "UA": 1}, "he": {"IL": 2}}
_CAPITAL = re.compile(
    r"(?:'s)? capital\b(?! (?:of|city of|markets?|gains?|punishment|hill|,? [a-z]+ governorate))"
)
_DIVISION = re.compile(r"(?:'s)? (province|governorate|region|oblast|state|countryside)\b")
_OBLAST = re.compile(r" (?:област|обл\.|края|крае|краї)")


class PlaceFinder:
    """Knows names; stateless over reports."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._states = UsStates()
        self._names = NameFinder(gazetteer, self._states)
        self._country_lexicon = countries.lexicon(self._states.codes(), self._names.fighters())
        self._namesakes = Namesakes(gazetteer, self._states, self._names)

    def country_of(self, name: str) -> str | None:
        """The code of a country of that name."""
        return self._names.country_of(name)

    def context(self, *texts: str, language: str | None = None, home: str | None = None) -> Context:
        """What the texts speak of. A language spoken in one country speaks for that country.

        `home`, the country of the outlet, counts only where the texts speak of none but for who struck.
        """
        weights: Counter[str] = Counter()
        states: Counter[str] = Counter()
        for text in texts:
            page = plain(text)
            hits = self._country_lexicon.find(page)
            weights.update(countries.weigh(hits, page))
            states += countries.states_named(hits)
            for state, times in self._states.behind_towns(text).items():
                states[state] += 2 * times
        if home and not states and max(weights.values(), default=0) < _AT_HOME:
            weights[home] += _AT_HOME
        weights.update(_SPOKEN_IN.get(language or "", {}))
        return Context(weights, states, _around(weights))

    def find(self, text: str, context: Context) -> list[Found]:
        """Every place named in the text, in order; at most `MAX_PLACES`.

        Twice over: what is found first, and leaves no doubt, tells of which countries the text speaks.
        """
        found = self._found(text, context)
        return chains.moved(found, chains.moves(text, found, self._gazetteer.lookup))

    def _found(self, text: str, context: Context) -> list[Found]:
        names = list(islice(self._names.all(text, context), MAX_NAMES))
        company = self._namesakes.company(text, names)
        found = self._pick(text, names, context, company)
        found = self._pick(text, names, self._wider(found, context), company) if found else found
        return self._with_capitals(text, found)

    def _with_capitals(self, text: str, found: list[Found]) -> list[Found]:
        """The places with the capitals that are told by their country alone: "the Afghan capital"."""
        if "capital" not in text.lower():
            return found
        page = plain(text)
        more = []
        for hit in self._country_lexicon.find(page):
            behind = _CAPITAL.match(page, hit.end)
            code = next((c[-2:] for c in hit.classes if c.startswith(("name.", "people."))), None)
            if behind and code and (entry := self._capital(code)):
                more.append(Found(hit.start, behind.end(), entry.name, entry, code))
        kept = [p for p in found if not any(p.start < c.end and c.start < p.end for c in more)]
        return sorted((*kept, *more), key=lambda p: p.start) if more else found

    def _capital(self, code: str) -> Entry | None:
        name = countries.capital_of(code)
        entries = self._gazetteer.lookup(name) if name else ()
        return next((e for e in entries if e.country == code and e.exact), None)

    def locate(self, title: str, text: str, context: Context) -> Located:
        """The places of a report, and what tells names that are none of them."""
        whole = self._found(text, context)
        moves = chains.moves(text, whole, self._gazetteer.lookup)
        body = chains.moved(whole, moves)
        wider = self._wider(body, context)
        heading = chains.moved(self.find(title, wider), moves)
        cities = [p.entry for p in (*heading, *body) if p.entry and p.entry.population >= CITY]
        atlas = Atlas(self._gazetteer.lookup, self._names.is_no_place, wider)
        return Located(self._in_cities(title, heading, cities), self._in_cities(text, body, cities), atlas)

    def _in_cities(self, text: str, found: Sequence[Found], cities: Sequence[Entry]) -> list[Found]:
        """A part of a city lies in a city that the report names; where none has one of that name, it stays open."""
        kept = (self._in_city(text, place, cities) if place.entry else place for place in found)
        return [place for place in kept if place]

    def _in_city(self, text: str, place: Found, cities: Sequence[Entry]) -> Found | None:
        entry = place.entry
        before, after = text[max(0, place.start - 20) : place.start], text[place.end : place.end + 44]
        if entry is None or not (QUARTER_AFTER.match(after) or QUARTER_BEFORE.search(before)):
            return place
        told = [c for c in cities if _is_told_by(c, after)]
        home = told or [c for c in cities if c.country == entry.country and c.name != entry.name]
        if not home or _nearest_km(entry, home) <= _CITY_KM:
            return place
        lookup = self._gazetteer.lookup
        names = (*lookup(place.name), *inflected(place.name, self._gazetteer), *lookup(entry.name))
        namesakes = [e for e in names if e.country == home[0].country]
        inside = [e for e in namesakes if _nearest_km(e, home) <= _CITY_KM]
        if inside:
            return replace(
                place, entry=min(inside, key=lambda e: _nearest_km(e, home)), country=home[0].country
            )
        return place if not told and all(km_between(e, entry) <= _ONE_SPOT_KM for e in namesakes) else None

    def _pick(
        self, text: str, names: Sequence[tuple[Name, ...]], context: Context, company: Company
    ) -> list[Found]:
        dateline = dateline_end(text)
        found: list[Found] = []
        reached = 0
        for readings in names:
            if readings[0].start < reached:
                continue
            matches = (self._resolve(text, name, context, company) for name in readings)
            match = next(filter(None, matches), None)
            if match:
                found.append(match if match.end > dateline else as_dateline(match))
                reached = match.end
                if len(found) == MAX_PLACES:
                    break
            elif is_known(readings[0]):
                reached = readings[0].end
        return found

    def _resolve(self, text: str, name: Name, context: Context, company: Company) -> Found | None:
        if name.country:
            town = self._namesakes.at_home(name, context, company)
            return Found(name.start, name.end, name.text, town, town.country if town else name.country)
        best = self._namesakes.best(text, name, context, company)
        if best is None:
            return None
        best = self._division(text, name, best) or best
        return Found(name.start, name.end, name.text, best, best.country)

    def _division(self, text: str, name: Name, best: Entry) -> Entry | None:
        """The province that a town's name means with the word behind it: "Hasakah province"."""
        kind = _DIVISION.match(text, name.end)
        before = text[max(0, name.start - 24) : name.start]
        kinds: tuple[str, ...] = (kind[1],) if kind else ()
        if not kind and (_OBLAST.match(text, name.end) or DIVISION_BEFORE.search(before)):
            kinds = ("province", "region", "governorate", "state", "oblast", "department")
        names = {best.name, name.text} if kinds else ()
        entries = [e for k in kinds for n in names for e in self._gazetteer.lookup(f"{n} {k}")]
        return next(
            (e for e in entries if e.exact and e.country == best.country and e.radius_km >= _WIDE_KM), None
        )

    def _wider(self, found: list[Found], context: Context) -> Context:
        """The context with the countries of places that leave no doubt."""
        weights = Counter(context.weights)
        for place in found:
            if place.country and (
                place.entry is None or place.entry.population > 100_000 or self._only_there(place)
            ):
                weights[place.country] += 2
        return Context(weights, context.states, _around(weights))

    def _only_there(self, place: Found) -> bool:
        """Whether every place of that name lies in one country."""
        return len({e.country for e in self._gazetteer.lookup(place.name)}) == 1


_OF_CITY = re.compile(r"^ [^\W\d_]+ (?:of|in) ([A-Z][\w'’-]+(?:[ -][A-Z][\w'’-]+)?)")


def _is_told_by(city: Entry, after: str) -> bool:
    """Whether the words behind a quarter's name say whose it is: " neighbourhood of Taiz"."""
    told = _OF_CITY.match(after)
    return told is not None and alike(told[1], city.name.removesuffix(" province")) is Alike.SAME


def _nearest_km(entry: Entry, cities: Sequence[Entry]) -> float:
    return min(km_between(entry, city) for city in cities)


def _around(weights: Counter[str]) -> frozenset[str]:
    """The countries that border on one that is spoken of; not those whose towns are called like people."""
    spoken = [code for code, weight in weights.items() if weight >= _SPOKEN_OF]
    return (
        frozenset[str]().union(*(countries.neighbours().get(code, frozenset()) for code in spoken)) - ENGLISH
    )
