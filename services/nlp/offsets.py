"""Reads past clutter: a text in; the text without vowel marks, entities and broken encoding, and the way back out.

Arabic is read without its vowel marks, `&nbsp;` as a space, and UTF-8 that was taken for Windows-1252 as what it was.
"""

import html
import re
from dataclasses import dataclass

_MARKS = "[\u0610-\u061a\u0640\u064b-\u065f\u0670]"
_ENTITY = r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});"
_HIGH = (
    "\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019"
    "\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178"
)
"""What the bytes 80 to BF look like in Windows-1252."""
_BROKEN = f"[\u00c2-\u00df][{_HIGH}]|[\u00e0-\u00ef][{_HIGH}]{{1,2}}|[\u00f0-\u00f4][{_HIGH}]{{3}}"
_ODD = re.compile(f"(?P<mark>{_MARKS})|(?P<entity>{_ENTITY})|(?P<broken>{_BROKEN})")
_HINT = re.compile("[&\u0610-\u061a\u0640\u064b-\u065f\u0670\u00c2-\u00f4]")
"""What every such place begins with; to look for it takes a tenth of the time."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A text without clutter. `where` is None where nothing was taken out."""

    text: str
    where: tuple[int, ...] | None = None

    def back(self, offset: int) -> int:
        """The offset in the text as given; beyond its end, its end."""
        if self.where is None:
            return offset
        return self.where[min(offset, len(self.where) - 1)]


def bare(text: str) -> Bare:
    """Take out marks and the lengthening stroke, and put one character for each entity and each broken sequence."""
    if (text.isascii() and "&" not in text) or not _HINT.search(text) or not _ODD.search(text):
        return Bare(text)
    kept: list[str] = []
    where: list[int] = []
    at = 0
    for match in _ODD.finditer(text):
        instead = _instead(match)
        kept += (text[at : match.start()], instead)
        where.extend(range(at, match.start()))
        where.extend([match.start()] * len(instead))
        at = match.end()
    kept.append(text[at:])
    return Bare("".join(kept), (*where, *range(at, len(text) + 1)))


def _instead(match: re.Match[str]) -> str:
    """What is read where the match stands."""
    if match["mark"]:
        return ""
    if match["entity"]:
        meant = html.unescape(match.group())
        return meant.replace("\u00a0", " ") if len(meant) == 1 else match.group()
    return _as_utf8(match.group())


def _as_utf8(broken: str) -> str:
    """What the bytes of a sequence mean in UTF-8; the sequence itself where they mean nothing there."""
    try:
        return b"".join(_byte(letter) for letter in broken).decode("utf-8").replace("\u00a0", " ")
    except UnicodeError:
        return broken


def _byte(letter: str) -> bytes:
    return letter.encode("latin-1") if "\u0080" <= letter <= "\u00ff" else letter.encode("cp1252")
