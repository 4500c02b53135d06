"""From events to incident versions, through the step itself."""

from datetime import timedelta

import pytest

from schemas.base import UndecodableError
from schemas.event import Assertion, ConflictEvent, Kind, Novelty, Phase, Place
from schemas.incident import MAX_EVIDENCES, ChangeType, Incident, Link, LinkType, Status
from schemas.topics import INCIDENT
from services.dedup.handle import DedupStep
from services.dedup.merge import MAX_LINKS, bounded_links
from tests.factories import (
    IDLIB,
    IDLIB_GOVERNORATE,
    NOON,
    SARAQIB,
    band,
    event,
    minute,
    named,
    report_ref,
    superseded,
)
from tests.unit.dedup.partition import NUMBER, Partition, message

HOUSE_1, HOUSE_2 = (report_ref(n, publisher_family="one house") for n in (1, 2))


async def test_the_first_event_makes_an_incident() -> None:
    [incident] = await (partition := Partition()).feed(told := event())
    assert (incident.version, incident.change.type, incident.status) == (
        1,
        ChangeType.CREATED,
        Status.UNCONFIRMED,
    )
    assert incident.change.event_id == told.id
    assert incident.alert_worthy
    [out] = partition.written
    assert (out.topic, out.key, out.partition) == (INCIDENT, incident.id, NUMBER)
    assert out.id == f"{incident.id}-1"


async def test_a_repeat_writes_nothing() -> None:
    partition = Partition()
    await partition.feed(event())
    assert await partition.feed(event()) == []


async def test_a_second_independent_outlet_corroborates() -> None:
    partition = Partition()
    _, incident = await partition.feed(event(1), event(2))
    assert (incident.version, incident.change.type) == (2, ChangeType.CORROBORATED)
    assert incident.status is Status.CORROBORATED
    assert incident.origins == (event(1).origin, event(2).origin)
    assert "score" in incident.change.reason


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (event(1), event(2, origin=event(1).origin)),
        (event(1, report=HOUSE_1), event(2, report=HOUSE_2)),
        (event(1, text_signature="0123abcd" * 16), event(2, text_signature="0123abcd" * 16)),
    ],
    ids=["one agency", "one house", "one text"],
)
async def test_one_voice_in_two_reports_only_adds_a_source(
    first: ConflictEvent, second: ConflictEvent
) -> None:
    _, incident = await Partition().feed(first, second)
    assert incident.change.type is ChangeType.SOURCE_ADDED
    assert incident.status is Status.UNCONFIRMED
    assert len(incident.origins) == 1
    assert incident.evidence_count == 2


async def test_a_copy_is_marked() -> None:
    text = "00112233" * 64
    _, incident = await Partition().feed(event(1, text_signature=text), event(2, text_signature=text))
    assert [e.is_copy for e in incident.evidence] == [False, True]


async def test_a_toll_that_grows_is_told_with_both_values() -> None:
    told = [event(n, killed=band(n * 6, n * 6), origin="agency") for n in (1, 2)]
    _, incident = await Partition().feed(*told)
    assert incident.change.type is ChangeType.CASUALTIES_RAISED
    assert [(f.field, f.old, f.new) for f in incident.change.fields if f.field == "killed"] == [
        ("killed", "6", "12")
    ]
    assert [toll.band.min for toll in incident.tolls] == [6, 12]


async def test_an_origin_may_correct_itself_down_but_not_another() -> None:
    later = report_ref(2, fetched_at=NOON + timedelta(hours=5))
    lower = event(2, report=later, killed=band(24, 24), origin="police")
    _, corrected = await Partition().feed(event(1, killed=band(31, 31), origin="police"), lower)
    assert (corrected.change.type, corrected.killed.min) == (ChangeType.CORRECTED, 24)
    _, kept = await Partition().feed(event(1, killed=band(31, 31), origin="hospital"), lower)
    assert kept.killed.min == 31


async def test_the_more_precise_place_wins_and_is_told() -> None:
    wide = event(1, place=IDLIB_GOVERNORATE, origin="wire")
    _, incident = await Partition().feed(wide, event(2, place=IDLIB, origin="wire"))
    assert incident.place == IDLIB
    assert incident.change.type is ChangeType.PLACE_REFINED


async def test_between_accept_and_reject_two_incidents_are_linked() -> None:
    province = IDLIB_GOVERNORATE.model_copy(update={"radius_km": 90})
    first, second = await Partition().feed(event(1, killed=None), event(2, place=province, killed=None))
    assert second.id != first.id
    assert [(link.type, link.incident_id) for link in second.links] == [(LinkType.POSSIBLY_RELATED, first.id)]


@pytest.mark.parametrize(
    "changes",
    [
        {"novelty": Novelty.BACKGROUND},
        {"assertion": Assertion.THREATENED},
        {"assertion": Assertion.HYPOTHETICAL},
        {"assertion": Assertion.PLANNED},
    ],
)
async def test_history_and_fears_make_nothing(changes) -> None:
    assert await Partition().feed(event(1, **changes)) == []


