"""Words of time in Arabic, Ukrainian, Russian, Hebrew: plain text in; days, parts, clocks, lengths out."""

import re
from collections.abc import Iterator
from datetime import timedelta

from services.nlp.foreign import NUMBER
from services.nlp.number_words import DIGITS, first_number
from services.nlp.timetypes import Clock, DayWord, Part

_DAYS = (
    (re.compile(r"أمس|\bвчора\b|\bучора\b|\bвчера\b|\bאתמול\b|\bאמש\b"), -1),
    (
        re.compile(
            r"اليوم|الليلة|\bהיום\b|\bהבוקר\b|\bהלילה\b|\bהערב\b"
            r"|\bсьогодні\b|\bсегодня\b|\bщойно\b|\bтільки що\b"
        ),
        0,
    ),
    (re.compile(r"\bغدا?\b|\bзавтра\b|\bמחר\b"), 1),
)
_THIS_MORNING = re.compile(r"\bвранці\b|\bзранку\b|\bутром\b")
"""Today's, where the sentence names no day."""
_LONG_AGO = re.compile(
    r"(?:العام|الشهر|الأسبوع) الماضي|قبل (?:عام|سنوات|أشهر)|\b(?:рік|роки|років|місяць|місяці|год"
    r"|года|лет|месяц|месяца|месяцев) (?:тому|назад)\b|\bторік\b|\bминул\w+ (?:року|місяця)"
    r"|\bпрошл\w+ (?:году|месяце)"
    r"|\b(?:у|в) (?:січні|лютому|березні|квітні|травні|червні|липні|серпні|вересні|жовтні"
    r"|листопаді|грудні|январе|феврале|марте|апреле|мае|июне|июле|августе|сентябре|октябре|ноябре"
    r"|декабре)\b"
)
_PARTS = (
    (re.compile(r"לפנות בוקר|فجر|\bна світанку\b|\bна рассвете\b"), (3, 7)),
    (
        re.compile(
            r"(?<!לפנות )\bה?בבוקר\b|\bהבוקר\b|صباح|\bвранці\b|\bзранку\b|\bранку\b|\bутром\b|\bутра\b"
            r"|\bранков\w{2,3}\b|\bутренн\w{2,3}\b"
        ),
        (6, 12),
    ),
    (re.compile(r"צהריים|ظهر|عصر|\bвдень\b|\bднём\b|\bднем\b"), (12, 17)),
    (
        re.compile(
            r"\b[בה]ערב\b|مساء|\bввечері\b|\bувечері\b|\bвечером\b|\bвечірн\w{2,3}\b|\bвечерн\w{2,3}\b"
        ),
        (18, 24),
    ),
)
_NIGHT = re.compile(
    r"\b(?:ה|ב|אמש ב)לילה\b|ليل|\bвночі\b|\bуночі\b|\bза ніч\b|\bночі\b|\bніч на\b|\bнічн\w{2,3}\b"
    r"|\bночью\b|\bза ночь\b|\bночь на\b|\bночн\w{2,3}\b"
)
_CLOCK = re.compile(
    r"\b(?:об?|о|в|близько|около|عند الساعة|الساعة)? ?(?P<h>[01]?\d|2[0-3])[:.](?P<m>[0-5]\d)\b"
)
_HOURS = {
    "الواحدة": 1, "الثانية": 2, "الثالثة": 3, "الرابعة": 4, "الخامسة": 5, "السادسة": 6, "السابعة": 7,
        "الثامنة": 8, "التاسعة": 9, "العاشرة": 10,
    "п'ятої": 5, "шостої": 6, "сьомої": 7, "восьмої": 8, "десятої": 10, "пяти": 5, "шести": 6, "семи": 7,
        "восьми": 8,
}  # fmt: skip
_SPOKEN = re.compile("(?P<w>" + "|".join(_HOURS) + r")(?: و(?P<add>النصف|أربعين دقيقة|ثلاثين دقيقة|الربع))?")
_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "كانون الثاني|يناير|січня|января", "شباط|فبراير|лютого|февраля", "آذار|مارس|березня|марта",
            "نيسان|أبريل|ابريل|квітня|апреля", "أيار|مايو|травня|мая", "حزيران|يونيو|червня|июня",
            "تموز|يوليو|липня|июля", "آب|أغسطس|серпня|августа", "أيلول|سبتمبر|вересня|сентября",
            "تشرين الأول|أكتوبر|жовтня|октября", "تشرين الثاني|نوفمبر|листопада|ноября",
            "كانون الأول|ديسمبر|грудня|декабря",
        ),
        start=1,
    )
    for name in names.split("|")
}  # fmt: skip
_DATE = re.compile(
    r"\b(?P<d>\d{1,2}) (?:من )?(?:شهر )?(?P<m>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b"
    r"(?:[ /]\S{0,12}?)?(?: (?P<y>(?:19|20)\d\d))?"
)
_ON = "[ву]|на|во"
_PART_OF = "утром|вечером|днём|днем|ночью|вранці|ввечері|увечері|вдень|вночі|уночі|ранку|вечора"
_ARABIC_PART = "(?:يوم|مساء|صباح|فجر|ليلة|ليل|ظهر|ظهيرة|عصر|عشية|ضحى|أمس|غد|غدا|اليوم)"
"""What stands before a weekday that is a word as well: "среды" is the environment's, "неділі" the week's."""
_WEEKDAYS = (
    r"\b(?:يوم |ال)?(?:الاثنين|الإثنين)\b|\bпонеділ(?:ок|ка|ку)\b|\bпонедельник[ау]?\b",
    r"\bالثلاثاء\b|\bвівтор(?:ок|ка|ку)\b|\bвторник[ау]?\b",
    rf"\bالأربعاء\b|\bالاربعاء\b|\b(?:{_ON}|{_PART_OF}) (?:середу|середи|среду|среды)\b",
    r"\bالخميس\b|\bчетвер(?:г[ау]?)?\b",
    rf"\b{_ARABIC_PART} الجمعة\b|\bп'ятниц[юіія]\b|\bпятниц[уы]\b",
    r"\bالسبت\b|\bсубот[уи]\b|\bсуббот[уы]\b",
    rf"\b{_ARABIC_PART} الأحد\b"
    rf"|\b(?:{_ON}|{_PART_OF}) неділ[юі]\b|\bвоскресень[ея]\b",
)
_HEBREW = ("שני", "שלישי", "רביעי", "חמישי", "שישי", "שבת", "ראשון")
"""Ordinals: a weekday where "day" stands before or brackets stand around."""
_WEEKDAY = tuple(
    re.compile(rf"{pattern}|\b(?:ביום|יום|ליל) ה?{hebrew}\b|\({hebrew}\)")
    for pattern, hebrew in zip(_WEEKDAYS, _HEBREW, strict=True)
)
_UNITS = (
    (re.compile(r"ساع\w*|годин\w*|час(?:а|ов|овое|ового)?\b"), timedelta(hours=1)),
    (
        re.compile(r"يوم\w*|أيام|дні|днів|день|добу|доби|дня|дней|сутки|суток|дневн\w+|денн\w+"),
        timedelta(days=1),
    ),
    (re.compile(r"أسبوع\w*|أسابيع|тижн\w*|тиждень|недел\w*"), timedelta(weeks=1)),
)
_LENGTH = re.compile(
    rf"(?<!\w)(?P<n>{NUMBER}(?: و(?:عشرون|عشرين|ثلاثين|ثلاثون|أربعين|أربعون))?)[ -]?"
    r"(?P<unit>ساع\w*|يوم\w*|أيام|أسبوع\w*|أسابيع"
    r"|годин\w*|час(?:а|ов|овое|ового)?\b|дні|днів|день|добу|доби|дня|дней|сутки|суток|дневн\w+|денн\w+"
    r"|тижн\w*|тиждень|недел\w*)"
)
_ZONES = {
    "moscow": re.compile(r"московськ\w+ час|московскому|\bмск\b|\bпо москве\b"),
    "kyiv": re.compile(r"київським часом|киевскому|\bза києвом\b|\bпо киеву\b"),
}
_ZONE = re.compile(r"بتوقيت (?:مدينة )?(?P<ar>[\u0621-\u064a]{3,20})")


