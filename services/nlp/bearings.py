"""Relative places: the words before a place's name ("60 nautical miles south-east of") in, distance and bearing out."""

import math
import re
from dataclasses import dataclass, replace

from services.nlp.earth import DEGREE_KM
from services.nlp.gazetteer import Entry
from services.nlp.numbers import TENS, UNITS

_REACH = 90
"""Characters before a name in which its distance is looked for."""
MAX_KM = 800.0
_LEAST_KM, _SHARE = 5.0, 0.25
"""How closely a distance is told: a quarter of it."""

_KM = {
    1.0: "km kms kilometre kilometres kilometer kilometers كم كيلومتر كيلومترا كيلومترات км километр километра "
    "километров километрах кілометр кілометри кілометрів кілометрах",
    1.609: "mile miles ميل أميال миля мили миль милях милі",
    1.852: "nm nmi",
}
_UNITS = {word: km for km, words in _KM.items() for word in words.split()}
_NUMBERS = {**UNITS, **TENS}
_FILLER = frozenset(
    re.split(
        " ",
        "to the due of from off outside away coast city town port village capital island base about just nautical here"
        " к от на від до за морских من عن إلى مدينة بلدة قرية ساحل سواحل ميناء",
    )
)
_COMPASS = (
    (re.compile(r"north|nord|север|північ|شمال"), (0.0, 1.0)),
    (re.compile(r"south|sud|южн|юго?\b|юг|півд|جنوب"), (0.0, -1.0)),
    (re.compile(r"east|восто|схід|сході|східн|شرق"), (1.0, 0.0)),
    (re.compile(r"west|запад|захід|захо|західн|غرب"), (-1.0, 0.0)),
)
_DISTANCE = re.compile(r"(?:\b(\d{1,4}(?:[.,]\d{1,2})?)|\b([a-z]{3,9})) ?([^\W\d_]+)")


@dataclass(frozen=True, slots=True)
class Away:
    """So far from a place; `east` and `north` are of a unit vector, both nought where no direction is told."""

    start: int
    km: float
    east: float
    north: float

    @property
    def directed(self) -> bool:
        """Whether a direction is told."""
        return bool(self.east or self.north)


def away(plain: str, at: int) -> Away | None:
    """How far from the name at offset `at` of a plain sentence; None where the words before it tell no distance."""
    begin = max(0, at - _REACH)
    before = plain[begin:at]
    for match in reversed(list(_DISTANCE.finditer(before))):
        unit = "nm" if match[3] == "nautical" else match[3]
        number = match[1] or match[2]
        value = float(number.replace(",", ".")) if match[1] else float(_NUMBERS.get(number, 0))
        if unit in _UNITS and value:
            km = value * _UNITS[unit]
            vector = _direction(_after_unit(before[match.end() :], match[3]))
            start = begin + match.start()
            return Away(start, km, *vector) if vector and km <= MAX_KM else None
    return None


def _after_unit(rest: str, unit: str) -> str:
    """Without the second half of "nautical miles" and without a distance in other units: "12 miles (20 km)"."""
    rest = re.sub(r"^ miles?\b", "", rest) if unit == "nautical" else rest
    return re.sub(r"^ ?\([^)]{0,24}\)", "", rest)


def _direction(between: str) -> tuple[float, float] | None:
    """The unit vector that the words between distance and name tell; None where they tell something else."""
    east = north = 0.0
    words = re.findall(r"\w+", between)
    for word in words:
        hits = [vector for pattern, vector in _COMPASS if pattern.search(word)]
        if not hits and word not in _FILLER:
            return None
        east, north = east + sum(v[0] for v in hits), north + sum(v[1] for v in hits)
    length = math.hypot(east, north)
    if not words:
        return None
    return (east / length, north / length) if length else (0.0, 0.0)


def moved(entry: Entry, by: Away) -> Entry:
    """The spot so far from a place; without a direction, the place with so much uncertainty."""
    if not by.directed:
        return replace(entry, radius_km=round(max(entry.radius_km, by.km + _LEAST_KM), 1), geonames_id=0)
    lat = min(90.0, max(-90.0, entry.lat + by.km * by.north / DEGREE_KM))
    lon = entry.lon + by.km * by.east / (DEGREE_KM * max(0.05, math.cos(math.radians(entry.lat))))
    radius = round(max(_LEAST_KM, _SHARE * by.km), 1)
    return replace(entry, lat=lat, lon=(lon + 180) % 360 - 180, radius_km=radius, geonames_id=0)
