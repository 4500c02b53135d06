"""Reads Arabic without its vowel marks: a text in, the text without them and the way back to its offsets out."""

import re
from dataclasses import dataclass

_MARKS = re.compile("[\u0610-\u061a\u0640\u064b-\u065f\u0670]")


@dataclass(frozen=True, slots=True)
class Bare:
    """A text without vowel marks. `where` is None where nothing was taken out."""

    text: str
    where: tuple[int, ...] | None = None

    def back(self, offset: int) -> int:
        """The offset in the text as given; beyond its end, its end."""
        if self.where is None:
            return offset
        return self.where[min(offset, len(self.where) - 1)]


def bare(text: str) -> Bare:
    """Take the marks and the lengthening stroke out."""
    if text.isascii() or not _MARKS.search(text):
        return Bare(text)
    kept = [at for at, letter in enumerate(text) if not _MARKS.match(letter)]
    return Bare("".join(text[at] for at in kept), (*kept, len(text)))
