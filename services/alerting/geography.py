"""Whether a point lies where a subscription looks: circles, boxes and polygons in, tests of a point out. Pure."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.validation import explain_validity

from schemas.subscription import Area, BoundingBox, MultiPolygon, Near

EARTH_RADIUS_KM = 6371.0088
"""The mean radius (IUGG)."""


@dataclass(frozen=True)
class Point:
    """Degrees, WGS 84."""

    lat: float
    lon: float

    @cached_property
    def shape(self) -> shapely.Point:
        """For polygons; made once, however many ask."""
        return shapely.Point(self.lon, self.lat)


Within = Callable[[Point], bool]


def distance_km(one: Point, other: Point) -> float:
    """Over the ground, on a sphere: half a percent off at most, which is less than what places are known to."""
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half_lat, half_lon = (lat2 - lat1) / 2, math.radians(other.lon - one.lon) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, h)))


def within_circle(near: Near) -> Within:
    """Points at most the radius away."""
    centre, radius = Point(near.lat, near.lon), near.radius_km
    # a degree of latitude is 111 km everywhere: most points are told apart without trigonometry
    reach = math.degrees(radius / EARTH_RADIUS_KM) + 1e-9
    return lambda point: abs(point.lat - near.lat) <= reach and distance_km(centre, point) <= radius


def within_box(box: BoundingBox) -> Within:
    """Points in the box, its edges included; a box whose west lies above its east crosses the antimeridian."""
    west, south, east, north = box
    if west <= east:
        return lambda point: south <= point.lat <= north and west <= point.lon <= east
    return lambda point: south <= point.lat <= north and (point.lon >= west or point.lon <= east)


def within_area(area: Area) -> Within:
    """Points in the polygon, its edges included; lines are straight in longitude and latitude (RFC 7946)."""
    shape = _shape(area)
    shapely.prepare(shape)
    west, south, east, north = (float(side) for side in shape.bounds)

    def within(point: Point) -> bool:
        if not (south <= point.lat <= north and west <= point.lon <= east):
            return False
        return bool(shapely.intersects(shape, point.shape))

    return within


def problem_of(area: Area) -> str | None:
    """Why a geometry is no area: rings that are open, cross themselves or each other; None for a good one."""
    polygons = area.coordinates if isinstance(area, MultiPolygon) else (area.coordinates,)
    for rings in polygons:
        for ring in rings:
            if ring[0] != ring[-1]:
                return "a ring is not closed: its last position must be its first again"
    shape = _shape(area)
    if not shapely.is_valid(shape):
        return f"not a valid area: {explain_validity(shape)}"
    return None if shapely.area(shape) > 0 else "encloses nothing"


def _shape(area: Area) -> shapely.Geometry:
    polygons = area.coordinates if isinstance(area, MultiPolygon) else (area.coordinates,)
    made = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
    return shapely.MultiPolygon(made) if isinstance(area, MultiPolygon) else made[0]
