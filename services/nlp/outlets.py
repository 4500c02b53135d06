"""Where an outlet is at home: a report's source and address in, the country that it writes of unless it says so out.

A local outlet rarely names its own country. What its name tells is the weakest word about a report's country, and
counts only where the text has none.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from schemas.report import Report
from services.common.spelling import fold
from services.nlp import countries
from services.nlp.data_files import read_yaml
from services.nlp.gazetteer import Gazetteer
from services.nlp.text import plain

MAX_NAME = 120
"""Characters of an outlet's name that are looked at."""
_MOST_WORDS = 3
_TOWN, _TOWN_OF_WORDS = 50_000, 20_000
"""Inhabitants of towns that outlets are called after; of one whose name has several words, which is rarely a word."""
_CLEAR = 5
"""How many times as many inhabitants a town has as its namesakes abroad, where an outlet's name means it."""
_WORD = re.compile(r"[^\W\d_][\w'’.-]*")
_GENERIC = frozenset(
    ["tv", "io", "me", "co", "ai", "fm", "am", "cc", "ly", "to", "la", "eu", "gg", "su", "ws"]
)
"""National domains that outlets of anywhere use."""


class Outlets:
    """Knows outlets by name, by the place in their name and by their national domain; stateless over reports."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        data = read_yaml("outlets.yaml")
        self._abroad = frozenset(data["seats_of_the_press"])
        self._known = {fold(str(n)): code for code, names in data["outlets"].items() for n in names}
        self._regions = {fold(str(n)): code for code, names in data["regions"].items() for n in names}
        ordinary = read_yaml("ordinary.yaml")
        self._words = frozenset(f"{ordinary['words']} {ordinary['persons']} {ordinary['openers']}".split())
        self._named = lru_cache(maxsize=4_096)(self._by_name)

    def home_of(self, report: Report) -> str | None:
        """The country (ISO 3166 alpha-2) of a report's publisher, else of its source, else of its address.

        None where nothing tells it, or where it is one whose outlets write of the whole world.
        """
        names = (name[:MAX_NAME] for name in (report.publisher, report.source) if name)
        named = next(filter(None, map(self._named, names)), None)
        home = named or _of_domain(report.url)
        return None if home in self._abroad else home

    def _by_name(self, name: str) -> str | None:
        known = self._known.get(fold(name))
        return known or self._of_all(_WORD.findall(name))

    def _of_all(self, words: list[str]) -> str | None:
        """The one country that a name's words tell, the longest runs of them first."""
        found: dict[int, str] = {}
        for length in range(min(_MOST_WORDS, len(words)), 0, -1):
            for at in range(len(words) - length + 1):
                run = range(at, at + length)
                land = None if found.keys() & run else self._of_words(" ".join(words[at : at + length]))
                if land:
                    found |= dict.fromkeys(run, land)
        lands = set(found.values()) - self._abroad  # "Kabul Daily in English"
        return lands.pop() if len(lands) == 1 else None

    def _of_words(self, words: str) -> str | None:
        key = plain(words).removesuffix("'s")
        land = self._regions.get(fold(key)) or countries.code_of(key)
        if land or key in self._words:
            return land
        return self._of_town(key)

    def _of_town(self, key: str) -> str | None:
        """The country of the town of that name: not of those that are only called so too, as Basel is "Bale"."""
        exact = [e for e in self._gazetteer.lookup(key) if e.exact]
        towns = [e for e in exact if fold(e.name) == fold(key)] or exact
        if not towns or towns[0].population < (_TOWN_OF_WORDS if " " in key else _TOWN):
            return None
        home = towns[0].country
        most = max((e.population for e in towns if e.country != home), default=0)
        return home if towns[0].population >= _CLEAR * most else None


def _of_domain(url: str | None) -> str | None:
    """The country of a national top-level domain: of "https://example.com.ng/" it is NG."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    ending = host.rpartition(".")[2]
    if len(ending) != 2 or ending in _GENERIC:
        return None
    code = "GB" if ending == "uk" else ending.upper()
    return code if countries.name_of(code) else None
