"""The part of a score that places have: two places in, points for or against their being one out. Pure.

By distance where the gazetteer knows both; a place as told, of which only what holds it is known, goes by its name.
"""

import re

from schemas.event import Place
from services.common.spelling import Alike, alike
from services.dedup.geography import DISTRICT_RADIUS_KM, distance_km, is_town, reach_km
from services.dedup.parts import PLACE_SLACK_KM, Part

ONE_SPOT_KM = 3.0
SAME_SPOT_KM = 1.5
"""Two entries of the gazetteer so near each other are one settlement by two names."""
VILLAGE_KM = 3.0
"""Up to this radius a settlement is too small to hold another one."""
TOLD_KM = 300.0
"""How far apart the places may lie by which two reports tell one name."""
WIDE_AREA_KM = 200.0
COUNTRYSIDE_KM = 40.0
"""How far a town's villages lie around it."""

SPRAWL = 1.25
"""How much farther than its radius, which its inhabitants give, a city's quarters reach."""
OTHER_VILLAGE = -3.0
"""Two names in one neighbourhood: outweighs the day, the toll and the parties of a template filled in twice."""
OTHER_TOWN = -2.0
OTHER_DISTRICT = -1.0
NEXT_TOWN = -1.0
"""Two settlements of the gazetteer side by side: each has its own name."""

_AREA = re.compile(
    r"\b(?:district|township|area|county|territory|province|region|raion|sub district|locality|municipality|zone"
    r"|countryside|valley|sector|state|район\w*|громад\w*|област\w*)\b",
    re.IGNORECASE,
)


_DIVISION = re.compile(r" (?:province|governorate|region|oblast|state|department)$", re.IGNORECASE)
_QUARTER = re.compile(
    r"\b(?:district|quarter|neighbou?rhood|suburb|street|square|market|hospital|школ\w*|район\w*|мікрорайон\w*)\b|حي ",
    re.IGNORECASE,
)
"""What lies in a town rather than near it."""


def place_part(a: Place | None, b: Place | None) -> Part:
    """A village against its governorate is compatible, two towns are not; no place is no reason to merge."""
    if a is None or b is None:
        return Part("place", -1.0 if a or b else -1.5, "a place is not told")
    apart = distance_km(a, b)
    if apart is not None and apart > _joint_km(a, b) + PLACE_SLACK_KM:
        return Part("place", 0.0, f"{apart:.0f} km apart", veto=True)
    if a.country and b.country and a.country != b.country:
        lands = f"{a.country} against {b.country}"
        if apart is None:
            return Part("place", 0.0, lands, veto=True)
        return Part("place", OTHER_TOWN, f"{lands}, {apart:.0f} km apart")
    if a.within and b.within:
        return _both_as_told(a, b, apart)
    if a.within or b.within:
        return _one_as_told(*((a, b) if a.within else (b, a)), apart)
    return _by_name(a, b) if apart is None else _by_distance(a, b, apart)


def _joint_km(a: Place, b: Place) -> float:
    """The joint uncertainty; wider where a name as told is one, since each report tells it by another town."""
    if (a.within or b.within) and alike(a.name, b.name) is Alike.SAME:
        both = bool(a.within and b.within and a.country == b.country)
        return max(TOLD_KM * both, reach_km(a) + reach_km(b))
    return a.radius_km + b.radius_km


def _by_name(a: Place, b: Place) -> Part:
    """One of them has no coordinates: a country, or a name that nothing holds."""
    if alike(a.name, b.name) is Alike.SAME:
        return Part("place", 2.0, "same name")
    known = a.lat is not None or b.lat is not None
    return Part("place", -0.5 if known else -1.0, "another name, and no coordinates")


