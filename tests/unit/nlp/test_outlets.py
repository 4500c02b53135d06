"""Where an outlet is at home, and what that says of a report that names no country."""

import pytest

from schemas.report import Report
from services.nlp.gazetteer import Gazetteer
from services.nlp.handle import read_report
from services.nlp.outlets import Outlets
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import report


@pytest.fixture(scope="module")
def outlets() -> Outlets:
    return Outlets(Gazetteer.open())


def told_by(source: str, text: str = "", url: str | None = None) -> Report:
    return report(text).model_copy(update={"source": source, "url": url})


@pytest.mark.parametrize(
    ("source", "home"),
    [
        ("Peshawar Evening Mail", "PK"),
        ("Islamabad Ledger", "PK"),  # not Chattogram, which was called so once
        ("The Kyiv Independent", "UA"),
        ("صحيفة النيل الأبيض", "SD"),
        ("Lashkar Gah Today", "AF"),
        ("Le Quotidien du Faso (English)", "BF"),  # a language is no country
        ("Premium Times", "NG"),
        ("The Boston Post", None),
        ("London Asia Line", None),  # its outlets write of the whole world
        ("Kabul and Karachi Courier", None),
        ("Morning Post", None),
    ],
)
def test_an_outlet_is_at_home_where_its_name_says(outlets: Outlets, source: str, home: str | None) -> None:
    assert outlets.home_of(told_by(source)) == home


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://news.example.com.ng/a", "NG"),
        ("https://example.ua/a", "UA"),
        ("https://example.tv/a", None),
        ("https://example.co.uk/a", None),
        ("https://example.com/a", None),
        ("http://[broken", None),
    ],
)
def test_a_national_domain_tells_it_too(outlets: Outlets, url: str, home: str | None) -> None:
    assert outlets.home_of(told_by("Wire", url=url)) == home


def country_of(reader: ReportReader, source: str, text: str) -> str | None:
    events = read_report(told_by(source, text), reader).events
    assert events
    return events[0].place.country if events[0].place else None


def test_a_village_lies_in_the_outlets_country_where_no_country_is_told(reader: ReportReader) -> None:
    told = "Gunmen opened fire at the market in the village of Gorguendé on Thursday, killing eleven people."
    assert country_of(reader, "Ouagadougou Matin", told) == "BF"
    assert country_of(reader, "World Desk", told) is None


def test_what_the_text_says_of_a_country_outweighs_the_outlet(reader: ReportReader) -> None:
    told = "Gunmen opened fire at the market in the village of Gorguendé in Mali on Thursday, killing eleven people."
    assert country_of(reader, "Ouagadougou Matin", told) == "ML"