async def test_a_cumulative_toll_never_becomes_an_incidents() -> None:
    [incident] = await Partition().feed(event(1, killed=band(550, cumulative=True)))
    assert incident.killed is None
    assert incident.tolls == ()


async def test_a_denial_contests_what_it_denies_and_is_no_evidence_of_it() -> None:
    claim, denial = event(1), event(2, assertion=Assertion.DENIED, killed=None)
    created, contested, denied = await Partition().feed(claim, denial)
    assert (contested.id, contested.version, contested.change.type) == (created.id, 2, ChangeType.CONTESTED)
    assert contested.status is Status.CONTESTED
    assert denied.id != created.id
    assert not denied.alert_worthy
    assert denied.links[0].type is LinkType.DENIAL_OF
    assert contested.links[0].type is LinkType.DENIED_BY


async def test_what_is_contested_is_as_fresh_as_its_denial() -> None:
    """Alerting measures age by it: a denial after days is news."""
    later = report_ref(2, fetched_at=NOON + timedelta(days=5))
    denial = event(2, assertion=Assertion.DENIED, killed=None, report=later)
    _, contested, _ = await Partition().feed(event(1), denial)
    assert contested.newest_fetched_at == later.fetched_at
    assert contested.first_reported_at == NOON


def test_links_are_bounded_and_denials_stay() -> None:
    denial = Link(type=LinkType.DENIED_BY, incident_id="inc_denial")
    violations = [Link(type=LinkType.VIOLATED_BY, incident_id=f"inc_{n}") for n in range(MAX_LINKS + 5)]
    kept = bounded_links([denial, *violations])
    assert len(kept) == MAX_LINKS
    assert kept[0] == denial
    assert kept[-1] == violations[-1]


async def test_a_claim_that_comes_after_its_denial_is_contested_from_the_start() -> None:
    denied, claim = await Partition().feed(event(2, assertion=Assertion.DENIED, killed=None), event(1))
    assert claim.status is Status.CONTESTED
    assert claim.links[0].incident_id == denied.id


TRUCE = {
    "kind": Kind.CEASEFIRE,
    "actor": named("Army"),
    "target": named("Rebels"),
    "place": IDLIB_GOVERNORATE,
}


async def test_a_ceasefire_moves_through_its_phases() -> None:
    phases = [Phase.CALLED_FOR, Phase.DECLARED, Phase.AGREED, Phase.IN_FORCE, Phase.EXTENDED, Phase.ENDED]
    told = [
        event(n, phase=phase, report=report_ref(n, fetched_at=NOON + timedelta(days=n)), **TRUCE)
        for n, phase in enumerate(phases, start=1)
    ]
    versions = await Partition().feed(*told)
    assert len({v.id for v in versions}) == 1
    assert [v.phase for v in versions] == phases
    assert [v.alert_worthy for v in versions[:2]] == [False, True]
    assert all(ChangeType.PHASE_CHANGED in (v.change.type, *v.change.also) for v in versions[1:])


async def test_one_instant_told_in_two_zones_is_one_truce() -> None:
    start = NOON + timedelta(hours=15)
    told = [
        event(n, kind=Kind.CEASEFIRE, effective_from=start, place=IDLIB, assertion=Assertion.PLANNED)
        for n in (1, 2)
    ]
    first, second = await Partition().feed(*told)
    assert first.id == second.id
    assert second.effective_from == start


async def test_a_violation_is_an_incident_of_its_own_and_told_by_the_truce() -> None:
    partition = Partition()
    truce, told, violation = await partition.feed(
        event(1, phase=Phase.IN_FORCE, **TRUCE),
        event(2, kind=Kind.CEASEFIRE, phase=Phase.VIOLATED, place=SARAQIB, actor=named("Army")),
    )
    assert (told.id, told.version, told.change.type) == (truce.id, 2, ChangeType.VIOLATION_REPORTED)
    assert told.phase is Phase.IN_FORCE
    assert violation.links[0].type is LinkType.VIOLATION_OF
    assert len(partition.incidents()) == 2


async def test_evidence_is_capped_and_counted() -> None:
    partition = Partition()
    versions = await partition.feed(*(event(n) for n in range(1, MAX_EVIDENCES + 6)))
    last = Incident.from_bytes(versions[-1].to_bytes())
    assert len(last.evidence) == MAX_EVIDENCES
    assert last.evidence_count == len(last.origins) == MAX_EVIDENCES + 5
    assert len({v.id for v in versions}) == 1
    assert await partition.feed(event(MAX_EVIDENCES + 5)) == []


async def test_a_newer_revision_takes_the_place_of_the_older() -> None:
    newer = report_ref(1, revision="rev_2", fetched_at=NOON + timedelta(hours=1))
    partition = Partition()
    first, second = await partition.feed(
        event(1, killed=band(50, 50)), event(9, report=newer, killed=band(5, 5))
    )
    assert first.id == second.id
    assert second.killed.min == 5
    assert [e.withdrawn_at is None for e in second.evidence] == [False, True]
    assert second.status is Status.UNCONFIRMED
    assert await partition.feed(superseded("rep_1", (event(9, report=newer).id,))) == []


