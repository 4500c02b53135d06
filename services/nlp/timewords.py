"""Finds the words of time in a sentence: plain text in; days, clock times, parts of the day and lengths out."""

import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from services.nlp import foreign_time, latin_time
from services.nlp.numbers import TENS, UNITS
from services.nlp.timetypes import MONTHS as MONTHS
from services.nlp.timetypes import PARTS, Clock, DayWord, Part

WEEKDAYS = {
    d: n for n, d in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = "|".join(WEEKDAYS)
_SMALL = "|".join([*UNITS, *TENS])
_LATIN = re.compile("[a-z]{2}")
_SEASON = "spring|summer|autumn|winter|fall"


_DATE = re.compile(
    rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})\b\.?(?:,? (?P<y>\d{{4}}))?"
    rf"|\b(?P<m2>{_MONTH})\b\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<y2>(?:19|20)\d\d))?"
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
_ZONE = (
    r"(?P<zone>(?:gmt|utc|z|local time|local|cest|cet|eest|eet|msk|bst|est|edt|et|ist|idt|pkt|npt|mmt|ict|wib|pht|irst"
    r"|trt|ast|eat|cat|wat|sast|cot|ect|pdt|pst|eastern time|eastern)\b|(?:[a-z]+ ){1,2}time\b)?"
)
_CLOCKS = re.compile(
    rf"\b(?P<h>[01]?\d|2[0-4])[:.](?P<mi>[0-5]\d)(?:\b|(?=[ap]\.?m\b))(?!\d| per| million| percent"
    rf"|%)\s{{0,2}}(?P<ap>a\.?m\.?|p\.?m\.?)?\s{{0,2}}\(?{_ZONE}"
    rf"|\b(?P<h4>[01]\d|2[0-4])(?P<mi4>[0-5]\d)(?: ?h(?:ou)?rs\b\s{{0,2}}{_ZONE.replace('zone', 'zone5')}"
    rf"|\s{{0,2}}{_ZONE.replace('zone', 'zone4').rstrip('?')})"
    rf"|\b(?P<h2>1[0-2]|0?[1-9])\s{{0,2}}(?P<ap2>a\.?m\b\.?"
    rf"|p\.?m\b\.?)\s{{0,2}}\(?{_ZONE.replace('zone', 'zone2')}"
)
_SPOKEN = re.compile(
    r"\b(?:(?P<frac>half past|a quarter past|quarter past|a quarter to|quarter to|ten to|ten past"
    r"|five to|five past|twenty past|twenty to|two minutes past|ten minutes before"
    r"|ten minutes after|five minutes past)"
    r" (?P<hw>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|midnight|noon|\d{1,2})\b"
    r"|(?:at|around|about|by|until|from|after|before|of|nearly|past|to|till|for|shortly after"
    r"|was) (?P<hw2>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b"
    r"(?: o'clock)?(?= (?:o'clock|in the|this (?:morning|afternoon|evening)|on (?:monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday)|tonight|last night|tomorrow|that|local|yesterday"
    r"|at night)|[.,;](?!\d)|$)"
    r"|(?P<hw3>one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}) o'clock"
    r"|(?P<word>midnight|noon|midday|the first minute of))"
    r"(?P<half>(?: in the| on [a-z]+day| this| that| tomorrow| of [a-z]+day"
    r"| yesterday)? ?(?:morning|afternoon|evening|night))?"
    r"(?P<zone>,? ?(?:local time|gmt|utc|(?:[a-z]+ )?(?:[a-z]+ )time\b))?"
)
_PART = re.compile(
    r"\b(?:(?P<night>overnight|last night|during the night|in the night|at night|the night|tonight"
    r"|that night)"
    r"|(?:in the |the |at |before |after |this |(?:mon|tues|wednes|thurs|fri|satur|sun)day "
    r"|yesterday |tomorrow )?"
    r"(?P<part>early hours|small hours|early morning|early afternoon|late afternoon|morning"
    r"|afternoon|evening|dawn|dusk|lunchtime|after dark|nightfall|sunset|midday))\b"
)
_LENGTH = re.compile(
    rf"\b(?P<n>\d{{1,3}}|{_SMALL}|a|one|half a)(?:[ -](?:and a half)?)? ?(?P<unit>minute|hour|day"
    rf"|week|month)s?\b"
)
_FRACTIONS = {"half past": 30, "a quarter past": 15, "quarter past": 15, "a quarter to": -15,
    "quarter to": -15, "ten to": -10,
              "ten past": 10, "five to": -5, "five past": 5, "twenty past": 20, "twenty to": -20,
              "two minutes past": 2,
              "ten minutes before": -10, "ten minutes after": 10, "five minutes past": 5}  # fmt: skip
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
        if _LATIN.search(text)
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


def clocks(text: str) -> list[Clock]:
    """Every time of day in a plain sentence."""
    found = [_digital(m) for m in _CLOCKS.finditer(text)]
    found = [*latin_time.clocks(text), *found] if _LATIN.search(text) else list(foreign_time.clocks(text))
    found += [clock for m in _SPOKEN.finditer(text) if (clock := _spoken(m, text))]
    found.sort(key=lambda c: (c.start, -c.end))
    kept: list[Clock] = []
    for clock in found:
        if not kept or clock.start >= kept[-1].end:
            kept.append(clock if clock.zone else replace(clock, zone=_zone_after(text, clock)))
    return kept


