"""Namesakes: a name with the words beside it and all places called so in; the place that is meant, or none, out."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.common.spelling import Alike, alike, fold
from services.nlp import arabic, countries
from services.nlp.division_behind import WIDE_KM, in_division
from services.nlp.gazetteer import Entry, Gazetteer
from services.nlp.names import Name, NameFinder
from services.nlp.text import plain
from services.nlp.toponyms import (
    ADMIN,
    AFTER_PERSON,
    ARTICLED,
    BEFORE_PERSON,
    BEGINNING,
    CYRILLIC_GIVEN,
    CYRILLIC_PERSON,
    DIVISION_BEFORE,
    ENGLISH,
    INSTITUTION,
    KIND_AFTER,
    LOCATIVE,
    ORGANISATION,
    PREPOSITION,
    STREET,
    Context,
    is_town,
)
from services.nlp.us_states import UsStates
from services.nlp.votes import Votes, count

_COUNTRY_BEHIND = re.compile(r",? (?:in |in the )?([A-Z][a-z]+(?: [A-Z][a-z]+)?)")
_SENTENCE_STARTS = (". ", "\n", "\n\n")
_MOST_VOTES = 2.6
_ALSO = 1.0
_ALONE, _ALONE_FROM, _LONG_NAME = 1.0, 10_000, 5
"""How much less a name needs that one place on earth has, from how many inhabitants and letters on."""
_KNOWN = 250_000
"""Inhabitants of places that everybody knows."""
_CLEAR = 9.0
"""A score beyond this says which namesake is meant, but no more that the name is a place's."""
_STATE_AT_HOME, _AT_HOME = 0.8, 1.2
"""Votes from which a report is about the neighbourhood of a place."""
_NEIGHBOURS = 0.5
"""Votes for places around a town that is called like a country, without which the country is meant."""
_NO_TOWN, _A_PERSON = 1.5, 3.0
_DIVISION = re.compile(r" (?:province|governorate|region|oblast|state|countryside)$")
_INSIDE = re.compile(r"\b(?:in|near|at|outside|around|into|across)(?: the| downtown)? $", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Beside:
    """The words around a name, and what they settle: the American state that it lies in, whether it is a town."""

    before: str
    after: str
    state: str | None
    country: str | None
    town: bool


@dataclass(frozen=True, slots=True)
class Company:
    """What all names of a text tell of each: the regions that they speak for, and which are those of people."""

    votes: Votes
    people: frozenset[str]
    towns: frozenset[str]
    """Those that some mention makes a place's: "in Lincoln", "Lincoln, Neb.", "Lincoln police"."""
    countries: Counter[str]
    """How often a country is named."""


class Namesakes:
    """Chooses among places of one name; stateless over texts."""

    def __init__(self, gazetteer: Gazetteer, states: UsStates, names: NameFinder) -> None:
        self._gazetteer, self._states, self._names = gazetteer, states, names

    def company(self, text: str, names: Sequence[tuple[Name, ...]]) -> Company:
        """What the names of a text tell together."""
        single = (n for readings in names for n in readings if not n.country)
        beside = [(n, self._beside(text, n)) for n in single]
        people = (fold(n.text) for n, b in beside if " " not in n.text and self._is_person(text, n, b))
        towns = {fold(n.text) for n, b in beside if _is_placed(b)}
        towns |= {fold(n.text) for n in _countries(names) if INSTITUTION.match(text[n.end : n.end + 40])}
        named = Counter(readings[0].country for readings in names if readings[0].country)
        return Company(count(self._ballots(text, names)), frozenset(people), frozenset(towns), named)

    def _ballots(
        self, text: str, names: Sequence[tuple[Name, ...]]
    ) -> Iterator[tuple[str, Sequence[Entry], float]]:
        reached = 0
        for readings in names:
            name = readings[0]
            if name.start < reached or name.country:
                continue
            reached = name.end
            beside = self._beside(text, name)
            inside = [e for e in name.entries if _within(e, beside)]
            yield fold(name.text), inside or name.entries, self._likely(text, name, beside)

    def _likely(self, text: str, name: Name, beside: Beside) -> float:
        """How likely a name is a place's at all, 0 to 1."""
        if self._is_person(text, name, beside) or ORGANISATION.match(beside.after):
            return 0.1
        if not name.entries[0].exact:
            return 0.1
        if beside.state or PREPOSITION.search(beside.before) or LOCATIVE.search(beside.before):
            return 1.0
        return 0.9 if " " in name.text else 0.4

    def best(self, text: str, name: Name, context: Context, company: Company) -> Entry | None:
        """The place that is meant; None where the name may as well be no place's."""
        beside = self._beside(text, name)
        folded = fold(name.text)
        owner = countries.owner_before(plain(beside.before))
        entries = [e for e in name.entries if owner in (None, e.country)]
        if not entries:
            return None
        entries = in_division(text, name.end, entries, self._gazetteer)
        if not entries:
            return None
        called = {e.country for e in entries if _is_called(e, folded)}
        scores = (
            (self._score(e, folded, beside, context, company.votes) - _also_called(e, called), e)
            for e in entries
        )
        score, best = max(scores, key=lambda pair: pair[0])
        alone = not context.weights and len({e.country for e in name.entries}) == 1
        spoken = alone or bool(context.weights[best.country])
        if STREET.match(beside.after) or (_articled(beside, spoken) and best.geonames_id):
            return None
        if len(name.text) < 4 and best.geonames_id and not context.weights[best.country]:
            return None
        needed = self._needed(best, text, name, beside, context) + _doubt(best, folded, name, beside, company)
        needed -= _ALONE * (alone and best.population >= _ALONE_FROM and len(folded) >= _LONG_NAME)
        return best if min(score, _CLEAR) >= needed else None

    def at_home(self, name: Name, context: Context, company: Company) -> Entry | None:
        """The American state or town that a country's name means in a report about its neighbourhood; mostly none."""
        votes = company.votes
        told = (
            context.weights[name.country or ""]
            - countries.WEIGHTS["name"] * company.countries[name.country or ""]
        )
        abroad = votes.all.get(name.country or "", 0.0) + max(0.0, told) / 2
        abroad_too = company.countries.keys() | {
            code for code, weight in context.weights.items() if weight >= 1
        }
        local = not abroad_too - {"US", name.country} and fold(name.text) in company.towns
        if votes.all.get("US", 0.0) < 3 * abroad:
            return None
        homes = [e for e in name.entries if _is_state(e) or (local and votes.around(e, "") >= _NEIGHBOURS)]
        near = [(votes.division(e, "") + 0.5 * votes.around(e, ""), e) for e in homes]
        likely = (pair for pair in near if pair[0] >= (_STATE_AT_HOME if _is_state(pair[1]) else _AT_HOME))
        return max(likely, key=lambda p: p[0], default=(0.0, None))[1]

    def _beside(self, text: str, name: Name) -> Beside:
        before, after = text[max(0, name.start - 24) : name.start], text[name.end : name.end + 40]
        behind = _COUNTRY_BEHIND.match(after)
        return Beside(
            before, after, self._states.after(after),
            self._names.country_of(behind[1]) if behind else None, is_town(before, after),
        )  # fmt: skip

    def _score(self, entry: Entry, folded: str, beside: Beside, context: Context, votes: Votes) -> float:
        score = math.log10(entry.population + 10) + context.bonus(entry) + _support(entry, folded, votes)
        if not entry.exact:
            score -= 1.5 if context.weights[entry.country] else 6
        if entry.geonames_id == 0:
            score += 1.3
        elif _is_called(entry, folded):
            score += 0.8  # what a place is called now, before what another once was
        divided = ADMIN.match(beside.after) or DIVISION_BEFORE.search(beside.before)
        if divided and entry.radius_km >= 15:
            score += 2.0
        elif entry.radius_km >= WIDE_KM and entry.geonames_id == 0:
            score -= 0.4
        if beside.state and entry.country == "US" and entry.admin1 == beside.state:
            score += 5.0
        return (
            score
            + 3.0 * (beside.country == entry.country)
            - 3.0 * (beside.town and (entry.radius_km >= WIDE_KM or bool(_DIVISION.search(entry.name))))
        )

    def _needed(self, best: Entry, text: str, name: Name, beside: Beside, context: Context) -> float:
        """The score from which a name is taken to be that place: less behind "in", more where it may be a person."""
        start = name.start
        need = 5.2 if text[start] < "\u0370" else 3.9 if text[start] < "\u0590" else 4.7
        if arabic.is_arabic(text[start]) and not arabic.is_near(best, bool(context.weights[best.country])):
            need += 1.5
        if not best.exact and not PREPOSITION.search(beside.before) and not ARTICLED.match(name.text):
            need += 1.5
        need += 1.0 * context.of_elsewhere(best)
        need -= 1.4 * bool(LOCATIVE.search(beside.before)) + 1.4 * bool(PREPOSITION.search(beside.before))
        need -= 0.7 * bool(context.weights[best.country] and KIND_AFTER.match(beside.after))
        need += 0.7 * (start == 0 or text[max(0, start - 2) : start] in _SENTENCE_STARTS)
        need += 3.5 * self._is_person(text, name, beside) + 2.0 * bool(ORGANISATION.match(beside.after))
        return need + 1.5 * (plain(name.text) in self._names.persons)

    def _is_person(self, text: str, name: Name, beside: Beside) -> bool:
        """Whether the words beside a name make it a person's or part of a longer name: "Paris Hilton", "Gen. Lee"."""
        if BEFORE_PERSON.search(beside.before) or AFTER_PERSON.match(beside.after):
            return True
        if INSTITUTION.match(beside.after):
            return False
        after = re.match(r" ([A-Z][a-z]+)\b", beside.after)
        if after and plain(after[1]) not in self._names.ordinary and not ADMIN.match(beside.after.lower()):
            return not self._gazetteer.lookup(after[1]) or plain(after[1]) in self._names.persons
        if CYRILLIC_PERSON.fullmatch(name.text) or CYRILLIC_GIVEN.search(
            text[max(0, name.start - 30) : name.start]
        ):
            return True
        before = re.search(r"(?:^|[^.!?\w] ?)\b([A-Z][a-z]+) $", text[max(0, name.start - 30) : name.start])
        if not before or before[1] in BEGINNING or PREPOSITION.search(before[1] + " "):
            return False
        return plain(before[1]) in self._names.persons or plain(before[1]) not in self._names.ordinary


_VOWEL = re.compile("[aeiouy]")


def _spelt(folded: str) -> str:
    """A folded name with the letters that spellings exchange: Slovyansk is Sloviansk."""
    return folded.replace("y", "i").replace("j", "i").replace("ii", "i")


def _is_called(entry: Entry, folded: str) -> bool:
    """Whether that is a place's own name, however spelt, rather than another one of it: Chlef was "Salif" to some."""
    own = fold(entry.name)
    if _spelt(own) == _spelt(folded) or alike(folded, entry.name) is Alike.SAME:
        return True
    return len(own) > 4 and _VOWEL.sub("a", own) == _VOWEL.sub("a", folded)  # Janin is Jenin


def _also_called(entry: Entry, called: set[str]) -> float:
    """What a place loses that is only also called so, where one of another country has the name."""
    return _ALSO if called and entry.country not in called else 0.0


def _articled(beside: Beside, spoken: bool) -> bool:
    """Whether an article makes a name a word's: nothing behind it says what place it is, or its country is not told."""
    return beside.before.lower().endswith(" the ") and not (spoken and KIND_AFTER.match(beside.after))


def _is_state(entry: Entry) -> bool:
    return entry.country == "US" and entry.geonames_id == 0 and entry.radius_km > WIDE_KM


def _countries(names: Sequence[tuple[Name, ...]]) -> Iterator[Name]:
    """The names of countries that are an American town's too."""
    return (name for readings in names for name in readings if name.country and name.entries)


def is_known(name: Name) -> bool:
    """Whether a name of several words is that of a city: where it stands for something else (the New York Times), so
    do its words."""
    return " " in name.text and any(e.exact and e.population >= _KNOWN for e in name.entries)


def _is_placed(beside: Beside) -> bool:
    """Whether the words beside a name make it a place's."""
    return bool(
        beside.state or beside.country or _INSIDE.search(beside.before) or INSTITUTION.match(beside.after)
    )


def _doubt(best: Entry, folded: str, name: Name, beside: Beside, company: Company) -> float:
    """How much more a mention needs that nothing beside it, nor the rest of the text, makes a place's."""
    if _is_placed(beside) or " " in name.text or not name.text.isascii() or best.population >= _KNOWN:
        return 0.0
    surname = best.country in ENGLISH and folded not in company.towns
    return _A_PERSON * (folded in company.people) + _NO_TOWN * surname


def _within(entry: Entry, beside: Beside) -> bool:
    """Whether a place lies where the words behind its name say: "Springfield, Ill.", "Tripoli, Lebanon"."""
    if beside.state:
        return entry.country == "US" and entry.admin1 == beside.state
    return entry.country == beside.country if beside.country else True


def _support(entry: Entry, folded: str, votes: Votes) -> float:
    """What the text's other names add to a place's score."""
    near = votes.division(entry, folded) + 0.5 * votes.around(entry, folded)
    return min(_MOST_VOTES, 1.3 * math.log2(1 + near)) + min(1.0, 0.15 * votes.country(entry, folded))
