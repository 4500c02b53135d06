"""Words of time in French, Spanish, Portuguese and Turkish: plain text in; days, parts of the day, clocks out.

They stand beside the English ones, since a sentence does not say which language it is in: so a word that English has
too ("pazar", "midi", "tarde") counts only with what stands beside it.
"""

import re
from collections.abc import Iterator

from services.nlp.text import is_english
from services.nlp.timetypes import Clock, DayWord, Part

_OFFSETS = (
    (re.compile(r"\bavant hier\b|\banteayer\b|\banteontem\b|\bevvelsi gün\b"), -2),
    (re.compile(r"(?<!avant )\bhier\b|\bayer\b|\bontem\b|\banoche\b|\bdün\b"), -1),
    (
        re.compile(
            r"\baujourd'hui\b|\bce (?:matin|midi|soir)\b|\bcette nuit\b|\beste mediodía\b|\besta (?:mañana|tarde|noche"
            r"|madrugada)\b|\bhoy\b|\bhoje\b|\b(?:esta|nesta|desta) (?:manhã|tarde|noite|madrugada)\b"
            r"|\bbugün\b|\bbu (?:sabah|akşam|gece)\b"
        ),
        0,
    ),
    (
        re.compile(
            r"\bdemain\b|(?<!la )(?<!esta )(?<!una )\bmañana\b(?! (?:del?|temprano))|\bamanhã\b|\byarın\b"
        ),
        1,
    ),
)
_FEIRA = "(?:(?:nesta|desta|na|da) )?{0} feira|(?:nesta|desta) {0}"
_EVE = re.compile(r"\bla veille\b|\bla víspera\b|\bna véspera\b")
"""The day before the one that was told."""
_WEEKDAYS = tuple(
    re.compile(rf"\b(?:{names})\b")
    for names in (
        rf"lundi|lunes|pazartesi|{_FEIRA.format('segunda')}", rf"mardi|martes|salı|{_FEIRA.format('terça')}",
        rf"mercredi|miércoles|çarşamba|{_FEIRA.format('quarta')}", rf"jeudi|jueves|perşembe|{_FEIRA.format('quinta')}",
        rf"vendredi|viernes|cuma|{_FEIRA.format('sexta')}", "samedi|sábado|cumartesi", "dimanche|domingo|pazar günü",
    )
)  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier|enero|ocak|janeiro", "février|febrero|şubat|fevereiro", "mars|marzo|mart|março",
            "avril|abril|nisan", "mai|mayo|mayıs|maio",
            "juin|junio|haziran|junho", "juillet|julio|temmuz|julho", "août|agosto|ağustos",
            "septembre|septiembre|eylül|setembro",
            "octobre|octubre|ekim|outubro", "novembre|noviembre|kasım|novembro", "décembre|diciembre|aralık|dezembro",
        ),
        start=1,
    )
    for name in names.split("|")
}  # fmt: skip
DATE = re.compile(
    r"\b(?P<d>[0-3]?\d)(?:er)? (?:de )?(?P<m>"
    + "|".join(sorted(_MONTHS, key=len, reverse=True))
    + r")\b(?: (?:de )?(?P<y>(?:19|20)\d\d))?"
)
_PARTS = (
    (re.compile(r"\baube\b|\bmadrugada\b|\bamanhecer\b|\bamanecer\b|\bşafak\b|\bpetit matin\b"), (3, 7)),
    (
        re.compile(
            r"(?<!petit )\bmatin(?:ée)?\b|\b(?:la|esta) mañana\b|\b[dn]?esta manhã\b"
            r"|\b(?:de|da|pela) manhã\b|\bsabah(?:ı|leyin)?\b"
        ),
        (6, 12),
    ),
    (re.compile(r"\b(?:à|ce|le) midi\b|\bmediodía\b|\böğle(?:n|yin)?\b(?!den)"), (11, 14)),
    (
        re.compile(r"\baprès midi\b|\b(?:la|[dn]?esta|à|da|pela) tarde\b|\böğleden sonra\b|\bikindi\b"),
        (12, 18),
    ),
    (re.compile(r"\bsoir(?:ée)?\b|\bakşam\w*\b"), (18, 24)),
)
_NIGHT = re.compile(
    r"\b(?:la|cette|de) nuit\b|\banoche\b|\b(?:la|esta) noche\b|\b(?:à|da|de|[dn]?esta|última) noite\b"
    r"|\bgece\w*\b"
)


