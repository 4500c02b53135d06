"""Whatever the text: reading neither raises nor hangs, and what it says points into the text."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.nlp.batch import answer
from services.nlp.reader import MAX_CANDIDATES, ReportReader
from tests.unit.nlp.reports import report

WORDS = (
    "air strike", "killed", "12", "dozens", "on", "Saturday", "0300 GMT", "ceasefire", "Idlib", "denied", "if",
    "shell", "hit",
    "rockets", "\n", ".", ",", '"', "since 2011", "قصف", "удар", "بغداد", "(", "at least", "and", "two", "hundred",
    "6:00 am", "31",
    "August", "2019-02-31", "25:99", "Jan 99", "the first minute of", "gunmen", "took the town of", "\x00", "İ", "🙃",
)  # fmt: skip


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
