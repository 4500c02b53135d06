"""What a title counts."""

from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import events

STRIKE = "An air strike hit a mill in Idlib on Thursday."


def killed(reader: ReportReader, text: str, title: str) -> list[int | None]:
    return [event.killed.min if event.killed else None for event in events(reader, text, title)]


def test_a_title_counts_where_the_body_does_not(reader: ReportReader) -> None:
    assert killed(reader, STRIKE, "Seven millers killed in Idlib") == [7]


def test_the_body_comes_first(reader: ReportReader) -> None:
    assert killed(reader, f"{STRIKE} Six people were killed.", "Seven millers killed in Idlib") == [6]


def test_a_toll_that_has_risen_stands_for_the_one_before(reader: ReportReader) -> None:
    text = f"{STRIKE} Six people were killed."
    assert killed(reader, text, "Death toll of Idlib air strike rises to nine") == [9]
    assert killed(reader, f"{text} On Friday the death toll rose to nine.", "Idlib mill hit") == [9]


def test_a_title_over_two_events_counts_for_neither(reader: ReportReader) -> None:
    text = f"{STRIKE} Another air strike hit a school in Aleppo on Thursday."
    assert killed(reader, text, "Hospitals speak of seven dead") == [None, None]
