"""Finds the times of day in a sentence: plain text in, hours with the zones written beside them out."""

import re
from dataclasses import replace
from datetime import timedelta

from services.nlp import foreign_time, latin_time
from services.nlp.timetypes import Clock
from services.nlp.timewords import LATIN, number

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
_FRACTIONS = {"half past": 30, "a quarter past": 15, "quarter past": 15, "a quarter to": -15,
    "quarter to": -15, "ten to": -10,
              "ten past": 10, "five to": -5, "five past": 5, "twenty past": 20, "twenty to": -20,
              "two minutes past": 2,
              "ten minutes before": -10, "ten minutes after": 10, "five minutes past": 5}  # fmt: skip


def clocks(text: str) -> list[Clock]:
    """Every time of day in a plain sentence."""
    found = [_digital(m) for m in _CLOCKS.finditer(text)]
    found = [*latin_time.clocks(text), *found] if LATIN.search(text) else list(foreign_time.clocks(text))
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
        and (
            afternoon
            or (
                re.match(r"\s?(?:at |last |yesterday |on [a-z]+day |of [a-z]+day |that )?night", half)
                and hour > 5
            )
        )
    ):
        hour += 12
    if word == "twelve" and re.search(r"night", half):
        hour = 0
    minutes = _FRACTIONS.get(m["frac"] or "", 0)
    total = hour * 60 + minutes
    return Clock(m.start(), m.end(), total // 60 % 24, total % 60, (m["zone"] or "").strip(" ,"))
