"""Keys of names: a folded name in, the key under which the gazetteer and the lexicons know it out."""

from hashlib import blake2b


def key_of(text: str) -> int:
    """A 64-bit key of a folded name."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
