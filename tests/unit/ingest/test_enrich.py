"""What a report does not tell and its text or address does: publisher, house, credited agencies, language."""

from datetime import UTC, datetime

import pytest

from services.ingest.credits import credited
from services.ingest.data_files import read_yaml
from services.ingest.language import recognise
from services.ingest.normalise import normalise
from services.ingest.publishers import publisher_named, publisher_of
from services.ingest.text import clean_text

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("host", "name", "family"),
    [
        ("reuters.com", "Reuters", "Thomson Reuters"),
        ("feeds.bbci.co.uk", "BBC News", "BBC"),
        ("www.nypost.com", "New York Post", "Murdoch"),
        ("eng.unian.ua", "UNIAN", "1+1 Media"),
    ],
)
def test_a_domain_names_publisher_and_house(host: str, name: str, family: str) -> None:
    found = publisher_of(host)
    assert found is not None
    assert (found.name, found.family) == (name, family)


@pytest.mark.parametrize("host", ["notreuters.com", "reuters.com.example", "com", "", "localhost", "a..b"])
def test_a_name_that_only_looks_alike_is_nobodys(host: str) -> None:
    assert publisher_of(host) is None


def test_no_domain_is_listed_twice() -> None:
    entries = read_yaml("publishers.yaml")["publishers"]
    domains = [domain for one in entries for domain in one["domains"]]
    assert len(domains) == len(set(domains))
    assert publisher_named("the guardian") is not None


def test_what_is_told_goes_before_what_the_domain_says() -> None:
    told = {"text": "a", "url": "https://www.bbc.co.uk/news/1"}
    report = normalise(told, NOW).report
    assert (report.publisher, report.publisher_family) == ("BBC News", "BBC")
    report = normalise(told | {"publisher": "Reuters"}, NOW).report
    assert (report.publisher, report.publisher_family) == ("Reuters", "Thomson Reuters")
    report = normalise(told | {"publisher": "Valley Echo", "publisher_family": "Echo"}, NOW).report
    assert (report.publisher, report.publisher_family) == ("Valley Echo", "Echo")


@pytest.mark.parametrize(
    ("text", "agencies"),
    [
        ("KHARKIV, March 3 (Reuters) - A drone hit a depot.\nMore.", ("Reuters",)),
        ("By Jane Roe, The Associated Press\nA drone hit a depot.", ("AP",)),
        ("МОСКВА, 3 марта. /ТАСС/. Дрон сбит.", ("TASS",)),
        ("A drone hit a depot.\n(AFP/Reuters)", ("AFP", "Reuters")),
        ("A drone hit a depot.\nSource: TASS and Interfax", ("TASS", "Interfax")),
        ("غزة (رويترز) - قصف", ("Reuters",)),
        ("AFP — A drone hit a depot.", ("AFP",)),
        ("A drone hit a depot.\n— dpa", ("dpa",)),
    ],
)
def test_credit_lines_are_recognised(text: str, agencies: tuple[str, ...]) -> None:
    assert credited(text) == agencies


@pytest.mark.parametrize(
    "text",
    [
        "A drone hit a depot, an AFP reporter saw. The army told Reuters that it was theirs.",
        "The AP1 road was closed after the strike.",
        "Smoke rises over the port. " * 40
        + "\nA man told (Reuters) cameras to leave. "
        + "It went on. " * 60,
        "",
    ],
)
def test_an_agency_that_is_quoted_is_not_credited(text: str) -> None:
    assert credited(text) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Officials said that the shelling of the port killed three people on Monday.", "en"),
        ("Російські війська обстріляли порт, загинули троє людей, повідомили у поліції.", "uk"),
        ("Российские войска обстреляли порт, погибли три человека, сообщили в полиции.", "ru"),
        ("قصف الجيش الميناء فجر الاثنين ما أدى إلى مقتل ثلاثة أشخاص.", "ar"),
        ("Limana düzenlenen saldırıda üç kişi hayatını kaybetti, yetkililer açıkladı.", "tr"),
    ],
)
def test_the_language_is_recognised(text: str, language: str) -> None:
    assert recognise(text) == language
    assert normalise({"text": text}, NOW).report.language == language
    assert normalise({"text": text, "language": "xx-Told"}, NOW).report.language == "xx"


@pytest.mark.parametrize("text", ["", "Kyiv", "12:30 100 200", "RSF drones", "👍" * 100])
def test_no_language_rather_than_a_guess(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("The cafÃ© was hit", "The café was hit"),
        ("He said: â\x80\x9cRunâ\x80\x9d", "He said: “Run”"),
        ("Al-BÄ\x81b", "Al-Bāb"),
    ],
)
def test_text_read_in_the_wrong_encoding_is_mended(broken: str, mended: str) -> None:
    assert clean_text(broken) == mended
    # a broken line does not drag a sound one with it
    assert clean_text(f"Größe, naïve, Łódź\n{broken}") == f"Größe, naïve, Łódź\n{mended}"


def test_cyrillic_and_arabic_are_mended() -> None:
    for text in ("Удар по порту Одеси", "قصف على الميناء"):
        assert clean_text(text.encode().decode("latin-1")) == text
        assert clean_text(text) == text