async def test_a_revision_that_no_longer_tells_it_retracts_the_incident() -> None:
    partition = Partition()
    _, incident = await partition.feed(event(1), superseded("rep_1"))
    assert (incident.version, incident.status, incident.change.type) == (
        2,
        Status.RETRACTED,
        ChangeType.RETRACTED,
    )
    assert await partition.feed(superseded("rep_1"), event(1)) == []
    assert await partition.feed(event(5, report_number=1)) == []
    [other] = await partition.feed(event(2))
    assert other.id != incident.id


async def test_a_report_that_returns_to_what_it_said_tells_it_again() -> None:
    told = event(1)
    returned = superseded("rep_1", (told.id,), revision="rev_1", fetched_at=NOON + timedelta(hours=2))
    partition = Partition()
    *_, incident = await partition.feed(told, superseded("rep_1"), told, returned)
    assert (incident.version, incident.status) == (3, Status.UNCONFIRMED)
    assert await partition.feed(told, superseded("rep_1"), returned) == []
    [merged] = await partition.feed(event(2))
    assert merged.id == incident.id


async def test_what_others_tell_stands_when_one_report_is_revised() -> None:
    told = event(1, killed=band(40, 40), origin="a"), event(2, killed=band(20, 20), origin="b")
    *_, incident = await Partition().feed(*told, superseded("rep_1"))
    assert incident.change.type is ChangeType.CORRECTED
    assert incident.killed.min == 20
    assert incident.origins == ("b",)
    assert incident.status is Status.UNCONFIRMED


async def test_a_denial_withdrawn_contests_no_more() -> None:
    partition = Partition()
    claim, _, denial = await partition.feed(event(1), event(2, assertion=Assertion.DENIED, killed=None))
    freed, retracted = await partition.feed(superseded("rep_2"))
    assert (freed.id, freed.status, freed.links) == (claim.id, Status.UNCONFIRMED, ())
    assert (retracted.id, retracted.status) == (denial.id, Status.RETRACTED)


async def test_a_denial_that_is_told_again_contests_again() -> None:
    partition = Partition()
    denial = event(2, assertion=Assertion.DENIED, killed=None)
    claim, *_ = await partition.feed(event(1), denial, superseded("rep_2"))
    returned = superseded("rep_2", (denial.id,), revision="rev_1", fetched_at=NOON + timedelta(hours=2))
    contested, denied = await partition.feed(returned)
    assert (contested.id, contested.status, contested.version) == (claim.id, Status.CONTESTED, 4)
    assert contested.change.type is ChangeType.CONTESTED
    assert denied.status is Status.UNCONFIRMED
    assert await partition.feed(returned) == []


HAIFA = Place(name="Haifa", country="IL", lat=32.8, lon=34.99, radius_km=6)
TYRE = Place(name="Tyre", country="LB", lat=33.27, lon=35.2, radius_km=4)


async def test_a_revision_that_moves_a_strike_withdraws_it_where_it_was() -> None:
    """nlp writes what the new revision tells, then which events of the report stand."""
    partition = Partition()
    newer = report_ref(1, revision="rev_2", fetched_at=NOON + timedelta(hours=1))
    first, moved = event(1, place=HAIFA), event(2, report=newer, place=TYRE)
    in_israel, in_lebanon, gone = await partition.feed(first, moved, superseded("rep_1", (moved.id,)))
    assert (gone.id, gone.status) == (in_israel.id, Status.RETRACTED)
    assert (in_lebanon.place, in_lebanon.status) == (TYRE, Status.UNCONFIRMED)
    assert {i.id: i.status for i in partition.incidents().values()} == {
        in_israel.id: Status.RETRACTED,
        in_lebanon.id: Status.UNCONFIRMED,
    }


async def test_a_revision_that_moves_a_strike_to_another_theatre_withdraws_it_on_its_partition() -> None:
    partition = Partition()
    _, gone = await partition.feed(event(1), superseded("rep_1", (event(9, theatre="ukraine-russia").id,)))
    assert gone.status is Status.RETRACTED


async def test_two_strikes_told_to_the_minute_an_hour_apart_are_two() -> None:
    told = event(1, occurred=minute()), event(2, occurred=minute(NOON + timedelta(hours=1)))
    assert len({i.id for i in await Partition().feed(*told)}) == 2


def test_an_empty_value_is_no_record_of_the_topic() -> None:
    with pytest.raises(UndecodableError):
        DedupStep(lambda _: None).decode(None)


async def test_the_step_waits_for_nothing_after_writing() -> None:
    partition = Partition()
    await DedupStep(lambda _: partition.store).written(message(event()), [])
    assert partition.written == []
