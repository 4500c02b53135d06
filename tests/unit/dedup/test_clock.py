"""The clock of truces, with a fake now: what falls due is told once, by its terms, and of no truce that is none."""

from datetime import datetime, timedelta

import pytest

from schemas.base import Record
from schemas.event import Assertion, ConflictEvent, Kind, Phase, Superseded
from schemas.incident import ChangeType, Incident, LinkType
from services.dedup.clock import RENEW_AFTER
from services.dedup.timers import TruceClock
from tests.factories import IDLIB_GOVERNORATE, NOON, event, named, report_ref, superseded
from tests.unit.dedup.partition import NUMBER, Partition

BEGINS, ENDS = NOON + timedelta(hours=6), NOON + timedelta(hours=78)
SECOND = timedelta(seconds=1)


def truce(number: int = 1, told: datetime = NOON, **changes: object) -> ConflictEvent:
    """A truce agreed at noon, in effect from six, for three days."""
    values: dict[str, object] = {
        "kind": Kind.CEASEFIRE,
        "phase": Phase.AGREED,
        "assertion": Assertion.PLANNED,
        "place": IDLIB_GOVERNORATE,
        "actor": named("Army"),
        "target": named("Rebels"),
        "effective_from": BEGINS,
        "effective_until": ENDS,
        "report": report_ref(number, fetched_at=told),
    }
    return event(number, **(values | changes))


class Worker:
    """One worker's clock over a partition, its now set by hand."""

    def __init__(self, partition: Partition) -> None:
        self.partition, self.now = partition, NOON
        self.clock = TruceClock(lambda _: partition.store, lambda: self.now)

    async def decided(self, now: datetime) -> list[Record]:
        """What is due, not written yet."""
        self.now = now
        return [record.value for stage in await self.clock.due(NUMBER) for record in stage if record.value]

    async def tick(self, now: datetime) -> list[Incident]:
        """What is due, written."""
        self.now = now
        stages = await self.clock.due(NUMBER)
        self.partition.keep(stages)
        self.clock.written(stages)
        return [out.value for stage in stages for out in stage if isinstance(out.value, Incident)]


async def after(*records: ConflictEvent | Superseded) -> Worker:
    partition = Partition()
    await partition.feed(*records)
    return Worker(partition)


async def test_a_truce_takes_effect_and_expires_at_its_minute_and_once() -> None:
    worker = await after(truce())
    assert await worker.tick(BEGINS - SECOND) == []
    [began] = await worker.tick(BEGINS)
    assert (began.version, began.change.type, began.change.event_id) == (2, ChangeType.TOOK_EFFECT, None)
    assert "by its terms, not reported" in began.change.reason
    assert (began.phase, began.took_effect_at) == (Phase.AGREED, BEGINS)
    assert await worker.tick(ENDS - SECOND) == []
    [ended] = await worker.tick(ENDS)
    assert (ended.version, ended.change.type, ended.expired_at) == (3, ChangeType.EXPIRED, ENDS)
    assert await worker.tick(ENDS + timedelta(days=400)) == []


async def test_a_worker_that_was_stopped_tells_all_that_fell_due_in_its_order() -> None:
    worker = await after(truce())
    late = await worker.tick(ENDS + timedelta(days=3))
    assert [version.change.type for version in late] == [ChangeType.TOOK_EFFECT, ChangeType.EXPIRED]
    prompt = await after(truce())
    assert [*await prompt.tick(BEGINS), *await prompt.tick(ENDS)] == late


async def test_a_restart_restores_the_clock_from_the_topic() -> None:
    worker = await after(truce())
    again = Worker(worker.partition.rebuilt())
    [told] = await again.tick(BEGINS)
    assert told.change.type is ChangeType.TOOK_EFFECT
    assert await Worker(again.partition.rebuilt()).tick(BEGINS) == []


async def test_two_workers_at_once_write_the_same_bytes() -> None:
    worker = await after(truce())
    other = Worker(worker.partition.rebuilt())
    first, second = await worker.decided(BEGINS), await other.decided(BEGINS + timedelta(minutes=9))
    assert [value.to_bytes() for value in first] == [value.to_bytes() for value in second]
    await worker.tick(BEGINS)
    worker.partition.keep(await other.clock.due(NUMBER))
    assert await Worker(worker.partition.rebuilt()).tick(BEGINS) == []


LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    "records",
    [
        [truce(phase=Phase.PROPOSED)],
        [truce(phase=Phase.CALLED_FOR)],
        [truce(assertion=Assertion.DENIED)],
        [truce(), truce(2, LATER, phase=Phase.ENDED, assertion=Assertion.ASSERTED)],
        [truce(phase=Phase.PROPOSED), truce(2, LATER, phase=Phase.REJECTED, assertion=Assertion.ASSERTED)],
        [truce(), superseded("rep_1")],
    ],
    ids=["proposed", "called for", "denied", "ended", "rejected", "retracted"],
)
async def test_no_clock_runs_where_there_is_no_truce(records: list[ConflictEvent | Superseded]) -> None:
    assert await (await after(*records)).tick(ENDS + SECOND) == []


async def test_what_a_report_tells_as_a_fact_needs_no_clock() -> None:
    told_after = truce(told=BEGINS + SECOND, phase=Phase.IN_FORCE, assertion=Assertion.ASSERTED)
    reported = truce(2, BEGINS + SECOND, phase=Phase.IN_FORCE, assertion=Assertion.ASSERTED)
    for records in ([told_after], [truce(), reported]):
        assert await (await after(*records)).tick(BEGINS + timedelta(hours=1)) == []


async def test_terms_that_move_are_told_anew() -> None:
    worker = await after(truce())
    await worker.tick(BEGINS)
    longer = {"effective_from": None, "effective_until": ENDS + timedelta(days=3)}
    told = NOON + timedelta(days=2)
    await worker.partition.feed(truce(2, told, phase=Phase.EXTENDED, **longer))
    assert await worker.tick(ENDS) == []
    [ended] = await worker.tick(ENDS + timedelta(days=3))
    assert ended.change.type is ChangeType.EXPIRED


async def test_extended_nobody_says_until_when_does_not_expire_on_the_old_day() -> None:
    told = NOON + timedelta(days=2)
    extension = truce(2, told, phase=Phase.EXTENDED, effective_from=None, effective_until=None)
    worker = await after(truce(), extension)
    assert [v.change.type for v in await worker.tick(ENDS + SECOND)] == [ChangeType.TOOK_EFFECT]


async def test_a_revised_report_keeps_what_the_clock_told() -> None:
    worker = await after(truce(), truce(2, LATER))
    await worker.tick(BEGINS)
    [corrected] = await worker.partition.feed(superseded("rep_2", fetched_at=BEGINS + timedelta(hours=1)))
    assert corrected.took_effect_at == BEGINS
    assert await worker.tick(BEGINS + timedelta(hours=2)) == []


async def test_a_truce_in_force_is_written_again_before_retention_takes_it() -> None:
    worker = await after(truce(effective_until=None))
    [began] = await worker.tick(BEGINS)
    assert await worker.tick(NOON + RENEW_AFTER - SECOND) == []
    due = NOON + RENEW_AFTER + SECOND
    assert [v.to_bytes() for v in await worker.tick(due)] == [began.to_bytes()]
    assert await worker.tick(due + timedelta(days=29)) == []
    assert await worker.tick(due + timedelta(days=31)) == [began]
    assert await worker.tick(due + timedelta(days=32)) == []


async def test_a_truce_that_ended_is_not_written_again() -> None:
    ended = truce(2, LATER, phase=Phase.ENDED, assertion=Assertion.ASSERTED, effective_until=None)
    for records in ([truce(effective_until=None), ended], [truce()]):
        worker = await after(*records)
        await worker.tick(ENDS)
        assert await worker.tick(NOON + timedelta(days=300)) == []


async def test_a_violation_before_and_after_leaves_the_clock_alone() -> None:
    worker = await after(truce())
    await worker.tick(BEGINS)
    at = BEGINS + timedelta(hours=3)
    violation = event(
        3, kind=Kind.CEASEFIRE, phase=Phase.VIOLATED, actor=named("Army"), report=report_ref(3, fetched_at=at)
    )
    told, broken = await worker.partition.feed(violation)
    assert told.change.type is ChangeType.VIOLATION_REPORTED
    assert broken.links[0].type is LinkType.VIOLATION_OF
    [ended] = await worker.tick(ENDS)
    assert ended.version == told.version + 1
