"""Which of several places of one name a text means, and which names are no place's at all."""

import pytest

from services.nlp import countries
from services.nlp.batch import answer
from services.nlp.gazetteer import Entry, Gazetteer
from services.nlp.places import PlaceFinder
from services.nlp.reader import ReportReader
from services.nlp.us_states import UsStates
from services.nlp.votes import count


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


@pytest.fixture(scope="module")
def finder(gazetteer: Gazetteer) -> PlaceFinder:
    return PlaceFinder(gazetteer)


def where(finder: PlaceFinder, text: str) -> list[tuple[str, str]]:
    """Each name with its country, and its division where it is a place."""
    found = finder.find(text, finder.context(text))
    return [(p.name, f"{p.country}.{p.entry.admin1}" if p.entry else p.country or "") for p in found]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("A barn burned near Springfield, Ill., on Monday.", [("Springfield", "US.IL"), ("Ill", "US.IL")]),
        ("He flew to Charleston, W.Va., at noon.", [("Charleston", "US.WV"), ("W.Va", "US.WV")]),
        ("COLUMBIA, S.C. -- The bridge is shut.", [("COLUMBIA", "US.SC"), ("S.C", "US.SC")]),
        ("A bridge in Rapides Parish is shut.", [("Rapides Parish", "US.LA")]),
        ("Rain fell on Texas.", [("Texas", "US.TX")]),
        ("She works in Washington.", [("Washington", "US.DC")]),
        ("Washington state raised the fee.", [("Washington", "US.WA")]),
        ("The U.S. sent a team.", [("U.S", "US")]),
        ("Floods cut roads in Helmand and Queensland.", [("Helmand", "AF."), ("Queensland", "AU.04")]),
    ],
)
def test_divisions(finder: PlaceFinder, text: str, places: list[tuple[str, str]]) -> None:
    assert where(finder, text) == places


@pytest.mark.parametrize(
    ("text", "name", "division"),
    [
        (
            "The road from Alexandria to Pineville is shut, the Rapides Parish clerk said.",
            "Alexandria",
            "US.LA",
        ),
        ("Cairo and Giza are dry; in Alexandria it rained.", "Alexandria", "EG.06"),
        ("In Paris the fair opened, and the Lamar County judge came from Reno, Texas.", "Paris", "US.TX"),
        ("The fair in Paris opened; trains from Lyon and Marseille were full.", "Paris", "FR.11"),
        ("Voters in Georgia, from Atlanta to Macon and Savannah, stayed at home.", "Georgia", "US.GA"),
        ("Georgia shut the road from Tbilisi to Gori.", "Georgia", "GE"),
    ],
)
def test_the_other_names_of_a_text_tell_which_is_meant(
    finder: PlaceFinder, text: str, name: str, division: str
) -> None:
    assert dict(where(finder, text))[name] == division


@pytest.mark.parametrize(
    "text",
    [
        "Ann Jones sang, and Jones bowed.",
        "The coach praised Pierce, who scored.",
        "Georgian, Palestinian and Israeli films were shown.",
        "Sgt. Douglas thanked Nelson.",
    ],
)
def test_people_and_peoples_are_no_places(finder: PlaceFinder, text: str) -> None:
    assert where(finder, text) == []


def test_a_town_named_like_a_person_is_found_where_the_text_says_so(finder: PlaceFinder) -> None:
    assert where(finder, "Fire broke out in Lincoln, Neb., and Lincoln police shut the street.") == [
        ("Lincoln", "US.NE"), ("Neb", "US.NE"), ("Lincoln", "US.NE"),
    ]  # fmt: skip


def test_names_vote_for_regions_but_not_for_themselves() -> None:
    def place(name: str, admin1: str, lat: float, people: int = 1000) -> Entry:
        return Entry(name, "US", admin1, "UTC", lat, -90.0, people, 1, 2.0)

    paris, other = place("Paris", "TX", 33.6), place("Paris", "KY", 38.2)
    votes = count([("paris", [paris, other], 1.0), ("reno", [place("Reno", "TX", 33.7)], 1.0)])
    assert votes.division(paris, "paris") == pytest.approx(1.0)
    assert votes.around(paris, "paris") == pytest.approx(1.0)
    assert votes.division(other, "paris") == pytest.approx(0.0)
    assert votes.division(paris, "") == pytest.approx(1.5)


