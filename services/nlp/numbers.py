"""Numbers as English news writes them: words and digits in, values with their offsets out."""

import re
from dataclasses import dataclass

UNITS = {
    w: n
    for n, w in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
TENS = {
    w: 10 * n
    for n, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
VAGUE: dict[str, tuple[int, int | None]] = {
    "dozens": (24, 99), "scores": (40, 199), "hundreds": (200, 999), "thousands": (2000, 9999),
    "several": (3, 9), "a few": (3, 9), "a handful": (3, 7), "a couple": (2, 2), "a dozen": (12, 12),
        "half a dozen": (6, 6),
    "two dozen": (24, 24), "three dozen": (36, 36), "a score": (20, 20), "tens": (20, 99), "many": (3, None),
    "a number": (2, None), "some": (1, None), "a pair": (2, 2), "a trio": (3, 3),
    "a quartet": (4, 4),
}  # fmt: skip

# the longest first, and whole: "fourteen" is no four
_ONES = rf"(?:{'|'.join(sorted(UNITS, key=len, reverse=True))})(?![a-z])"
_SMALL = rf"(?:(?:{'|'.join(TENS)})(?:[\s-](?:{_ONES}))?|(?:{_ONES})|hundred|thousand)"
_SPELT = rf"{_SMALL}(?: (?:hundred|thousand|million)(?:(?: and)? {_SMALL})?){{0,3}}"
NUMBER = (
    rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,3}}(?!\d)|\d{{1,7}}(?![\d:]|[.]\d)|(?:half a dozen|(?:two"
    rf"|three) dozen|a dozen|a couple|a handful"
    rf"|a few|a trio|a quartet|dozens|scores|hundreds|thousands|several|{_SPELT}))"
)
"""A pattern for one number. No groups inside."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number, or the range that a vague word stands for; `max` None has no upper bound."""

    min: int
    max: int | None


def value_of(text: str) -> Amount | None:
    """The value of what `NUMBER` matched; None for what is no number after all."""
    words = text.lower().replace("-", " ").replace(",", "").split()
    joined = " ".join(words)
    if joined in VAGUE:
        return Amount(*VAGUE[joined])
    if joined.isdigit():
        return Amount(int(joined), int(joined))
    total = _spelt(words)
    return Amount(total, total) if total is not None else None


def _spelt(words: list[str]) -> int | None:
    total, part, seen = 0, 0, False
    for word in words:
        if word in UNITS or word in TENS:
            part += UNITS.get(word, TENS.get(word, 0))
        elif word in SCALES:
            part = max(part, 1) * SCALES[word]
            if SCALES[word] >= 1000:
                total, part = total + part, 0
        elif word != "and":
            return None
        seen = True
    return total + part if seen else None


_FIND = re.compile(rf"\b{NUMBER}\b", re.IGNORECASE)


def first_number(text: str) -> Amount | None:
    """The first number in a text."""
    match = _FIND.search(text)
    return value_of(match.group()) if match else None
