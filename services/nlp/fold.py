"""Spellings folded together: a name as written in, keys under which the gazetteer and the lexicons know it out."""

import re
import unicodedata
from hashlib import blake2b

_QUOTES = dict.fromkeys(map(ord, "'’‘`´ʿʾʼʻ‛′״׳\"“”"), None)
_SPACES = dict.fromkeys(map(ord, "-‐‑‒–—_/.,"), " ")
_LETTERS = str.maketrans("أإآٱىةؤئёґїı", "ااااىهويег\u0456i")
_ARTICLES = frozenset(["al", "el", "as", "ash", "an", "ar", "at", "az", "ad", "adh", "ath", "ul", "il"])
_RARE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_PLAIN = {**_QUOTES, **_SPACES, **_RARE}
_PAIRS = (("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("sh", "s"), ("ph", "f"), ("q", "k"), ("j", "g"),
          ("c", "k"), ("v", "w"), ("x", "ks"), ("z", "s"))  # fmt: skip
_VOWELS = re.compile(r"[aeiouyw]")


def fold(name: str) -> str:
    """Lower case without marks, quotes and hyphens; Arabic letters and Cyrillic ё, ґ, ї in their plain form."""
    bare = name.lower().translate(_PLAIN)
    if not bare.isascii():  # most are, and setting up the gazetteer folds millions
        bare = "".join(c for c in unicodedata.normalize("NFKD", bare) if not unicodedata.combining(c))
        bare = bare.translate(_LETTERS)
    return " ".join(bare.split())


def without_article(folded: str) -> str:
    """A folded Latin name without Arabic articles: "maarat al numan" is "maarat numan"."""
    kept = [word for word in folded.split() if word not in _ARTICLES]
    return " ".join(kept) or folded


def skeleton(folded: str) -> str:
    """What transliterations of one Arabic, Persian or Slavic name share: its consonants, first letters kept.

    Empty where too little is left to tell names apart.
    """
    bones = []
    for word in without_article(folded).split():
        for written, heard in _PAIRS:
            word = word.replace(written, heard)
        rest = re.sub(r"(.)\1", r"\1", _VOWELS.sub("", word[1:]))
        bones.append(word[0].translate(str.maketrans("eiouy", "aaaai")) + rest.rstrip("h"))
    joined = " ".join(bones)
    return joined if len(joined) >= 4 else ""


def key_of(text: str) -> int:
    """A 64-bit key of a folded name."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
