"""A card's place and time in a few numbers: tells most strangers apart before their cards are read. Pure.

Never rejects what the score would not veto: see `parts`.
"""

from datetime import UTC, datetime, timedelta
from math import cos, radians
from typing import NamedTuple

from services.dedup.geography import DEGREE_KM, reach_km
from services.dedup.lanes import Lane
from services.dedup.parts import FOLLOW_ON, LANE_SLACK, PLACE_SLACK_KM
from services.dedup.slots import Sharpness, Slots

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_CLOCK_PAD = FOLLOW_ON / 2 + timedelta(minutes=15)
_PADS = {
    Sharpness.MINUTE: _CLOCK_PAD,
    Sharpness.PART_OF_DAY: _CLOCK_PAD,
    Sharpness.DAY: timedelta(hours=14),  # a local day lies up to so far from the UTC day of its date
    Sharpness.VAGUE: timedelta(0),
}


class Gist(NamedTuple):
    """Where and when, as numbers."""

    start: int
    """Minutes of Unix time, widened as far as the precision reaches."""
    end: int
    lat: float
    lon: float
    radius_km: float
    """Negative where there are no coordinates."""

    def __str__(self) -> str:
        return ",".join(map(str, self))


def minute_of(moment: datetime) -> int:
    """The minute of Unix time that a moment lies in."""
    return (moment - _EPOCH) // _MINUTE


def gist_of(slots: Slots) -> Gist:
    """The gist of a card; of a truce neither its time nor its place forbids anything."""
    if slots.lane is Lane.TRUCE:
        return Gist(0, 1, 0.0, 0.0, -1.0)
    pad = _PADS[slots.when.sharpness] + LANE_SLACK.get(slots.lane, timedelta(0))
    start, end = minute_of(slots.when.start - pad), minute_of(slots.when.end + pad) + 1
    place = slots.place
    if place is None or place.lat is None or place.lon is None:
        return Gist(start, end, 0.0, 0.0, -1.0)
    return Gist(start, end, place.lat, place.lon, reach_km(place))


def gist_from(text: str) -> Gist:
    """Read what `str` wrote."""
    start, end, lat, lon, radius = text.split(",")
    return Gist(int(start), int(end), float(lat), float(lon), float(radius))


def may_be_one(a: Gist, b: Gist) -> bool:
    """False only where the score would veto."""
    if a.start > b.end or b.start > a.end:
        return False
    if a.radius_km < 0 or b.radius_km < 0:
        return True
    joint = a.radius_km + b.radius_km + PLACE_SLACK_KM
    if abs(a.lat - b.lat) * DEGREE_KM > joint * 1.01:
        return False
    east = abs((a.lon - b.lon + 180) % 360 - 180)
    # a great circle near a pole is shorter than the parallel: only judged where the two do not differ much
    return east > 20 or east * DEGREE_KM * cos(radians(max(abs(a.lat), abs(b.lat)))) <= joint * 1.02