_ZONE_AFTER = re.compile(
    r"^[^.;:\d]{0,14}(?:\d{1,2} [a-z]{3,9}|(?:mon|tues|wednes|thurs|fri|satur|sun)day[^.;:]{0,22}?"
    r"|this (?:morning|afternoon|evening)|today|tomorrow)?,? ?\(?(?P<zone>local time|gmt|utc"
    r"|(?:[a-z]+ and )?[a-z]+(?: [a-z]+)? time)\b"
)


_SAME_INSTANT = re.compile(r"\b(?:which is|that is|which means|or|i e) $")
_IN_CITY = re.compile(r"^ ?in (?P<city>[a-z]+)\b")


def _zone_after(text: str, clock: Clock) -> str:
    """The zone behind the day ("at 18:00 this evening, Bangkok time"), or a city's ("which is 05:00 in Brussels")."""
    city = _IN_CITY.match(text[clock.end : clock.end + 30])
    if city and _SAME_INSTANT.search(text[: clock.start][-14:]):
        return city["city"]
    match = _ZONE_AFTER.search(text[clock.end : clock.end + 60])
    return match["zone"].split(" and ")[-1] if match else ""


_HALF_BEHIND = re.compile(
    r" ?(?:(?:on|in|of|this|that|in the|last|yesterday) )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day )?"
    r"(?P<part>morning|afternoon|evening|night)\b"
)
"""The half of the day behind an hour: "at 10:30 on Tuesday night"."""
_SMALL_HOURS = 5
"""Hours up to which the night is that after midnight."""
_WORDS_TOO = frozenset(["est", "et", "eat", "cat", "cot"])
"""Zones that are words as well, in French or English: they count behind "p.m." only."""


def _digital(m: re.Match[str]) -> Clock:
    hour = int(m["h"] or m["h4"] or m["h2"])
    minute = int(m["mi"] or m["mi4"] or 0)
    half = (m["ap"] or m["ap2"] or "")[:1]
    zone = m["zone"] or m["zone4"] or m["zone5"] or m["zone2"] or ""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 0 < hour < 12 and (part := _HALF_BEHIND.match(m.string, m.end())):
        evening = part["part"] in ("afternoon", "evening") or (
            part["part"] == "night" and hour > _SMALL_HOURS
        )
        hour += 12 if evening else 0
    if zone in _WORDS_TOO and not half:
        zone = ""
    return Clock(
        m.start(),
        m.start() + len(m.group().rstrip()),
        hour % 24,
        minute,
        zone.strip(),
        timedelta(days=hour // 24),
    )


_COUNTED = re.compile(
    r"(?:\b(?:ris(?:en|ing|es)|rose|climbed|gr(?:ew|own)|increased|jumped|raised|revised|fell|brought|bringing|put|up|down)"
    r"\b[^.,;]{0,24}|\b(?:toll|number|dead|deaths|total)\b[^.;]{0,60})$"
)
# the number behind "has risen to" is a count and no hour


def _spoken(m: re.Match[str], text: str) -> Clock | None:
    word = m["word"] or m["hw"] or m["hw2"] or m["hw3"]
    if m["hw2"] and not m["half"] and _COUNTED.search(text[max(0, m.start() - 80) : m.start()]):
        return None
    hour = {"midnight": 0, "noon": 12, "midday": 12, "the first minute of": 0}.get(word, number(word))
    if hour > 24:
        return None
    after = text[m.end() : m.end() + 24]
    half = (m["half"] or "") + after
    afternoon = re.search(r"\b(?:afternoon|evening)\b|\btonight\b|\blast night\b", half)
    if (
        hour < 12
        and hour > 0
        and (afternoon or (re.match(r"\s?(?:at night|night|last night|yesterday night)", half) and hour > 5))
    ):
        hour += 12
    if word == "twelve" and re.search(r"night", half):
        hour = 0
    minutes = _FRACTIONS.get(m["frac"] or "", 0)
    total = hour * 60 + minutes
    return Clock(m.start(), m.end(), total // 60 % 24, total % 60, (m["zone"] or "").strip(" ,"))


def parts(text: str) -> list[Part]:
    """Every part of the day in a plain sentence."""
    if not _LATIN.search(text):
        return list(foreign_time.parts(text))
    return [
        Part(m.start(), m.end(), (20, 30), night=True)
        if m["night"]
        else Part(m.start(), m.end(), PARTS[m["part"]])
        for m in _PART.finditer(text)
    ] + list(latin_time.parts(text))


def lengths(text: str) -> list[tuple[int, int, timedelta]]:
    """Every length of time ("72-hour", "a week"), with its offsets."""
    per = {
        "minute": timedelta(minutes=1),
        "hour": timedelta(hours=1),
        "day": timedelta(days=1),
        "week": timedelta(weeks=1),
    }
    if not _LATIN.search(text):
        return list(foreign_time.lengths(text))
    found = []
    for m in _LENGTH.finditer(text):
        n = number(m["n"].replace("half a", "1"))
        unit = timedelta(days=30) if m["unit"] == "month" else per[m["unit"]]
        if n:
            found.append((m.start(), m.end(), n * unit))
    return found
