"""The encoder's numbers become events with spans of whole words."""

import math

import numpy as np
import pytest

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp.encoder_decode import Outputs, decode, sigmoid, softmax, tagged
from services.nlp.encoder_files import Heads, Manifest, Thresholds
from services.nlp.pieces import Encoded
from services.nlp.text import Span

TEXT = "Jets bombed Homs-Talbiseh road, killing six"
WORDS = ((0, 4), (5, 11), (12, 16), (16, 17), (17, 22), (22, 25), (26, 30), (30, 31), (32, 39), (40, 43))
ENCODED = Encoded(tuple(range(13)), 2, WORDS)
SPANS = ("place", "actor", "target", "weapon", "killed", "injured", "time", "effective", "claimant")
STRIKE, TRUCE = list(Kind).index(Kind.AIR_STRIKE), list(Kind).index(Kind.CEASEFIRE)


def manifest(floor: float = 0.1, temperature: Heads | None = None) -> Manifest:
    return Manifest(
        version="test", base="none", kinds=tuple(Kind), assertions=tuple(Assertion), novelties=tuple(Novelty),
        phases=tuple(Phase), spans=SPANS, cls=0, sep=1, pad=2, previous_pieces=2, sentence_pieces=4, floor=floor,
        temperature=temperature or Heads(), thresholds=Thresholds(kind=dict.fromkeys(Kind, 0.5), live=0.5),
    )  # fmt: skip


def outputs(**kinds: float) -> Outputs:
    """Outputs in which the kinds named have these logits and everything else is plain."""
    k, t = len(Kind), len(ENCODED.ids)
    tags = np.zeros((k, t, len(SPANS), 3), np.float32)
    tags[..., 0] = 4
    trigger = np.full((k, t), -1e4, np.float32)
    trigger[:, 2:12] = 0
    trigger[:, 3] = 9
    kind = np.full(k, -9, np.float32)
    for name, logit in kinds.items():
        kind[list(Kind).index(Kind(name))] = logit
    assertion = np.zeros((k, 6), np.float32)
    assertion[:, 0] = 5
    return Outputs(
        kind, assertion, np.zeros((k, 3), np.float32), np.zeros((k, 9), np.float32), tags,
        np.asarray(0.0, np.float32), trigger,
    )  # fmt: skip


def test_events_above_the_floor_come_with_the_most_probable_first() -> None:
    reading = decode(ENCODED, TEXT, outputs(air_strike=2.0, shelling=3.0, explosion=-3.0), manifest())
    assert [e.kind for e in reading.events] == [Kind.SHELLING, Kind.AIR_STRIKE]
    assert reading.events[1].probability == pytest.approx(1 / (1 + math.exp(-2)), abs=1e-5)


def test_the_trigger_is_where_the_attention_is() -> None:
    (event,) = decode(ENCODED, TEXT, outputs(air_strike=3.0), manifest()).events
    assert TEXT[event.trigger.start : event.trigger.end] == "bombed"


def test_tagged_pieces_become_spans_with_their_confidence() -> None:
    out = outputs(air_strike=3.0)
    out.spans[STRIKE, 4, 0] = (0, 5, 0)
    for i in (5, 6):
        out.spans[STRIKE, i, 0] = (0, 0, 5)
    out.spans[STRIKE, 11, 4] = (0, 9, 0)
    (event,) = decode(ENCODED, TEXT, out, manifest()).events
    assert event.spans == {"place": (Span(12, 25),), "killed": (Span(40, 43),)}
    assert 0.9 < event.confidence["place"] < event.confidence["killed"] <= 1


def test_spans_of_one_kind_are_not_those_of_another() -> None:
    out = outputs(air_strike=3.0, explosion=3.0)
    out.spans[STRIKE, 2, 1] = (0, 5, 0)
    strike, explosion = sorted(
        decode(ENCODED, TEXT, out, manifest()).events, key=lambda e: e.kind != "air_strike"
    )
    assert strike.spans == {"actor": (Span(0, 4),)}
    assert explosion.spans == {}


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ((1, 1, 0), (Span(0, 2), Span(3, 5))),
        ((1, 2, 0), (Span(0, 5),)),
        ((2, 0, 2), (Span(0, 2), Span(6, 8))),
        ((0, 0, 0), ()),
    ],
)
def test_a_first_piece_begins_a_span_and_so_does_a_further_one_without(
    tags: tuple[int, ...], spans: tuple[Span, ...]
) -> None:
    assert tagged(np.array(tags), ((0, 2), (3, 5), (6, 8)), "ab,cd ef") == spans


def test_spans_with_only_space_between_them_are_one() -> None:
    assert tagged(np.array([1, 1]), ((0, 3), (4, 10)), "The rebels") == (Span(0, 10),)


def test_pieces_of_one_word_are_one_span() -> None:
    assert tagged(np.array([1, 1]), ((0, 3), (3, 6)), "Kharkiv") == (Span(0, 7),)


def test_live_is_the_mean_of_its_head_and_of_the_events() -> None:
    quiet = decode(ENCODED, TEXT, outputs(), manifest())
    told = decode(ENCODED, TEXT, outputs(air_strike=9.0), manifest())
    assert quiet.live == pytest.approx(0.25, abs=0.01)
    assert told.live == pytest.approx(0.25 + 0.5 * 2 / 3, abs=0.02)


def test_a_planned_truce_is_live() -> None:
    out = outputs(ceasefire=9.0)
    out.assertion[TRUCE] = (-9, -9, -9, 9, -9, -9)
    assert decode(ENCODED, TEXT, out, manifest()).live > 0.7


def test_a_temperature_above_one_makes_less_sure() -> None:
    warm = manifest(temperature=Heads(kind=2.0, assertion=2.0))
    (plain,), (warmed,) = (
        decode(ENCODED, TEXT, outputs(air_strike=3.0), m).events for m in (manifest(), warm)
    )
    assert warmed.probability < plain.probability
    assert warmed.assertion[Assertion.ASSERTED] < plain.assertion[Assertion.ASSERTED]
    assert sum(warmed.assertion.values()) == pytest.approx(1, abs=1e-5)


def test_a_sentence_without_pieces_has_no_events() -> None:
    assert decode(Encoded((0, 1, 1), 2, ()), "", outputs(air_strike=5.0), manifest()).events == ()


def test_probabilities_of_large_logits_do_not_overflow() -> None:
    large = np.array([1e4, -1e4], np.float32)
    assert sigmoid(large).tolist() == [1, 0]
    assert softmax(large).tolist() == [1, 0]
