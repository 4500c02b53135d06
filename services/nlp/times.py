"""News time to UTC: words of time, the publication instant and the zone of the place in, instants and spans out."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.event import TimePrecision, TimeSpan
from services.nlp.data_files import read_yaml
from services.nlp.timetypes import Clock, DayWord
from services.nlp.timewords import clocks, days, lengths, parts

NEWS_DAYS = 6
"""What happened longer ago than this is not the report's news."""

_ZONES: dict[str, str] = read_yaml("zones.yaml")["zones"]

ZoneOf = Callable[[str], str | None]
"""The time zone of a place's name, where the gazetteer knows it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Publication instant and local zone: what words of time are relative to."""

    published: datetime
    zone: ZoneInfo
    zone_of: ZoneOf = lambda name: None

    @property
    def today(self) -> date:
        return self.published.astimezone(self.zone).date()

    def day_of(self, word: DayWord, future: bool = False) -> date | None:
        """The day that a word means; None for a month, a year or an unknown date."""
        if word.kind == "offset":
            return self.today + timedelta(days=word.offset)
        if word.kind == "weekday":
            return self._weekday(word, future)
        if word.kind == "date":
            return self._date(word, future)
        return None

    def _weekday(self, word: DayWord, future: bool) -> date:
        ahead = (word.weekday - self.today.weekday()) % 7
        if future or word.modifier in ("next", "the following"):
            return self.today + timedelta(days=ahead or (7 if word.modifier == "next" else 0))
        back = (-ahead) % 7
        return self.today - timedelta(days=back or (7 if word.modifier in ("last", "previous") else 0))

    def _date(self, word: DayWord, future: bool) -> date | None:
        years = [word.year] if word.year else [self.today.year - 1, self.today.year, self.today.year + 1]
        found = [d for year in years if (d := _valid(year, word.month, word.day))]
        if not word.year and not future:
            found = [d for d in found if d <= self.today + timedelta(days=45)]
        return min(found, key=lambda d: abs((d - self.today).days), default=None)

    def age(self, word: DayWord) -> int | None:
        """How many days before publication the word lies (negative: ahead); None where it says nothing."""
        day = self.day_of(word)
        if day:
            return (self.today - day).days
        if word.kind == "year":
            return (self.today.year - word.year) * 365 if word.year != self.today.year else None
        if word.kind == "month":
            return self._age_of_month(word)
        return -word.offset if word.kind == "ago" else None

    def _age_of_month(self, word: DayWord) -> int | None:
        year = word.year or self.today.year - (
            1 if word.modifier == "last year" or word.month > self.today.month else 0
        )
        months = (self.today.year - year) * 12 + self.today.month - word.month
        return months * 30 if months else None

    def zone_for(self, clock: Clock) -> ZoneInfo:
        """The zone that a clock time is in: as written, else the local one."""
        name = clock.zone.removesuffix("time").strip()
        if not name or name == "local":
            return self.zone
        found = (
            _ZONES.get(clock.zone) or _ZONES.get(name) or _ZONES.get(name.split()[-1]) or self.zone_of(name)
        )
        return _zone(found) if found else self.zone

    def as_told_in(self, clock: Clock) -> "Calendar":
        """The calendar by which a day beside a clock time is meant: "22:57 GMT on Wednesday" is Greenwich's day."""
        return replace(self, zone=self.zone_for(clock))

    def instant(self, day: date, clock: Clock) -> datetime:
        """The instant of a clock time on a day. A missing or doubled hour (summer time) is read as its first."""
        local = datetime.combine(day, time(clock.hour, clock.minute), self.zone_for(clock)) + clock.shift
        return local.astimezone(UTC)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def nearest_day(words: list[DayWord], at: int, calendar: Calendar, future: bool = False) -> date | None:
    """The day named nearest to an offset."""
    for word in sorted(words, key=lambda w: min(abs(w.start - at), abs(w.end - at))):
        day = calendar.day_of(word, future)
        if day:
            return day
    return None


_SPEECH_DAY = re.compile(
    r"\b(?:said|says|told|announced|statement|denied|confirmed|reported|claimed|wrote|warned|added"
    r"|put out a statement|called|according to)(?: \w+){0,3}? (?:on |late on )?$"
)
"""The day on which something was said, not done."""


