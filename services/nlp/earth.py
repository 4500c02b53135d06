"""Distances between spots that lie near each other: latitudes and longitudes in, kilometres out."""

import math

DEGREE_KM = 111.2
"""A degree of latitude."""


def flat_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two spots as if the earth were flat around the first: good to some percent."""
    return math.hypot(lat - other_lat, (lon - other_lon) * math.cos(math.radians(lat))) * DEGREE_KM
