"""The place as told: names that the gazetteer lacks, spots so far from a town, quarters of a city."""

import pytest

from schemas.event import Place
from services.nlp.bearings import away
from services.nlp.gazetteer import Gazetteer
from services.nlp.places import PlaceFinder
from services.nlp.text import Section, Sentence, plain
from services.nlp.told import names_told
from services.nlp.where import place_of
from tests.unit.nlp.mentions import mention_in


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    return PlaceFinder(Gazetteer.open())


def placed(finder: PlaceFinder, *texts: str, at: int = 0, seen: str = "", title: str = "") -> Place | None:
    """The place of an event told by the first word of the sentence `at`; `seen` is what the encoder tagged."""
    text = " ".join(texts)
    starts = [sum(len(t) + 1 for t in texts[:k]) for k in range(len(texts))]
    body = [
        Sentence(s, s + len(t), t, Section.BODY, k)
        for k, (s, t) in enumerate(zip(starts, texts, strict=True))
    ]
    heading = [Sentence(0, len(title), title, Section.TITLE, 0)] if title else []
    located = finder.locate(title, text, finder.context(title, text))
    around = [*heading, *(s for s in body if s is not body[at])]
    found = place_of(mention_in(body[at], seen), around, located)
    return found.place if found else None


def told(text: str) -> list[str]:
    sentence = Sentence(0, len(text), text, Section.BODY, 0)
    return [name.name for name in names_told(sentence, (), lambda start, end: False)]


@pytest.mark.parametrize(
    ("text", "km", "east", "north"),
    [
        ("a tanker 40 nautical miles south-west of ", 74, -0.71, -0.71),
        ("shells landed 15km north of the city of ", 15, 0, 1),
        ("some 12 miles (20 km) east of ", 20, 1, 0),
        ("twenty kilometres north-northeast of ", 20, 0.45, 0.89),
        ("at a post 5 km from ", 5, 0, 0),
        ("على بعد 20 كم جنوب شرق مدينة ", 20, 0.71, -0.71),
        ("в 15 км к югу от ", 15, 0, -1),
        ("за 7 км на північний схід від ", 7, 0.71, 0.71),
    ],
)
def test_so_far_from(text: str, km: float, east: float, north: float) -> None:
    found = away(plain(text), len(text))
    assert found is not None
    assert (round(found.km), round(found.east, 2), round(found.north, 2)) == (km, east, north)


@pytest.mark.parametrize(
    "text", ["20 civilians died south of ", "60 km of road between ", "killed 3 people in ", ""]
)
def test_no_distance(text: str) -> None:
    assert away(plain(text), len(text)) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Gunmen entered the village of Wuro Bappa at dawn.", ["Wuro Bappa"]),
        ("Shells fell on the Tulkhana base at noon.", ["Tulkhana base"]),
        ("They burned houses in Ndimba, a hamlet by the river.", ["Ndimba"]),
        ("A car was hit at the entrance to Qasr Zaki, south of the hill.", ["Qasr Zaki"]),
        ("Снаряди влучили в село Мокра Балка вночі.", ["Мокра Балка"]),
        ("قصفت المدفعية بلدة تل الورد صباحا", ["تل الورد"]),
        ("Riders stormed Gidan Kaya community in Zurmi LGA.", ["Gidan Kaya community", "Zurmi LGA"]),
        ("A resident of Unguwar Dutse in Zurmi LGA fled.", ["Unguwar Dutse", "Zurmi LGA"]),
        ("The gunfight began at Wampora Hajin in Shopian.", ["Wampora Hajin"]),
        ("A shell hit Homs's Karm Shami at noon.", ["Karm Shami"]),
        ("Six soldiers fell in an ambush near Kounde, in the northwest.", ["Kounde"]),
        ("Doctors at Karama Hospital in Homs said so.", []),
        ("Des hommes armés ont tué six villageois à Bule, en territoire de Djugu.", ["Bule", "Djugu"]),
        ("La localité de Zamga, dans l'arrondissement de Mora, est en deuil.", ["Zamga", "Mora"]),
        ("Il a confié à Reuters que l'armée avait tiré.", []),
        ("Los soldados cayeron en la vereda La Angalia, zona rural de Tibú.", ["La Angalia", "Tibú"]),
        ("Mataron a tres jóvenes en el corregimiento de El Palmar.", ["El Palmar"]),
        ("La Policía Nacional llegó en Navidad.", []),
        ("Homens armados atacaram a aldeia de Namoro, no distrito de Mueda.", ["Namoro", "Mueda"]),
        ("Bir roket Akçapınar köyüne düştü.", ["Akçapınar"]),
        ("انفجار در روستای دشتک پنج کشته داشت", ["دشتک"]),
        ("Villagers fled to the Mbeko camp at night.", []),
        ("The captain was laid to rest in the Karahan village.", []),
        ("The Interior Ministry said that the army was in the area.", []),
        ("Drones hit the Shahed base and the Security Council area.", []),
        ("GUNMEN ENTER THE VILLAGE OF WURO BAPPA AT DAWN", []),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert told(text) == names


