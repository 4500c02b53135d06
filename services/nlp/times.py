"""News time to UTC: words of time, the publication instant and the zone of the place in, instants and spans out."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schemas.event import TimePrecision, TimeSpan
from services.nlp.clockwords import clocks
from services.nlp.data_files import read_yaml
from services.nlp.timetypes import Clock, DayWord, Part
from services.nlp.timewords import days, parts

NEWS_DAYS = 6
"""What happened longer ago than this is not the report's news."""

_ZONES: dict[str, str] = read_yaml("zones.yaml")["zones"]
_SHARED: dict[str, list[str]] = read_yaml("zones.yaml")["shared"]

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

    def _of_the_month(self, day: int, future: bool) -> date | None:
        """The nearest such day of a month that is past, today, or with `future` to come."""
        step = 1 if future else -1
        ahead = (self.today + timedelta(days=step * n) for n in range(31))
        return next((d for d in ahead if d.day == day), None)

    def _date(self, word: DayWord, future: bool) -> date | None:
        if not word.month:
            return self._of_the_month(word.day, future)
        years = [word.year] if word.year else [self.today.year - 1, self.today.year, self.today.year + 1]
        found = [d for year in years if (d := valid(year, word.month, word.day))]
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
        if not name or name == "local" or self.zone.key in _SHARED.get(name, ()):
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


def valid(year: int, month: int, day: int) -> date | None:
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
    r"|put out a statement|called|according to)(?: (?:late|early|later|earlier|in|by|to|on|a|an|the|its?|his|her"
    r"|their|this|statement|reporters|journalists|us|him|telephone|phone|agency|newspaper|afp|reuters|ap|parliament"
    r"|lawmakers|media|state|television|radio|telegram|facebook|whatsapp|channel|account|page|message|note|video|bulletin"
    r"|update|interview|letter|report|post|press|conference|release|briefing|again|also|here"
    r"|separately))*? (?:on |late on )?$"
)
"""The day on which something was said, not done."""
_AFTERMATH_DAY = re.compile(
    r"\b(?:told|buried|mourned|laid to rest|(?:at|in) the (?:cemetery|graveside|hospital|morgue|funeral)"
    r"|sirens? sounded|farewell|silence|vigil|enterr\w+|inhum\w+|obsèques|funérailles|mis(?:es?)? en terre"
    r"|sepultad\w+|velan|velaron"
    r"|похорон\w*|поховал\w*|прощан\w*|попрощал\w*|простил\w*|تشييع|شيع\w*)(?!\w)(?: [\w']+){0,6}? (?:on |late on )?$"
)
_AFTERMATH = re.compile(
    r",? (?:[\w'’-]+,? ){1,6}?(?:told|showed|counted|recovered|retrieved|buried|mourned|identified|visited|gathered"
    r"|stood|walked|wept|laid to rest|said goodbye|bade farewell)\b"
)
"""Behind a day that opens a sentence: "On Wednesday relatives showed us the crater"."""
_OPENING = re.compile(r"(?:(?:by|on|at|early|late|before|after) )?(?:[a-z]+ ){0,2}?(?:on )?")


_AHEAD = re.compile(r"\b(?:until|till|through|by|to last to) (?:the )?$")


def only_said(plain: str, word: DayWord) -> bool:
    """Whether on that day something was only said, or the dead were mourned."""
    if _SPEECH_DAY.search(plain[: word.start][-60:]) or _AFTERMATH_DAY.search(plain[: word.start][-80:]):
        return True
    return bool(_OPENING.fullmatch(plain[: word.start]) and _AFTERMATH.match(plain, word.end))


def ends_there(plain: str, word: DayWord) -> bool:
    """Whether the day is the end of something ("until 28 February")."""
    owned = plain.startswith("'s", word.end)  # "destroyed by yesterday's strike"
    return not owned and bool(_AHEAD.search(plain[: word.start][-16:]))


def _from_anchor(word: DayWord, told: list[DayWord], calendar: Calendar) -> DayWord:
    """ "The day before" counts from the day named before it; without one, from today."""
    anchors = [w for w in told if w.start < word.start and w.kind in ("date", "weekday")]
    day = calendar.day_of(anchors[-1]) if anchors and word.modifier in _DAY_BEFORE else None
    return replace(word, offset=(day - calendar.today).days - 1) if day else word


_DAY_BEFORE = ("the day before", "the previous day", "the night before")


@dataclass(frozen=True, slots=True)
class TimeFound:
    """When something happened, and which characters of the sentence say so."""

    span: TimeSpan
    start: int
    end: int
    said: bool = False
    """Whether the day is only that on which something was said: another one told beside it is more likely."""


