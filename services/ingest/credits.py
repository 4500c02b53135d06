"""The agencies that a text credits as its own source: credit lines and datelines in, names of agencies out.

Only the places where desks put a credit count (a dateline, a byline, a sign-off, "Source: ..."): an agency that is
merely quoted in the text ("an AFP reporter saw") is an attribution, which is not for ingest to read.
"""

import re

AGENCIES = {
    "Reuters": ("Reuters", "رويترز", "Рейтер"),
    "AFP": ("AFP", "Agence France-Presse", "Agence France Presse", "أ ف ب", "ا ف ب", "فرانس برس", "АФП"),
    "AP": ("AP", "Associated Press", "The Associated Press"),
    "dpa": ("dpa", "DPA"),
    "EFE": ("EFE",),
    "ANSA": ("ANSA",),
    "TASS": ("TASS", "ТАСС", "تاس"),
    "RIA Novosti": ("RIA Novosti", "РИА Новости"),
    "Interfax": ("Interfax", "Интерфакс"),
    "Ukrinform": ("Ukrinform", "Укрінформ", "Укринформ"),
    "Anadolu": ("Anadolu", "Anadolu Agency", "الأناضول"),
    "Xinhua": ("Xinhua", "شينخوا"),
    "SANA": ("SANA", "سانا"),
    "WAFA": ("WAFA", "وفا"),
    "IRNA": ("IRNA", "إرنا"),
    "SUNA": ("SUNA", "سونا"),
    "PTI": ("PTI", "Press Trust of India"),
    "ANI": ("ANI",),
    "Kyodo": ("Kyodo",),
    "Yonhap": ("Yonhap",),
}
HEAD_CHARACTERS = 400
TAIL_CHARACTERS = 300

_NAMES = {name: agency for agency, names in AGENCIES.items() for name in names}
_NAME = "(?:" + "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)) + ")"
_LIST = rf"(?P<names>{_NAME}(?:(?:\s?[/,+&]\s?|\s(?:and|y|et|und)\s){_NAME}){{0,4}})"
_DASH = r"\s{0,2}[-–—]"
_HEAD = (
    rf"^[^\n(]{{0,80}}\({_LIST}\)",  # KYIV, March 3 (Reuters) -
    rf"^(?:By\s[^\n]{{1,60}},\s|By\s)?{_LIST}\s{{0,2}}$",  # By The Associated Press
    rf"^[^\n]{{0,60}}[.,]\s?/{_LIST}/",  # MOSCOW, March 3. /TASS/.
    rf"^{_LIST}{_DASH}\s",  # Reuters - ...
)
_TAIL = (
    rf"^\(?(?:Sources?|Credit|Agencies|With|Quelle|Fuente|Джерело|Источник|المصدر)\s?[:：]\s?{_LIST}\)?\.?\s{{0,2}}$",
    rf"\({_LIST}\)\s{{0,2}}\Z",
    rf"^\s?{_DASH}\s?{_LIST}\s{{0,2}}$",
    rf"^{_LIST}\s{{0,2}}\Z",
)
_IN_HEAD = tuple(re.compile(pattern, re.MULTILINE) for pattern in _HEAD)
_IN_TAIL = tuple(re.compile(pattern, re.MULTILINE) for pattern in _TAIL)
_EACH = re.compile(_NAME)


def credited(text: str) -> tuple[str, ...]:
    """The agencies by their usual names, in the order in which the text credits them; none twice."""
    found = _lists(_IN_HEAD, text[:HEAD_CHARACTERS]) + _lists(_IN_TAIL, text[-TAIL_CHARACTERS:])
    return tuple(dict.fromkeys(_NAMES[name] for told in found for name in _EACH.findall(told)))


def _lists(patterns: tuple[re.Pattern[str], ...], part: str) -> list[str]:
    """The lists of names that the patterns find, as they stand in the text."""
    found = [(match.start(), match["names"]) for pattern in patterns for match in pattern.finditer(part)]
    return [names for _, names in sorted(found)]
