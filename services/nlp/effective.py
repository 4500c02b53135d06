"""When a truce or a warning takes force and when it ends: a plain sentence and the calendar in, two instants out."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.nlp.clockwords import clocks
from services.nlp.times import Calendar, nearest_day, valid
from services.nlp.timetypes import Clock, DayWord
from services.nlp.timewords import days, lengths

_UNTIL = re.compile(
    r"\b(?:until|till|through|and ends?|ending|expires?|lapses?|runs to|to last until|ends)\b"
)
_FROM = re.compile(
    r"\b(?:from|begin|begins|beginning|start|starts|starting|effective|effect|force|as of|will"
    r"|would|at|on|cease|stop|to start)\b"
)
_BESIDE = re.compile(
    r"\b(?:agreed|signed|said|announced|told|met|voted|spoke|meets?|declared|which is|that is"
    r"|or) (?:\w+ ){0,2}(?:at|around|about|by|after|shortly after)?(?: about| around)? ?$"
)
"""A clock time of the announcement, or the same instant once more in another zone."""
_SAME = re.compile(r"\b(?:which is|that is|which means|or|i e) $")
"""What stands before the same instant told in a zone that is named: no guess at the local one is needed."""
_AHEAD = re.compile(r"\b(?:is|are|was|were) (?:due )?to\b|\b(?:will|shall|due|tonight|tomorrow)\b")
"""Words that put a clock time without a day into the future of who writes it."""
_BEGUN = "(?:stopped|ceased|began|started|took effect|came into|fell silent|went quiet|halted|entered into)"
_BEGAN = re.compile(rf"\bmidnight\b.*\b{_BEGUN}\b|\b{_BEGUN}\b.*\bmidnight\b")
"""A midnight at which it began, seen from the day after."""
_TO_RANGE = re.compile(r"\bfrom .{3,60}? (to|until|till) ")


_PASSED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Effective:
    """From when until when something is to hold; either may be unknown."""

    start: datetime | None = None
    end: datetime | None = None
    at: tuple[int, int] = (0, 0)


def effective(plain: str, calendar: Calendar, planned: bool = False) -> Effective:
    """When a truce or a warning takes force and when it ends, as one plain sentence says. `planned`: it is to come.

    A clock time after "until" ends it; other ones start it. A length ("72-hour") ends it where the start is known.
    """
    found = clocks(plain)
    split = _split_of(plain)
    starts = [c for c in found if split is None or c.start < split]
    sure = [
        c
        for c in starts
        if c.zone and not c.zone.startswith("local") and _SAME.search(plain[: c.start][-14:])
    ]
    starts = (
        sure or [c for c in starts if not _BESIDE.search(plain[max(0, c.start - 40) : c.start])] or starts
    )
    ends = [c for c in found if split is not None and c.start >= split]
    words = [w for w in days(plain) if w.kind in ("date", "weekday", "offset") and not w.night]
    start = _first(starts, [w for w in words if split is None or w.start < split] or words, calendar)
    if start and not words and start < calendar.published - _PASSED and (planned or _AHEAD.search(plain)):
        start += timedelta(days=1)
    if start and start > calendar.published and not planned and _BEGAN.search(plain):
        start -= timedelta(days=1)  # the midnight that begins the day
    end = _first(ends, [w for w in words if split is not None and w.start >= split], calendar, start)
    if start and not end:
        end = end_by_length(plain, start)
    clock = starts[0] if starts else None
    return Effective(start, end, (clock.start, clock.end) if clock else (0, 0))


def _split_of(plain: str) -> int | None:
    match = _UNTIL.search(plain)
    if match:
        return match.start()
    ranged = _TO_RANGE.search(plain)
    return ranged.start(1) if ranged else None


def _first(
    found: list[Clock], words: list[DayWord], calendar: Calendar, after: datetime | None = None
) -> datetime | None:
    """The instant of the clock time told; one with a zone written beside it wins over one without."""
    if not found:
        return None
    clock = next((c for c in found if c.zone in ("gmt", "utc")), found[0])
    calendar = calendar.as_told_in(clock)
    day = nearest_day(words, clock.start, calendar, future=True)
    if day is None:
        base = after or calendar.published
        moment = calendar.instant(base.astimezone(calendar.zone_for(clock)).date(), clock)
        return moment if moment > base - timedelta(hours=1) or not after else moment + timedelta(days=1)
    # "midnight on Monday" ends that Monday's night for whom it announces: the midnight that begins the day is past
    if clock.hour == 0 and clock.minute == 0 and day <= calendar.today:
        day += timedelta(days=1)
    return calendar.instant(day, clock)


def end_by_length(plain: str, start: datetime) -> datetime | None:
    """When what starts then ends, where the sentence gives a length of time."""
    for at, end, length in lengths(plain):
        before, after = plain[max(0, at - 24) : at], plain[end : end + 12]
        if re.match(r" (?:ago|earlier|before|later|old)", after) or re.search(
            r"(?:within|after|in the first|every|last) $", before
        ):
            continue
        if re.search(r"month", plain[at:end]):
            return _plus_months(start, length.days // 30)
        return start + length
    return None


def _plus_months(start: datetime, months: int) -> datetime:
    month = start.month - 1 + months
    day = valid(start.year + month // 12, month % 12 + 1, start.day)
    return datetime.combine(day, start.timetz()) if day else start + timedelta(days=30 * months)
