"""Cuts a sentence into the pieces that the encoder knows: text and its predecessor in, ids with offsets out."""

import re
from dataclasses import dataclass

from tokenizers import Tokenizer

_SURROGATE = re.compile("[\ud800-\udfff]")
_CHARACTERS_A_PIECE = 24
"""No more characters than this a piece are looked at: a "sentence" of 256 kB costs no more than a long one."""


@dataclass(frozen=True, slots=True)
class Special:
    """Ids of the pieces that are no text."""

    cls: int
    sep: int
    pad: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How many pieces are read: of the sentence before its last ones, of the sentence its first ones."""

    previous: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """`[CLS] previous [SEP] sentence [SEP]` as ids. Piece `first + i` stands at `offsets[i]` of the sentence."""

    ids: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]


class Pieces:
    """The tokenizer of one model. Calls are independent of each other and use one thread."""

    def __init__(self, tokenizer: Tokenizer, special: Special, limits: Limits) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self.special = special
        self.limits = limits

    def encode(self, previous: str | None, sentence: str) -> Encoded:
        """The ids of a pair; offsets count characters of `sentence` as given. Any text will do."""
        before = self._previous(previous) if previous else []
        text = _readable(sentence[: self.limits.sentence * _CHARACTERS_A_PIECE])
        cut = self._tokenizer.encode(text, add_special_tokens=False)
        ids = cut.ids[: self.limits.sentence]
        offsets = tuple(_without_space(text, a, b) for a, b in cut.offsets[: self.limits.sentence])
        cls, sep = self.special.cls, self.special.sep
        return Encoded((cls, *before, sep, *ids, sep), len(before) + 2, offsets)

    def _previous(self, text: str) -> list[int]:
        tail = _readable(text[-self.limits.previous * _CHARACTERS_A_PIECE :])
        ids: list[int] = self._tokenizer.encode(tail, add_special_tokens=False).ids
        return ids[-self.limits.previous :]


def _readable(text: str) -> str:
    """The text as the encoder learnt it, every character at its place: no lone surrogates, no shouting."""
    return calm(_SURROGATE.sub("\ufffd", text))


def calm(text: str) -> str:
    """A sentence all in capitals in lower case, since the pieces of capitals tell the encoder little."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) <= 12 or sum(c.isupper() for c in letters) <= 0.7 * len(letters):
        return text
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text


def _without_space(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    return start, end
