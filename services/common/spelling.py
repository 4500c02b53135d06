"""Spellings of names: two names of places as told in, whether they may be one name out. Pure.

What transliterations and scripts leave alone are consonants; what tells names apart are those, and numbers.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

_QUOTES = dict.fromkeys(map(ord, "'’‘`´ʿʾʼʻ‛′״׳\"“”"), None)
_SPACES = dict.fromkeys(map(ord, "-‐‑‒–—_/.,"), " ")
_LETTERS = str.maketrans("أإآٱىةؤئёґїı", "ااااىهويег\u0456i")
_ARTICLES = frozenset(["al", "el", "as", "ash", "an", "ar", "at", "az", "ad", "adh", "ath", "ul", "il"])
_RARE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_PLAIN = {**_QUOTES, **_SPACES, **_RARE}
_PAIRS = (("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("sh", "s"), ("ph", "f"), ("q", "k"), ("j", "g"),
          ("c", "k"), ("v", "w"), ("x", "ks"), ("z", "s"))  # fmt: skip
_DIPHTHONGS = (
    ("ay", "i"),
    ("ai", "i"),
    ("ei", "i"),
    ("ey", "i"),
    ("ee", "i"),
    ("aw", "u"),
    ("au", "u"),
    ("ou", "u"),
    ("oo", "u"),
)
_VOWELS = re.compile(r"[aeiouyw]")
_KIND = re.compile(
    r"\b(?:the|village|town|city|district|township|area|base|airbase|camp|neighbou?rhood|quarter|suburb|sub district"
    r"|county|locality|settlement|raion|commune|hamlet|ward|refugee|local government|lga|territory|municipality"
    r"|community|barangay|brgy|sitio|purok|vereda|corregimiento|caserio|colonia|ejido|aldea|aldeia|vila|payam|kebele|woreda)\b"
)
"""Words beside a name that are no part of it."""
_SOUNDS = """
ب:b ت:t ث:th ج:j ح:h خ:kh د:d ذ:dh ر:r ز:z س:s ش:sh ص:s ض:d ط:t ظ:z غ:gh ف:f ق:q ك:k ل:l م:m ن:n ه:h
پ:p چ:ch ژ:zh ک:k گ:g
б:b в:v г:g д:d ж:zh з:z к:k л:l м:m н:n п:p р:r с:s т:t ф:f х:kh ц:ts ч:ch ш:sh щ:shch
ב:b ג:g ד:d ה:h ז:z ח:h ט:t כ:k ך:k ל:l מ:m ם:m נ:n ן:n ס:s פ:p ף:f צ:ts ץ:ts ק:k ר:r ש:sh ת:t
"""
_LATIN = dict(pair.split(":") for pair in _SOUNDS.split())
"""Consonants of other scripts, as they are heard; vowels and half-vowels are left out."""
_ALIKE = 0.6
_CLOSELY = 0.8
"""How alike the letters of two names are whose consonants differ in voice alone: "Tapin" and "Tabin"."""
_VOICELESS = str.maketrans("bd", "pt")
_BONES = 3
"""Consonants without which nothing tells names apart."""


class Alike(StrEnum):
    """What two names of places say of each other."""

    SAME = "same"
    OTHER = "other"
    UNSURE = "unsure"  # two scripts, and the consonants do not settle it


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


@lru_cache(maxsize=20_000)
def alike(a: str, b: str) -> Alike:
    """Whether two names of places are spellings of one: "Moe Bye" and "Moebye", "Tal Qasab" and "Tell al-Qasab"."""
    x, y = _bare(a), _bare(b)
    if re.findall(r"\d+", x) != re.findall(r"\d+", y):
        return Alike.OTHER
    if x == y or x.replace(" ", "") == y.replace(" ", ""):
        return Alike.SAME
    if x.isascii() != y.isascii() or (not x.isascii() and _script(x) != _script(y)):
        bones = _heard(x), _heard(y)
        return Alike.SAME if bones[0] == bones[1] and len(bones[0]) >= _BONES else Alike.UNSURE
    return Alike.SAME if _spelt_alike(x.replace(" ", ""), y.replace(" ", "")) else Alike.OTHER


def _bare(name: str) -> str:
    """Folded, without articles and without the words that say what kind of place it is."""
    folded = without_article(fold(name))
    kept = " ".join(_KIND.sub(" ", folded).split())
    words = [w.removeprefix("ال") if len(w) > 4 else w for w in (kept or folded).split()]
    return " ".join(words)


def _plain_vowels(name: str) -> str:
    """Without the letters that only lengthen a vowel: "busayrah" is "busira"."""
    for written, heard in _DIPHTHONGS:
        name = name.replace(written, heard)
    return name.rstrip("h")


def _spelt_alike(x: str, y: str) -> bool:
    if _plain_vowels(x) == _plain_vowels(y):
        return True
    bones, others = _heard(x), _heard(y)
    if len(bones) < _BONES or bones.translate(_VOICELESS) != others.translate(_VOICELESS):
        return False
    needed = _ALIKE if bones == others else _CLOSELY
    return SequenceMatcher(None, _plain_vowels(x), _plain_vowels(y), autojunk=False).ratio() >= needed


def _script(name: str) -> str:
    """The block of its first letter: enough to tell Latin, Cyrillic, Hebrew and Arabic apart."""
    letter = ord(next((c for c in name if c.isalpha()), "a"))
    return (
        "latin"
        if letter < 0x370
        else "cyrillic"
        if letter < 0x590
        else "hebrew"
        if letter < 0x600
        else "arabic"
    )


def _heard(name: str) -> str:
    """The consonants of a name in any script that we read, doubles written once."""
    latin = "".join(_LATIN.get(c, c if c.isascii() else "") for c in name)
    for written, heard in _PAIRS:
        latin = latin.replace(written, heard)
    # Ukrainian h is Russian g
    bare = _VOWELS.sub("", latin.replace(" ", "")).replace("g", "h")
    return re.sub(r"(.)\1+", r"\1", bare).rstrip("h")
