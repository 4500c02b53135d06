"""The score: what makes two tellings one happening, and what forbids it."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.event import Kind, Novelty, Phase, Place, TimePrecision, TimeSpan
from services.dedup.match import Match, Verdict, compare
from services.dedup.slots import slots_of_event
from tests.factories import (
    IDLIB,
    IDLIB_GOVERNORATE,
    KHARKIV,
    NOON,
    SARAQIB,
    band,
    day,
    event,
    minute,
    named,
    report_ref,
)

SAME, RELATED, FOLLOW_ON, DIFFERENT = Verdict.SAME, Verdict.RELATED, Verdict.FOLLOW_ON, Verdict.DIFFERENT
NO_TOLL: dict[str, Any] = {"killed": None}
SYRIA = Place(name="Syria", country="SY", lat=35.0, lon=38.5, radius_km=350)


def matched(first: dict[str, Any], second: dict[str, Any]) -> Match:
    return compare(slots_of_event(event(2, **second)), "inc_1", slots_of_event(event(1, **first)))


def part_of_day(start: int, end: int) -> TimeSpan:
    """Hours after noon."""
    hours = (NOON + timedelta(hours=n) for n in (start, end))
    return TimeSpan(start=next(hours), end=next(hours), precision=TimePrecision.PART_OF_DAY)


A_ON_B = {"actor": named("A"), "target": named("B")}
B_ON_A = {"actor": named("B"), "target": named("A")}
C_AND_D = {"actor": named("C"), "target": named("D")}
FUNERALS = {"kind": Kind.ATTACK_ON_CIVILIANS, "killed": band(17), "occurred": None}
BY_A_GROUP = {"actor": named("Boko Haram"), "kind": Kind.ATTACK_ON_CIVILIANS}
BY_SOMEBODY = {"actor": named("rebels"), "kind": Kind.ATTACK_ON_CIVILIANS}
AN_UPDATE = {"novelty": Novelty.UPDATE}
LEBANON, ISRAEL = Place(name="Lebanon", country="LB"), Place(name="Israel", country="IL")
YESTERDAY = {"occurred": day(NOON - timedelta(days=1))}


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        pytest.param({}, {}, SAME, id="same town, day and toll"),
        pytest.param(NO_TOLL, {}, SAME, id="same town and day"),
        pytest.param({"place": SYRIA, "killed": band(5, 5)}, {}, SAME, id="its country, five and at least five"),
        pytest.param({}, {**FUNERALS, "novelty": Novelty.UPDATE}, SAME, id="an update that counts more dead"),
        pytest.param(BY_A_GROUP, {**BY_SOMEBODY, **AN_UPDATE}, SAME, id="an update by a vague name"),
        pytest.param(BY_A_GROUP, BY_SOMEBODY, RELATED, id="another culprit"),
        pytest.param({}, FUNERALS, RELATED, id="an attack of some kind of an unknown hour"),
        pytest.param({}, {"kind": Kind.EXPLOSION}, SAME, id="a blast and an air strike"),
        pytest.param({}, {"kind": Kind.GROUND_CLASH, "killed": None}, RELATED, id="an air strike and a clash"),
        pytest.param({}, {"place": SARAQIB}, DIFFERENT, id="two towns"),
        pytest.param({}, {"place": KHARKIV}, DIFFERENT, id="two countries"),
        pytest.param({}, {"place": IDLIB_GOVERNORATE}, SAME, id="a town and its governorate, same toll"),
        pytest.param(NO_TOLL, {"place": IDLIB_GOVERNORATE}, SAME, id="a town and its governorate"),
        pytest.param(
            {"killed": band(0, 0)},
            {"place": IDLIB_GOVERNORATE, "kind": Kind.EXPLOSION, "killed": band(0, 0)},
            RELATED,
            id="a blast in a governorate, nobody killed",
        ),
        pytest.param({}, {"place": SYRIA}, SAME, id="a town and its country, same toll"),
        pytest.param(NO_TOLL, {"place": SYRIA}, RELATED, id="a town and its country"),
        pytest.param({}, {"place": None}, RELATED, id="no place, same toll"),
        pytest.param(A_ON_B, {**A_ON_B, "place": None}, SAME, id="no place, same toll and parties"),
        pytest.param(NO_TOLL, {"place": None}, DIFFERENT, id="no place"),
        pytest.param({"place": None}, {"place": None}, RELATED, id="no place at all"),
        pytest.param({}, YESTERDAY, DIFFERENT, id="the next day"),
        pytest.param({}, {"occurred": minute()}, SAME, id="a day and a minute in it"),
        pytest.param(
            YESTERDAY, {"occurred": minute(NOON.replace(hour=23, minute=30) - timedelta(days=1))}, DIFFERENT,
            id="one in the morning, local time, is the day after",
        ),
        pytest.param(
            {}, {"occurred": minute(NOON.replace(hour=22) - timedelta(days=1))}, SAME,
            id="midnight, local time, is still the day before in UTC",
        ),
        pytest.param({"occurred": minute()}, {"occurred": minute(NOON + timedelta(minutes=9))}, SAME, id="minutes"),
        pytest.param({"occurred": minute()}, {"occurred": minute(NOON + timedelta(hours=1))}, FOLLOW_ON, id="an hour"),
        pytest.param({"occurred": minute()}, {"occurred": minute(NOON + timedelta(hours=9))}, DIFFERENT, id="hours"),
        pytest.param({"occurred": part_of_day(-6, -1)}, {"occurred": part_of_day(5, 9)}, DIFFERENT, id="parts of day"),
        pytest.param(
            {"occurred": part_of_day(-6, 0)}, {"occurred": part_of_day(0, 6)}, DIFFERENT, id="morning and afternoon"
        ),
        pytest.param({}, {"occurred": None}, SAME, id="a time not told"),
        pytest.param(A_ON_B, B_ON_A, DIFFERENT, id="direction reversed"),
        pytest.param(A_ON_B, {"actor": named("C"), "killed": None}, DIFFERENT, id="blamed on another"),
        pytest.param({**A_ON_B, **NO_TOLL}, C_AND_D, DIFFERENT, id="all others"),
        pytest.param(A_ON_B, {"actor": named("C")}, RELATED, id="blamed on another, same toll"),
        pytest.param({"killed": band(5, 5)}, {"killed": band(8, 8)}, SAME, id="a toll that grew"),
        pytest.param({"killed": band(5, 5)}, {"killed": band(117, 117)}, SAME, id="a toll of another order"),
        pytest.param({}, {"report": report_ref(1)}, SAME, id="told twice in one report"),
        pytest.param(
            {"killed": band(5, 5)}, {"place": IDLIB_GOVERNORATE, "killed": band(117, 117)}, DIFFERENT,
            id="a toll of another order in a wide area",
        ),
        pytest.param(
            {"killed": band(5, 5)}, {"report": report_ref(1), "killed": band(40, 40)}, RELATED,
            id="told apart in one report",
        ),
        pytest.param(
            {}, {"report": report_ref(1), "kind": Kind.ATTACK_ON_CIVILIANS}, SAME, id="two sides in one report"
        ),
    ],
)  # fmt: skip
def test_verdicts(first: dict[str, Any], second: dict[str, Any], verdict: Verdict) -> None:
    match = matched(first, second)
    assert match.verdict is verdict, match.explain()


COPY = {"text_signature": "0123abcd" * 16}


def test_one_text_helps_but_never_overrules_a_day_or_a_town() -> None:
    assert matched({**COPY, "place": None}, {**COPY, "place": None}).verdict is SAME
    assert matched(COPY, {**COPY, **YESTERDAY}).verdict is DIFFERENT
    assert matched(COPY, {**COPY, "place": SARAQIB}).verdict is DIFFERENT


def truce(phase: Phase, days: int = 0, **changes: Any) -> dict[str, Any]:
    told = report_ref(1, fetched_at=NOON + timedelta(days=days), revision=f"day {days}", id=f"rep_{days}")
    values = {"kind": Kind.CEASEFIRE, "phase": phase, "report": told, "place": IDLIB_GOVERNORATE}
    return {**values, "actor": named("Army"), "target": named("Rebels"), **changes}


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        pytest.param(truce(Phase.DECLARED), truce(Phase.IN_FORCE, 1), SAME, id="announced, then in force"),
        pytest.param(truce(Phase.DECLARED), truce(Phase.AGREED, 1, **C_AND_D), DIFFERENT, id="other parties"),
        pytest.param(truce(Phase.AGREED), truce(Phase.EXTENDED, 20), SAME, id="extended after weeks"),
        pytest.param(truce(Phase.AGREED), truce(Phase.DECLARED, 70), DIFFERENT, id="months later"),
        pytest.param(truce(Phase.ENDED), truce(Phase.DECLARED, 5), DIFFERENT, id="a new one after the end"),
        pytest.param(truce(Phase.DECLARED), truce(Phase.DECLARED, place=KHARKIV), DIFFERENT, id="elsewhere"),
        pytest.param(
            truce(Phase.DECLARED, place=IDLIB, actor=None, target=None, effective_from=NOON),
            truce(Phase.DECLARED, 1, place=IDLIB, actor=None, target=None, effective_from=NOON),
            SAME, id="the same instant",
        ),
        pytest.param(
            truce(Phase.AGREED, place=IDLIB),
            truce(Phase.EXTENDED, 9, place=IDLIB, actor=named("rebels"), target=None),
            SAME, id="extended by a party that is only called rebels",
        ),
        pytest.param(
            truce(Phase.AGREED, place=ISRAEL, effective_from=NOON),
            truce(Phase.AGREED, 1, place=LEBANON, effective_from=NOON, actor=None, target=None),
            SAME, id="told by the countries of its parties",
        ),
        pytest.param(
            truce(Phase.DECLARED, place=IDLIB, effective_from=NOON),
            truce(Phase.DECLARED, 1, place=KHARKIV, effective_from=NOON, actor=None, target=None),
            DIFFERENT, id="two fronts at one instant",
        ),
        pytest.param(
            truce(Phase.DECLARED, effective_from=NOON),
            truce(Phase.DECLARED, 9, effective_from=NOON + timedelta(days=10)),
            RELATED, id="another instant",
        ),
    ],
)  # fmt: skip
def test_truces(first: dict[str, Any], second: dict[str, Any], verdict: Verdict) -> None:
    match = matched(first, second)
    assert match.verdict is verdict, match.explain()


def test_an_explanation_names_the_parts_and_what_forbids() -> None:
    told = matched({}, {"place": SARAQIB}).explain()
    assert told.startswith("score ")
    assert "kind +1.0 (same kind)" in told
    assert told.endswith("km apart")
