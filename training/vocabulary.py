"""Cuts a vocabulary down to eight languages: a base in, the same base with fewer word rows out."""

import json
import string
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import wordfreq
from tokenizers import Tokenizer

from training.base import Base, Rows

LANGUAGES = ("en", "ar", "uk", "ru", "tr", "es", "fr", "he")
_COVERAGE = 0.97
"""Share of a language's running words whose pieces are kept."""
_WORDS = 150_000
_CASELESS = ("ar", "he")
_SHORT = 60_000
"""Pieces of two characters are kept among this many most frequent ones."""
_CHARACTERS = (
    (0, 0x250), (0x400, 0x530), (0x590, 0x700), (0x750, 0x780), (0x2000, 0x2070), (0x20A0, 0x20D0),
    (0x2100, 0x2200), (0x2581, 0x2582), (0x2600, 0x27C0), (0xFB1D, 0xFE00), (0xFE0F, 0xFE10), (0xFE70, 0xFF00),
    (0xFFFD, 0xFFFE), (0x1F1E6, 0x1F200), (0x1F300, 0x1FB00),
)  # fmt: skip
"""Latin, Cyrillic, Hebrew, Arabic with their presentation forms, punctuation, signs and emoji."""
_JsonValue = dict[str, "_JsonValue"] | list["_JsonValue"] | str | int | float | bool | None


def pruned(base: Base, texts: Iterable[str]) -> Base:
    """The base without the pieces that neither `texts` nor the languages' frequent words need."""
    if (rows := base.rows) is None:
        return base
    content = json.loads(base.tokenizer)
    pieces: list[str] = [piece for piece, _ in content["model"]["vocab"]]
    tokenizer = Tokenizer.from_str(base.tokenizer)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    keep = {a["id"] for a in content["added_tokens"]} | {0, 1, 2, 3}
    keep |= {i for e in tokenizer.encode_batch(list(texts)) for i in e.ids}
    keep |= {i for i, piece in enumerate(pieces) if _elementary(i, piece)}
    for language in LANGUAGES:
        keep |= _frequent(tokenizer, language)
    return _with(base, rows, content, sorted(i for i in keep if i < len(pieces)))


def _elementary(i: int, piece: str) -> bool:
    """Single characters, frequent pairs of them, and numbers: any text of our scripts can be spelt with them."""
    bare = piece.lstrip("▁")
    if bare and set(bare) <= set(string.digits):
        return True
    return (len(bare) <= 1 or (len(bare) == 2 and i < _SHORT)) and all(map(_ours, piece))


def _ours(character: str) -> bool:
    return any(first <= ord(character) < end for first, end in _CHARACTERS)


def _frequent(tokenizer: Tokenizer, language: str) -> set[int]:
    frequency = wordfreq.get_frequency_dict(language, wordlist="best")
    words = sorted(frequency, key=lambda w: frequency[w], reverse=True)[:_WORDS]
    weights: dict[int, float] = defaultdict(float)
    forms = [(words, 1.0)] + ([] if language in _CASELESS else [([w.capitalize() for w in words], 0.5)])
    for written, share in forms:
        for word, encoded in zip(
            words, tokenizer.encode_batch(written, add_special_tokens=False), strict=True
        ):
            for i in encoded.ids:
                weights[i] += frequency[word] * share
    return _covering(weights)


def _covering(weights: dict[int, float]) -> set[int]:
    total, covered, kept = sum(weights.values()), 0.0, set()
    for i, weight in sorted(weights.items(), key=lambda item: -item[1]):
        if covered > _COVERAGE * total:
            break
        covered += weight
        kept.add(i)
    return kept


def _with(base: Base, rows: Rows, content: dict[str, _JsonValue], keep: list[int]) -> Base:
    new = {old: i for i, old in enumerate(keep)}
    model = content["model"]
    model["vocab"] = [model["vocab"][i] for i in keep]  # type: ignore[index,call-overload]
    model["unk_id"] = new[model["unk_id"]]  # type: ignore[index,call-overload]
    # Words are cut without special pieces, which `services.nlp.pieces` adds: neither they nor what puts them in stay.
    content |= {"added_tokens": [], "post_processor": None, "padding": None, "truncation": None}
    weights = base.weights | {"words.weight": base.weights["words.weight"][keep].clone()}
    rows = Rows(np.ascontiguousarray(rows.packed[keep]), np.ascontiguousarray(rows.scale[keep]))
    return replace(base, weights=weights, tokenizer=json.dumps(content, ensure_ascii=False), rows=rows)
