"""Which of two places named together is the event's."""

import pytest

from services.nlp.beside import is_told_by
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import events


@pytest.mark.parametrize(
    ("between", "told"),
    [
        (", west of ", True),
        (" air base near ", True),
        (", a small village 12 km north of ", True),
        (", in the hills above ", True),
        (", on the road from gao to ", True),
        (", in the commune of ", True),
        (" district, ", True),
        (", ", True),
        (" and ", False),
        (" while jets bombed ", False),
        (", where three died, and ", False),
    ],
)
def test_words_between_two_names(between: str, told: bool) -> None:
    assert is_told_by(between) is told


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("An air strike hit a market in Mamove, west of Oicha, on Monday.", "Mamove"),
        ("A drone struck Tamanhint air base near Sebha on Monday.", "Tamanhint"),
        ("Gunmen attacked Kenscoff, in the hills above Port-au-Prince, on Monday and killed nine people.", "Kenscoff"),
        ("Militants killed six farmers on a beach near Mucojo, in Macomia district of Cabo Delgado.", "Mucojo"),
        ("Shelling killed four people in Hajin. A doctor at a hospital in Deir ez-Zor said so.", "Hajin"),
        ("Gunmen shot dead a driver at Wadi Azum, east of Zalingei. A company in Nyala said so.", "Wadi Azum"),
        ("Atacaron la vereda La Cecilia de Teorama, Norte de Santander, y mataron a dos campesinos.", "La Cecilia"),
    ],
)  # fmt: skip
def test_the_place_is_the_one_that_is_told_by_the_other(trained: ReportReader, text: str, place: str) -> None:
    found = [e.place.name for e in events(trained, text) if e.place]
    assert found
    assert set(found) == {place}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The army and the M23 agreed in Luanda on a truce in North Kivu. Aid will reach Masisi.", "North Kivu"),
        ("Tribes of Lower Kurram agreed to a ceasefire after a jirga in Sadda, he said.", "Lower Kurram"),
    ],
)  # fmt: skip
def test_a_truce_is_where_it_holds_and_not_where_it_was_agreed(
    trained: ReportReader, text: str, place: str
) -> None:
    truces = [e for e in events(trained, text) if e.phase]
    assert [e.place.name for e in truces if e.place] == [place]
