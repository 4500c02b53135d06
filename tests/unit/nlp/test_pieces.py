"""Sentences become pieces whose offsets are characters of the sentence as given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from services.nlp.pieces import Limits, Pieces, Special, calm

WORDS = ("[cls]", "[sep]", "[pad]", "[unk]", "shells", "hit", "homs", "again", "yesterday")


@pytest.fixture(scope="module")
def pieces() -> Pieces:
    tokenizer = Tokenizer(WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="[unk]"))
    tokenizer.pre_tokenizer = Whitespace()
    return Pieces(tokenizer, Special(cls=0, sep=1, pad=2), Limits(previous=2, sentence=4))


def test_the_sentence_comes_after_the_one_before_it(pieces: Pieces) -> None:
    encoded = pieces.encode("again yesterday", "shells hit homs")
    assert encoded.ids == (0, 7, 8, 1, 4, 5, 6, 1)
    assert encoded.first == 4
    assert encoded.offsets == ((0, 6), (7, 10), (11, 15))


def test_without_a_sentence_before_nothing_stands_between_the_marks(pieces: Pieces) -> None:
    for nothing in (None, ""):
        encoded = pieces.encode(nothing, "hit homs")
        assert encoded.ids == (0, 1, 5, 6, 1)
        assert encoded.first == 2


def test_the_end_of_the_one_before_and_the_beginning_of_the_sentence_are_read(pieces: Pieces) -> None:
    encoded = pieces.encode("shells hit homs again yesterday", "shells hit homs again yesterday")
    assert encoded.ids == (0, 7, 8, 1, 4, 5, 6, 7, 1)
    assert len(encoded.offsets) == 4


def test_a_sentence_all_in_capitals_is_read_in_lower_case_at_the_same_offsets(pieces: Pieces) -> None:
    encoded = pieces.encode(None, "SHELLS HIT HOMS AGAIN")
    assert encoded.ids[2:6] == (4, 5, 6, 7)
    assert encoded.offsets[1] == (7, 10)


@pytest.mark.parametrize("text", ["UN, US and EU met", "NATO", "İSTANBUL'DA PATLAMA OLDU DEDİLER"])
def test_text_that_is_not_shouted_or_would_change_its_length_stays(text: str) -> None:
    assert calm(text) == text


@given(st.text(st.characters(), max_size=60), st.none() | st.text(st.characters(), max_size=60))
def test_any_text_has_pieces_with_offsets_inside_it(pieces: Pieces, text: str, previous: str | None) -> None:
    encoded = pieces.encode(previous, text)
    assert all(0 <= a <= b <= len(text) for a, b in encoded.offsets)
    assert len(encoded.ids) == encoded.first + len(encoded.offsets) + 1


def test_a_sentence_of_a_quarter_of_a_megabyte_costs_no_more_than_a_long_one(pieces: Pieces) -> None:
    assert len(pieces.encode("x " * 130_000, "y " * 130_000).ids) == 2 + 2 + 4 + 1


def test_lone_surrogates_are_read_as_unknown(pieces: Pieces) -> None:
    assert pieces.encode("\ud800", "shells \udfff homs").ids == (0, 3, 1, 4, 3, 6, 1)
