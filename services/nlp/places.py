"""Finds and resolves places: a text in, the names of places in it with what the gazetteer makes of each out."""

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from services.nlp import countries
from services.nlp.gazetteer import Gazetteer
from services.nlp.names import Name, NameFinder
from services.nlp.namesakes import Company, Namesakes, is_known
from services.nlp.text import plain
from services.nlp.toponyms import Context, Found, as_dateline, dateline_end
from services.nlp.us_states import UsStates

MAX_PLACES = 300
MAX_NAMES = 1_500


class PlaceFinder:
    """Knows names; stateless over reports."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._states = UsStates()
        self._country_lexicon = countries.lexicon(self._states.codes())
        self._names = NameFinder(gazetteer, self._states)
        self._namesakes = Namesakes(gazetteer, self._states, self._names)

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
            hits = self._country_lexicon.find(plain(text))
            weights.update(countries.weigh(hits))
            states += countries.states_named(hits)
            for state, times in self._states.behind_towns(text).items():
                states[state] += 2 * times
        return Context(weights, states)

    def find(self, text: str, context: Context) -> list[Found]:
        """Every place named in the text, in order; at most `MAX_PLACES`.

        Twice over: what is found first, and leaves no doubt, tells of which countries the text speaks.
        """
        names = list(islice(self._names.all(text, context), MAX_NAMES))
        company = self._namesakes.company(text, names)
        found = self._pick(text, names, context, company)
        return self._pick(text, names, self._wider(found, context), company) if found else found

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
        return Found(name.start, name.end, name.text, best, best.country) if best else None

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
