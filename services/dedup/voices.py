"""Whether two reports rest on one word: whom their texts name as saying so. Claimants in, yes or no out. Pure.

Within one incident a definite description names one voice ("the mayor", "the district police officer", "SOHR"); an
indefinite one ("a resident", "officials", "two security sources") names nobody.
"""

import re
from collections.abc import Iterable

from schemas.incident import IncidentEvidence

MIN_COMMON = 0.6
"""Of the words of the longer description, where none contains the other."""

_WORD = re.compile(r"\w+")
_EMPTY = {"the", "of", "for", "in", "s", "and", "a", "an", "its", "his", "her", "their"}
_DEFINITE = re.compile(r"(?:the|its|his|her|their)\b|.*[A-Z]")
_INDEFINITE = re.compile(r"(?:an?|some|several|many|few|two|three|four|local|other)\b", re.IGNORECASE)
_NOBODY = re.compile(
    r"\b(?:residents?|locals|witness\w*|sources?|reports?|media|people|officials|group|activists?)\.?$", re.I
)


def rest_on_one_word(a: IncidentEvidence, b: IncidentEvidence) -> bool:
    """Whether all that one of them relays, the other relays too; or one relays the other's publisher."""
    ours, theirs = _voices(a.claimants), _voices(b.claimants)
    if _names(ours, b) or _names(theirs, a):
        return True
    return bool(ours and theirs) and (_within(ours, theirs) or _within(theirs, ours))


def _voices(claimants: Iterable[str]) -> list[frozenset[str]]:
    """The words of each definite description."""
    definite = (
        c for c in claimants if _DEFINITE.match(c) and not _INDEFINITE.match(c) and not _NOBODY.search(c)
    )
    words = (_words(claimant) for claimant in definite)
    return [voice for voice in words if voice]


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold())) - _EMPTY


def _names(voices: Iterable[frozenset[str]], other: IncidentEvidence) -> bool:
    """Whether one of the voices is the other report's publisher."""
    publishers = (_words(name) for name in (other.report.publisher, other.report.source) if name)
    return any(voice == publisher for publisher in publishers for voice in voices)


def _within(some: list[frozenset[str]], others: list[frozenset[str]]) -> bool:
    return all(any(_same(voice, other) for other in others) for voice in some)


def _same(a: frozenset[str], b: frozenset[str]) -> bool:
    common = len(a & b)
    contained = common == min(len(a), len(b)) and common > 1
    return contained or common >= MIN_COMMON * max(len(a), len(b))