def occurred(plain: str, at: int, calendar: Calendar, day_told: date | None = None) -> TimeFound | None:
    """When the event at offset `at` of a plain sentence happened.

    `day_told` is the day told before it, for a sentence that only gives a clock time.
    """
    told = [w for w in days(plain) if w.kind in ("date", "weekday", "offset") and not ends_there(plain, w)]
    done = [w for w in told if w.modifier in _DAY_BEFORE or not only_said(plain, w)]
    words = [_from_anchor(w, told, calendar) for w in done] or told
    words = [
        w for w in words if w.modifier != "overnight"
    ] or words  # "overnight into Tuesday" is not today's
    clock = _nearest_clock(plain, at)
    day = nearest_day(words, at, calendar.as_told_in(clock) if clock else calendar) or day_told
    if clock and (day or clock.zone):
        moment = calendar.instant(day or calendar.today, clock)
        past = _past(moment, calendar)
        if not words and past != moment:
            moment = past
        elif words and any(w.night for w in words) and clock.hour < 12:
            moment = moment if any(w.kind == "weekday" for w in words) else moment + timedelta(days=1)
        elif day_told and not words and clock.hour == 0 and moment + timedelta(days=1) <= calendar.published:
            moment += timedelta(days=1)  # the midnight that ends the day told before
        return _at_minute(moment, clock)
    if told and not done and day:
        # the evening is when it was said
        return replace(_on_day(at, calendar, day, words), said=True)
    return _part_of_day(plain, at, calendar, day, words)


def by_the_clock(plain: str, at: int, calendar: Calendar) -> TimeFound | None:
    """The last time before publication that a clock showed what the sentence tells, where no day is told at all."""
    clock = _nearest_clock(plain, at)
    return _at_minute(_past(calendar.instant(calendar.today, clock), calendar), clock) if clock else None


def _nearest_clock(plain: str, at: int) -> Clock | None:
    return min(clocks(plain), key=lambda c: abs(c.start - at), default=None)


def _at_minute(moment: datetime, clock: Clock) -> TimeFound:
    span = TimeSpan(start=moment, end=moment, precision=TimePrecision.MINUTE)
    return TimeFound(span, clock.start, clock.end)


def _past(moment: datetime, calendar: Calendar) -> datetime:
    """The day before, where the moment was still to come when the report was published."""
    ahead = moment > calendar.published + timedelta(minutes=5)
    return moment - timedelta(days=1) if ahead else moment


def _part_of_day(
    plain: str, at: int, calendar: Calendar, day: date | None, words: list[DayWord]
) -> TimeFound | None:
    told = (part for part in parts(plain) if day or not _SAME_DAY.search(plain[: part.start][-12:]))
    part = min(told, key=lambda p: abs(p.start - at), default=None)
    if part is None and day is None:
        return None
    base = day or calendar.today
    if part is None:
        return _on_day(at, calendar, base, words)
    hours = part.hours
    now = base == calendar.today and "last night" not in plain and not plain.startswith("tonight")
    if part.night and (now or _is_into(plain, part, words)):
        base -= timedelta(days=1)
    start = datetime.combine(base, time(), calendar.zone) + timedelta(hours=hours[0])
    end = min(
        (start + timedelta(hours=hours[1] - hours[0])).astimezone(UTC),
        max(calendar.published, start.astimezone(UTC)),
    )
    span = TimeSpan(start=start, end=end, precision=TimePrecision.PART_OF_DAY)
    return TimeFound(span, part.start, part.end)


def _on_day(at: int, calendar: Calendar, day: date, words: list[DayWord]) -> TimeFound:
    word = min(words, key=lambda w: abs(w.start - at), default=None)
    return TimeFound(whole_day(day, calendar), word.start if word else 0, word.end if word else 0)


_SAME_DAY = re.compile(r"\b(?:the )?same (?:the )?$")
"""Before a part of the day that another sentence's day has."""


def _is_into(plain: str, night: Part, words: list[DayWord]) -> bool:
    """Whether a night is told by the day that it leads into: "overnight into Tuesday", "в ночь на вторник"."""
    behind = (plain[night.end : word.start] for word in words if word.start >= night.end)
    return plain[night.start : night.end].endswith(" на") or any(map(_INTO.fullmatch, behind))


_INTO = re.compile(r" (?:in)?to ")


def within(finer: TimeSpan, day: TimeSpan) -> bool:
    """Whether a time is told more finely than the day that it lies on."""
    return finer.precision is not TimePrecision.DAY and day.start <= finer.start <= day.end


def whole_day(day: date, calendar: Calendar) -> TimeSpan:
    """A day as the text names it. Told as a day in UTC, so that it reads as the same date in every zone."""
    return day_in_utc(day)


def day_in_utc(day: date) -> TimeSpan:
    """From midnight to the last second, in UTC."""
    start = datetime.combine(day, time(), UTC)
    return TimeSpan(start=start, end=start + timedelta(days=1, seconds=-1), precision=TimePrecision.DAY)