def days(plain: str) -> Iterator[DayWord]:
    """Yesterday, today, tomorrow, weekdays, dates, and words for long ago."""
    named = list(_named_days(plain))
    yield from named
    if not named:
        for match in _THIS_MORNING.finditer(plain):
            yield DayWord(match.start(), match.end(), "offset", offset=0)


def _named_days(plain: str) -> Iterator[DayWord]:
    for match in _LONG_AGO.finditer(plain):
        yield DayWord(match.start(), match.end(), "ago", offset=-30)
    for pattern, offset in _DAYS:
        for match in pattern.finditer(plain):
            yield DayWord(match.start(), match.end(), "offset", offset=offset)
    for weekday, pattern in enumerate(_WEEKDAY):
        for match in pattern.finditer(plain):
            yield DayWord(match.start(), match.end(), "weekday", weekday=weekday)
    for match in _DATE.finditer(plain.translate(DIGITS)):
        day, month, year = int(match["d"]), _MONTHS[match["m"]], int(match["y"] or 0)
        yield DayWord(match.start(), match.end(), "date", day=day, month=month, year=year)


def parts(plain: str) -> Iterator[Part]:
    """Parts of the day."""
    for match in _NIGHT.finditer(plain):
        yield Part(match.start(), match.end(), (20, 30), night=True)
    for pattern, hours in _PARTS:
        for match in pattern.finditer(plain):
            yield Part(match.start(), match.end(), hours)


def clocks(plain: str) -> Iterator[Clock]:
    """Clock times in digits and, for full hours, in words; local unless a zone stands there."""
    zone = _zone(plain)
    for match in _CLOCK.finditer(plain.translate(DIGITS)):
        yield Clock(match.start(), match.end(), int(match["h"]), int(match["m"]), zone)
    for match in _SPOKEN.finditer(plain):
        minute = {"النصف": 30, "أربعين دقيقة": 40, "ثلاثين دقيقة": 30, "الربع": 15}.get(match["add"] or "", 0)
        evening = re.search(r"مساء|ввечері|вечера", plain[match.end() : match.end() + 12])
        yield Clock(
            match.start(), match.end(), _HOURS[match["w"]] + (12 if evening else 0), minute, zone, timedelta()
        )


def lengths(plain: str) -> Iterator[tuple[int, int, timedelta]]:
    """Lengths of time ("مدتها أربع وعشرون ساعة", "на 72 години") with their offsets."""
    text = plain.translate(DIGITS)
    for match in _LENGTH.finditer(text):
        count = next(
            filter(None, (first_number(match["n"], language) for language in ("ar", "uk", "ru"))), None
        )
        unit = next((length for pattern, length in _UNITS if pattern.match(match["unit"])), None)
        if count and unit:
            yield match.start(), match.end(), count * unit


def _zone(plain: str) -> str:
    if re.search(r"بتوقيت غرينتش|gmt", plain):
        return "gmt"
    for name, words in _ZONES.items():
        if words.search(plain):
            return name
    named = _ZONE.search(plain)
    return named["ar"] if named and named["ar"] != "المحلي" else ""
