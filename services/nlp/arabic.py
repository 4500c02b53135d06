"""What Arabic lacks in capitals: a word of a text in; its bare forms, and whether it can be a name of a place, out."""

import re
from collections.abc import Iterator

from services.common.spelling import fold
from services.nlp.data_files import read_yaml
from services.nlp.gazetteer import Entry

_CONJUNCTIONS = ("و", "ف")
_PREPOSITIONS = ("ب", "ل", "ك")
_ENDINGS = ("ات", "ين", "ون", "ان", "ها", "هم", "ه", "ي", "يه", "ا", "ت")
_SHORTEST = 3

_TOWN = 50_000
_CITY = 90_000
_LANDS = frozenset(re.split(" ", "SY LB PS IL JO IQ YE SA AE OM QA KW BH EG LY SD TN DZ MA MR SO DJ"))

_WORDS = read_yaml("arabic.yaml")
_ORDINARY = frozenset(fold(word) for word in str(_WORDS["words"]).split())
_AMBIGUOUS = frozenset(fold(word) for word in str(_WORDS["ambiguous"]).split())
_KIND = "|".join(str(_WORDS["kinds"]).split())
_KIND_BEFORE = re.compile(rf"(?:^|\s)[وف]?[بلك]?(?:ال|ل)?(?:{_KIND})\s$")


def is_arabic(word: str) -> bool:
    """Whether a word begins with an Arabic letter."""
    return "\u0600" <= word[:1] <= "\u06ff"


def unprefixed(word: str) -> Iterator[str]:
    """A word without the particles that Arabic writes onto it: ``وبحلب``, ``للموصل``; nearest form first."""
    bare = word[1:] if word.startswith(_CONJUNCTIONS) else word
    for form in (word, bare) if bare != word else (word,):
        if form.startswith("لل"):
            yield from _long_enough("ال" + form[2:])
        elif form.startswith(_PREPOSITIONS):
            yield from _long_enough(form[1:])
    if bare != word:
        yield from _long_enough(bare)


def _long_enough(form: str) -> Iterator[str]:
    if len(form.split(" ", 1)[0]) >= _SHORTEST:
        yield form


def is_near(entry: Entry, named: bool) -> bool:
    """Whether an Arabic text is likely to mean that place: it speaks of its country (`named`), and there the name is
    at home or the place a town of some size."""
    at_home = entry.country in _LANDS
    return (named and (at_home or entry.population >= _TOWN)) or (at_home and entry.population >= _CITY)


def after_kind(before: str) -> bool:
    """Whether the text before a word ends with a noun that places follow: city, village, district."""
    return bool(_KIND_BEFORE.search(before))


def is_common(name: str, before: str) -> bool:
    """Whether a name is a common noun, a particle or a verb of the news and so no name of a place.

    Words that are both ("the gate" and Al-Bab) are names only behind a noun that places follow.
    """
    forms = [fold(form) for form in (name, *unprefixed(name))]
    if any(_plain_noun(form, _ORDINARY) for form in forms):
        return True
    return any(_plain_noun(form, _AMBIGUOUS) for form in forms) and not after_kind(before)


def _plain_noun(form: str, words: frozenset[str]) -> bool:
    bare = form.removeprefix("ال")
    if form in words or bare in words:
        return True
    return any(
        bare.endswith(e) and len(bare) - len(e) >= _SHORTEST and bare.removesuffix(e) in words
        for e in _ENDINGS
    )