def test_states_are_known_by_every_short_form() -> None:
    states = UsStates()
    assert [states.short(name) for name in ("Calif.", "N.Y.", "W. Va.", "KY", "Smith")] == [
        "CA", "NY", "WV", "KY", None,
    ]  # fmt: skip
    assert states.after(", Tennessee, said") == "TN"
    assert states.after(" Tennessee") is None


def test_every_division_lies_in_its_country_and_has_a_zone(gazetteer: Gazetteer) -> None:
    for name, country in (
        ("Walker County", "US"),
        ("Bavaria", "DE"),
        ("Sindh", "PK"),
        ("Aleppo province", "SY"),
    ):
        entries = [e for e in gazetteer.lookup(name) if e.country == country]
        assert entries, name
        assert all(e.zone and -90 <= e.lat <= 90 and e.radius_km > 2 for e in entries)


def test_a_country_stands_at_its_middle_in_the_answer(reader: ReportReader) -> None:
    lat, lon = countries.centres()["EG"]
    (place,) = list(answer({"text": "Rain fell on Egypt."}, reader)["places"])  # type: ignore[call-overload]
    assert (place["lat"], place["lon"]) == (lat, lon)


@pytest.mark.parametrize(
    "text",
    [
        "He wrote for the New York Times Magazine.",
        "The Middle East and Africa are far.",
        "I’ll go if you’ve time.",
        "STRONG WINDS EASE",
    ],
)
def test_words_and_parts_of_longer_names_are_no_towns(finder: PlaceFinder, text: str) -> None:
    assert where(finder, text) == []


@pytest.mark.parametrize(
    ("text", "name", "division"),
    [
        (
            "Soldiers from Albany, N.Y., and Utica, N.Y., fell to a drone in Jordan, by the Syrian border.",
            "Jordan",
            "JO",
        ),
        ("Lebanon police shut a street; crews came from Nashville, Tenn., and Gallatin.", "Lebanon", "US.TN"),
    ],
)
def test_a_countrys_name_is_a_towns_only_in_its_local_news(
    finder: PlaceFinder, text: str, name: str, division: str
) -> None:
    assert dict(where(finder, text))[name] == division


@pytest.mark.parametrize(
    ("text", "name", "admin1"),
    [
        ("В Кривом Роге сегодня прощаются с погибшими", "Kryvyy Rih", "04"),
        ("у Кривому Розі пролунав вибух", "Kryvyy Rih", "04"),
        ("взрыв в Белой Церкви", "Bila Tserkva", "13"),
        ("удар по Новій Каховці", "Nova Kakhovka", "08"),
        ("бої в Часовому Яру", "Chasiv Yar", "05"),
        ("У Слов'янську попрощалися з рятувальником", "Slovyansk", "05"),
        ("внаслідок обстрілу села Костянтинівка Миколаївського району", "Kostyantynivka", "16"),
        ("У Костянтинівці на Миколаївщині загинуло подружжя", "Kostyantynivka", "16"),
        ("Rockets hit a street in Kostiantynivka, Donetsk region, on Tuesday", "Kostyantynivka", "05"),
    ],
)
def test_slavic_names_in_their_cases_and_divisions(
    finder: PlaceFinder, text: str, name: str, admin1: str
) -> None:
    entry = finder.find(text, finder.context(text))[0].entry
    assert entry is not None
    assert (entry.name, entry.admin1) == (name, admin1)


def test_a_village_told_in_a_division_where_the_gazetteer_has_none_stays_open(finder: PlaceFinder) -> None:
    text = "удар по Семенівці Кременчуцького району"
    assert "Семенівці" not in [place.name for place in finder.find(text, finder.context(text))]


def test_given_names_are_no_towns(finder: PlaceFinder) -> None:
    text = "двоє його хлопців, Андрій та Сергій, не підвелися"
    assert not finder.find(text, finder.context(text))


def test_a_town_by_another_spelling_comes_before_a_village_called_so(finder: PlaceFinder) -> None:
    text = "Two men were shot dead when troops surrounded a house in the eastern part of Jenin on Wednesday."
    assert [(place.name, place.country) for place in finder.find(text, finder.context(text))] == [
        ("Jenin", "PS")
    ]


def test_a_quarter_is_that_of_the_city_told_behind_it(finder: PlaceFinder) -> None:
    text = "A shell fell beside a water tank in the Al-Rawda quarter of Taiz, Yemen, on Wednesday."
    located = finder.locate("", text, finder.context(text))
    assert {place.country for place in located.body} == {"YE"}
