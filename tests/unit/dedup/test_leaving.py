"""Old incidents leave: by times in the records alone, wholly, and the memory of the rest is bounded."""

import json
from datetime import datetime, timedelta

import pytest

from schemas.event import ConflictEvent, Kind, Phase
from schemas.ids import incident_id
from services.common.store import MemoryStore
from services.dedup.memory import KEPT
from tests.factories import IDLIB, IDLIB_GOVERNORATE, NOON, SARAQIB, day, event, report_ref, superseded
from tests.unit.dedup.partition import Partition

DAY = timedelta(days=1)


def told(number: int, fetched: datetime, **changes: object) -> ConflictEvent:
    """Of the strike on Idlib at noon of the fourth of March, fetched at some other time."""
    return event(number, report=report_ref(number, fetched_at=fetched), **{"occurred": day(), **changes})


def everything(store: MemoryStore) -> str:
    """All that a partition remembers, as one text."""
    return json.dumps({name: held for name, held in store._keys.items() if held}, default=sorted)


@pytest.mark.parametrize(("after", "is_merged"), [(KEPT - DAY, True), (KEPT, True), (KEPT + DAY, False)])
async def test_what_was_not_told_for_long_is_matched_no_more_whatever_is_in_memory(
    after: timedelta, is_merged: bool
) -> None:
    partition = Partition()
    await partition.feed(told(1, NOON))
    [version] = await partition.feed(told(2, NOON + after))
    assert (version.id == incident_id(event(1).id)) is is_merged


async def test_an_incident_that_is_told_again_stays() -> None:
    partition = Partition()
    await partition.feed(told(1, NOON), told(2, NOON + KEPT - DAY))
    [version] = await partition.feed(told(3, NOON + 2 * KEPT - 2 * DAY))
    assert version.version == 3


async def test_what_left_leaves_nothing_behind() -> None:
    partition = Partition()
    first = told(1, NOON)
    await partition.feed(first, told(2, NOON, place=SARAQIB, occurred=None))
    # its place is refined, so that it stands on other shelves than before
    await partition.feed(told(3, NOON, place=IDLIB, killed=None), superseded("rep_3"))
    later = NOON + KEPT + 2 * DAY
    await partition.feed(told(99, later, occurred=day(later)))
    left = everything(partition.store)
    for word in (incident_id(first.id), first.id, "rep_1", "rep_2", "rep_3", "Saraqib"):
        assert word not in left


async def test_memory_does_not_grow_with_history() -> None:
    partition = Partition()
    sizes = []
    for number in range(1, 200):
        moment = NOON + number * DAY
        await partition.feed(told(number, moment, occurred=day(moment)))
        sizes.append(len(everything(partition.store)))
    live = KEPT // DAY
    assert max(sizes[live + 1 :]) < 1.05 * sizes[live]


async def test_a_truce_stays_until_it_ends() -> None:
    partition = Partition()
    truce = told(1, NOON, kind=Kind.CEASEFIRE, phase=Phase.IN_FORCE, place=IDLIB_GOVERNORATE)
    later = NOON + 3 * KEPT
    strike = told(3, later, occurred=day(later))
    await partition.feed(truce, told(2, later - DAY, occurred=day(later - DAY), place=SARAQIB))
    broken, _ = await partition.feed(strike)
    assert broken.id == incident_id(truce.id)


async def test_a_memory_read_again_from_a_compacted_topic_decides_the_same() -> None:
    """Compaction keeps the last record of an incident: others may leave then, but none that is matched still."""
    partition = Partition()
    for number in range(1, 60):
        moment = NOON + number * 3 * DAY
        await partition.feed(
            told(number, moment, occurred=day(moment)), told(1000 + number, moment, occurred=None)
        )
    last = {out.key: at for at, out in enumerate(partition.written)}
    compacted = Partition([out for at, out in enumerate(partition.written) if last[out.key] == at]).rebuilt()
    for number in range(1, 60):
        again = told(2000 + number, NOON + 200 * DAY, occurred=day(NOON + number * 3 * DAY))
        assert await compacted.feed(again) == await partition.feed(again)
