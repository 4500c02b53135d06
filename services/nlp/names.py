"""Names that may be places: a text in, each name with the countries and places that are called so out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from services.nlp import arabic, countries, seats
from services.nlp.data_files import read_yaml
from services.nlp.gazetteer import Entry, Gazetteer
from services.nlp.inflection import inflected
from services.nlp.text import plain
from services.nlp.timetypes import MONTHS
from services.nlp.toponyms import (
    ARTICLED,
    ENGLISH,
    SMALL,
    TOKEN,
    Context,
    abbreviates,
    is_river,
    without_case,
    without_possessive,
)
from services.nlp.us_states import DOTTED, SHORT, UsStates

MAX_WORDS = 5
MAX_BEGINNINGS = 10_000
"""Words of a text that are looked at: the capitals of a book, every word of sixty pages in Arabic."""
_WHERE = re.compile(r"\b(?:in|near|outside|at|hit|struck|on)$|['’]s$", re.IGNORECASE)
_DISTRICT = re.compile(r" (?:[Dd]istrict|[Gg]overnorate|[Pp]rovince)\b")
_SPOKEN = 0.5
"""What a text must speak of a country for a common word to be its town, where people are not called so."""
_BETWEEN = frozenset([" ", "-", "\u00a0"])
_CAPITAL = re.compile(r"[A-Z]")
_OPENING = re.compile(r"[^\W\d_a-z]")
"""A capital, or a letter of a script without capitals (and small letters beyond a to z, which begin no name)."""
_ROAD = re.compile(r"([^\W\d_]{3,})[-–]([A-ZÀ-Þ][^\W\d_]{2,})\b")
_CONTRACTION = re.compile(r"'(?:ll|ve|t|re|d|m)$")
_DATELINE = re.compile(r",? ?[A-Z(–—-]|, ")
_WITHIN = frozenset("'’`ʼ-")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: a country's where `country` is set, else that of any of `entries`.

    Of a country's name, `entries` are the American state and towns that are called like it.
    """

    start: int
    end: int
    text: str
    country: str | None = None
    entries: tuple[Entry, ...] = ()


