"""What the names of one text speak for together: each name with its namesakes in, the regions that most share out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.nlp.gazetteer import Entry

Region = tuple[str, str] | tuple[int, int] | str
"""A division of a country, a cell of the globe, or a country."""

MAX_NAMES = 150
_NAMESAKES = 40
_CELL_DEGREES = 1.0


@dataclass(frozen=True, slots=True)
class Votes:
    """How many names speak for each region: a name with one namesake gives it 1, one with ten a tenth to each."""

    all: Mapping[Region, float]
    of: Mapping[str, Mapping[Region, float]]

    def division(self, entry: Entry, name: str) -> float:
        """Votes of the text's other names for the division in which a place lies."""
        return self._others((entry.country, entry.admin1), name)

    def country(self, entry: Entry, name: str) -> float:
        """Votes of the text's other names for a place's country."""
        return self._others(entry.country, name)

    def around(self, entry: Entry, name: str) -> float:
        """Votes of the text's other names for what lies within about two hundred kilometres of a place."""
        lat, lon = _cell(entry)
        return sum(self._others((lat + n, lon + m), name) for n in (-1, 0, 1) for m in (-1, 0, 1))

    def _others(self, region: Region, name: str) -> float:
        total = self.all.get(region, 0.0)
        return total - self.of.get(name, {}).get(region, 0.0) if total else 0.0


def _cell(entry: Entry) -> tuple[int, int]:
    return int(entry.lat // _CELL_DEGREES), int(entry.lon // _CELL_DEGREES)


def count(names: Iterable[tuple[str, Iterable[Entry], float]]) -> Votes:
    """The votes of names (folded, each with its namesakes and how likely it is a place's at all, 0 to 1)."""
    every: dict[Region, float] = defaultdict(float)
    of: dict[str, dict[Region, float]] = {}
    for name, entries, weight in names:
        if name in of or len(of) >= MAX_NAMES:
            continue
        of[name] = _shares(list(entries)[:_NAMESAKES], weight)
        for region, share in of[name].items():
            every[region] += share
    return Votes(every, of)


def _shares(entries: list[Entry], weight: float) -> dict[Region, float]:
    """One name's vote, shared among its namesakes; a populous one gets more, by the square root."""
    sizes = {e: (e.population + 2000) ** 0.5 for e in entries}
    total = sum(sizes.values())
    shares: dict[Region, float] = defaultdict(float)
    for entry, size in sizes.items():
        for region in ((entry.country, entry.admin1), _cell(entry), entry.country):
            shares[region] += weight * size / total
    return shares
