"""Violence of crowds and between communities: hits of a sentence in, triggers out."""

import re
from collections.abc import Iterator

from schemas.event import Kind
from services.nlp.text import Sentence
from services.nlp.trigger import Setting, Trigger

_BURNED = re.compile(
    r"\b(?P<act>burn(?:ed|t|ing) down|torch(?:ed|ing)|set fire to|set (?:[\w']+ ){0,4}?(?:ablaze|alight|on fire))\b"
)
_HOMES = re.compile(
    r"\b(?:church(?:es)?|mosques?|temples?|monaster(?:y|ies)|houses|homes|huts|villages?|(?:refugee |displaced )?camps?"
    r"|shops|shelters|granaries|hospital|clinic)\b"
)
_NEAR_HOMES = 70
_BY_WHOM = re.compile(
    r"\b(?:suspected|muslim|christian|hindu|islamist|extremists?|radicals|mob|rioters|armed|ethnic|youths?|herders|herdsmen)\b"
)
_TO_DEATH = re.compile(
    r"\b(?P<act>beat|beaten|beating|stoned|stoning|clubbed|hacked|lynched|lynching)\b[^.;]{0,40}?\bto death\b"
)
_CROWD_KILLS = re.compile(
    r"\b(?:mob|mobs|crowd|rioters|vigilantes?|angry (?:residents|villagers|youths?|locals))\b[^.;]{0,30}?"
    r"\b(?P<act>killed|lynched|hacked|stoned|attacked)\b"
)


def arson(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """Homes or places of worship that somebody burned down."""
    match = _BURNED.search(sentence.plain)
    if not match or sentence.any("cue.accident"):
        return
    homes = _HOMES.search(sentence.plain[max(0, match.start() - 40) : match.end() + _NEAR_HOMES])
    doers = sentence.any("who.armed", "who.army", "who.mob") or _BY_WHOM.search(sentence.plain)
    if homes and doers:
        yield Trigger(Kind.ATTACK_ON_CIVILIANS, match.start("act"), match.end("act"), 0.58, "arson")


def mobs(sentence: Sentence, setting: Setting) -> Iterator[Trigger]:
    """People whom a crowd beat, stoned or hacked to death."""
    crowd = _CROWD_KILLS.search(sentence.plain)
    death = _TO_DEATH.search(sentence.plain) if sentence.any("who.mob", "who.armed") else None
    match = death or crowd
    if match:
        yield Trigger(Kind.ATTACK_ON_CIVILIANS, match.start("act"), match.end("act"), 0.58, "mob")
