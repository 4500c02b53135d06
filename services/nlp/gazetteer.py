"""The gazetteer: a name in, the places of that name out, from a file that is mapped, not loaded."""

import mmap
import struct
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from services.common.spelling import fold, skeleton, without_article
from services.nlp.gazetteer_build import SECTIONS, build, closed_up, home, stamp
from services.nlp.keys import key_of

MAX_NAMESAKES = 400
_TYPES = dict(zip(SECTIONS, "QIffIIfIIB", strict=True))


@dataclass(frozen=True, slots=True)
class Entry:
    """A place that the gazetteer knows."""

    name: str
    country: str
    admin1: str
    zone: str
    lat: float
    lon: float
    population: int
    geonames_id: int
    radius_km: float
    exact: bool = True
    """False where only the consonants agree."""


class Gazetteer:
    """Names to places. Opening takes milliseconds; memory is shared between processes."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        view = memoryview(self._map)
        sizes = struct.unpack_from(f"<{len(SECTIONS)}Q", view)
        at = 8 * len(SECTIONS)
        self._sections: dict[str, memoryview] = {}
        for name, size in zip(SECTIONS, sizes, strict=True):
            self._sections[name] = view[at : at + size].cast(_TYPES[name])  # type: ignore[call-overload]
            at += size + -size % 8
        self._keys, self._rows = self._sections["keys"], self._sections["key_rows"]
        self._zone_cache: dict[str, str] = {}
        self.lookup = lru_cache(maxsize=20_000)(self._lookup)

    @classmethod
    def open(cls, folder: Path | None = None) -> "Gazetteer":
        """Open the index in `folder`, building it first where it is missing or outdated."""
        folder = folder or home()
        path = folder / stamp()
        return cls(path if path.exists() else build(folder))

    def _lookup(self, name: str) -> tuple[Entry, ...]:
        """All places of that name, the most populous first; where none agrees, without spaces, else by consonants."""
        folded = fold(name)
        found = self._at(key_of(folded), True) or self._at(key_of(without_article(folded)), True)
        close = closed_up(name) if not found and name.isascii() else ""
        if close:
            found = self._at(key_of("=" + close), True)
        bones = skeleton(folded) if not found and name.isascii() else ""
        if bones:
            found = self._at(key_of("~" + bones), False)
        return tuple(sorted(found, key=lambda e: -e.population))

    def zone_of_country(self, country: str) -> str | None:
        """The zone of a country's most populous place."""
        return self._zones().get(country)

    def _zones(self) -> dict[str, str]:
        if not self._zone_cache:
            most: dict[str, int] = {}
            for row in self._big_rows():
                entry = self._entry(row, True)
                if entry.population > most.get(entry.country, -1):
                    most[entry.country], self._zone_cache[entry.country] = entry.population, entry.zone
        return self._zone_cache

    def _big_rows(self) -> list[int]:
        """Rows of some size, and enough of them to have one in every country."""
        population = self._sections["population"]
        return [row for row in range(len(population)) if population[row] >= 5_000]

    def _at(self, key: int, exact: bool) -> list[Entry]:
        at = bisect_left(self._keys, key)
        found: list[Entry] = []
        while at < len(self._keys) and self._keys[at] == key and len(found) < MAX_NAMESAKES:
            found.append(self._entry(self._rows[at], exact))
            at += 1
        return found

    def _entry(self, row: int, exact: bool) -> Entry:
        s = self._sections
        start, end = s["name_at"][row], s["name_at"][row + 1]
        name, country, admin1, zone = bytes(s["names"][start:end]).decode().split("\t")
        return Entry(
            name, country, admin1, zone, round(s["lat"][row], 5), round(s["lon"][row], 5),
            s["population"][row], s["ids"][row], round(s["radius"][row], 1), exact,
        )  # fmt: skip
