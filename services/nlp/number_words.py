"""Numbers in words of languages beside English: a plain text and its language in, the first number in it out."""

import re
from collections.abc import Sequence
from functools import cache

from services.nlp.data_files import read_yaml
from services.nlp.text import plain

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
"""Arabic and Persian digits as European ones."""
JOINTS = frozenset(["et", "y", "e", "و"])
_TOKEN = re.compile(r"\d{1,6}|[^\W\d_]+(?:'[^\W\d_]+)?")
_SCALES = (100, 1000)
_FOUR_SCORE = (20, 4)
""" "Quatre-vingts" is 80."""


@cache
def words_of(language: str) -> dict[str, int]:
    """The number words of a language (two letters), plain, to their values; empty where it has none here."""
    return _listed("numbers", language) | _collectives(language)


@cache
def _collectives(language: str) -> dict[str, int]:
    """Words that count by the dozen, to how many they are."""
    return _listed("collectives", language)


def _listed(table: str, language: str) -> dict[str, int]:
    values: dict[int, list[str]] = read_yaml("numbers.yaml")[table].get(language, {})
    return {plain(str(word)): value for value, words in values.items() for word in words}


def first_number(text: str, language: str) -> int | None:
    """The first number in a plain text: digits, or words with what they add up to ("treinta y cuatro" is 34)."""
    known = words_of(language)
    tokens = _TOKEN.findall(text.translate(DIGITS))
    at = next((k for k, token in enumerate(tokens) if token.isdigit() or _value(token, known)), None)
    if at is None:
        return None
    return int(tokens[at]) if tokens[at].isdigit() else _added_up(tokens[at:], known, language)


def _value(token: str, known: dict[str, int]) -> int | None:
    """The value of a word, also behind an Arabic or Persian "and"."""
    return known.get(token) or (known.get(token[1:]) if token.startswith("و") else None)


def _added_up(tokens: Sequence[str], known: dict[str, int], language: str) -> int:
    """The value of the number that the words begin with. In Arabic units come first: "four and twenty"."""
    units_first = language == "ar"
    total = part = 0
    for token in tokens:
        value = _value(token, known) or 0
        if value and token in _collectives(language):
            return total + max(part, 1) * value
        if value in _SCALES or ((value, part) == _FOUR_SCORE and not units_first):
            part = max(part, 1) * value
        elif value and (part % 10 == 0 or units_first):
            part += value
        elif token not in JOINTS:
            break
        if part >= _SCALES[1]:
            total, part = total + part, 0
    return total + part
