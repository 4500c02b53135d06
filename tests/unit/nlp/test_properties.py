"""Whatever the text: reading neither raises nor hangs, and what it says points into the text."""

import random
import time
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp.batch import answer
from services.nlp.encoder_decode import EventReading, Reading
from services.nlp.fusion import FusedReader
from services.nlp.gazetteer import Gazetteer
from services.nlp.reader import MAX_CANDIDATES, ReportReader
from services.nlp.text import Span
from tests.unit.nlp.reports import report

SPANS = ("place", "actor", "target", "weapon", "killed", "injured", "time", "effective", "claimant")


class Wild:
    """An encoder that reads events everywhere, at any place of a sentence: the worst that a model can say."""

    version = "wild"

    def __init__(self) -> None:
        self._chance = random.Random(0)

    def reseed(self, seed: int) -> None:
        self._chance.seed(seed)

    def read(self, pairs: Sequence[tuple[str | None, str]]) -> list[Reading]:
        return [Reading(self._chance.random(), tuple(self._events(text))) for _, text in pairs]

    def _events(self, text: str) -> list[EventReading]:
        return [
            EventReading(
                kind, self._chance.uniform(0.1, 1), self._span(text), self._spread(Assertion), self._spread(Novelty),
                self._spread(Phase), {name: (self._span(text),) for name in SPANS}, dict.fromkeys(SPANS, 0.9),
            )
            for kind in self._chance.sample(list(Kind), 3)
        ]  # fmt: skip

    def _span(self, text: str) -> Span:
        start = self._chance.randrange(max(1, len(text)))
        return Span(start, min(len(text), start + self._chance.randrange(1, 40)))

    def _spread(self, answers: type) -> dict:  # type: ignore[type-arg]
        weights = [self._chance.random() + 0.01 for _ in answers]  # type: ignore[var-annotated,attr-defined]
        return {a: w / sum(weights) for a, w in zip(answers, weights, strict=True)}  # type: ignore[call-overload]


WORDS = (
    "air strike", "killed", "12", "dozens", "on", "Saturday", "0300 GMT", "ceasefire", "Idlib", "denied", "if",
    "shell", "hit",
    "rockets", "\n", ".", ",", '"', "since 2011", "قصف", "удар", "بغداد", "(", "at least", "and", "two", "hundred",
    "6:00 am", "31",
    "August", "2019-02-31", "25:99", "Jan 99", "the first minute of", "gunmen", "took the town of", "\x00", "İ", "🙃",
)  # fmt: skip


ENCODER = Wild()
WILD = ReportReader(Gazetteer.open(), FusedReader(ENCODER))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=400), title=st.none() | st.text(max_size=80))
def test_any_text(reader: ReportReader, text: str, title: str | None) -> None:
    for event in reader.read(report(text, title)).events:
        assert event.evidence


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), max_size=60))
def test_words_of_war_in_any_order(reader: ReportReader, words: list[str]) -> None:
    text = " ".join(words)
    for event in reader.read(report(text), annotate=True).events:
        for evidence in event.evidence:
            assert text[evidence.start : evidence.end][:280] == evidence.quote


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 100_000,
        "an air strike killed " * 8_000,
        "A" * 200_000,
        "a shell hit " + "and two " * 20_000,
        "Al " * 50_000,
        "killed " + "one hundred and " * 15_000,
        "\n" * 200_000,
        "the " * 60_000 + "said",
        "(" * 100_000,
        "An air strike hit Idlib on Monday. " * 6_000,
        "على " * 40_000,
    ],
)
def test_long_and_monotonous(reader: ReportReader, text: str) -> None:
    started = time.monotonic()
    found = answer({"id": "x", "text": text, "published_at": "2024-01-01T00:00:00Z"}, reader)
    assert time.monotonic() - started < 20
    assert isinstance(found["events"], list)
    assert len(found["events"]) <= 3 * MAX_CANDIDATES


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(WORDS), max_size=60), seed=st.integers(0, 10**6))
def test_whatever_the_encoder_says(words: list[str], seed: int) -> None:
    text = " ".join(words)
    ENCODER.reseed(seed)
    for event in WILD.read(report(text), annotate=True).events:
        assert all(0 <= p <= 1 for p in event.confidence.values())
        for evidence in event.evidence:
            assert text[evidence.start : evidence.end][:280] == evidence.quote


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200), seed=st.integers(0, 10**6))
def test_any_text_and_whatever_the_encoder_says(text: str, seed: int) -> None:
    ENCODER.reseed(seed)
    given_report = report(text + " An air strike hit Idlib.")
    assert all(event.evidence for event in WILD.read(given_report).events)
