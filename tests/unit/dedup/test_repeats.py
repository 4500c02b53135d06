"""At least once, made harmless: repeats, crashes, rebuilds and any order end in the same incidents."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import Place
from tests.factories import (
    IDLIB,
    KHARKIV,
    NOON,
    day,
    event,
    report_ref,
)
from tests.unit.dedup.partition import Partition
from tests.unit.dedup.story import STORY, Records


async def after(records: Records) -> Partition:
    """The partition after these records."""
    partition = Partition()
    await partition.feed(*records)
    return partition


def values(partition: Partition) -> list[bytes]:
    """All that was written, byte by byte."""
    return [out.value.to_bytes() for out in partition.written if out.value]


async def test_the_same_records_give_the_same_bytes() -> None:
    assert values(await after(STORY)) == values(await after(STORY))


async def test_versions_of_an_incident_are_consecutive() -> None:
    partition = await after(STORY)
    for name in partition.incidents():
        versions = [out.id for out in partition.written if out.key == name]
        assert versions == [f"{name}-{n}" for n in range(1, len(versions) + 1)]


@pytest.mark.parametrize("point", range(len(STORY)))
async def test_redelivery_from_any_point_writes_nothing_new(point: int) -> None:
    partition = await after(STORY)
    assert await partition.feed(*STORY[point:]) == []


@pytest.mark.parametrize("point", range(len(STORY)))
@pytest.mark.parametrize("stages", [0, 1])
async def test_a_crash_between_stages_heals(point: int, stages: int) -> None:
    partition = await after(STORY[:point])
    await partition.feed(STORY[point], crash_after=stages)
    await partition.feed(*STORY[max(0, point - 1) :])
    assert values(partition) == values(await after(STORY))


@pytest.mark.parametrize("point", range(len(STORY)))
async def test_a_rebuilt_projection_decides_the_same(point: int) -> None:
    partition = (await after(STORY[:point])).rebuilt()
    await partition.feed(*STORY[point:])
    assert values(partition) == values(await after(STORY))


async def test_a_worker_that_wakes_late_sets_nothing_back() -> None:
    partition = await after([event(1), event(2), event(3)])
    late = Partition([*partition.written, partition.written[0]]).rebuilt()
    [version] = await late.feed(event(4))
    assert version.version == 4


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, len(STORY) - 1), max_size=12), st.randoms(use_true_random=False))
async def test_repeats_anywhere_change_nothing(repeats: list[int], rng: random.Random) -> None:
    """A repeat comes after its first delivery."""
    records = list(STORY)
    for number in repeats:
        first = records.index(STORY[number])
        records.insert(rng.randint(first + 1, len(records)), STORY[number])
    assert values(await after(records)) == values(await after(STORY))


TOWNS = [IDLIB, KHARKIV, Place(name="El Fasher", country="SD", lat=13.63, lon=25.35, radius_km=5)]


@st.composite
def clear_sets(draw: st.DrawFn) -> tuple[Records, set[frozenset[str]]]:
    """Tellings of incidents that nobody could confuse: other towns, or days far apart."""
    happenings = draw(st.lists(st.tuples(st.sampled_from(TOWNS), st.integers(0, 5)), unique=True, min_size=1))
    records: Records = []
    groups = set()
    for place, week in happenings:
        when = NOON + timedelta(weeks=week)
        count = draw(st.integers(1, 4))
        told = [
            event(n, place=place, occurred=day(when), report=report_ref(n, fetched_at=when))
            for n in range(len(records) + 1, len(records) + 1 + count)
        ]
        records += told
        groups.add(frozenset(e.id for e in told))
    return draw(st.permutations(records)), groups


@settings(max_examples=60, deadline=None)
@given(clear_sets())
async def test_any_order_of_a_clear_set_ends_in_the_same_groups(
    case: tuple[Records, set[frozenset[str]]],
) -> None:
    records, groups = case
    assert (await after(records)).groups() == groups
