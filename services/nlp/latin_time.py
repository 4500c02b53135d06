"""Words of time in French, Spanish and Turkish: plain text in; days and parts of the day out.

They stand beside the English ones, since a sentence does not say which language it is in: so a word that English has
too ("pazar", "midi", "tarde") counts only with what stands beside it.
"""

import re
from collections.abc import Iterator

from services.nlp.timetypes import DayWord, Part

_OFFSETS = (
    (re.compile(r"\bavant hier\b|\banteayer\b|\bevvelsi gün\b"), -2),
    (re.compile(r"(?<!avant )\bhier\b|\bayer\b|\banoche\b|\bdün\b|\bla veille\b"), -1),
    (
        re.compile(
            r"\baujourd'hui\b|\bce (?:matin|midi|soir)\b|\bcette nuit\b|\beste mediodía\b|\besta (?:mañana|tarde|noche"
            r"|madrugada)\b|\bhoy\b|\bbugün\b|\bbu (?:sabah|akşam|gece)\b"
        ),
        0,
    ),
    (re.compile(r"\bdemain\b|(?<!la )(?<!esta )(?<!una )\bmañana\b(?! (?:del?|temprano))|\byarın\b"), 1),
)
_WEEKDAYS = tuple(
    re.compile(rf"\b(?:{names})\b")
    for names in (
        "lundi|lunes|pazartesi", "mardi|martes|salı", "mercredi|miércoles|çarşamba", "jeudi|jueves|perşembe",
        "vendredi|viernes|cuma", "samedi|sábado|cumartesi", "dimanche|domingo|pazar günü",
    )
)  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier|enero|ocak", "février|febrero|şubat", "mars|marzo|mart", "avril|abril|nisan", "mai|mayo|mayıs",
            "juin|junio|haziran", "juillet|julio|temmuz", "août|agosto|ağustos", "septembre|septiembre|eylül",
            "octobre|octubre|ekim", "novembre|noviembre|kasım", "décembre|diciembre|aralık",
        ),
        start=1,
    )
    for name in names.split("|")
}  # fmt: skip
_DATE = re.compile(
    r"\b(?P<d>[0-3]?\d)(?:er)? (?:de )?(?P<m>"
    + "|".join(sorted(_MONTHS, key=len, reverse=True))
    + r")\b(?: (?:de )?(?P<y>(?:19|20)\d\d))?"
)
_PARTS = (
    (re.compile(r"\baube\b|\bmadrugada\b|\bamanecer\b|\bşafak\b|\bpetit matin\b"), (3, 7)),
    (re.compile(r"(?<!petit )\bmatin(?:ée)?\b|\b(?:la|esta) mañana\b|\bsabah(?:ı|leyin)?\b"), (6, 12)),
    (re.compile(r"\b(?:à|ce|le) midi\b|\bmediodía\b|\böğle(?:n|yin)?\b(?!den)"), (11, 14)),
    (re.compile(r"\baprès midi\b|\b(?:la|esta) tarde\b|\böğleden sonra\b|\bikindi\b"), (12, 18)),
    (re.compile(r"\bsoir(?:ée)?\b|\bakşam\w*\b"), (18, 24)),
)
_NIGHT = re.compile(r"\b(?:la|cette|de) nuit\b|\banoche\b|\b(?:la|esta) noche\b|\bgece\w*\b")


_ANY = re.compile(
    r"\b(?:hier|ayer|anteayer|anoche|dün|evvelsi|veille|aujourd|ce |cette |est[ae] |hoy|bugün|bu |demain|mañana|yarın"
    r"|lun|mar|mié|mer|jeu|jue|ven|vie|sam|sáb|dim|dom|paz|sal|çar|per|cum|\d)"
)
"""Where none of these begins a word, no day is told: most sentences are English."""


def days(plain: str) -> Iterator[DayWord]:
    """Yesterday, today, tomorrow, weekdays and dates."""
    if not _ANY.search(plain):
        return
    for pattern, offset in _OFFSETS:
        for match in pattern.finditer(plain):
            yield DayWord(match.start(), match.end(), "offset", offset=offset)
    for weekday, pattern in enumerate(_WEEKDAYS):
        for match in pattern.finditer(plain):
            yield DayWord(match.start(), match.end(), "weekday", weekday=weekday)
    for match in _DATE.finditer(plain):
        year = int(match["y"] or 0)
        yield DayWord(
            match.start(), match.end(), "date", day=int(match["d"]), month=_MONTHS[match["m"]], year=year
        )


def parts(plain: str) -> Iterator[Part]:
    """Parts of the day."""
    for match in _NIGHT.finditer(plain):
        yield Part(match.start(), match.end(), (20, 30), night=True)
    for pattern, hours in _PARTS:
        for match in pattern.finditer(plain):
            yield Part(match.start(), match.end(), hours)
