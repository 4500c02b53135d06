"""An attack within a truce's place and time, by or on its parties, is told by the truce; any other is not."""

from datetime import timedelta
from typing import Any

import pytest
import yaml

from schemas.event import Assertion, ConflictEvent, Kind, Phase, Place, TimePrecision, TimeSpan
from schemas.incident import ChangeType, Incident, LinkType
from services.cli.stack.layout import PROJECT
from services.dedup.homes import home_of
from tests.factories import (
    IDLIB,
    IDLIB_GOVERNORATE,
    KHARKIV,
    NOON,
    SARAQIB,
    day,
    event,
    minute,
    named,
    report_ref,
)
from tests.unit.dedup.partition import Partition

HOUR = timedelta(hours=1)
BEGINS, ENDS = NOON + 6 * HOUR, NOON + timedelta(days=3)
ISRAEL, HEZBOLLAH, HAMAS = named("Israel"), named("Hezbollah"), named("Hamas")
TYRE = Place(name="Tyre", country="LB", lat=33.27, lon=35.2, radius_km=4)
GAZA = Place(name="Gaza", country="PS", lat=31.5, lon=34.46, radius_km=8)


def truce(**changes: Any) -> ConflictEvent:
    values: dict[str, Any] = {
        "kind": Kind.CEASEFIRE,
        "phase": Phase.AGREED,
        "assertion": Assertion.PLANNED,
        "place": IDLIB_GOVERNORATE,
        "effective_from": BEGINS,
        "effective_until": ENDS,
    }
    return event(1, **(values | changes))


def attack(number: int = 2, **changes: Any) -> ConflictEvent:
    """In Idlib, two hours after the truce took force, told two hours later."""
    values: dict[str, Any] = {
        "report": report_ref(number, fetched_at=BEGINS + 4 * HOUR),
        "occurred": minute(BEGINS + 2 * HOUR),
    }
    return event(number, **(values | changes))


async def told_of(first: ConflictEvent, *then: ConflictEvent) -> list[Incident]:
    """The later versions of what `first` made."""
    partition = Partition()
    [made] = await partition.feed(first)
    return [version for version in await partition.feed(*then) if version.id == made.id]


async def test_an_attack_within_it_is_linked_both_ways_and_told_once() -> None:
    partition = Partition()
    made, broken, strike = await partition.feed(truce(), attack())
    assert (broken.id, broken.version, broken.phase) == (made.id, 2, Phase.AGREED)
    assert broken.change.type is ChangeType.VIOLATION_REPORTED
    assert broken.change.event_id == attack().id
    assert broken.newest_fetched_at == BEGINS + 4 * HOUR
    assert [(link.type, link.incident_id) for link in strike.links] == [(LinkType.VIOLATION_OF, made.id)]
    assert [(link.type, link.incident_id) for link in broken.links] == [(LinkType.VIOLATED_BY, strike.id)]
    [again] = await partition.feed(attack(3))
    assert (again.id, again.version) == (strike.id, 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"occurred": minute(BEGINS - HOUR)},
        {"occurred": day(BEGINS)},
        {"occurred": None},
        {"occurred": minute(ENDS + HOUR), "report": report_ref(2, fetched_at=ENDS + 2 * HOUR)},
        {"place": KHARKIV},
        {"place": None},
        {"place": Place(name="Syria", country="SY")},
        {"kind": Kind.INTERCEPTION, "killed": None},
        {"assertion": Assertion.DENIED},
    ],
    ids=[
        "before",
        "on its day",
        "untold",
        "after",
        "elsewhere",
        "nowhere",
        "country",
        "interception",
        "denied",
    ],
)
async def test_what_need_not_be_a_breach_is_none(changes: dict[str, Any]) -> None:
    assert await told_of(truce(), attack(**changes)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"occurred": day(BEGINS + timedelta(days=1)), "report": report_ref(2, fetched_at=BEGINS + 30 * HOUR)},
        {"occurred": None, "report": report_ref(2, fetched_at=BEGINS + 40 * HOUR)},
        {"occurred": TimeSpan(start=BEGINS, end=BEGINS + 6 * HOUR, precision=TimePrecision.PART_OF_DAY)},
        {"kind": Kind.EXPLOSION},
        {"assertion": Assertion.ALLEGED},
    ],
    ids=["the next day", "untold, a day and a half later", "that night", "a bomb", "alleged"],
)
async def test_what_lies_mostly_within_it_is_a_breach(changes: dict[str, Any]) -> None:
    [version] = await told_of(truce(), attack(**changes))
    assert version.change.type is ChangeType.VIOLATION_REPORTED


