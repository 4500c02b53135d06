"""Finds and resolves places: a text in, the names of places in it with what the gazetteer makes of each out."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from services.nlp import arabic, countries
from services.nlp.fold import fold
from services.nlp.gazetteer import Entry, Gazetteer
from services.nlp.names import Name, NameFinder
from services.nlp.text import plain
from services.nlp.toponyms import (
    ADMIN,
    AFTER_PERSON,
    ARTICLED,
    BEFORE_PERSON,
    LOCATIVE,
    ORGANISATION,
    PREPOSITION,
    STREET,
    Context,
    Found,
    abbreviates,
    as_dateline,
    dateline_end,
    is_town,
)
from services.nlp.us_states import UsStates

MAX_PLACES = 300


class PlaceFinder:
    """Knows names; stateless over reports."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._country_lexicon = countries.lexicon()
        self._states = UsStates(gazetteer)
        self._names = NameFinder(gazetteer, self._states)

    def country_of(self, name: str) -> str | None:
        """The code of a country of that name."""
        return self._names.country_of(name)

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
        names = list(self._names.all(text, context))
        found = self._pick(text, names, context)
        if any(arabic.is_arabic(place.name) for place in found):
            found = self._pick(text, names, self._wider(found, context))
        return self._by_neighbours(found, context)

    def _pick(self, text: str, names: Sequence[tuple[Name, ...]], context: Context) -> list[Found]:
        dateline = dateline_end(text)
        found: list[Found] = []
        reached = 0
        for readings in names:
            if readings[0].start < reached:
                continue
            match = next(filter(None, (self._resolve(text, name, context) for name in readings)), None)
            if match:
                found.append(match if match.end > dateline else as_dateline(match))
                reached = match.end
                if len(found) == MAX_PLACES:
                    break
        return found

    def _resolve(self, text: str, name: Name, context: Context) -> Found | None:
        if name.country:
            return Found(name.start, name.end, name.text, None, name.country)
        best = self._best(text, name.start, name.end, name.entries, context)
        return Found(name.start, name.end, name.text, best, best.country) if best else None

    def _best(
        self, text: str, start: int, end: int, entries: Sequence[Entry], context: Context
    ) -> Entry | None:
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
        return need + 1.5 * (plain(text[start:end]) in self._names.persons)

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
        if country and self._names.country_of(country[1]) == entry.country:
            score += 3.0
        return score

    def _beside_a_name(self, text: str, start: int, end: int) -> bool:
        """Part of a longer name that is no place: "Paris Hilton", "John Lincoln"."""
        after = re.match(r" ([A-Z][a-z]+)\b", text[end : end + 30])
        if after and plain(after[1]) not in self._names.ordinary and not ADMIN.match(text[end:].lower()[:20]):
            return not self._gazetteer.lookup(after[1]) or plain(after[1]) in self._names.persons
        before = re.search(r"(?:^|[^.!?\w] ?)\b([A-Z][a-z]+) $", text[max(0, start - 30) : start])
        return bool(before and (plain(before[1]) in self._names.persons or plain(before[1]) not in self._names.ordinary)
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
