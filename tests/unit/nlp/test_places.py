"""Finding and resolving places."""

import pytest

from services.nlp.fold import fold, skeleton
from services.nlp.gazetteer import Gazetteer
from services.nlp.places import PlaceFinder
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import ringing


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    return PlaceFinder(Gazetteer.open())


def found(finder: PlaceFinder, text: str) -> list[tuple[str, str | None]]:
    return [(text[p.start : p.end], p.country) for p in finder.find(text, finder.context(text))]


def test_spellings_fold_together() -> None:
    assert fold("Ma`arrat an-Nu‘mān") == "maarrat an numan"
    assert skeleton(fold("Maaret al-Noman")) == skeleton(fold("Ma'arrat al-Nu'man"))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Shells fell on Kharkiv, Ukraine.", [("Kharkiv", "UA"), ("Ukraine", "UA")]),
        ("He was born in Alexandria, Louisiana, in 1950.", [("Alexandria", "US"), ("Louisiana", "US")]),
        ("A bomb in Maaret al-Noman, Syria", [("Maaret al-Noman", "SY"), ("Syria", "SY")]),
        ("У селі під Харковом", [("Харковом", "UA")]),
        ("غارة على مدينة رفح", [("رفح", "PS")]),
        ("The speaker was John Lincoln.", []),
        ("a bakery off Baghdad Street", []),
        ("Reading the paper in March", []),
    ],
)
def test_found(finder: PlaceFinder, text: str, places: list[tuple[str, str | None]]) -> None:
    assert found(finder, text) == places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("BEIRUT (Reuters) - An air strike killed two people in Palmyra on Thursday.", "Palmyra"),
        ("An air strike killed two people in Raqqa on Thursday, a ministry in Ankara said.", "Raqqa"),
        ("A shell hit a house in Khan Younis, in the Gaza Strip, on Friday.", "Khan Younis"),
    ],
)
def test_the_events_place_is_not_the_speakers(reader: ReportReader, text: str, place: str) -> None:
    assert [event.place.name for event in ringing(reader, text) if event.place] == [place]
