"""Casualties over time: the tellings of a toll in, the band that stands out. Pure."""

from collections.abc import Iterable, Sequence

from schemas.event import CasualtyBand
from schemas.incident import MAX_EVIDENCES, IncidentEvidence, Toll
from services.dedup.slots import told_at

FIELDS = ("killed", "injured", "displaced")


def tolls_of(told: IncidentEvidence) -> list[Toll]:
    """What one telling says. A cumulative toll ("since 2011") is no incident's."""
    bands = {"killed": told.killed, "injured": told.injured, "displaced": told.displaced}
    return [
        Toll(field=field, band=band, origin=told.origin, event_id=told.event_id, told_at=told_at(told.report))
        for field, band in bands.items()
        if band is not None and not band.cumulative
    ]


def standing_toll(tolls: Iterable[Toll], field: str) -> Toll | None:
    """The highest of what each origin told last: an origin may correct itself down, but not another one."""
    last: dict[str, Toll] = {}
    for toll in tolls:
        known = last.get(toll.origin)
        if toll.field == field and (known is None or toll.told_at >= known.told_at):
            last[toll.origin] = toll
    return max(last.values(), key=lambda toll: size(toll.band), default=None)


def standing_band(tolls: Iterable[Toll], field: str) -> CasualtyBand | None:
    """The band of the toll that stands."""
    toll = standing_toll(tolls, field)
    return toll.band if toll else None


def size(band: CasualtyBand) -> tuple[int, int, int]:
    """Orders bands: by the least, then the best figure, then the most."""
    most = band.max if band.max is not None else band.min
    return band.min, band.best if band.best is not None else band.min, most


def extended(tolls: Sequence[Toll], more: Sequence[Toll]) -> tuple[Toll, ...]:
    """The history with more tellings; beyond the limit the oldest that does not stand is left out."""
    history = [*tolls, *more]
    while len(history) > MAX_EVIDENCES:
        standing = [standing_toll(history, field) for field in FIELDS]
        history.remove(next(toll for toll in history if toll not in standing))
    return tuple(history)