@pytest.mark.parametrize(
    ("texts", "name", "within"),
    [
        pytest.param(
            ["Shells hit the Tulkhana base north of Mosul, Iraq."], "Tulkhana base", "Mosul", id="base"
        ),
        pytest.param(
            ["Gunmen raided Ndimba, Mueda district, Mozambique."], "Ndimba", "Mueda", id="in a district"
        ),
        pytest.param(
            ["A raid near Kitshangi, a village west of Butembo, Congo."], "Kitshangi", "Butembo", id="west of"
        ),
        pytest.param(
            ["A mine hit a tractor in Kafr Zaki, in Syria's Saraqib district."],
            "Kafr Zaki",
            "Saraqib",
            id="owner",
        ),
        pytest.param(
            ["A bus was hit outside Kafr Zaki, Saraqib, in Syria."], "Kafr Zaki", "Saraqib", id="comma"
        ),
        pytest.param(
            ["Raiders burned the village of Wuro Bappa in Nigeria."], "Wuro Bappa", "Nigeria", id="country"
        ),
    ],
)
def test_within(finder: PlaceFinder, texts: list[str], name: str, within: str) -> None:
    place = placed(finder, *texts)
    assert place is not None
    assert (place.name, place.within) == (name, within)


def test_a_village_called_after_places_is_none_of_them(finder: PlaceFinder) -> None:
    text = (
        "Insurgents entered the village of Nova Zambézia, in Macomia district, on Sunday and killed two men."
    )
    place = placed(finder, text)
    assert place is not None
    assert (place.name, place.within) == ("Nova Zambézia", "Macomia")


def test_a_countrys_province_is_that_province(finder: PlaceFinder) -> None:
    place = placed(finder, "Gunmen attacked civilians in Iraq's Diyala province on Tuesday and killed nine.")
    assert place is not None
    assert (place.name, place.within) == ("Diyala", None)


def test_whose_dead_they_are_tells_where_when_nothing_else_does(finder: PlaceFinder) -> None:
    where = "People from Gasseliki, in Burkina Faso, walked for a day. Riders killed twenty of their men, they said."
    place = placed(finder, *where.split(". "), at=1)
    assert place is not None
    assert (place.name, place.country) == ("Gasseliki", "BF")


def test_what_holds_it_lends_its_coordinates(finder: PlaceFinder) -> None:
    place = placed(finder, "Shells hit the Tulkhana base north of Mosul, Iraq.")
    mosul = placed(finder, "Shells hit a base in Mosul, Iraq.")
    assert place and mosul
    assert (place.lat, place.lon, place.radius_km, place.geonames_id) == (mosul.lat, mosul.lon, 30, None)


def test_a_distance_moves_the_spot(finder: PlaceFinder) -> None:
    place = placed(finder, "A missile hit a ship 60 nautical miles south of Hodeidah, Yemen.")
    assert place and place.lat and place.lon
    assert place.name == "60 nautical miles south of Hodeidah"
    assert (round(place.lat, 1), round(place.lon, 1), place.radius_km) == (13.8, 43.0, 27.8)


def test_a_district_names_its_town_and_reaches_around_it(finder: PlaceFinder) -> None:
    place = placed(finder, "Gunmen invaded a community in the Riyom local government area of Plateau State.")
    assert place and (place.name, place.country, place.radius_km) == ("Riyom", "NG", 30)


def test_the_next_sentence_names_the_village_of_a_district(finder: PlaceFinder) -> None:
    first, then = (
        "A drone hit a car in Iraq's Sinjar district.",
        "The car burned at the entrance to Khan Zaki, south of it.",
    )
    place = placed(finder, first, then)
    assert place and (place.name, place.within) == ("Khan Zaki", "Sinjar")
    other = "Last month another car was hit at the entrance to Khan Zaki, south of it."
    place = placed(finder, first, other)
    assert place and place.name == "Sinjar"


def test_a_quarter_lies_in_the_city_that_the_report_names(finder: PlaceFinder) -> None:
    place = placed(finder, "Будинок у Шевченківському районі зруйновано.", title="Удар по Запоріжжю")
    assert place and place.within == "Zaporizhzhya"


def test_who_fights_tells_of_the_country(finder: PlaceFinder) -> None:
    place = placed(
        finder, "Boko Haram fighters killed five men outside Banki, near the border with Cameroon."
    )
    assert place and place.country == "NG"


def test_what_the_encoder_saw_is_kept(finder: PlaceFinder) -> None:
    place = placed(
        finder, "Fighters fought for hours in Lwebo on Tuesday, Myanmar's army said.", seen="Lwebo"
    )
    assert place and (place.name, place.country) == ("Lwebo", "MM")
    assert placed(finder, "Fighters fought for hours in a market on Tuesday.", seen="a market") is None


@pytest.mark.parametrize(
    "text",
    [
        "A strike on the al-Masri family home in Rafah",
        "the house of Khalil Odeh near the market",
        "Odeh news wrote of a raid",
    ],
)
def test_houses_and_families_are_no_places(text: str) -> None:
    assert [name for name in told(text) if "Masri" in name or "Odeh" in name] == []


def test_who_lies_buried_elsewhere(finder: PlaceFinder) -> None:
    text = "A young captain was laid to rest in Chakwal after the raid in the Zerwam area, near the border."
    place = placed(finder, text)
    assert place is not None
    assert (place.name, place.within, place.lat) == ("Zerwam area", "Pakistan", None)


def test_where_a_deal_was_signed_is_not_where_it_holds(finder: PlaceFinder) -> None:
    text = "A truce in Nyala that was signed on Tuesday in Jeddah began, Sudan's army said."
    place = placed(finder, text)
    assert place is not None
    assert place.name == "Nyala"


def test_a_mediator_is_not_where_a_truce_holds(finder: PlaceFinder) -> None:
    place = placed(finder, "Fighting stopped in Sudan under a truce brokered by Qatar.")
    assert place is not None
    assert place.country == "SD"


def test_two_countries_that_agree_are_no_place(finder: PlaceFinder) -> None:
    assert placed(finder, "Chad and Sudan agreed to stop firing at midnight.") is None
