"""Divisions of countries: GeoNames' provinces and the counties of the United States in, rows of the index out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from services.common.spelling import fold
from services.nlp.data_files import DATA
from services.nlp.earth import flat_km
from services.nlp.rows import Row

FILES = ("admin1.tsv", "us_counties.tsv")
_KINDS = (
    "province", "region", "governorate", "oblast", "oblast'", "state", "department", "district", "county", "division",
    "prefecture", "voblasts'", "rayon", "parish", "republic",
)  # fmt: skip
_VAGUE = frozenset(
    ["central", "capital", "centre", "north", "south", "east", "west", "northern", "southern", "eastern", "western",
     "northeast", "northwest", "southeast", "southwest", "plateau", "littoral", "sahel", "nord", "sud", "est", "ouest",
     "centro", "norte", "union", "plains", "upper", "lower", "other", "border", "federal", "highlands", "islands"]
)  # fmt: skip
"""Names of divisions that are words first: known with their kind only ("Northern Province")."""
_PEOPLE = 400_000
_REGION_KM = 30.0
_WIDEST_KM = 400.0
_MISPLACED = 0.02
_MOST = 2.0
"""How much wider than our own file says a region may become."""
_COUNTY_PEOPLE = 20_000


def _lines(name: str) -> Iterator[list[str]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def provinces(known: Iterable[Row]) -> Iterator[Row]:
    """First-order divisions of every country but the United States, each amid its towns.

    What is known already stays: "Aleppo" is the town, only "Aleppo province" the division.
    """
    towns: dict[str, list[Row]] = defaultdict(list)
    names: dict[str, set[str]] = defaultdict(set)
    for city in known:
        towns[f"{city.country}.{city.admin1}"].append(city)
        names[city.country].update(fold(name) for name in (city.name, *city.aliases))
    for code, name, geonames_id in _lines("admin1.tsv"):
        country, _, admin1 = code.partition(".")
        aliases = tuple(a for a in _called(name) if fold(a) not in names[country])
        if towns[code] and aliases:
            yield _amid(aliases, country, admin1, int(geonames_id), towns[code])


def widened(own: Iterable[Row], known: Iterable[Row]) -> Iterator[Row]:
    """Our own regions, each as wide as the division of its name: it reaches its farthest town."""
    towns: dict[str, list[Row]] = defaultdict(list)
    for city in known:
        towns[f"{city.country}.{city.admin1}"].append(city)
    codes = {(code[:2], fold(name)): code for code, bare, _ in _lines("admin1.tsv") for name in _called(bare)}
    for row in own:
        names = (fold(name) for name in (row.name, *row.aliases)) if row.radius_km >= _REGION_KM else ()
        code = next((codes[row.country, name] for name in names if (row.country, name) in codes), None)
        reach = _reach_km(row.lat, row.lon, towns[code]) if code else 0.0
        yield replace(row, radius_km=max(row.radius_km, min(_WIDEST_KM, _MOST * row.radius_km, reach)))


def _reach_km(lat: float, lon: float, towns: Iterable[Row]) -> float:
    """Kilometres to the farthest town, without the few that are entered in a division where they do not lie."""
    far = sorted(flat_km(lat, lon, t.lat, t.lon) for t in towns)
    kept = far[: len(far) - int(_MISPLACED * len(far))]
    return round(max(kept, default=0.0), 1)


def is_vague(name: str) -> bool:
    """Whether a name is made of common words alone: "Southern Province"."""
    words = name.lower().split()
    return words[0] in _VAGUE and (len(words) == 1 or words[-1] in _KINDS)


def _called(name: str) -> Iterator[str]:
    words = name.split()
    bare = " ".join(words[:-1]) if len(words) > 1 and words[-1].lower().replace("’", "'") in _KINDS else name
    if fold(bare) not in _VAGUE and len(bare) > 3:
        yield bare
    for kind in ("province", "region", "governorate", "state", "oblast", "prefecture", "department"):
        yield f"{bare} {kind}"


def _amid(aliases: tuple[str, ...], country: str, admin1: str, geonames_id: int, towns: list[Row]) -> Row:
    lats, lons = sorted(t.lat for t in towns), sorted(t.lon for t in towns)
    lat, lon = _middle(lats), _middle(lons)
    zone = max(towns, key=lambda t: t.population).zone
    people = min(_PEOPLE, sum(t.population for t in towns))
    radius = min(_WIDEST_KM, max(10.0, _reach_km(lat, lon, towns)))
    return Row(aliases[0], aliases[1:], country, admin1, zone, lat, lon, people, geonames_id, radius)


def _middle(values: list[float]) -> float:
    """Near the middle of the range; a little towards the median, since a few towns lie far out."""
    return round(0.8 * (values[0] + values[-1]) / 2 + 0.2 * values[len(values) // 2], 4)


def counties(cities: Iterable[Row]) -> Iterator[Row]:
    """Counties of the United States by their full names ("Madison County", "Rapides Parish")."""
    zones: dict[str, str] = {}
    for city in sorted((c for c in cities if c.country == "US"), key=lambda c: c.population):
        zones[city.admin1] = city.zone
    for state, name, lat, lon, radius in _lines("us_counties.tsv"):
        if not name.endswith(" city"):  # Virginia's independent cities are cities of the gazetteer
            yield Row(
                name, (), "US", state, zones[state], float(lat), float(lon), _COUNTY_PEOPLE, 0, float(radius)
            )
