"""At least once, made harmless: repeats, crashes, rebuilds and any order end in the same incidents."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.event import Place
from schemas.incident import Incident
from services.dedup.timers import out
from tests.factories import (
    IDLIB,
    KHARKIV,
    NOON,
    day,
    event,
    report_ref,
)
from tests.unit.dedup.partition import NUMBER, Partition
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


ACCIDENTS = st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 2), st.booleans())
"""Records delivered again, records settled, stages of the next one written before the crash, memory flushed."""


@settings(max_examples=60, deadline=None)
@given(st.lists(ACCIDENTS, max_size=6))
async def test_whatever_happens_to_the_worker_the_same_is_written(
    accidents: list[tuple[int, int, int, bool]],
) -> None:
    """Crashes between stages, repeats from an older offset, and memories read again, in any mixture."""
    partition, done = Partition(), 0
    for again, more, stages, flushed in accidents:
        await partition.feed(*STORY[max(0, done - again) : done + more])
        done = min(len(STORY), done + more)
        await partition.feed(*STORY[done : done + 1], crash_after=stages)
        partition = partition.rebuilt() if flushed else partition
    await partition.feed(*STORY[done:])
    assert values(partition) == values(await after(STORY))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(STORY)), st.integers(0, len(STORY)))
async def test_a_worker_that_decides_on_what_it_knew_long_ago_writes_what_was_written(
    asleep_at: int, woken_at: int
) -> None:
    """It was frozen between its reads and its write: all that it adds are versions that readers have."""
    asleep_at, woken_at = sorted((asleep_at, woken_at))
    asleep = await after(STORY[:asleep_at])
    late = await asleep.feed(*STORY[asleep_at : asleep_at + 1])
    partition = await after(STORY[: max(woken_at, asleep_at + 1)])
    assert {v.to_bytes() for v in late} <= set(values(partition))
    for version in late:
        partition.written.append(out(version, NUMBER))
    partition = partition.rebuilt()
    standing = {v.id: v.version for v in (await after(STORY)).incidents().values()}
    await partition.feed(*STORY[max(woken_at, asleep_at + 1) :])
    highest: dict[str, int] = {}
    for record in partition.written:
        assert isinstance(record.value, Incident)
        highest[record.key] = max(highest.get(record.key, 0), record.value.version)
    assert highest == standing


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


@settings(max_examples=60, deadline=None)
@given(clear_sets(), st.data())
async def test_any_order_with_any_repeats_and_flushes_does_too(
    case: tuple[Records, set[frozenset[str]]], data: st.DataObject
) -> None:
    records, groups = case
    repeats = data.draw(st.lists(st.sampled_from(records), max_size=len(records)))
    partition = Partition()
    for record in data.draw(st.permutations([*records, *repeats])):
        await partition.feed(record)
        if data.draw(st.integers(0, 4)) == 0:
            partition = partition.rebuilt()
    assert partition.groups() == groups
    told = [e.event_id for i in partition.incidents().values() for e in i.evidence]
    assert len(told) == len(set(told)), "an event in two incidents, or twice in one"
