"""Words of time as the sentence has them, before they mean an instant."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class DayWord:
    """A word for a day. What it means depends on the publication day; see `times.Calendar`."""

    start: int
    end: int
    kind: str
    """`date`, `month`, `year`, `weekday`, `offset` (days from today) or `ago` (only that it is long past)."""
    day: int = 0
    month: int = 0
    year: int = 0
    weekday: int = 0
    offset: int = 0
    modifier: str = ""
    night: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, with the zone as written where one is."""

    start: int
    end: int
    hour: int
    minute: int
    zone: str = ""
    shift: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day in local hours, or a night (`overnight`)."""

    start: int
    end: int
    hours: tuple[int, int]
    night: bool = False
