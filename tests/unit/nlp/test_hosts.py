"""Where a truce was talked about, and what a state does abroad, is not where something happened."""

import pytest

from services.nlp.elsewhere import is_host
from services.nlp.gazetteer import Gazetteer
from services.nlp.places import PlaceFinder
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import events


@pytest.mark.parametrize(
    ("town", "country", "parties", "host"),
    [
        ("Doha", "QA", {"CD"}, True),
        ("Istanbul", "TR", {"UA", "RU"}, True),
        ("Kyiv", "UA", {"UA", "RU"}, False),
        ("Goma", "CD", {"RW"}, False),  # no capital
        ("Doha", "QA", set(), False),  # whose truce it is nobody says
    ],
)
def test_a_capital_of_no_party_is_the_hosts(town: str, country: str, parties: set[str], host: bool) -> None:
    assert is_host(town, country, parties) is host


def test_a_truce_is_not_in_the_hosts_capital(reader: ReportReader) -> None:
    text = "Pakistan and the Taliban agreed to a ceasefire from noon on Friday. Talks will follow in the Saudi capital."
    (event, *_) = events(reader, text)
    assert event.place is None or event.place.country != "SA"


def test_a_ministry_abroad_does_not_place_a_village() -> None:
    finder = PlaceFinder(Gazetteer.open())
    text = "Turkey's defence ministry says that it struck nobody near Gulharze."
    assert [p.country for p in finder.find(text, finder.context(text))] == ["TR"]


def test_whose_drone_it_was_says_little_of_where() -> None:
    finder = PlaceFinder(Gazetteer.open())
    told = finder.context("A Russian drone hit a bus near the town.").weights["RU"]
    assert 0 < told < finder.context("A bus was hit in a Russian town.").weights["RU"]


def test_the_name_of_one_place_is_not_the_other_name_of_another() -> None:
    finder = PlaceFinder(Gazetteer.open())
    text = "Bombs fell on the jetty in Salif at night."
    assert [p.country for p in finder.find(text, finder.context(text))] == ["YE"]


def test_a_title_says_where_when_nothing_else_does(reader: ReportReader) -> None:
    text = "An air strike killed two brothers of a family on Thursday. Hundreds walked behind them."
    (event, *_) = events(reader, text, "A mother in Lebanon buries both sons in Kfar Rimoun")
    assert event.place is not None
    assert event.place.name == "Kfar Rimoun"


def test_a_slavic_adjective_that_opens_a_sentence_is_no_town() -> None:
    finder = PlaceFinder(Gazetteer.open())
    text = "Мирный житель погиб при атаке беспилотников в Белгороде."
    assert [p.name for p in finder.find(text, finder.context(text, language="ru"))] == ["Белгороде"]
