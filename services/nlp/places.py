"""Finds and resolves places: a text in, the names of places in it with what the gazetteer makes of each out."""

import math
import re
from collections import Counter

from services.nlp import arabic, countries, seats
from services.nlp.data_files import read_yaml
from services.nlp.fold import fold
from services.nlp.gazetteer import Entry, Gazetteer
from services.nlp.text import plain
from services.nlp.timewords import MONTHS
from services.nlp.toponyms import (
    ADMIN,
    AFTER_PERSON,
    ARTICLED,
    BEFORE_PERSON,
    LOCATIVE,
    ORGANISATION,
    PREPOSITION,
    STREET,
    TOKEN,
    Context,
    Found,
    abbreviates,
    as_dateline,
    dateline_end,
    inflected,
    is_river,
    is_town,
    joined,
    may_begin,
    without_possessive,
)
from services.nlp.us_states import UsStates

MAX_PLACES = 300


class PlaceFinder:
    """Knows names; stateless over reports."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._countries = countries.names()
        self._country_lexicon = countries.lexicon()
        words = read_yaml("ordinary.yaml")
        self._ordinary = frozenset(str(words["words"]).split())
        self._others = frozenset(str(words["others"]).split())
        named = (str(term) for actor in read_yaml("actors.yaml")["actors"] for term in actor["terms"])
        self._parties = frozenset(key for key in map(plain, named) if key not in self._countries)
        self._persons = frozenset(str(words["persons"]).split())
        self._states = UsStates(gazetteer)

    def country_of(self, name: str) -> str | None:
        """The code of a country of that name."""
        return self._countries.get(plain(name))

    def context(self, *texts: str, language: str | None = None) -> Context:
        """What the texts speak of. A language spoken in one country speaks for that country."""
        weights: Counter[str] = (
            Counter({"UA": 2})
            if language == "uk"
            else Counter({"RU": 1, "UA": 1})
            if language == "ru"
            else Counter()
        )
        states: Counter[str] = Counter()
        for text in texts:
            weights.update(countries.weigh(self._country_lexicon.find(plain(text))))
            states += self._states.named(text)
        return Context(weights, states)

    def find(self, text: str, context: Context) -> list[Found]:
        """Every place named in the text, in order; at most `MAX_PLACES`.

        Where there are no capitals to go by, what is found first tells of which countries the text speaks.
        """
        found = self._found(text, context)
        if any(arabic.is_arabic(place.name) for place in found):
            found = self._found(text, self._wider(found, context))
        return self._by_neighbours(found, context)

    def _found(self, text: str, context: Context) -> list[Found]:
        tokens = [(m.start(), m.end()) for m in TOKEN.finditer(text)]
        dateline = dateline_end(text)
        found: list[Found] = []
        at = 0
        while at < len(tokens) and len(found) < MAX_PLACES:
            match = self._longest(text, tokens, at, context)
            if match:
                found.append(match if match.end > dateline else as_dateline(match))
                while at < len(tokens) and tokens[at][0] < match.end:
                    at += 1
            else:
                at += 1
        return found

    def _longest(self, text: str, tokens: list[tuple[int, int]], at: int, context: Context) -> Found | None:
        start = tokens[at][0]
        if not may_begin(text, start, tokens[at][1]):
            return None
        for size in range(min(5, len(tokens) - at), 0, -1):
            end = tokens[at + size - 1][1]
            if not joined(text, tokens[at : at + size]):
                continue
            while end > start and text[end - 1] in ".'’":
                end -= 1
            name = text[start:end]
            match = self._resolve(text, start, end, name, context)
            if match:
                return match
        return None

    def _resolve(self, text: str, start: int, end: int, name: str, context: Context) -> Found | None:
        form = without_possessive(name)
        key = plain(form)
        country = self._country(key, text, start, start + len(form), context)
        if country:
            code, skipped = country
            return Found(start + skipped, start + len(form), form[skipped:], None, code)
        if self._is_word(text, start, end, name, context):
            return None
        entries = [*self._gazetteer.lookup(form), *self._states.entries(key)]
        if not entries and not form.isascii():
            entries = list(inflected(form, self._gazetteer))
        entries = [e for e in entries if not abbreviates(form, e)]
        best = self._best(text, start, start + len(form), entries, context)
        return Found(start, start + len(form), form, best, best.country) if best else None

    def _country(self, key: str, text: str, start: int, end: int, context: Context) -> tuple[str, int] | None:
        """The country of that name, and how many characters (Arabic particles) stand before the name.

        None where the text means the American state or town called like it.
        """
        forms = [key, *(arabic.unprefixed(key) if arabic.is_arabic(key) else ())]
        found = next(((self._countries[f], len(key) - len(f)) for f in forms if f in self._countries), None)
        if found is None or self._is_us_state(key, context):
            return None
        return None if found[0] != "US" and self._states.after(text[end : end + 40]) else found

    def _is_word(self, text: str, start: int, end: int, name: str, context: Context) -> bool:
        """Whether a capitalised word is no name of a place: a common word, a month, a party, a river."""
        key = plain(without_possessive(name))
        if len(name) < 3 or (name.isupper() and len(name) < 4):
            return True
        if key in self._others or key.rstrip(".") in MONTHS or is_river(text, start, end):
            return True
        if arabic.is_arabic(name):
            return arabic.is_common(name, text[max(0, start - 16) : start])
        if key in self._parties:
            return not (seats.is_seat(key) and seats.means_the_city(text, start, end))
        lower = name[-1:].islower() and not any(c.isupper() for c in name[1:])
        if not lower or key not in self._ordinary:
            return False
        return not self._strong(text, start, end) and not self._town_of(text, start, key, context)

    def _town_of(self, text: str, start: int, key: str, context: Context) -> bool:
        """Whether a common word names a large town of a country that the text speaks of: "a shell fell in Tyre"."""
        if not re.search(
            r"\b(?:in|near|outside|at|hit|struck|on)$|['’]s$", text[max(0, start - 9) : start].rstrip(" ")
        ):
            return False
        towns = (e for e in self._gazetteer.lookup(key) if e.exact and e.population >= 100_000)
        return any(context.weights[e.country] >= 2 for e in towns)

    def _is_us_state(self, key: str, context: Context) -> bool:
        return key == "georgia" and (
            context.weights["US"] > context.weights["GE"] or context.states["GA"] > 2
        )

    def _strong(self, text: str, start: int, end: int) -> bool:
        return bool(
            re.search(r"\b(?:in|near|outside|at|of) $", text[max(0, start - 9) : start])
            and re.match(r", [A-Z]|'?s? (?:province|region|city)\b", text[end:])
        )

    def _best(self, text: str, start: int, end: int, entries: list[Entry], context: Context) -> Entry | None:
        if not entries:
            return None
        before, after = text[max(0, start - 24) : start], text[end : end + 40]
        state = self._states.after(after)
        folded = fold(text[start:end])
        town = is_town(before, after)
        scored = sorted(
            (
                (self._score(e, folded, after, state, context) - (town and 3.0 * (e.radius_km >= 30)), e)
                for e in entries
            ),
            key=lambda p: -p[0],
        )
        score, best = scored[0]
        if STREET.match(after) or (re.search(r"\b[Tt]he $", before) and best.geonames_id):
            return None
        if end - start < 4 and best.geonames_id and not context.weights[best.country]:
            return None
        return best if score >= self._needed(best, text, start, end, context) else None

    def _needed(self, best: Entry, text: str, start: int, end: int, context: Context) -> float:
        """The score from which a name is taken to be that place: less behind "in", more where it may be a person."""
        before, after = text[max(0, start - 24) : start], text[end : end + 40]
        need = 5.2 if text[start] < "\u0370" else 3.9 if text[start] < "\u0590" else 4.7
        if arabic.is_arabic(text[start]) and not arabic.is_near(best, bool(context.weights[best.country])):
            need += 1.5
        if not best.exact and not PREPOSITION.search(before) and not ARTICLED.match(text[start:end]):
            need += 1.5
        need += 1.0 * context.of_elsewhere(best)
        need -= 1.4 * bool(LOCATIVE.search(before)) + 1.4 * bool(PREPOSITION.search(before))
        need += 0.7 * (start == 0 or text[max(0, start - 2) : start] in (". ", "\n", "\n\n"))
        if BEFORE_PERSON.search(before) or AFTER_PERSON.match(after) or self._beside_a_name(text, start, end):
            need += 3.5
        need += 2.0 * bool(ORGANISATION.match(after))
        return need + 1.5 * (plain(text[start:end]) in self._persons)

    def _score(self, entry: Entry, folded: str, after: str, state: str | None, context: Context) -> float:
        score = math.log10(entry.population + 10) + context.bonus(entry)
        if not entry.exact:
            score -= 1.5 if context.weights[entry.country] else 6
        if entry.geonames_id == 0:
            score += 1.3
        elif fold(entry.name) == folded:
            score += 0.8
        if ADMIN.match(after) and entry.radius_km >= 15:
            score += 2.0
        elif entry.radius_km >= 30 and entry.geonames_id == 0:
            score -= 0.4
        if state and entry.country == "US" and entry.admin1 == state:
            score += 5.0
        country = re.match(r",? (?:in |in the )?([A-Z][a-z]+(?: [A-Z][a-z]+)?)", after)
        if country and self._countries.get(plain(country[1])) == entry.country:
            score += 3.0
        return score

    def _beside_a_name(self, text: str, start: int, end: int) -> bool:
        """Part of a longer name that is no place: "Paris Hilton", "John Lincoln"."""
        after = re.match(r" ([A-Z][a-z]+)\b", text[end : end + 30])
        if after and plain(after[1]) not in self._ordinary and not ADMIN.match(text[end:].lower()[:20]):
            return not self._gazetteer.lookup(after[1]) or plain(after[1]) in self._persons
        before = re.search(r"(?:^|[^.!?\w] ?)\b([A-Z][a-z]+) $", text[max(0, start - 30) : start])
        return bool(before and (plain(before[1]) in self._persons or plain(before[1]) not in self._ordinary)
                    and not PREPOSITION.search(before[1] + " "))  # fmt: skip

    def _by_neighbours(self, found: list[Found], context: Context) -> list[Found]:
        """Settles doubtful names once more, with the countries of the places found beside them."""
        wider = self._wider(found, context)
        return [self._again(place, wider) for place in found]

    def _wider(self, found: list[Found], context: Context) -> Context:
        """The context with the countries of places that leave no doubt."""
        weights = Counter(context.weights)
        for place in found:
            if place.country and (
                place.entry is None or place.entry.population > 100_000 or self._only_there(place)
            ):
                weights[place.country] += 2
        return Context(weights, context.states)

    def _only_there(self, place: Found) -> bool:
        """Whether every place of that name lies in one country."""
        return len({e.country for e in self._gazetteer.lookup(place.name)}) == 1

    def _again(self, place: Found, context: Context) -> Found:
        if place.entry is None:
            return place
        entries = [e for e in self._gazetteer.lookup(place.name) if not abbreviates(place.name, e)] or [
            place.entry
        ]
        if place.entry not in entries:
            return place
        folded = fold(place.name)
        base = {e: self._score(e, folded, "", None, context) for e in entries}
        base[place.entry] += 0.8
        best = max(entries, key=lambda e: base[e])
        if best.country == place.entry.country:
            return place
        return Found(place.start, place.end, place.name, best, best.country, place.dateline)
