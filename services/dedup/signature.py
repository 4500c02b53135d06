"""Same text or not: two MinHash signatures in, the estimated share of common shingles out. Pure."""

from functools import lru_cache
from operator import eq

SLOT_CHARACTERS = 8
"""A signature is a row of 32-bit minima in hex."""

NEAR_COPY = 0.6
"""From here two texts are one text: a reprint, a truncation, boilerplate around a wire story.

A dispatch of thirty words under another headline keeps two thirds of its shingles."""


def similarity(a: str, b: str) -> float:
    """The share of equal minima, 0 to 1; 0 where a signature is missing or of another make."""
    if not a or len(a) != len(b):
        return 0.0
    same: int = sum(map(eq, _minima(a), _minima(b)))
    return same / -(-len(a) // SLOT_CHARACTERS)


@lru_cache(maxsize=4096)
def _minima(signature: str) -> tuple[str, ...]:
    starts = range(0, len(signature), SLOT_CHARACTERS)
    return tuple(signature[at : at + SLOT_CHARACTERS] for at in starts)


def is_near_copy(a: str, b: str) -> bool:
    """Whether the two texts count as one."""
    return similarity(a, b) >= NEAR_COPY
