"""Where an incident is filed and where it is looked for: slots in, names of sorted sets and bounds on their scores out.

A shelf holds the incidents of one theatre, lane and area whose times are about equally wide, by the minute at which
they may have begun: so the cost of a look-up does not grow with history. Pure.
"""

from datetime import timedelta
from typing import NamedTuple

from services.common.store import Command
from services.dedup.geography import area_of, areas_near, whole_country
from services.dedup.gist import Gist, gist_of, minute_of
from services.dedup.lanes import Lane
from services.dedup.slots import Slots

_HOUR = 60
SHELVES = {"4h": 4 * _HOUR, "16h": 16 * _HOUR, "60h": 60 * _HOUR, "150h": 150 * _HOUR, "62d": 62 * 24 * _HOUR}
"""Name and width in minutes. A span beyond the widest is filed by its last 62 days."""

TRUCE_BACK = timedelta(days=200)
TRUCE_AHEAD = timedelta(days=62)
"""How far around an event's telling a truce is looked for, by when it was last told: reports do not come in order."""


class Filed(NamedTuple):
    """One shelf and the score under which an incident stands on it."""

    shelf: str
    score: int


def filed_under(card: Slots) -> list[Filed]:
    """The shelves that hold an incident."""
    if card.lane is Lane.TRUCE:
        return [Filed(f"near:{card.bucket}", minute_of(card.told_at))]
    gist = gist_of(card)
    width = next((name for name, most in SHELVES.items() if gist.end - gist.start <= most), "62d")
    start = max(gist.start, gist.end - SHELVES[width])
    areas = dict.fromkeys((area_of(card.place), whole_country(card.place), "all"))
    return [Filed(f"near:{card.bucket}:{area}:{width}", start) for area in areas]


def looked_up(slots: Slots) -> list[Command]:
    """The reads that find whatever may be one with an event: a bounded number, whatever the history."""
    if slots.lane is Lane.TRUCE:
        first, last = slots.told_at - TRUCE_BACK, slots.told_at + TRUCE_AHEAD
        return [("ZRANGEBYSCORE", f"near:{slots.bucket}", minute_of(first), minute_of(last))]
    gist = gist_of(slots)
    return [_read(slots, area, width, gist) for area in areas_near(slots.place) for width in SHELVES]


def looked_up_everywhere(slots: Slots) -> list[Command]:
    """The same, whatever the place: few reads, for a lane that holds few."""
    if slots.lane is Lane.TRUCE:
        return looked_up(slots)
    gist = gist_of(slots)
    return [_read(slots, "all", width, gist) for width in SHELVES]


def _read(slots: Slots, area: str, width: str, gist: Gist) -> Command:
    """What began before ours ended, and so late that it may not have ended before ours began."""
    return ("ZRANGEBYSCORE", f"near:{slots.bucket}:{area}:{width}", gist.start - SHELVES[width], gist.end)
