"""Distances, and the coarse cells under which incidents are found again: places in, kilometres and names out. Pure."""

from math import asin, ceil, cos, floor, radians, sin, sqrt

from schemas.event import Place

EARTH_RADIUS_KM = 6371.0
DEGREE_KM = 111.0
"""A degree of latitude: also the side of a cell."""

TOWN_RADIUS_KM = 12.0
CITY_RADIUS_KM = 25.0
"""Up to these uncertainties a place is a town or a village, and a settlement of GeoNames a city; above, an area."""

DISTRICT_RADIUS_KM = 60.0
"""Up to this uncertainty a place has a cell of its own; above it is found by its country."""


def distance_km(a: Place, b: Place) -> float | None:
    """Great-circle distance (haversine); None where a place has no coordinates."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    chord = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


TOLD_SLACK_KM = 60.0
"""How much farther a village may lie from the place by which it is told: two reports tell it by two towns."""


def reach_km(place: Place) -> float:
    """How far from its coordinates a place may lie."""
    return place.radius_km + (TOLD_SLACK_KM if place.within else 0.0)


def is_town(place: Place) -> bool:
    """Whether a place is a settlement, not a region."""
    return place.radius_km <= (CITY_RADIUS_KM if place.geonames_id else TOWN_RADIUS_KM)


def area_of(place: Place | None) -> str:
    """The area under which an incident is filed: its cell, its country, or `-`."""
    if place is None:
        return "-"
    if place.lat is None or place.lon is None or place.radius_km > DISTRICT_RADIUS_KM:
        return place.country or "-"
    return _cell(floor(place.lat), floor(place.lon))


def whole_country(place: Place | None) -> str:
    """The area that holds every incident of the place's country."""
    return f"all-{place.country}" if place and place.country else "all"


def areas_near(place: Place | None) -> list[str]:
    """The areas that may hold an incident within the joint uncertainty: a bounded number, whatever the history."""
    coarse = sorted({"-", place.country or "-"}) if place else ["-"]
    if place is None or place.lat is None or place.lon is None or place.radius_km > DISTRICT_RADIUS_KM:
        return [whole_country(place), *coarse]
    return [*_cells_within(place.lat, place.lon, place.radius_km + DISTRICT_RADIUS_KM), *coarse]


def _cells_within(lat: float, lon: float, reach_km: float) -> list[str]:
    high = reach_km / DEGREE_KM
    wide = min(5.0, reach_km / (DEGREE_KM * max(0.1, cos(radians(lat)))))
    rows = range(floor(lat - high), ceil(lat + high))
    columns = range(floor(lon - wide), ceil(lon + wide))
    return [_cell(row, column) for row in rows for column in columns]


def _cell(row: int, column: int) -> str:
    return f"{row}_{(column + 180) % 360 - 180}"
