"""Names of places as told: a sentence and where a reader saw places in it in, names that may be a place's out.

Names that the gazetteer does not resolve: the encoder's spans hold some, and so do a few patterns that leave no doubt.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.nlp import countries
from services.nlp import told_patterns as patterns
from services.nlp.elsewhere import is_aside, is_elsewhere
from services.nlp.text import Section, Sentence, Span, is_english, plain
from services.nlp.told_patterns import (
    ARABIC,
    ENGLISH,
    HELD,
    INSTITUTION,
    KIND_ARABIC,
    KIND_BEHIND,
    NAME,
    WHOLE_BEHIND,
)
from services.nlp.toponyms import WATER_AFTER, without_case, without_possessive

MAX_TOLD = 8
"""Names of one sentence that are looked at."""
_BEHIND = re.compile(
    r"\b(?:(?:north|south|east|west|northern|southern|eastern|western|km|miles|kilomet(?:er|re)s|outskirts|edge|parts?"
    r"|half|side|capital|out)(?: of| from)?|from|with|off|than)(?: the)? $",
    re.IGNORECASE,
)
"""Words before a name that holds or neighbours the place told, rather than being it."""
_AT_SOME = re.compile(r"\bof(?: the)? $", re.IGNORECASE)
"""Before the name of a house of a town: "the gate of Civil Hospital"."""
_NO_PLACE = re.compile(
    r"-(?:held|controlled|led|backed|run|linked|occupied|majority)\b|"
    r"\b(?:Ministry|Minister|Army|Armed|Forces?|Police|Council|Agency|Observatory|Party|Movement|Government|President"
    r"|Union|Nations|Front|Brigades?|Division|Guards?|Command|Battalion|Regiment|Corps|Defen[cs]e|Service|Security"
    r"|Network|Group|Committee|Commission|Association|Authority|Court|Navy|Militia|Resistance|Liberation|Coalition"
    r"|State|Republic|Province|Region|Governorate|Oblast|World|Human|Rights|Watch|Red|General|Colonel|Captain|Gunmen"
    r"|Residents?|Officials?|Rebels?|Troops|Soldiers|Civilians|Drones?|Katyushas?|Rockets?|Missiles?|Shahed|Iskander"
    r"|Kalibr|Grad|Landmines?|Mines?|Euphrates|Tigris|Nile|Rivers?|Operation|Shield|Heartlands?|Strip|Patriot|Hellfire|Apache"
    r"|Kinzhal|Telegram|Facebook|Twitter|Ramadan|Eid|Easter|Christmas|GMT|UTC|Highway|Avenue|Boulevard)\b"
)
_PEOPLE_BEHIND = re.compile(
    r"(?:'s|’s)?[”\"']? (?:[a-z-]+ ){0,2}?(?:famil(?:y|ies)|homes?|houses?|residences?|apartments?|flats?|clan|brothers"
    r"|relatives|household|shop|car|vehicle|news|agency|channel|newspaper|network|street|st|road|highway|operations?"
    r"|said|told|wrote)\b"
)
_PEOPLE_BEFORE = re.compile(
    r"\b(?:home|house|residence|apartment|family|relatives|brother|sister|son|daughter|wife|father|mother|cousin"
    r"|friend|body|bodies|funeral|doctor|dr|engineer|journalist|martyr|names?|named|called)"
    r"(?: (?:of|belonging to))?(?: the)? ?[“\"']?(?:(?:abu|um|umm|al|bin|ibn) )?$",
    re.IGNORECASE,
)
"""Whose house or family it is: a name of people, not of a place."""
_SEA_BEHIND = re.compile(r" (?:мор[яеюь]|рек|річ|океан|залив|проток)")
_LETTERS = re.compile(r"[^\W\d_]{3}")


@dataclass(frozen=True, slots=True)
class Told:
    """A name in a sentence (offsets from its beginning). `read`: the encoder saw a place there."""

    start: int
    end: int
    name: str
    read: bool
    whole: bool = False
    """Whether it is told as what holds a settlement: a district, a territory."""

    @property
    def bare(self) -> str:
        """The name without the word that says what it is."""
        return KIND_BEHIND.sub("", self.name)


def names_told(sentence: Sentence, read: Sequence[Span], is_word: Callable[[int, int], bool]) -> list[Told]:
    """The names of places that a sentence tells, in order, at most `MAX_TOLD`.

    `is_word` says of characters of the sentence that they name no place: a month, a people, a party.
    """
    found: dict[tuple[int, int], Told] = {}
    for name in (*_of_spans(sentence.text, read), *_of_patterns(sentence.text)):
        told = _without_people(name)
        beside = [other for other in found.values() if told.start < other.end and other.start < told.end]
        part = all(told.start <= other.start and other.end <= told.end for other in beside)
        if part and is_name(sentence, told, is_word):
            for other in beside:  # the encoder saw but a part of the name
                del found[other.start, other.end]
            found[told.start, told.end] = replace(told, read=told.read or bool(beside))
    return sorted(found.values(), key=lambda told: told.start)[:MAX_TOLD]


def _of_spans(text: str, read: Sequence[Span]) -> Iterator[Told]:
    """The first name in each span of the encoder, unless the words before it say that it only lies near."""
    for span in read[:MAX_TOLD]:
        inside = text[span.start : span.end]
        name = NAME.search(inside)
        if name is None:
            yield from _of_another_script(inside, span.start)
            continue
        before = inside[: name.start()]
        if _AT_SOME.search(before) and INSTITUTION.search(name.group()):
            continue
        if not _BEHIND.search(before) or HELD.search(before):
            yield _with_kind(text, span.start + name.start(), span.start + name.end(), True)


def _of_another_script(inside: str, start: int) -> Iterator[Told]:
    """In a script without capitals: a span of up to three words that is a name as it stands."""
    name = KIND_ARABIC.sub("", inside.strip())
    if "\u0590" <= name[:1] <= "\u05ff" and len(name) > 4:
        name = name.removeprefix("ב")
    if not name.isascii() and len(name.split()) <= 3 and "\u0590" <= name[0] <= "\u06ff":
        at = start + inside.index(name)
        yield Told(at, at + len(name), name, True)


@lru_cache(maxsize=64)
def _of_patterns(text: str) -> tuple[Told, ...]:
    """The names that patterns find; kept, since each event of a report asks of the sentences around it."""
    return (*_of_english(text), *(() if is_english(text) else _of_others(text)))


def _of_english(text: str) -> Iterator[Told]:
    for pattern in ENGLISH:
        for match in pattern.finditer(text):
            yield _with_kind(text, match.start(1), match.end(1), False)


def _of_others(text: str) -> Iterator[Told]:
    for pattern, whole in (*((p, False) for p in patterns.spots()), *((p, True) for p in patterns.wholes())):
        for match in pattern.finditer(text):
            yield Told(match.start(1), match.end(1), match[1], False, whole)
    for pattern in patterns.alone():
        for match in pattern.finditer(text):
            if not match[1].isupper() and not patterns.spoken().search(text, 0, match.start(1)):
                yield Told(match.start(1), match.end(1), match[1], False)
    if not text.isascii():
        for match in ARABIC.finditer(text):
            yield Told(match.start(1), match.end(1), match[1], False)


def _with_kind(text: str, start: int, end: int, read: bool) -> Told:
    """The name with the word behind it that says what it is: "Taji base"."""
    behind = KIND_BEHIND.match(text, end)
    end = behind.end() if behind else end
    name = without_case(without_possessive(text[start:end]))
    end = start + len(name)
    return Told(start, end, name, read, bool(WHOLE_BEHIND.search(name)))


def is_name(sentence: Sentence, told: Told, is_word: Callable[[int, int], bool]) -> bool:
    """Whether a name in a sentence may be a place's: no word, not people's, none of a headline in capitals."""
    if _NO_PLACE.search(told.name) or not _LETTERS.search(told.name) or _shouts(sentence):
        return False
    if patterns.foreign_words().search(told.name) or _is_left(sentence, told):
        return False
    text = sentence.text
    if WATER_AFTER.match(text, told.end) or _SEA_BEHIND.match(text, told.end):
        return False
    if _PEOPLE_BEHIND.match(text, told.end) or _PEOPLE_BEFORE.search(
        text[max(0, told.start - 40) : told.start]
    ):
        return False
    return not is_word(told.start, told.start + len(told.bare))


def _is_left(sentence: Sentence, told: Told) -> bool:
    """Whether people fled there, or come from there."""
    before, after = (
        sentence.plain[max(0, told.start - 60) : told.start],
        sentence.plain[told.end : told.end + 40],
    )
    return is_elsewhere(before, after) or is_aside(before, after)


def _without_people(told: Told) -> Told:
    """Without the people whose base or camp it is: "the Russian Kweires base"."""
    first = told.name.find(" ") + 1
    if first and told.name[first : first + 1].isupper() and countries.code_of(plain(told.name[: first - 1])):
        return replace(told, start=told.start + first, name=told.name[first:])
    return told


def _shouts(sentence: Sentence) -> bool:
    """Whether capitals tell nothing: all letters are, or the words of a headline in title case."""
    if sentence.section is not Section.TITLE:
        return sentence.text.isupper()
    words = [w for w in re.findall(r"[^\W\d_]{4,}", sentence.text) if w.lower() != w.upper()]
    return len(words) > 3 and sum(w[0].isupper() for w in words) > 0.6 * len(words)