@pytest.mark.parametrize(
    ("terms", "count"),
    [
        ({"phase": Phase.PROPOSED}, 0),
        ({"phase": Phase.ENDED, "assertion": Assertion.ASSERTED}, 0),
        ({"effective_from": None}, 0),
        ({"effective_from": None, "phase": Phase.IN_FORCE, "occurred": day(NOON - timedelta(days=1))}, 1),
    ],
    ids=["proposed", "ended", "agreed, nobody says for when", "reported in force"],
)
async def test_only_a_truce_known_to_hold_is_broken(terms: dict[str, Any], count: int) -> None:
    assert len(await told_of(truce(**terms), attack())) == count


LEBANON = {"place": Place(name="Israel", country="IL"), "actor": named("Israel; Hezbollah")}


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"place": TYRE, "actor": ISRAEL}, 1),
        ({"place": TYRE, "actor": ISRAEL, "target": HEZBOLLAH}, 1),
        ({"place": TYRE}, 1),
        ({"place": TYRE, "kind": Kind.EXPLOSION}, 0),
        ({"place": GAZA, "actor": ISRAEL}, 0),
        ({"place": GAZA, "actor": ISRAEL, "target": HAMAS}, 0),
        ({"place": TYRE, "actor": HAMAS, "target": ISRAEL}, 0),
        ({"place": IDLIB, "actor": ISRAEL, "target": HEZBOLLAH}, 1),
    ],
)
async def test_a_truce_of_two_parties_holds_where_they_are_and_binds_them(
    changes: dict[str, Any], count: int
) -> None:
    assert len(await told_of(truce(**LEBANON), attack(**changes))) == count


async def test_of_two_truces_the_nearer_is_broken() -> None:
    partition = Partition()
    wide = truce(
        place=Place(name="Syria", country="SY"), actor=named("Rebels; Army"), effective_from=BEGINS - HOUR
    )
    near = event(
        9,
        kind=Kind.CEASEFIRE,
        phase=Phase.AGREED,
        place=SARAQIB,
        actor=named("Militia; Druze"),
        effective_from=BEGINS,
    )
    first, second = await partition.feed(wide, near)
    assert first.id != second.id
    broken, _ = await partition.feed(attack(place=SARAQIB))
    assert broken.id == second.id


async def test_one_report_that_tells_it_twice_is_told_once() -> None:
    strike = attack()
    violation = attack(7, kind=Kind.CEASEFIRE, phase=Phase.VIOLATED, killed=None, report=strike.report)
    for told in ((strike, violation), (violation, strike)):
        assert len(await told_of(truce(), *told)) == 1


async def test_a_crash_between_the_truce_and_the_attack_heals() -> None:
    whole, torn = Partition(), Partition()
    await whole.feed(truce(), attack())
    await torn.feed(truce())
    await torn.feed(attack(), crash_after=1)
    await torn.feed(attack())
    assert [out.value for out in torn.written] == [out.value for out in whole.written]


def test_homes_agree_with_the_names_that_nlp_normalises_to() -> None:
    told = yaml.safe_load((PROJECT / "services/nlp/data/actors.yaml").read_text())["actors"]
    known = {actor["name"]: actor.get("country") for actor in told}
    assert {name: home_of(name.casefold()) for name in known} == known