class NameFinder:
    """Knows names of places and words that are none; stateless over texts."""

    def __init__(self, gazetteer: Gazetteer, states: UsStates) -> None:
        self._gazetteer, self._states = gazetteer, states
        self._countries = countries.names()
        words = read_yaml("ordinary.yaml")
        self.ordinary = frozenset(str(words["words"]).split())
        self.persons = frozenset(str(words["persons"]).split())
        self._never = frozenset(
            [*str(words["others"]).split(), *map(plain, words["phrases"]), *countries.peoples()]
        )
        self._openers = frozenset(str(words["openers"]).split())
        named = (str(term) for actor in read_yaml("actors.yaml")["actors"] for term in actor["terms"])
        self._parties = frozenset(key for key in map(plain, named) if key not in self._countries)

    def fighters(self) -> dict[str, str]:
        """Plain names of armed groups to the country in which they fight."""
        actors = [a for a in read_yaml("actors.yaml")["actors"] if a["side"] == "armed" and a.get("country")]
        terms = ((plain(str(term)), str(a["country"])) for a in actors for term in a["terms"])
        known = self.ordinary | self.persons | self._never
        return {t: code for t, code in terms if len(t) > 2 and t not in known and not arabic.is_common(t, "")}

    def country_of(self, name: str) -> str | None:
        """The code of a country of that name."""
        return self._countries.get(plain(name))

    def all(self, text: str, context: Context) -> Iterator[tuple[Name, ...]]:
        """For each word that may begin a name, in order, what it may be the name of: the longest name first."""
        for start in islice(_beginnings(text), MAX_BEGINNINGS):
            readings = tuple(self._readings(text, start, context))
            if readings:
                yield readings

    def is_no_place(self, text: str, start: int, end: int) -> bool:
        """Whether the words there name no place whatever they stand beside: a month, a people, a party, a person."""
        form = without_possessive(text[start:end])
        key = plain(form)
        if key in self._never or key in self._parties or key.rstrip(".") in MONTHS:
            return True
        if key in self._countries or ("\u0590" <= key[:1] <= "\u05ff" and key[1:] in self._countries):
            return True
        if arabic.is_arabic(form):
            return arabic.is_common(form, text[max(0, start - 16) : start])
        words = key.split()
        return (
            all(w in self.ordinary or w in self._openers or len(w) < 3 for w in words)
            or words[0] in self.persons
        )

    def _readings(self, text: str, start: int, context: Context) -> Iterator[Name]:
        found = False
        for end in reversed(_ends(text, start, self._openers)):
            while end > start and text[end - 1] in ".'’":
                end -= 1
            name = self._name(text, start, end, context)
            if name:
                found = True
                yield name
        road = None if found else _ROAD.match(text, start)
        if road:
            yield from self._road(road)

    def _road(self, road: re.Match[str]) -> Iterator[Name]:
        """The first of two towns by which a road is told, where one country has both: "the Téra-Bankilaré axis"."""
        first, last = ([e for e in self._gazetteer.lookup(name) if e.exact] for name in road.groups())
        shared = {e.country for e in first} & {e.country for e in last}
        entries = tuple(e for e in first if e.country in shared)
        if entries:
            yield Name(road.start(), road.end(1), road[1], None, entries)

    def _name(self, text: str, start: int, end: int, context: Context) -> Name | None:
        written = text[start:end]
        form = self._uninflected(without_possessive(written))
        key, stop = plain(form), start + len(form)
        state = self._short_state(text, start, end)
        if state:
            return Name(start, stop, form, None, (state,))
        country = self._country(key, text, start, stop)
        if country:
            code, skipped = country
            return Name(start + skipped, stop, form[skipped:], code, self._american(form, text, start, stop))
        if self._is_word(text, start, end, written, context):
            return None
        entries = self._places(form, text, start, stop)
        if not form.isascii() and not any(e.exact for e in entries):
            cases = list(inflected(form, self._gazetteer))
            entries = [e for e in cases if e.exact] or entries or cases
        kept = tuple(e for e in entries if not abbreviates(form, e))
        return Name(start, stop, form, None, kept) if kept else None

    def _uninflected(self, form: str) -> str:
        """Without a Turkish ending, unless a place or a country is called so with it."""
        base = without_case(form)
        return base if base != form and not any(e.exact for e in self._gazetteer.lookup(form)) else form

    def _places(self, form: str, text: str, start: int, stop: int) -> list[Entry]:
        before, after = text[max(0, start - 12) : start], text[stop : stop + 24]
        return [*self._gazetteer.lookup(form), *self._states.entries(plain(form), before, after)]

    def _american(self, form: str, text: str, start: int, stop: int) -> tuple[Entry, ...]:
        return tuple(e for e in self._places(form, text, start, stop) if e.country == "US" and e.exact)

    def _short_state(self, text: str, start: int, end: int) -> Entry | None:
        """The American state that is shortened there: "W.Va." anywhere, "Mo." behind a comma."""
        if DOTTED.fullmatch(text, start, end):
            return self._states.entry(self._states.short(text[start:end]) or "")
        if text[start - 2 : start] != ", " or not text[start - 3 : start - 2].isalpha() or end - start > 6:
            return None
        short = SHORT.match(text, start)
        code = self._states.short(short[0]) if short and short.end() >= end else None
        return self._states.entry(code) if code else None

    def _country(self, key: str, text: str, start: int, end: int) -> tuple[str, int] | None:
        """The country of that name, and how many characters (Arabic particles) stand before the name.

        None where the text means the American town called like it ("Lebanon, Tenn.").
        """
        dotted = [key + "."] if "." in key else []
        forms = [key, *dotted, *(arabic.unprefixed(key) if arabic.is_arabic(key) else ())]
        known = (f for f in forms if f in self._countries)
        found = next(((self._countries[f], max(0, len(key) - len(f))) for f in known), None)
        american = found and found[0] != "US" and self._states.after(text[end : end + 40])
        return None if american else found

    def _is_word(self, text: str, start: int, end: int, name: str, context: Context) -> bool:
        """Whether a capitalised word is no name of a place: a common word, a month, a party, a river."""
        key = plain(without_possessive(name))
        if len(name) < 3 or (name.isupper() and len(name) < 4) or _CONTRACTION.search(key):
            return True
        if key in self._never or key.rstrip(".") in MONTHS or is_river(text, start, end):
            return True
        if arabic.is_arabic(name):
            return arabic.is_common(name, text[max(0, start - 16) : start])
        if key in self._parties:
            return not (seats.is_seat(key) and seats.means_the_city(text, start, end))
        lower = name[-1:].islower() and not any(c.isupper() for c in name[1:])
        if key not in self.ordinary or not (lower or (name.isupper() and not _DATELINE.match(text, end))):
            return False
        if _strong(text, start, end) or self._town_of(text, start, key, context):
            return False
        return not (_DISTRICT.match(text, end) and self._is_large(key))

    def _is_large(self, key: str) -> bool:
        """Whether a common word is the name of a large town too: "Tyre district"."""
        return any(e.exact and e.population >= 100_000 for e in self._gazetteer.lookup(key))

    def _town_of(self, text: str, start: int, key: str, context: Context) -> bool:
        """Whether a common word names a large town of a country that the text speaks of: "a shell fell in Tyre"."""
        if not _WHERE.search(text[max(0, start - 9) : start].rstrip(" ")):
            return False
        towns = (e for e in self._gazetteer.lookup(key) if e.exact and e.population >= 100_000)
        return any(context.weights[e.country] >= (2 if e.country in ENGLISH else _SPOKEN) for e in towns)


def _beginnings(text: str) -> Iterator[int]:
    """Where a word begins that may begin a name: with a capital, without capitals to go by, or as in "al-Bab"."""
    for match in (_CAPITAL if text.isascii() else _OPENING).finditer(text):
        at, before = match.start(), text[match.start() - 1 : match.start()]
        inside = before in _WITHIN and text[at - 2 : at - 1].isalnum()
        if (
            inside
            and before == "-"
            and ARTICLED.match(text[at - 3 : at + 1])
            and not text[at - 4 : at - 3].isalnum()
        ):
            yield at - 3
        elif not (inside or before.isalnum() or match[0].islower()):
            yield at


def _ends(text: str, start: int, openers: frozenset[str]) -> list[int]:
    """Where the names that begin there may end: only spaces or hyphens within, capitals but for small words."""
    ends: list[int] = []
    at = start
    for count in range(MAX_WORDS):
        token = TOKEN.match(text, at)
        if not token:
            break
        word, end = token[0], token.end()
        if count == 0:
            ends += [end] * (word not in openers)
        elif word.lower().rstrip(".") not in SMALL:
            if word[0].islower() and not ARTICLED.match(word):
                break
            ends.append(end)
        at = end + (text[end : end + 1] in _BETWEEN)
    return ends


def _strong(text: str, start: int, end: int) -> bool:
    return bool(
        re.search(r"\b(?:in|near|outside|at|of) $", text[max(0, start - 9) : start])
        and re.match(r", [A-Z]|'?s? (?:province|region|city)\b", text[end:])
    )
