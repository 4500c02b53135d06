"""The projection of incidents: commands of one record, and what is found again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.event import Place, TimePrecision, TimeSpan
from services.common.store import MemoryStore
from services.dedup.filing import SHELVES, filed_under, looked_up
from services.dedup.geography import area_of, areas_near, distance_km
from services.dedup.index import Index
from services.dedup.memory import reduce
from services.dedup.slots import slots_of_event, slots_of_incident
from tests.factories import IDLIB, NOON, event, incident


def test_a_foreign_record_is_passed_over() -> None:
    assert reduce("inc_1", b"not an incident") == []


async def test_a_removed_incident_is_found_no_more() -> None:
    store = MemoryStore()
    made = incident()
    store.apply(reduce(made.id, made.to_bytes()))
    assert await Index(store).incidents([made.id]) == [made]
    store.apply(reduce(made.id, None))
    assert await Index(store).incidents([made.id]) == []
    assert await Index(store).near(slots_of_event(event(2))) == []


async def test_a_version_leaves_the_shelves_of_the_one_before() -> None:
    store = MemoryStore()
    first = incident()
    moved = incident(version=2, occurred=None, place=None, theatre="elsewhere")
    for record in (first, moved):
        store.apply(reduce(record.id, record.to_bytes()))
    assert await Index(store).near(slots_of_event(event(2))) == []


async def test_nothing_is_asked_of_the_store_for_nothing() -> None:
    assert await Index(MemoryStore()).incidents([]) == []
    assert await Index(MemoryStore()).told_by("rep_1") == []


@pytest.mark.parametrize("days", [0, 3, 30, 400])
def test_the_shelves_of_one_record_are_bounded(days: int) -> None:
    span = TimeSpan(start=NOON - timedelta(days=days), end=NOON, precision=TimePrecision.MONTH)
    slots = slots_of_event(event(occurred=span))
    assert len(looked_up(slots)) <= 18 * len(SHELVES)
    assert len(filed_under(slots_of_incident(incident(event(occurred=span))))) <= 3


@pytest.mark.parametrize("days", [0, 20, 60, 400])
async def test_a_span_over_days_is_found_from_a_day_in_it(days: int) -> None:
    span = TimeSpan(start=NOON - timedelta(days=days), end=NOON, precision=TimePrecision.MONTH)
    for filed, wanted in ((event(1, occurred=span), event(2)), (event(1), event(2, occurred=span))):
        store = MemoryStore()
        made = incident(filed)
        store.apply(reduce(made.id, made.to_bytes()))
        assert [name for name, _ in await Index(store).near(slots_of_event(wanted))] == [made.id]


LATITUDES, LONGITUDES = st.floats(-70, 70), st.floats(-180, 180)


@given(LATITUDES, LONGITUDES, st.floats(-1.2, 1.2), st.floats(-1.2, 1.2), st.floats(0, 60), st.floats(0, 60))
def test_what_lies_within_the_joint_uncertainty_is_found(
    lat: float, lon: float, north: float, east: float, ours: float, theirs: float
) -> None:
    here = Place(name="a", country="XK", lat=lat, lon=lon, radius_km=ours)
    there_lon = (lon + east + 180) % 360 - 180
    there = Place(name="b", country="XK", lat=lat + north, lon=there_lon, radius_km=theirs)
    apart = distance_km(here, there)
    assert apart is not None
    if apart <= ours + theirs:
        assert area_of(there) in areas_near(here)


def test_a_place_without_coordinates_is_found_by_its_country() -> None:
    vague = Place(name="somewhere", country="SY")
    assert area_of(vague) in areas_near(IDLIB)
    assert "all-SY" in areas_near(vague)
    assert distance_km(vague, IDLIB) is None
