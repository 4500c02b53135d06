"""A place on its way into the gazetteer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One place: how it is called, where it lies, how many live there, how far its name reaches (km)."""

    name: str
    aliases: tuple[str, ...]
    country: str
    admin1: str
    zone: str
    lat: float
    lon: float
    population: int
    geonames_id: int
    radius_km: float
