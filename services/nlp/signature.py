"""The signature of a text: a report's words in, a MinHash in hex out. Equal signatures mean the same text."""

import re
from hashlib import blake2b

from datasketch import MinHash

PERMUTATIONS = 64
SHINGLE = 4
MAX_WORDS = 4000
_WORD = re.compile(r"\w+")


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=4).digest(), "little")


_EMPTY = MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=_hash)
"""Made once: to draw the permutations takes longer than to use them."""


def signature(title: str | None, text: str) -> str:
    """64 values of 32 bits over shingles of four words. Empty for a text without words."""
    words = _WORD.findall(f"{title or ''} {text}".lower())[:MAX_WORDS]
    if not words:
        return ""
    shingles = {" ".join(words[at : at + SHINGLE]).encode() for at in range(max(1, len(words) - SHINGLE + 1))}
    sketch = _EMPTY.copy()
    sketch.update_batch(sorted(shingles))
    return "".join(f"{int(value):08x}" for value in sketch.hashvalues)
