"""Names of places as told: a sentence and where a reader saw places in it in, names that may be a place's out.

Names that the gazetteer does not resolve: the encoder's spans hold some, and so do a few patterns that leave no doubt.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from services.nlp.text import Section, Sentence, Span

MAX_TOLD = 8
"""Names of one sentence that are looked at."""
_CAP = r"(?:[A-ZÀ-ÖØ-ÞА-ЯІЇЄҐ][\w'’ʼ`-]*|(?:al|el|an|as|ash|at|az|ar|ad|ez|es)[- ][A-Z][\w'’-]*)"
_SMALL = r"(?:al|el|de|del|la|las|los|le|les|ez|es|ash|abu|bin|du|da|do|dos|di|na|sur|ye|d')"
_RUN = rf"{_CAP}(?:(?:[ -]{_SMALL}){{0,2}}[ -](?:{_CAP}|\d{{1,3}}\b)){{0,3}}"
_KIND = (
    r"(?:local government area|refugee camp|displacement camp|military base|air ?base|air base|sub-?district|townships?"
    r"|districts?|territory|area|base|camp|county|municipality|commune|village|town|hamlet|neighbou?rhood|quarter"
    r"|suburb|settlement|junction|crossing|checkpoint|valley|forest|mountains?|hills?|island|dam|oilfield|oil field"
    r"|gas field|power plant|sector|district council|ward|raion|settlement|район\w*|громад\w*)"
)
_HOLDS = (
    r"(?:village|town|city|hamlet|settlement|district|township|area|base|camp|neighbou?rhood|quarter|suburb|commune"
    r"|locality|municipality|county)"
)
_NAME = re.compile(_RUN)
_KIND_BEHIND = re.compile(rf" {_KIND}\b")
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:the|a|in|at|near) {_HOLDS} of ({_RUN})",
        rf"\b(?:in|at|near|outside|inside|into|around|on|from|of|hit|struck|attacked|entered|shelled|bombed) (?:the )?"
        rf"({_RUN}) {_KIND}\b",
        rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Ii]nside|[Aa]round|[Pp]assed|[Bb]y|attacked|hit|struck|entered|shelled"
        rf"|bombed|raided) ({_RUN}), (?:(?:a|the|another) (?:[a-z-]+ ){{0,2}}{_HOLDS})\b",
        rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|attacked|hit|struck|entered|shelled|bombed|raided|(?:entrance|road|gates?"
        rf"|edge|outskirts|cent(?:re|er)|approach(?:es)?) (?:to|of)) ({_RUN}), "
        rf"(?:(?:[a-z]+[ -])?(?:north|south|east|west)[a-z-]* of|{_RUN} {_KIND}\b|\d{{1,3}} ?(?:km|kilomet|miles?\b))",
        rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Bb]y) ({_RUN}), in (?:the )?{_RUN} {_KIND}\b",
        rf"\b(?:[Aa]t|[Nn]ear|[Oo]utside|[Ii]nside|[Aa]round) ({_RUN}), {_RUN}\b",
        rf"\b(?:у|в|на|під|под|біля|возле) ({_RUN}) (?:район|громад)\w{{0,4}}\b",
        rf"\b(?:сел[оаі]|селищ[еіа]|пос[её]лк[еау]|пос\.|смт|с\.|н\.п\.|м\.|хутор[еі]?|деревн[еяи]|селом|станиц[аеы]) "
        rf"({_RUN})",
    )
)
_PREFIX_AR = (
    r"(?:تل|تلة|خان|كفر|دير|أبو|ابو|عين|جبل|بني|أم|ام|رأس|راس|باب|بيت|بئر|وادي|معرة|دار|الشيخ|شيخ|قلعة|حي|مخيم|عبد|سد"
    r"|مزرعة|نهر)"
)
_ARABIC = re.compile(
    rf"(?:^|\s)[وف]?[بلك]?(?:ال|ل)?(?:بلدة|بلدتي|قرية|قريتي|مدينة|حي|مخيم|ناحية|محلة|قاعدة|مطار|بلدية) "
    rf"((?:{_PREFIX_AR} )?[\u0621-\u064a]{{3,}})"
)
_BEHIND = re.compile(
    r"\b(?:north|south|east|west|northern|southern|eastern|western|of|from|with|off|km|miles|kilomet(?:er|re)s|than)"
    r"(?: of| from)?(?: the)? $",
    re.IGNORECASE,
)
"""Words before a name that holds or neighbours the place told, rather than being it."""
_HELD = re.compile(rf"\b{_HOLDS} of (?:the )?$", re.IGNORECASE)
_NO_PLACE = re.compile(
    r"-(?:held|controlled|led|backed|run|linked|occupied|majority)\b|"
    r"\b(?:Ministry|Minister|Army|Armed|Forces?|Police|Council|Agency|Observatory|Party|Movement|Government|President"
    r"|Union|Nations|Front|Brigades?|Division|Guards?|Command|Battalion|Regiment|Corps|Defen[cs]e|Service|Security"
    r"|Network|Group|Committee|Commission|Association|Authority|Court|Navy|Militia|Resistance|Liberation|Coalition"
    r"|State|Republic|Province|Region|Governorate|Oblast|World|Human|Rights|Watch|Red|General|Colonel|Captain|Gunmen"
    r"|Residents?|Officials?|Rebels?|Troops|Soldiers|Civilians|Drones?|Katyushas?|Rockets?|Missiles?|Shahed|Iskander"
    r"|Kalibr|Grad|Landmines?|Mines?|Euphrates|Tigris|Nile|Rivers?|Operation|Shield|Heartlands?|Strip|Patriot|Hellfire|Apache|Kinzhal|Telegram|Facebook|Twitter|Ramadan|Eid|Easter|Christmas|GMT|UTC)\b"
)
_PEOPLE_BEHIND = re.compile(
    r"(?:'s|’s)?[”\"']? (?:[a-z-]+ ){0,2}?(?:famil(?:y|ies)|homes?|houses?|residences?|apartments?|flats?|clan|brothers"
    r"|relatives|household|shop|car|vehicle|news|agency|channel|newspaper|network|street|st|road|said|told|wrote)\b"
)
_PEOPLE_BEFORE = re.compile(
    r"\b(?:home|house|residence|apartment|family|relatives|brother|sister|son|daughter|wife|father|mother|cousin"
    r"|friend|body|bodies|funeral|doctor|dr|engineer|journalist|martyr|names?|named|called)"
    r"(?: (?:of|belonging to))?(?: the)? ?[“\"']?(?:(?:abu|um|umm|al|bin|ibn) )?$",
    re.IGNORECASE,
)
"""Whose house or family it is: a name of people, not of a place."""
_LETTERS = re.compile(r"[^\W\d_]{3}")


@dataclass(frozen=True, slots=True)
class Told:
    """A name in a sentence (offsets from its beginning). `read`: the encoder saw a place there."""

    start: int
    end: int
    name: str
    read: bool

    @property
    def bare(self) -> str:
        """The name without the word that says what it is."""
        return _KIND_BEHIND.sub("", self.name)


def names_told(sentence: Sentence, read: Sequence[Span], is_word: Callable[[int, int], bool]) -> list[Told]:
    """The names of places that a sentence tells, in order, at most `MAX_TOLD`.

    `is_word` says of characters of the sentence that they name no place: a month, a people, a party.
    """
    found: dict[tuple[int, int], Told] = {}
    for name in (*_of_spans(sentence.text, read), *_of_patterns(sentence.text)):
        told = _without_people(name, is_word)
        apart = all(told.end <= other.start or other.end <= told.start for other in found.values())
        if apart and _is_name(sentence, told, is_word):
            found[told.start, told.end] = told
    return sorted(found.values(), key=lambda told: told.start)[:MAX_TOLD]


def _of_spans(text: str, read: Sequence[Span]) -> Iterator[Told]:
    """The first name in each span of the encoder, unless the words before it say that it only lies near."""
    for span in read[:MAX_TOLD]:
        inside = text[span.start : span.end]
        name = _NAME.search(inside)
        if name is None:
            yield from _of_another_script(inside, span.start)
            continue
        before = inside[: name.start()]
        if not _BEHIND.search(before) or _HELD.search(before):
            yield _with_kind(text, span.start + name.start(), span.start + name.end(), True)


def _of_another_script(inside: str, start: int) -> Iterator[Told]:
    """In a script without capitals: a span of up to three words that is a name as it stands."""
    name = inside.strip()
    if "\u0590" <= name[:1] <= "\u05ff" and len(name) > 4:
        name = name.removeprefix("ב")
    if not name.isascii() and len(name.split()) <= 3 and "\u0590" <= name[0] <= "\u06ff":
        at = start + inside.index(name)
        yield Told(at, at + len(name), name, True)


def _of_patterns(text: str) -> Iterator[Told]:
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield _with_kind(text, match.start(1), match.end(1), False)
    if not text.isascii():
        for match in _ARABIC.finditer(text):
            yield Told(match.start(1), match.end(1), match[1], False)


def _with_kind(text: str, start: int, end: int, read: bool) -> Told:
    """The name with the word behind it that says what it is: "Taji base"."""
    behind = _KIND_BEHIND.match(text, end)
    end = behind.end() if behind else end
    if text[end - 2 : end] in ("'s", "’s"):
        end -= 2
    return Told(start, end, text[start:end], read)


def _is_name(sentence: Sentence, told: Told, is_word: Callable[[int, int], bool]) -> bool:
    if _NO_PLACE.search(told.name) or not _LETTERS.search(told.name) or _shouts(sentence):
        return False
    text = sentence.text
    if _PEOPLE_BEHIND.match(text, told.end) or _PEOPLE_BEFORE.search(
        text[max(0, told.start - 40) : told.start]
    ):
        return False
    return not is_word(told.start, told.start + len(told.bare))


def _without_people(told: Told, is_word: Callable[[int, int], bool]) -> Told:
    """Without the people whose base or camp it is: "the Russian Kweires base"."""
    first = told.name.find(" ") + 1
    if first and told.name[first : first + 1].isupper() and is_word(told.start, told.start + first - 1):
        return replace(told, start=told.start + first, name=told.name[first:])
    return told


def _shouts(sentence: Sentence) -> bool:
    """Whether capitals tell nothing: all letters are, or the words of a headline in title case."""
    if sentence.section is not Section.TITLE:
        return sentence.text.isupper()
    words = [w for w in re.findall(r"[^\W\d_]{4,}", sentence.text) if w.lower() != w.upper()]
    return len(words) > 3 and sum(w[0].isupper() for w in words) > 0.6 * len(words)
