"""Finds the words of time in a sentence: plain text in; days, parts of the day and lengths out."""

import re
from datetime import timedelta
from functools import lru_cache

from services.nlp import foreign_time, latin_time
from services.nlp.numbers import TENS, UNITS
from services.nlp.timetypes import MONTHS as MONTHS
from services.nlp.timetypes import PARTS, DayWord, Part

WEEKDAYS = {
    d: n for n, d in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = "|".join(WEEKDAYS)
_SMALL = "|".join([*UNITS, *TENS])
LATIN = re.compile("[a-z]{2}")
"""What a sentence in Latin letters has."""
_SEASON = "spring|summer|autumn|winter|fall"


_OF_YEAR = r"(?:19|20)\d\d\b(?! ?(?:hours|hrs|gmt|utc|local|[a-z]+ time)\b)"
"""A year behind a date, and no time of day: "14 May, 2040 UTC"."""
_DATE = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})\b\.?(?:,? (?P<y>{_OF_YEAR}))?"
    rf"|\b(?P<m2>{_MONTH})\b\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<y2>{_OF_YEAR}))?"
    r"|\b(?P<y3>(?:19|20)\d\d) (?P<m3>[01]\d) (?P<d3>[0-3]\d)\b"
)
_OF_THE_MONTH = re.compile(
    r"\b(?:on|of|since|until|by|from) the (?P<d>[12]?\d|3[01])(?:st|nd|rd|th)\b"
    r"(?! (?!of the month|and|an?|the|at|in|near|by|when|as|after|before|who|it|he|she|they)[a-z])"
)
"""A day of this month or the last ("on the 13th"), where no noun stands behind ("the 13th brigade")."""
_MONTH_ONLY = re.compile(
    rf"\b(?:in|since|of|by|early|late|mid|until|last|between|during|from|april's"
    rf"|and) (?P<m>{_MONTH})\b(?! \d{{1,2}}(?:st|nd|rd|th)?\b)(?P<tail>,? (?:last year|(?:19"
    rf"|20)\d\d))?"
)
_YEAR = re.compile(
    r"\b(?:in|since|of|from|during|until|by|is|for|and|to|the|summer|early|late"
    r"|between) (?P<y>(?:19|20)\d\d)s?\b(?! ?hours| gmt| local)"
)
_WEEKDAY = re.compile(
    rf"\b(?:(?P<mod>last|next|this|the following|previous) )?(?P<w>{_DAY})(?:'s)?\b(?P<night> night)?"
)
_RELATIVE = re.compile(
    rf"\b(?:(?P<word>today|yesterday|tomorrow|tonight|last night|the night before|the day before"
    rf"|the previous day|day before yesterday|this (?:morning|afternoon|evening)|overnight|just now"
    rf"|earlier in the day)"
    rf"|(?P<n>\d{{1,3}}|a|an|one|several|some|few|{_SMALL}) (?P<unit>minute|hour|day|week|month"
    rf"|year|decade|centurie?)s? (?:ago|before|earlier|on\b)"
    rf"|(?P<last>last|previous|earlier this|past) (?P<lastunit>week|weekend|month|year|{_SEASON}"
    rf"|decade|century)"
    rf"|(?P<longago>(?:weeks|months|years|decades) ago))\b"
)
_PART = re.compile(
    r"\b(?:(?P<night>overnight|last night|during the night|in the night|at night|the night|tonight"
    r"|that night)"
    r"|(?:in the |the |at |before |after |this |(?:mon|tues|wednes|thurs|fri|satur|sun)day "
    r"|yesterday |tomorrow )?"
    r"(?P<part>early hours|small hours|early morning|early afternoon|late afternoon|morning"
    r"|afternoon|evening|dawn|dusk|lunchtime|after dark|nightfall|sunset|midday))\b"
)
_END_OF_DAY = re.compile(
    rf"\blate (?:on )?(?=(?:{_DAY}|yesterday)\b)(?!\w+ (?:night|morning|afternoon|evening))"
)
"""What says no more than that a day was near its end: "late on Monday"."""
_LENGTH = re.compile(
    rf"\b(?P<n>\d{{1,3}}|{_SMALL}|a|one|half a)(?:[ -](?:and a half)?)? ?(?P<unit>minute|hour|day"
    rf"|week|month)s?\b"
)
_NUMBERS = UNITS | TENS | {"a": 1, "an": 1, "several": 5, "some": 5, "few": 3}
_DAYS_OF = {
    "minute": 0,
    "hour": 0,
    "day": 1,
    "week": 7,
    "month": 30,
    "year": 365,
    "decade": 3650,
    "centurie": 36500,
}


