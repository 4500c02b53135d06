"""Arabic without its vowel marks, and the way back."""

from services.nlp.offsets import bare
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import ringing


def test_the_way_back() -> None:
    text = "مسيّرة قصفتْ"
    read = bare(text)
    assert read.text == "مسيرة قصفت"
    start = read.text.index("قصفت")
    assert text[read.back(start) : read.back(start + 4)].startswith("قصفت")
    assert read.back(len(read.text)) == len(text)


def test_nothing_to_take_out() -> None:
    read = bare("plain")
    assert (read.text, read.back(3)) == ("plain", 3)


def test_evidence_points_into_the_text_as_given(reader: ReportReader) -> None:
    text = "مسيّرةٌ إسرائيليّة قصفتْ اليومَ منزلًا وسط رفح، واستُشهد ستّة أشخاص"
    (event,) = ringing(reader, text)
    for evidence in event.evidence:
        assert text[evidence.start : evidence.end] == evidence.quote


def test_entities_and_broken_encoding_are_read_as_meant() -> None:
    given = "Near Slov\u00e2\u20ac\u2122yansk&nbsp;today; caf\u00c3\u00a9 na\u00efve &unknown; \u00e2\u20ac\u0153no"
    read = bare(given)
    assert read.text == "Near Slov\u2019yansk today; caf\u00e9 na\u00efve &unknown; \u201cno"
    at = read.text.index("today")
    assert given[read.back(at) : read.back(at + 5)] == "today"
    assert read.back(len(read.text)) == len(given)