@dataclass(frozen=True, slots=True)
class TimeFound:
    """When something happened, and which characters of the sentence say so."""

    span: TimeSpan
    start: int
    end: int


def occurred(plain: str, at: int, calendar: Calendar, day_told: date | None = None) -> TimeFound | None:
    """When the event at offset `at` of a plain sentence happened.

    `day_told` is the day told before it, for a sentence that only gives a clock time.
    """
    words = [w for w in days(plain) if w.kind in ("date", "weekday", "offset")]
    words = [w for w in words if not _SPEECH_DAY.search(plain[: w.start][-60:])] or words
    clock = min(clocks(plain), key=lambda c: abs(c.start - at), default=None)
    day = nearest_day(words, at, calendar.as_told_in(clock) if clock else calendar) or day_told
    if clock and (day or clock.zone):
        moment = calendar.instant(day or calendar.today, clock)
        if moment > calendar.published + timedelta(minutes=5) and not words:
            moment -= timedelta(days=1)
        elif words and any(w.night for w in words) and clock.hour < 12:
            moment = moment if any(w.kind == "weekday" for w in words) else moment + timedelta(days=1)
        span = TimeSpan(start=moment, end=moment, precision=TimePrecision.MINUTE)
        return TimeFound(span, clock.start, clock.end)
    return _part_of_day(plain, at, calendar, day, words)


def _part_of_day(
    plain: str, at: int, calendar: Calendar, day: date | None, words: list[DayWord]
) -> TimeFound | None:
    part = min(parts(plain), key=lambda p: abs(p.start - at), default=None)
    if part is None and day is None:
        return None
    base = day or calendar.today
    if part is None:
        word = min(words, key=lambda w: abs(w.start - at), default=None)
        return TimeFound(whole_day(base, calendar), word.start if word else 0, word.end if word else 0)
    hours = part.hours
    if (
        part.night
        and "last night" not in plain
        and base == calendar.today
        and not plain.startswith("tonight")
    ):
        base -= timedelta(days=1)
    start = datetime.combine(base, time(), calendar.zone) + timedelta(hours=hours[0])
    end = min(
        (start + timedelta(hours=hours[1] - hours[0])).astimezone(UTC),
        max(calendar.published, start.astimezone(UTC)),
    )
    span = TimeSpan(start=start, end=end, precision=TimePrecision.PART_OF_DAY)
    return TimeFound(span, part.start, part.end)


def whole_day(day: date, calendar: Calendar) -> TimeSpan:
    """A day as the text names it. Told as a day in UTC, so that it reads as the same date in every zone."""
    return day_in_utc(day)


def day_in_utc(day: date) -> TimeSpan:
    """From midnight to the last second, in UTC."""
    start = datetime.combine(day, time(), UTC)
    return TimeSpan(start=start, end=start + timedelta(days=1, seconds=-1), precision=TimePrecision.DAY)


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
_TO_RANGE = re.compile(r"\bfrom .{3,60}? (to|until|till) ")


@dataclass(frozen=True, slots=True)
class Effective:
    """From when until when something is to hold; either may be unknown."""

    start: datetime | None = None
    end: datetime | None = None
    at: tuple[int, int] = (0, 0)


def effective(plain: str, calendar: Calendar) -> Effective:
    """When a truce or a warning takes force and when it ends, as one plain sentence says.

    A clock time after "until" ends it; other ones start it. A length ("72-hour") ends it where the start is known.
    """
    found = clocks(plain)
    split = _split_of(plain)
    starts = [c for c in found if split is None or c.start < split]
    starts = [c for c in starts if not _BESIDE.search(plain[max(0, c.start - 40) : c.start])] or starts
    ends = [c for c in found if split is not None and c.start >= split]
    words = [w for w in days(plain) if w.kind in ("date", "weekday", "offset") and not w.night]
    start = _first(starts, [w for w in words if split is None or w.start < split] or words, calendar)
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
    day = _valid(start.year + month // 12, month % 12 + 1, start.day)
    return datetime.combine(day, start.timetz()) if day else start + timedelta(days=30 * months)
