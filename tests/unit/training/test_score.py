"""Figures of readings against labels."""

from dataclasses import replace

import pytest

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp.encoder_decode import EventReading, Reading
from services.nlp.text import Span
from training.data import Event, Labelled
from training.score import Overlap, score

TRUE = Event(Kind.SHELLING, None, Assertion.ASSERTED, Novelty.NEW, (0, 6), {"place": ((10, 14),)})
SAID = EventReading(
    Kind.SHELLING, 0.9, Span(0, 6), {a: float(a is Assertion.ASSERTED) for a in Assertion},
    {n: float(n is Novelty.NEW) for n in Novelty}, dict.fromkeys(Phase, 1 / 9), {"place": (Span(10, 14),)},
    {"place": 1.0},
)  # fmt: skip


def labelled(*events: Event) -> Labelled:
    return Labelled("x", "en", True, None, "shells hit Homs", events)


def test_what_is_all_right_scores_one() -> None:
    figures = score([labelled(TRUE)] * 5, [Reading(0.9, (SAID,))] * 5)
    assert (figures.kinds_micro, figures.live, figures.assertion, figures.novelty, figures.spans) == (
        1,
        1,
        1,
        1,
        1,
    )


def test_a_false_alarm_and_a_miss_cost_alike() -> None:
    sentences = [labelled(TRUE), labelled(), labelled(TRUE)]
    figures = score(sentences, [Reading(0.9, (SAID,)), Reading(0.9, (SAID,)), Reading(0.1, ())])
    assert figures.kinds_micro == pytest.approx(0.5)
    assert figures.live == pytest.approx(0.5)


def test_the_assertion_is_asked_even_where_the_kind_is_not_said() -> None:
    unsure = replace(SAID, probability=0.2)
    figures = score([labelled(TRUE)], [Reading(0.1, (unsure,))])
    assert figures.kinds_micro == 0
    assert figures.assertion == 1


def test_spans_on_the_wrong_kind_count_as_spans_but_not_as_attached() -> None:
    blast = replace(TRUE, kind=Kind.EXPLOSION, spans={})
    swapped = (replace(SAID, spans={}), replace(SAID, kind=Kind.EXPLOSION))
    figures = score([labelled(TRUE, blast)] * 5, [Reading(0.9, swapped)] * 5)
    assert figures.spans == 1
    assert figures.attached == 0


def test_spans_meet_where_they_overlap() -> None:
    overlap = Overlap()
    overlap.tell([Span(0, 4), Span(6, 8)], [Span(3, 5)])
    assert overlap.f1 == pytest.approx(2 * 0.5 * 1 / 1.5)
