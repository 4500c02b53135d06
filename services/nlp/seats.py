"""Capitals, which news also names when it means a government: a name and the words beside it in; city or not out."""

import re
from functools import lru_cache

from services.nlp import countries
from services.nlp.text import plain

_INSIDE = re.compile(
    r"\b(?:in|near|outside|inside|around|at|over|across|into|towards|capital,?|city of|cities of|outskirts of"
    r"|suburbs? of|(?:north|south|east|west|centre|center|heart|parts|districts?) of|(?:central|downtown|northern"
    r"|southern|eastern|western)"
    r"|(?:hit|hits|struck|strikes?|strike on|strikes on|attacks? on|raids? on|rocked|rocks|shook|shakes|shaken"
    r"|bombed|shelled|hitting|striking|pounded|pounds|entered|seized|captured|reached|bombing of|shelling of))"
    r"(?: the)?(?: capital)?,? $"
)
_CITY_BEHIND = re.compile(
    r"^(?:'s)?(?: [a-z]+)? (?:airport|suburbs?|outskirts|districts?|neighbou?rhoods?|streets?|metro|markets?|residents"
    r"|hospital|region|oblast|province|countryside|city|mayor|police"
    r"|was hit|was struck|was rocked|was shaken|came under)\b"
)
_GOVERNMENT_BEHIND = re.compile(
    r"^(?:'s (?!(?:airport|suburb|outskirt|district|neighbo|street|metro|market|hospital|central|main|old|mayor))"
    r"| (?:said|says|has|had|have|denied|denies|denying|accused|accuses|blamed|blames|claimed|claims|wants|calls|called"
    r"|agree|agrees|sign|signs|accept|accepts|accepted|confirm|confirms|confirmed|reject|announce|announces|declare|declares|declared"
    r"|exchange|exchanged|trade|resume|resumed|swap|swapped|extend|extended|halt|halted|blame|accuse"
    r"|agreed|rejected|rejects|will|would|warned|warns|insists|insisted|backs|backed|announced|vowed|fired|launched"
    r"|controlled|ordered|must|should|may|could|and its|and the rebels)\b)"
)
_DEALING = re.compile(
    r"\b(?:talks (?:with|between)|between(?: [\w']+){1,2} and|between|deal with|ties with|by|blamed"
    r"|accused|against|pressure on|sanctions on"
    r"|support for|loyal to|allied (?:with|to)|backed by|supplied by|told|urged|asked)(?: both)? $"
)


@lru_cache(maxsize=1)
def _seats() -> frozenset[str]:
    return frozenset(countries.seats())


def is_seat(name: str) -> bool:
    """Whether a plain name is that of a capital (or of a government otherwise known)."""
    return name in _seats()


def means_the_city(text: str, start: int, end: int) -> bool:
    """Whether the words beside a capital's name speak of it as a town: "in Damascus", "Kyiv's suburbs"."""
    before, after = plain(text[max(0, start - 48) : start]), plain(text[end : end + 40])
    return bool(_INSIDE.search(before) or _CITY_BEHIND.match(after)) and not _GOVERNMENT_BEHIND.match(after)


def means_the_government(text: str, start: int, end: int) -> bool:
    """Whether they speak of those who govern from it: "Moscow denied", "talks between Kyiv and the rebels"."""
    before, after = plain(text[max(0, start - 48) : start]), plain(text[end : end + 40])
    if _INSIDE.search(before):
        return False
    return bool(_GOVERNMENT_BEHIND.match(after) or _DEALING.search(before))
