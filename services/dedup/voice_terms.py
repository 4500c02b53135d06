"""The words of `data/voices.yaml`: offices, organisations, countries and marks in, patterns over folded words out."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import yaml

from schemas.base import Model

DATA = Path(__file__).parent / "data" / "voices.yaml"

_WORD = re.compile(r"\w+")
_POSSESSIVE = re.compile(r"['’](?:s|[dt][ae]n|n?[ıiuü]n|y[ae])\b")
"""English, and the Turkish endings that stand after a name's apostrophe."""
_INITIALS = re.compile(r"(?<=\b\w)[.\"״'](?=\w\b)|(?<=\w)[\"״](?=\w\b)")
_AMERICA = re.compile(r"\bU\.? ?S\.?(?: ?A\b\.?)?(?=\W|$)")
_ELIDED = re.compile(r"\b(?:[ld]|qu)['’](?=\w)", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:[وبلك]?ال|لل)(?=\w{2})")
_LETTERS = str.maketrans({"ı": "i", "ة": "ه", "ى": "ي", "ؤ": "و", "ئ": "ي", "ø": "o", "ł": "l", "’": "'"})


class Role(Model):
    """An office that speaks, and the words that mean it.

    `group` where a capital after another makes a group of it; `executive` where it speaks for its country.
    """

    key: str
    terms: tuple[str, ...]
    group: bool = False
    executive: bool = False


class Organisation(Model):
    """An organisation known by its name wherever it stands."""

    key: str
    terms: tuple[str, ...]


class VoiceTerms(Model):
    """The file as it is written. Raises pydantic's `ValidationError` where a key is missing or unknown."""

    source: str
    roles: tuple[Role, ...]
    organisations: tuple[Organisation, ...]
    levels: dict[str, tuple[str, ...]]
    lands: dict[str, tuple[str, ...]]
    mouths: tuple[str, ...]
    anyone: tuple[str, ...]
    witnesses: tuple[str, ...]
    indefinite: tuple[str, ...]
    empty: tuple[str, ...]
    singular: tuple[str, ...]
    channels: tuple[str, ...]
    press: tuple[str, ...]


@cache
def voice_terms() -> VoiceTerms:
    """The file, read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return VoiceTerms.model_validate(yaml.load(DATA.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506


def words_of(text: str) -> tuple[str, ...]:
    """The words of a description without marks, in small letters, Arabic ones without their article."""
    plain = _ELIDED.sub(" ", _POSSESSIVE.sub("", _AMERICA.sub("United States", text)))
    marked = unicodedata.normalize("NFKD", _INITIALS.sub("", plain).casefold().translate(_LETTERS))
    bare = "".join(c for c in marked if not unicodedata.combining(c) and c not in "ʼ'\u02bc")
    return tuple(_ARTICLE.sub("", word) for word in _WORD.findall(bare))


class Patterns:
    """Terms of one or more words, each under a key; a word that ends in `*` may go on.

    A word is looked up by its beginnings, so that the number of terms costs nothing.
    """

    def __init__(self, keyed: Iterable[tuple[str, str]]) -> None:
        split = [(key, tuple(_folded(part) for part in term.split())) for key, term in keyed]
        self._terms: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for key, term in sorted(split, key=lambda entry: -len(entry[1])):
            self._terms.setdefault(term[0], []).append((key, term))
        self._parts = {part for _, term in split for part in term}

    def best(self, words: Sequence[str]) -> tuple[str, frozenset[str]] | None:
        """The key of the longest term of which all words stand in the text, in any order; and those words."""
        stands: dict[str, str] = {}
        for word in words:
            for part in self._read(word):
                stands.setdefault(part, word)
        found = [
            (key, term)
            for part in stands
            for key, term in self._terms.get(part, ())
            if all(p in stands for p in term)
        ]
        if not found:
            return None
        key, term = max(found, key=lambda entry: len(entry[1]))
        return key, frozenset(stands[part] for part in term)

    def running(self, words: Sequence[str]) -> tuple[frozenset[str], frozenset[int]]:
        """The keys of the terms whose words stand in a row, the longer ones first; and the positions they take."""
        read = [self._read(word) for word in words]
        keys: set[str] = set()
        taken: set[int] = set()
        for at in range(len(words)):
            for key, term in self._starting(read[at]):
                span = range(at, at + len(term))
                fits = span.stop <= len(words) and taken.isdisjoint(span)
                if fits and all(p in read[k] for p, k in zip(term, span, strict=True)):
                    keys.add(key)
                    taken.update(span)
        return frozenset(keys), frozenset(taken)

    def stands(self, word: str) -> bool:
        """Whether a word is a term of its own."""
        return any(len(term) == 1 for _, term in self._starting(self._read(word)))

    def _starting(self, parts: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
        found = [entry for part in parts for entry in self._terms.get(part, ())]
        return sorted(found, key=lambda entry: -len(entry[1]))

    def _read(self, word: str) -> list[str]:
        """The parts of terms that a word fits: itself, and its beginnings with an open end."""
        beginnings = (f"{word[:length]}*" for length in range(len(word), 0, -1))
        return [part for part in (word, *beginnings) if part in self._parts]


def _folded(part: str) -> str:
    return "".join(words_of(part.removesuffix("*"))) + ("*" if part.endswith("*") else "")


def keyless(terms: Iterable[str]) -> Patterns:
    """Patterns that only say whether one of them stands there."""
    return Patterns(("", term) for term in terms)
