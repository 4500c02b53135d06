"""The date of a feed's item: a string as publishers write it in, an instant in UTC or None out.

A string is read whole or not at all: what is left over, or is out of range, makes it no date. Nothing is filled in from
the clock. Two-digit years are those of 1990 to 2089. A time without a zone is read as UTC, as RFC 822's readers do.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from services.ingest.date_names import MONTHS, MONTHS_IN_ENGLISH, WEEKDAYS, ZONES

MAX_CHARACTERS = 100
LARGEST_OFFSET = timedelta(hours=14)

_MONTH = rf"(?P<month>{'|'.join(MONTHS_IN_ENGLISH)})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_ANY_YEAR = r"(?P<year>\d{4}|\d\d)"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?"
)
_PACKED_CLOCK = r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?"
_ZONE = (
    r"(?: ?\(?(?P<zone>(?:gmt|utc)?[+-]\d\d?(?::?\d\d)?|z|[a-z]{2,5}|etc/(?:gmt|utc))\)?"
    r"(?: ?\([a-z ]{1,40}\))?)?"
)
_TIME = rf"(?:(?:,? | at |, at | - ){_CLOCK}{_ZONE})?"
_ISO_TIME = rf"(?:[t ]{_CLOCK}{_ZONE})?"

_WRITTEN = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_DAY}(?: |-|/|\. )?(?:de |of )?{_MONTH}(?:, |,| de | |-|/)?{_ANY_YEAR}{_TIME}",  # 16 Dec 2012 11:47:32 GMT
        rf"{_MONTH} ?{_DAY},? {_YEAR}{_TIME}",  # Aug 30, 2012 17:26:16 +0200
        rf"{_MONTH} {_DAY} {_CLOCK}{_ZONE} {_YEAR}",  # Jan 4 16:29:06 2004
        rf"{_YEAR}-{_MONTH}-{_DAY}{_ISO_TIME}",  # 2004-jul-13T9:15-05:00
        rf"{_YEAR}/(?P<month>\d\d)/(?P<day>\d\d){_TIME}",  # 2006/09/15 08:19:53 EDT
        rf"{_DAY}\.(?P<month>\d\d)\.{_YEAR}{_TIME}",  # 15.09.2006, 08:19
    )
)
_ISO = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR}-0?(?P<month>\d\d)-(?P<day>\d\d){_ISO_TIME}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:t(?:{_PACKED_CLOCK}){_ZONE})?",
        rf"{_YEAR}-?(?P<ordinal>\d{{3}}){_ISO_TIME}",
        rf"{_YEAR}-(?P<month>\d\d)",
        _YEAR,
        # cut short, as ISO 8601 allowed until 2004: year and month after a dash, or two-digit years
        r"(?P<year>\d\d)-?(?P<month>\d\d)-?(?P<day>\d\d)",
        r"-(?P<year>\d\d)-?(?P<month>\d\d)",
        r"(?P<year>\d\d)-(?P<ordinal>\d{3})",
    )
)
_KOREAN_DATE = re.compile(r"(\d{4})년 ?(\d{1,2})월 ?(\d{1,2})일")
_KOREAN_CLOCK = re.compile(r"(오전|오후) ?(\d{1,2}:\d{2}(?::\d{2})?)")
_HANGUL = re.compile(r"[가-힣]")
_KOREA = timezone(timedelta(hours=9))
_WORD = re.compile(r"[^\W\d_]+")
_LEADING_WORD = re.compile(r"(?P<word>[^\W\d_]+)\.?(?:,? |,)")
_SPACES = re.compile(r"\s+")

Parts = Mapping[str, str | None]


def read_date(told: str) -> datetime | None:
    """The instant that the string tells, to its full precision; None where it tells none without a guess."""
    text = unicodedata.normalize("NFC", told[: MAX_CHARACTERS + 1])
    if len(text) > MAX_CHARACTERS:
        return None
    text = _SPACES.sub(" ", text).strip().lower()
    zone = UTC
    if _HANGUL.search(text):
        text, zone = _from_korean(text), _KOREA
    for candidate in _without_weekday(text):
        in_english = _WORD.sub(lambda word: MONTHS.get(word.group(), word.group()), candidate)
        for pattern in _ISO + _WRITTEN:
            if found := pattern.fullmatch(in_english):
                return _instant(found.groupdict(), zone)
    return None


def _without_weekday(text: str) -> Iterator[str]:
    """As it stands, and without a leading day of the week: "mar" is Tuesday in French and March in English."""
    yield text
    if (first := _LEADING_WORD.match(text)) and first["word"] in WEEKDAYS:
        yield text[first.end() :]


def _from_korean(text: str) -> str:
    text = _KOREAN_DATE.sub(lambda m: f"{m[1]}-{int(m[2]):02}-{int(m[3]):02}", text)
    return _KOREAN_CLOCK.sub(lambda m: f"{m[2]} {'am' if m[1] == '오전' else 'pm'}", text)


def _instant(parts: Parts, unsaid: timezone) -> datetime | None:
    zone = _zone(parts.get("zone"), unsaid)
    if zone is None:
        return None
    try:
        day = _day(parts)
        naive = datetime(day.year, day.month, day.day, _hour(parts), *_minute_second_micro(parts))  # noqa: DTZ001
        return naive.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(parts: Parts) -> date:
    year = _year(parts["year"] or "")
    if ordinal := parts.get("ordinal"):
        if not 1 <= int(ordinal) <= 366:
            raise ValueError("no day of a year")
        day = date(year, 1, 1) + timedelta(days=int(ordinal) - 1)
        if day.year != year:
            raise ValueError("no day of that year")
        return day
    month = parts.get("month") or "1"
    number = int(month) if month.isdecimal() else MONTHS_IN_ENGLISH.index(month) + 1
    return date(year, number, int(parts.get("day") or 1))


def _year(told: str) -> int:
    year = int(told)
    if len(told) > 2:
        return year
    return year + (2000 if year < 90 else 1900)


def _hour(parts: Parts) -> int:
    hour = int(parts.get("hour") or 0)
    half = parts.get("half")
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no hour of a half day")
    return hour % 12 + (12 if half == "p" else 0)


def _minute_second_micro(parts: Parts) -> tuple[int, int, int]:
    fraction = (parts.get("fraction") or "0")[:6].ljust(6, "0")
    return int(parts.get("minute") or 0), int(parts.get("second") or 0), int(fraction)


def _zone(told: str | None, unsaid: timezone) -> timezone | None:
    """The zone that is told; None where nobody can say which it is."""
    if told is None:
        return unsaid
    told = told.removeprefix("etc/")
    offset = re.fullmatch(r"(?:gmt|utc)?(?P<sign>[+-])(?P<hours>\d\d?)(?::?(?P<minutes>\d\d))?", told)
    if offset is None:
        hours = ZONES.get(told)
        return None if hours is None else timezone(timedelta(hours=hours))
    minutes = int(offset["minutes"] or 0)
    distance = timedelta(hours=int(offset["hours"]), minutes=minutes)
    if minutes > 59 or distance > LARGEST_OFFSET:
        return None
    return timezone(-distance if offset["sign"] == "-" else distance)
