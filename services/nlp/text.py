"""What the stages hand to each other: a report's text cut into sentences, and hits of the lexicons in them."""

import re
from dataclasses import dataclass, field
from enum import Enum

_PLAIN = {ord(c): " " for c in "-‐‑‒–—\u00a0\n\r\t"}
_PLAIN |= {ord(c): "'" for c in "’‘`´ʼ′"}
_PLAIN |= {ord(c): '"' for c in "“”„«»"}
_SIGNS = tuple((chr(sign), instead) for sign, instead in _PLAIN.items())
_LATIN = re.compile("[a-z]")
_LETTER = re.compile(r"[^\W\d_]")
_MISREAD = re.compile(r"(?<=[a-z])[01](?=[a-z])")
_MEANT = {"0": "o", "1": "l"}


class Section(Enum):
    """Which part of a report a sentence belongs to."""

    TITLE = "title"
    BODY = "body"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the title or the text."""

    start: int
    end: int

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Hit:
    """A term of a lexicon at its place in a sentence. Offsets count from the beginning of the sentence."""

    start: int
    end: int
    classes: frozenset[str]
    term: str
    families: frozenset[str]
    """Its classes and all above them: `event.shelling` and `event`."""

    def has(self, prefix: str) -> bool:
        """Whether one of its classes is `prefix` or lies under it (`event` holds `event.shelling`)."""
        return prefix in self.families

    def overlap(self, other: "Hit") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(slots=True)
class Sentence:
    """One sentence. `start` and `end` are offsets into the title or the text, as given."""

    start: int
    end: int
    text: str
    section: Section
    index: int
    paragraph: int = 0
    hits: tuple[Hit, ...] = ()
    plain: str = field(init=False)
    """The text in lower case with plain quotes and hyphens as spaces; same length."""
    latin: bool = field(init=False)
    """Whether it is written in Latin letters: only then do the English rules apply."""

    def __post_init__(self) -> None:
        self.plain = plain(self.text)
        self.latin = _is_latin(self.plain)

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list ("Kherson: two injured."): what the next one tells is not told of it."""
        return self.section is Section.BODY and bool(_ITEM.match(self.text))

    @property
    def families(self) -> frozenset[str]:
        """The families of all its hits."""
        return frozenset[str]().union(*(hit.families for hit in self.hits))

    def having(self, *prefixes: str) -> list[Hit]:
        return [hit for hit in self.hits if not hit.families.isdisjoint(prefixes)]

    def any(self, *prefixes: str) -> bool:
        return any(not hit.families.isdisjoint(prefixes) for hit in self.hits)


_ITEM = re.compile(r"(?:[-•*] ?)?[^\W\d_][\w'’ -]{1,40}: \S")


def _is_latin(plain_text: str) -> bool:
    if plain_text.isascii():
        return _LATIN.search(plain_text) is not None
    return 2 * len(_LATIN.findall(plain_text)) > len(_LETTER.findall(plain_text))


def _without_odd_signs(text: str) -> str:
    """The same as to translate; quicker where letters beyond ASCII are many and signs few."""
    for sign, instead in _SIGNS:
        if sign in text:
            text = text.replace(sign, instead)
    return text


def is_english(text: str) -> bool:
    """Whether a sentence, plain or not, has a word that English alone has: no other language need be looked for."""
    return " the " in text or " and " in text


def plain(text: str) -> str:
    """Lower case, hyphens as spaces, quotes plain; every character stays at its offset.

    A one or a nought between letters is a letter that a scanner misread ("e1even").
    """
    spaced = text.translate(_PLAIN) if text.isascii() else _without_odd_signs(text)
    lowered = spaced.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in spaced)
    return _MISREAD.sub(lambda match: _MEANT[match.group()], lowered)