def _both_as_told(a: Place, b: Place, apart: float | None) -> Part:
    """Two names that the gazetteer lacks."""
    match alike(a.name, b.name):
        case Alike.SAME:
            near = apart is not None and apart <= reach_km(a) + reach_km(b)
            return Part("place", 3.0 if near else 2.0, f"one name, {a.name} and {b.name}")
        case Alike.UNSURE:
            return Part("place", 0.5, "names in two scripts")
    if bool(_AREA.search(a.name)) != bool(_AREA.search(b.name)):
        return Part("place", 0.0, "a village, and a district that may hold it")
    return Part("place", OTHER_VILLAGE, f"{a.name} is not {b.name}")


def _one_as_told(told: Place, known: Place, apart: float | None) -> Part:
    """A name that the gazetteer lacks against a place of the gazetteer: by name, unless that one holds it."""
    names = alike(told.name, known.name)
    if names is Alike.SAME:
        return Part("place", 2.0 if apart is None else 3.0, f"one name, {told.name} and {known.name}")
    if apart is None:
        return Part("place", -0.5, "another name, and no coordinates")
    if told.within and alike(_bare(told.within), _bare(known.name)) is Alike.SAME:
        if is_town(known) and _QUARTER.search(told.name):
            return Part("place", 1.5, "one lies in the other")
        return Part("place", 1.0 if known.radius_km <= COUNTRYSIDE_KM else 0.5, f"within {known.name}")
    if not is_town(known) or names is Alike.UNSURE:
        area = _area(max(told.radius_km, known.radius_km))
        # another name in the same district may be the village's district, or the next village
        return area._replace(points=min(area.points, 0.5))
    return Part("place", OTHER_TOWN, f"{told.name} is not {known.name}")


def _bare(holder: str) -> str:
    """Without the word that makes it a province: what lies in a town lies in the province of its name."""
    return _DIVISION.sub("", holder)


def _by_distance(a: Place, b: Place, apart: float) -> Part:
    """Both are of the gazetteer."""
    if is_town(a) and is_town(b):
        return _two_towns(a, b, apart)
    if not is_town(a) and not is_town(b) and alike(a.name, b.name) is not Alike.SAME:
        return _two_areas(a, b, apart)
    if alike(a.name, b.name) is Alike.SAME:
        return Part("place", 1.5, "a town or its province by one name")
    return _area(max(a.radius_km, b.radius_km))


def _area(radius_km: float) -> Part:
    if radius_km <= DISTRICT_RADIUS_KM:
        return Part("place", 1.0, "same district")
    return Part("place", 0.5 if radius_km <= WIDE_AREA_KM else 0.0, "same area")


def _two_areas(a: Place, b: Place, apart: float) -> Part:
    """A district in a province may be it; two districts that touch are not."""
    small, wide = sorted((a.radius_km, b.radius_km))
    if wide > DISTRICT_RADIUS_KM or (wide >= 2 * small and apart <= wide):
        return Part("place", 0.0, "two areas that touch")
    return Part("place", OTHER_DISTRICT, "two districts that touch")


def _two_towns(a: Place, b: Place, apart: float) -> Part:
    same = a.geonames_id == b.geonames_id if a.geonames_id and b.geonames_id else False
    names = alike(a.name, b.name)
    if (
        same
        or apart <= SAME_SPOT_KM
        or names is Alike.SAME
        or (names is Alike.UNSURE and apart <= ONE_SPOT_KM)
    ):
        return Part("place", 3.0, "same town")
    widest = max(a.radius_km, b.radius_km)
    if apart <= widest * SPRAWL and widest > VILLAGE_KM:
        return Part("place", 1.5, "one lies in the other")
    if apart <= ONE_SPOT_KM:
        return Part("place", NEXT_TOWN, f"{a.name} is not {b.name}, {apart:.0f} km from there")
    return Part("place", -1.0, f"towns {apart:.0f} km apart")


def finer(old: Place, new: Place) -> bool | None:
    """Whether the new one of two is the place within the other, as far as names tell; None where they do not."""
    if new.within and not old.within:
        return alike(new.within, old.name) is Alike.SAME or not is_town(old) or None
    if old.within and not new.within:
        return False if alike(old.within, new.name) is Alike.SAME or not is_town(new) else None
    return None