_ANY = re.compile(
    r"\b(?:hier|ayer|anteayer|anoche|dün|evvelsi|veille|aujourd|ce |cette |est[ae] |hoy|hoje|ontem|anteontem"
    r"|nesta|desta|segunda|terça|quarta|quinta|sexta|amanhã|bugün|bu |demain|mañana|yarın"
    r"|lun|mar|mié|mer|jeu|jue|ven|vie|sam|sáb|dim|dom|paz|sal|çar|per|cum|\d)"
)
"""Where none of these begins a word, no day is told: most sentences are English."""


def days(plain: str) -> Iterator[DayWord]:
    """Yesterday, today, tomorrow, weekdays and dates."""
    if is_english(plain) or not _ANY.search(plain):
        return
    for pattern, offset in _OFFSETS:
        for match in pattern.finditer(plain):
            yield DayWord(match.start(), match.end(), "offset", offset=offset)
    for match in _EVE.finditer(plain):
        yield DayWord(match.start(), match.end(), "offset", offset=-1, modifier="the day before")
    for weekday, pattern in enumerate(_WEEKDAYS):
        for match in pattern.finditer(plain):
            yield DayWord(match.start(), match.end(), "weekday", weekday=weekday)
    for match in DATE.finditer(plain):
        year = int(match["y"] or 0)
        yield DayWord(
            match.start(), match.end(), "date", day=int(match["d"]), month=_MONTHS[match["m"]], year=year
        )


def parts(plain: str) -> Iterator[Part]:
    """Parts of the day."""
    if is_english(plain):
        return
    for match in _NIGHT.finditer(plain):
        yield Part(match.start(), match.end(), (20, 30), night=True)
    for pattern, hours in _PARTS:
        for match in pattern.finditer(plain):
            yield Part(match.start(), match.end(), hours)


_HALF = re.compile(
    r",? (?:de|da|en|del?) (?:la |el )?(?P<part>noche|noite|tarde|mañana|manhã|madrugada|matin|soir)\b"
    r"|,? du soir\b"
)
_CLOCKS = re.compile(
    r"\b(?P<h>[01]?\d|2[0-4]) ?h(?:oras?|eures?|rs)?(?: ?(?P<m>[0-5]\d))?\b"
    r"|\b(?:à|a|às|as|vers|dès|sobre|hacia|saat|pelas|kl) (?:las? )?(?P<h2>[01]?\d|2[0-4])(?:[:.](?P<m2>[0-5]\d))?"
    r"\b(?! ?h)"
)
_COUNTED = re.compile(r" d(?:e |')(?!ontem|hoje|hoy|ayer|ter|qua|qui|sex|seg|sáb|dom|lun|mar|mié|jue|vie)")
"""What stands behind hours that are a length: "12 heures de combats"."""
_AT_THE_HOUR = re.compile(
    r"\b(?:à|a|às|as|vers|autour de|dès|depuis|jusqu'à|avant|après|sobre|hacia|desde|hasta|por volta das?|das|de)"
    r" (?:las )?$"
)


def clocks(plain: str) -> Iterator[Clock]:
    """Times of day in digits: "a las 9:30 de la noche", "vers 21h30", "às 14 horas", "saat 21.30".

    An hour without minutes counts only where "h", "heures" or a part of the day stands beside it.
    """
    if is_english(plain):
        return
    for match in _CLOCKS.finditer(plain):
        hour, minute = int(match["h"] or match["h2"]), int(match["m"] or match["m2"] or 0)
        half = _HALF.match(plain, match.end())
        written = match["m"] or (
            match["h"] and _AT_THE_HOUR.search(plain[max(0, match.start() - 16) : match.start()])
        )
        if match["h"] and not (match["m"] or half) and _COUNTED.match(plain, match.end()):
            continue
        if not (half or written or (match["m2"] and match[0].startswith("saat"))):
            continue
        part = half["part"] or "soir" if half else ""
        if part in ("noche", "noite", "tarde", "soir") and 0 < hour < 12:
            hour += 12
        end = half.end() if half else match.end()
        yield Clock(match.start(), end, hour % 24, minute)
