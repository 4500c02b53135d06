"""`tocsin extract --explain`: one report for a person, on a terminal and without one."""

import io

import pytest
from rich.console import Console

from services.cli.explain import Mark, explained, marked
from services.nlp.batch import report_from
from services.nlp.read import RuleReader
from services.nlp.reader import ReportReader

TEXT = (
    "Russian jets bombed a market in Maarat al-Numan on Thursday, killing at least 12 people, residents said."
)
GIVEN = {
    "id": "one",
    "title": "Market hit",
    "text": TEXT,
    "published_at": "2019-08-30T18:00:00Z",
    "source": "Wire",
}


@pytest.fixture(scope="module")
def reader() -> ReportReader:
    return ReportReader.load(sentence_reader=RuleReader())


def shown(reader: ReportReader, given: dict[str, str], terminal: bool = False) -> str:
    out = io.StringIO()
    report = report_from(given)
    console = Console(
        file=out, width=160, force_terminal=terminal, color_system="standard" if terminal else None
    )
    console.print(explained(report, reader.read(report).events, "No event: no sentence tells one."))
    return out.getvalue()


def test_the_text_is_marked_and_every_field_says_why(reader: ReportReader) -> None:
    told = shown(reader, GIVEN)
    assert "one · Wire · 2019-08-30T18:00:00Z · rules-1" in told
    assert "[jets bombed](1 trigger)" in told
    assert "[Maarat al-Numan](1 place)" in told
    assert "1 air_strike rings: happened_asserted" in told
    killed = next(line for line in told.splitlines() if line.startswith("killed"))
    assert killed.split() == ["killed", "12", "or", "more", "people", "toll", "“12", "people”"]
    assert "\x1b" not in told


def test_on_a_terminal_spans_have_colour(reader: ReportReader) -> None:
    assert "\x1b[1;31m[jets bombed]" in shown(reader, GIVEN, terminal=True)


def test_silence_is_explained(reader: ReportReader) -> None:
    assert "No event: no sentence tells one." in shown(reader, {"id": "two", "text": "The council met."})


def test_a_report_cannot_steer_the_terminal(reader: ReportReader) -> None:
    assert "\x1b" not in shown(reader, {**GIVEN, "text": TEXT + " \x1b[2J\x07"})
    assert marked("a\x1bb", [Mark(1, 2, "1 place", "place")]).plain == "a[ ](1 place)b"
