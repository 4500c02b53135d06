"""What places say for or against two tellings being one."""

import pytest

from schemas.event import Place
from services.dedup.placing import OTHER_TOWN, OTHER_VILLAGE, finer, place_part

TOWN = Place(name="Hajin", country="SY", lat=34.69, lon=40.83, radius_km=3.0)
NEXT_TOWN = Place(name="Susah", country="SY", lat=34.52, lon=40.95, radius_km=3.0)
PROVINCE = Place(name="Deir ez-Zor province", country="SY", lat=35.2, lon=40.3, radius_km=100)
DISTRICT = Place(name="Hajin district", country="SY", lat=34.69, lon=40.83, radius_km=30)
NEXT_DISTRICT = Place(name="Mayadin district", country="SY", lat=35.02, lon=40.45, radius_km=30)
COUNTRY = Place(name="Syria", country="SY")


def told(name: str, within: Place = TOWN, radius_km: float = 30) -> Place:
    return Place(
        name=name,
        within=within.name,
        country=within.country,
        lat=within.lat,
        lon=within.lon,
        radius_km=radius_km,
    )


@pytest.mark.parametrize(
    ("a", "b", "points"),
    [
        pytest.param(told("Kishmah"), told("Qishma"), 3.0, id="spellings of one village"),
        pytest.param(told("Kishmah"), told("Safafina"), OTHER_VILLAGE, id="two villages near one town"),
        pytest.param(told("Kishmah"), told("Safafina", NEXT_TOWN), OTHER_VILLAGE, id="near two towns"),
        pytest.param(told("Kishmah"), told("Abu Kamal district"), 0.0, id="a village and a district"),
        pytest.param(told("Kishmah"), told("قشمة"), 3.0, id="in two scripts"),
        pytest.param(told("The Dam"), told("الباغوز"), 0.5, id="in two scripts, not settled"),
        pytest.param(told("Kishmah", COUNTRY), told("Kishma", COUNTRY), 2.0, id="only the country is known"),
        pytest.param(told("Kishmah"), TOWN, 1.0, id="a village and the town that holds it"),
        pytest.param(told("Kishmah"), PROVINCE, 0.5, id="a village and its province"),
        pytest.param(told("Kishmah"), NEXT_TOWN, OTHER_TOWN, id="a village and another town"),
        pytest.param(told("Hajin base", NEXT_TOWN), TOWN, 3.0, id="one name, elsewhere anchored"),
        pytest.param(told("Kishmah"), COUNTRY, -0.5, id="a village and its country"),
        pytest.param(DISTRICT, TOWN, 1.5, id="a town and the district of its name"),
        pytest.param(DISTRICT, told("Kishmah"), 1.0, id="a village and its district"),
        pytest.param(DISTRICT, NEXT_DISTRICT, -1.0, id="two districts that touch"),
        pytest.param(DISTRICT, PROVINCE, 0.0, id="a district and its province"),
    ],
)  # fmt: skip
def test_points(a: Place, b: Place, points: float) -> None:
    assert place_part(a, b) == place_part(b, a)._replace(why=place_part(a, b).why)
    assert (place_part(a, b).points, place_part(a, b).veto) == (points, False)


def test_towns_of_two_countries_are_two_however_near() -> None:
    over_there = Place(name="Qaim", country="IQ", lat=34.5, lon=40.95, radius_km=30)
    assert place_part(DISTRICT, over_there).points == OTHER_TOWN


def test_far_from_what_holds_it_a_name_does_not_help() -> None:
    far = Place(name="Kishmah", within="Latakia", country="SY", lat=35.52, lon=35.79, radius_km=30)
    assert place_part(told("Kishmah"), far).veto


def test_one_name_held_by_two_places_of_a_region_is_one() -> None:
    held = Place(name="Kishmah", within="Raqqa", country="SY", lat=35.95, lon=39.0, radius_km=30)
    part = place_part(told("Kishmah"), held)
    assert (part.points, part.veto) == (2.0, False)


@pytest.mark.parametrize(
    ("name", "lat", "points"),
    [
        ("Deir Sharq", 35.025, -1.0),
        ("Deir Sharq", 35.012, 3.0),
        ("Marat", 35.005, 3.0),
        ("معارة", 35.02, 3.0),
        ("Maara", 35.02, 3.0),
    ],
)
def test_two_settlements_side_by_side(name: str, lat: float, points: float) -> None:
    """A village of another name two kilometres off is another one; a second entry of the same spot is not."""
    here = Place(name="Maara", country="SY", lat=35.0, lon=36.0, radius_km=2, geonames_id=1)
    there = Place(name=name, country="SY", lat=lat, lon=36.0, radius_km=2, geonames_id=2)
    assert place_part(here, there).points == points


def test_what_lies_in_a_town_lies_in_the_province_of_its_name() -> None:
    quarter = Place(
        name="Al-Nasr neighbourhood", within="Taiz", country="YE", lat=13.58, lon=44.02, radius_km=30
    )
    province = Place(name="Taiz province", country="YE", lat=13.58, lon=44.02, radius_km=10)
    assert place_part(quarter, province).points > 0


@pytest.mark.parametrize(
    ("old", "new", "narrower"),
    [
        (TOWN, told("Kishmah"), True),
        (told("Kishmah"), TOWN, False),
        (PROVINCE, told("Kishmah"), True),
        (told("Kishmah"), NEXT_TOWN, None),
        (NEXT_TOWN, told("Kishmah"), None),
        (TOWN, NEXT_TOWN, None),
    ],
)
def test_finer(old: Place, new: Place, narrower: bool | None) -> None:
    assert finer(old, new) is narrower
