"""Words of time as the sentence has them, before they mean an instant."""

from dataclasses import dataclass
from datetime import timedelta

MONTHS = {m: n for n, m in enumerate(
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december"], start=1)}  # fmt: skip
MONTHS |= {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sept": 9, "sep": 9, "oct": 10,
    "nov": 11, "dec": 12,
}  # fmt: skip
PARTS: dict[str, tuple[int, int]] = {
    "early hours": (0, 6), "small hours": (0, 6), "before dawn": (0, 6), "early morning": (3, 9),
        "at dawn": (4, 7), "dawn": (4, 7),
    "morning": (6, 12), "lunchtime": (11, 14), "midday": (11, 14), "early afternoon": (12, 16),
        "afternoon": (12, 18),
    "late afternoon": (15, 18), "evening": (18, 24), "dusk": (17, 20), "after dark": (18, 24),
        "nightfall": (18, 22), "sunset": (17, 20),
}  # fmt: skip
"""Parts of the day in local hours."""


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