def number(word: str) -> int:
    """`3`, `three` or `a` as a number; 0 for what is none."""
    return int(word) if word.isdigit() else _NUMBERS.get(word, 0)


def days(text: str) -> list[DayWord]:
    """Every word for a day, month or year in a plain sentence, in order, none inside another."""
    return list(_days(text))


@lru_cache(maxsize=512)
def _days(text: str) -> tuple[DayWord, ...]:
    """Kept, since novelty, time and toll each ask of the same sentences."""
    found = (
        [*_dates(text), *_weekdays(text), *_relatives(text), *latin_time.days(text)]
        if LATIN.search(text)
        else list(foreign_time.days(text))
    )
    found.sort(key=lambda d: (d.start, -d.end))
    kept: list[DayWord] = []
    for word in found:
        if not kept or word.start >= kept[-1].end:
            kept.append(word)
    return tuple(kept)


def _dates(text: str) -> list[DayWord]:
    found = []
    for m in _DATE.finditer(text):
        day = m["d"] or m["d2"] or m["d3"]
        month = int(m["m3"]) if m["m3"] else MONTHS[m["m"] or m["m2"]]
        year = int(m["y"] or m["y2"] or m["y3"] or 0)
        found.append(DayWord(m.start(), m.end(), "date", day=int(day), month=month, year=year))
    found += [DayWord(m.start(), m.end(), "date", day=int(m["d"])) for m in _OF_THE_MONTH.finditer(text)]
    for m in _MONTH_ONLY.finditer(text):
        tail = (m["tail"] or "").strip(" ,")
        year = int(tail) if tail.isdigit() else 0
        found.append(DayWord(m.start(), m.end(), "month", month=MONTHS[m["m"]], year=year, modifier=tail))
    found += [DayWord(m.start(), m.end(), "year", year=int(m["y"])) for m in _YEAR.finditer(text)]
    return found


def _weekdays(text: str) -> list[DayWord]:
    return [
        DayWord(
            m.start(),
            m.end(),
            "weekday",
            weekday=WEEKDAYS[m["w"]],
            modifier=m["mod"] or "",
            night=bool(m["night"]),
        )
        for m in _WEEKDAY.finditer(text)
    ]


def _relatives(text: str) -> list[DayWord]:
    found = []
    for m in _RELATIVE.finditer(text):
        word = m["word"] or ""
        if word:
            offset = (
                -1
                if word
                in ("yesterday", "the day before", "the previous day", "the night before", "last night")
                else 0
            )
            offset = 1 if word == "tomorrow" else -2 if word == "day before yesterday" else offset
            night = word in ("last night", "overnight", "the night before")
            found.append(DayWord(m.start(), m.end(), "offset", offset=offset, night=night, modifier=word))
        elif m["n"]:
            back = number(m["n"]) * _DAYS_OF[m["unit"]]
            found.append(
                DayWord(m.start(), m.end(), "offset" if back < 7 else "ago", offset=-back, modifier="ago")
            )
        else:
            spans = {"week": 8, "weekend": 4, "month": 20, "year": 300, "decade": 3650, "century": 36500}
            unit = m["lastunit"] or "ago"
            kind = "ago" if unit != "weekend" else "offset"
            found.append(DayWord(m.start(), m.end(), kind, offset=-spans.get(unit, 120), modifier=unit))
    return found


def parts(text: str) -> list[Part]:
    """Every part of the day in a plain sentence."""
    if not LATIN.search(text):
        return list(foreign_time.parts(text))
    found = [
        Part(m.start(), m.end(), (20, 30), night=True)
        if m["night"]
        else Part(m.start(), m.end(), PARTS[m["part"]])
        for m in _PART.finditer(text)
    ]
    found += [Part(m.start(), m.end(), (17, 24)) for m in _END_OF_DAY.finditer(text)]
    return found + list(latin_time.parts(text))


def lengths(text: str) -> list[tuple[int, int, timedelta]]:
    """Every length of time ("72-hour", "a week"), with its offsets."""
    per = {
        "minute": timedelta(minutes=1),
        "hour": timedelta(hours=1),
        "day": timedelta(days=1),
        "week": timedelta(weeks=1),
    }
    if not LATIN.search(text):
        return list(foreign_time.lengths(text))
    found = []
    for m in _LENGTH.finditer(text):
        n = number(m["n"].replace("half a", "1"))
        unit = timedelta(days=30) if m["unit"] == "month" else per[m["unit"]]
        if n:
            found.append((m.start(), m.end(), n * unit))
    return found
