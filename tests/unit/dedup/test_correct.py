"""Operators' corrections: carried out once, by dedup alone, and what was merged is found under the new id."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.base import UndecodableError
from schemas.correction import Correction, CorrectionAction
from schemas.event import Assertion, ConflictEvent, Kind, Phase, Superseded
from schemas.failure import FailureReason
from schemas.incident import MAX_EVIDENCES, ChangeType, Incident, Link, LinkType, Status
from services.common.message import Message
from services.common.retry import Unprocessable
from services.dedup.handle import CorrectionStep
from tests.factories import NOON, SARAQIB, band, event, report_ref, superseded
from tests.unit.dedup.partition import Partition, message

MERGE, RETRACT = CorrectionAction.MERGE, CorrectionAction.RETRACT


def command(action: CorrectionAction, *incidents: str, **changes: Any) -> Correction:
    values: dict[str, Any] = {
        "id": "cor_1",
        "action": action,
        "incident_id": incidents[0],
        "into_incident_id": incidents[1] if len(incidents) > 1 else None,
        "reason": "one strike, told of two villages",
        "operator": "ada",
        "issued_at": NOON + timedelta(days=5),
    }
    return Correction(**(values | changes))


async def carry_out(partition: Partition, told: Correction, crash_after: int | None = None) -> list[Incident]:
    """What the correction wrote."""
    step = CorrectionStep(lambda _: partition.store)
    like = message(event())
    stages = await step.handle(
        Message(step.topic, like.partition, 0, like.key, step.decode(told.to_bytes()), like.envelope)
    )
    await step.written(like, stages)  # type: ignore[arg-type]
    return partition.keep(stages[:crash_after])


async def two(
    first: ConflictEvent | None = None, second: ConflictEvent | None = None
) -> tuple[Partition, str, str]:
    """A partition with an incident in Idlib and one in Saraqib."""
    partition = Partition()
    told = first or event(1), second or event(2, place=SARAQIB, killed=band(9, 9))
    a, b = [version for version in await partition.feed(*told) if version.version == 1]
    return partition, a.id, b.id


async def test_a_merge_leaves_a_pointer_and_the_other_tells_what_both_told() -> None:
    partition, gone, stays = await two()
    into, pointer = await carry_out(partition, command(MERGE, gone, stays))
    assert (into.id, into.version, into.change.type) == (stays, 2, ChangeType.MERGED)
    assert [e.event_id for e in into.evidence] == [event(2).id, event(1).id]
    assert (into.evidence_count, into.status, into.killed.min) == (2, Status.CORROBORATED, 9)
    assert "one strike" in into.change.reason
    assert "ada" not in into.to_bytes().decode(), "subscribers need not know who"
    assert (pointer.id, pointer.version, pointer.merged_into) == (gone, 2, stays)
    assert pointer.links == (Link(type=LinkType.MERGED_INTO, incident_id=stays),)


async def test_after_a_merge_repeats_are_known_and_reports_go_to_the_one_that_stays() -> None:
    partition, gone, stays = await two()
    await carry_out(partition, command(MERGE, gone, stays))
    for known in (partition, partition.rebuilt()):
        assert await known.feed(event(1), event(2, place=SARAQIB)) == []
        [more] = await known.feed(event(3, place=SARAQIB))
        assert more.id == stays
        [revised] = await known.feed(superseded("rep_1"))
        assert (revised.id, len([e for e in revised.evidence if e.withdrawn_at])) == (stays, 1)


@pytest.mark.parametrize("action", [MERGE, RETRACT])
@pytest.mark.parametrize("stages", [0, 1, 2])
async def test_a_correction_is_carried_out_once_whatever_crashes(
    action: CorrectionAction, stages: int
) -> None:
    whole, gone, stays = await two()
    told = command(action, *((gone, stays) if action is MERGE else (gone,)))
    expected = [v.to_bytes() for v in await carry_out(whole, told)]
    torn, *_ = await two()
    written = [v.to_bytes() for v in await carry_out(torn, told, crash_after=stages)]
    torn = torn.rebuilt()
    written += [v.to_bytes() for v in await carry_out(torn, told)]
    assert written == expected
    assert await carry_out(torn, told) == []


async def test_a_merge_that_brings_more_than_an_incident_carries_is_counted_once() -> None:
    partition = Partition()
    await partition.feed(*(event(n) for n in range(1, MAX_EVIDENCES + 3)))
    [other] = await partition.feed(event(99, place=SARAQIB))
    [stays] = {v.id for v in partition.incidents().values()} - {other.id}
    told = command(MERGE, other.id, stays)
    await carry_out(partition, told, crash_after=1)
    [pointer] = await carry_out(partition, told)
    assert pointer.merged_into == stays
    into = partition.incidents()[stays]
    assert (into.evidence_count, len(into.evidence)) == (MAX_EVIDENCES + 3, MAX_EVIDENCES)
    assert await partition.feed(event(99, place=SARAQIB)) == []


async def test_what_was_merged_twice_is_found_at_the_end() -> None:
    partition, first, second = await two()
    [third] = await partition.feed(event(5, occurred=None, place=None, report=report_ref(5)))
    await carry_out(partition, command(MERGE, first, second))
    await carry_out(partition, command(MERGE, second, third.id, id="cor_2"))
    [revised] = await partition.rebuilt().feed(superseded("rep_1"))
    assert (revised.id, revised.evidence_count) == (third.id, 3)


async def test_an_operator_retracts_for_good() -> None:
    partition, gone, _ = await two()
    [after] = await carry_out(partition, command(RETRACT, gone))
    assert (after.status, after.change.type) == (Status.RETRACTED, ChangeType.RETRACTED)
    assert after.newest_fetched_at == NOON + timedelta(days=5)
    standing = superseded("rep_1", (event(1).id,), fetched_at=NOON + timedelta(days=6))
    assert await partition.feed(event(1), standing, superseded("rep_1")) == []
    [other] = await partition.feed(event(7))
    assert other.id != gone


async def test_a_retracted_denial_contests_no_more_also_after_a_merge() -> None:
    denial = event(2, assertion=Assertion.DENIED, killed=None)
    partition, claim, denied = await two(second=denial)
    [other] = await partition.feed(event(3, place=SARAQIB))
    into, _ = await carry_out(partition, command(MERGE, claim, other.id))
    assert into.status is Status.CONTESTED
    freed, after = await carry_out(partition, command(RETRACT, denied, id="cor_2"))
    assert (freed.id, freed.status) == (other.id, Status.CORROBORATED)
    assert after.status is Status.RETRACTED


TRUCE = event(4, kind=Kind.CEASEFIRE, phase=Phase.DECLARED)


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        (event(1), TRUCE, []),
        (event(1), event(2, place=SARAQIB), [superseded("rep_1")]),
        (event(1), event(2, place=SARAQIB), [superseded("rep_2")]),
        (event(1), event(2, theatre="elsewhere"), []),
    ],
    ids=["a strike and a truce", "retracted", "into a retracted one", "two theatres"],
)
async def test_what_cannot_be_one_is_refused(
    first: ConflictEvent, second: ConflictEvent, after: list[Superseded]
) -> None:
    partition, gone, stays = await two(first, second)
    await partition.feed(*after)
    with pytest.raises(Unprocessable) as refused:
        await carry_out(partition, command(MERGE, gone, stays))
    assert refused.value.reason is FailureReason.REFUSED


async def test_unknown_and_merged_ones_are_refused_with_what_to_do() -> None:
    partition, gone, stays = await two()
    with pytest.raises(Unprocessable, match="no incident inc_x"):
        await carry_out(partition, command(RETRACT, "inc_x"))
    await carry_out(partition, command(MERGE, gone, stays))
    with pytest.raises(Unprocessable, match=f"merged into {stays}"):
        await carry_out(partition, command(RETRACT, gone, id="cor_2"))


async def test_retracting_what_is_retracted_does_nothing() -> None:
    partition, gone, _ = await two()
    await partition.feed(superseded("rep_1"))
    assert await carry_out(partition, command(RETRACT, gone)) == []


def test_a_merge_names_two_incidents_and_a_retraction_one() -> None:
    for asked in ((MERGE, "a"), (RETRACT, "a", "b"), (MERGE, "a", "a")):
        with pytest.raises(ValueError, match="merge"):
            command(*asked)
    with pytest.raises(UndecodableError):
        CorrectionStep(lambda _: Partition().store).decode(None)
