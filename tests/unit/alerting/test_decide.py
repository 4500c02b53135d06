"""Who hears of what: first alerts, updates, filters, age."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert
from schemas.event import Kind, Phase
from schemas.incident import ChangeType, Incident, Status
from schemas.subscription import DEFAULT_CHANGES, Filters
from services.alerting.decide import ALERT_MAX_AGE, Reason, Suppressed, told_at
from services.alerting.match import matches
from tests.factories import IDLIB, KHARKIV, NOON, band, event, incident
from tests.unit.alerting.build import decided_on, subscription, version


def outcome(told: Incident, last: int | None = None, age: timedelta = timedelta(0), **filters: Any) -> str:
    decided = decided_on(told, subscription(**filters), last, age)
    return decided.type if isinstance(decided, Alert) else decided.reason.value


def test_the_first_alert_of_a_new_incident_is_created() -> None:
    assert outcome(version(1)) == "incident.created"


def test_an_incident_that_is_not_worth_an_alert_waits_for_a_version_that_is() -> None:
    assert outcome(version(1, alert_worthy=False)) == Reason.NOT_ALERT_WORTHY
    assert outcome(version(2, ChangeType.SOURCE_ADDED)) == "incident.source_added"


def test_a_first_alert_of_a_later_version_keeps_that_versions_change_and_names_no_previous_one() -> None:
    corroborated = version(3, ChangeType.CORROBORATED, status=Status.CORROBORATED)
    decided = decided_on(corroborated, subscription(min_status=Status.CORROBORATED))
    assert isinstance(decided, Alert)
    assert (decided.type, decided.previous_version) == ("incident.corroborated", None)


def test_a_version_alerted_or_older_is_not_alerted_again() -> None:
    assert outcome(version(2, ChangeType.CORROBORATED), last=2) == Reason.ALREADY_ALERTED
    assert outcome(version(1), last=2) == Reason.ALREADY_ALERTED


@pytest.mark.parametrize("change", sorted(ChangeType))
def test_an_update_rings_for_every_change_but_a_copy(change: ChangeType) -> None:
    expected = f"incident.{change}" if change is not ChangeType.SOURCE_ADDED else Reason.UNWANTED_CHANGE
    assert outcome(version(2, change), last=1) == expected


def test_a_lesser_change_of_the_same_version_counts() -> None:
    told = version(2, ChangeType.SOURCE_ADDED)
    told = told.model_copy(
        update={"change": told.change.model_copy(update={"also": (ChangeType.CONTESTED,)})}
    )
    assert outcome(told, last=1) == "incident.source_added"


def test_an_update_is_not_filtered_again() -> None:
    lowered = version(2, ChangeType.CORRECTED, killed=band(3, 3))
    assert outcome(lowered, last=1, min_killed=12) == "incident.corrected"
    assert outcome(lowered, last=None, min_killed=12) == Reason.FILTERED


def test_a_subscription_hears_only_of_the_changes_that_it_wants() -> None:
    only = {"changes": frozenset({ChangeType.CORROBORATED})}
    assert outcome(version(1), **only) == Reason.UNWANTED_CHANGE
    assert outcome(version(2, ChangeType.CORROBORATED), **only) == "incident.corroborated"


def test_what_is_withdrawn_is_no_first_alert() -> None:
    assert outcome(version(2, ChangeType.RETRACTED, status=Status.RETRACTED)) == Reason.WITHDRAWN
    assert outcome(version(2, ChangeType.MERGED, merged_into="inc_other")) == Reason.WITHDRAWN
    assert outcome(version(2, ChangeType.RETRACTED, status=Status.RETRACTED), last=1) == "incident.retracted"


def test_a_disabled_subscription_hears_nothing() -> None:
    silent = subscription().model_copy(update={"enabled": False})
    assert decided_on(version(1), silent) == Suppressed(Reason.DISABLED)


def test_age_is_counted_from_the_newest_fetch() -> None:
    assert outcome(version(1), age=ALERT_MAX_AGE) == "incident.created"
    assert outcome(version(1), age=ALERT_MAX_AGE + timedelta(seconds=1)) == Reason.TOO_OLD


def test_a_truce_of_next_week_rings_when_it_takes_effect() -> None:
    due = NOON + timedelta(days=7)
    truce = version(2, ChangeType.TOOK_EFFECT, effective_from=due)
    assert told_at(truce) == due
    assert outcome(truce, last=1, age=timedelta(days=7)) == "incident.took_effect"


def test_now_takes_an_alert_away_but_never_changes_one() -> None:
    young = decided_on(version(1), subscription())
    later = decided_on(version(1), subscription(), age=timedelta(hours=71))
    assert isinstance(young, Alert) and isinstance(later, Alert)
    assert young.to_bytes() == later.to_bytes()


TRUCE = incident(event(kind=Kind.CEASEFIRE, phase=Phase.AGREED, place=None, theatre="ukraine"))


@pytest.mark.parametrize(
    ("filters", "told", "expected"),
    [
        ({}, incident(), True),
        ({"kinds": {Kind.AIR_STRIKE}}, incident(), True),
        ({"kinds": {Kind.SHELLING}}, incident(), False),
        ({"phases": {Phase.AGREED}}, TRUCE, True),
        ({"phases": {Phase.DECLARED}}, TRUCE, False),
        ({"phases": {Phase.AGREED}}, incident(), False),
        ({"countries": {"SY", "LB"}}, incident(), True),
        ({"countries": {"UA"}}, incident(), False),
        ({"countries": {"UA"}}, TRUCE, False),
        ({"theatres": {"ukraine"}}, TRUCE, True),
        ({"theatres": {"levant"}}, TRUCE, False),
        ({"min_killed": 5}, incident(), True),
        ({"min_killed": 6}, incident(), False),
        ({"min_killed": 1}, TRUCE, False),
        ({"min_killed": 1}, incident(event(killed=band(0, 12))), False),
        ({"min_status": Status.UNCONFIRMED}, incident(), True),
        ({"min_status": Status.CORROBORATED}, incident(), False),
        ({"min_status": Status.CORROBORATED}, incident(status=Status.CORROBORATED), True),
        ({"min_status": Status.CORROBORATED}, incident(status=Status.CONTESTED), False),
        ({"include_unplaced": False}, TRUCE, False),
        ({"include_unplaced": False}, incident(), True),
    ],
)
def test_filters(filters: dict[str, Any], told: Incident, expected: bool) -> None:
    assert matches(Filters(**filters), told) is expected


@given(
    kinds=st.frozensets(st.sampled_from(Kind), max_size=3),
    countries=st.frozensets(st.sampled_from(["SY", "UA", "LB"]), max_size=2),
    min_killed=st.integers(0, 12),
    kind=st.sampled_from(Kind),
    place=st.sampled_from([IDLIB, KHARKIV, None]),
    killed=st.none() | st.integers(0, 12).map(band),
    unplaced=st.booleans(),
)
def test_the_matcher_agrees_with_a_naive_reference(
    kinds: frozenset[Kind],
    countries: frozenset[str],
    min_killed: int,
    kind: Kind,
    place: Any,
    killed: Any,
    unplaced: bool,
) -> None:
    told = incident(event(kind=kind, place=place, killed=killed))
    reasons = []
    if kinds and kind not in kinds:
        reasons.append("kind")
    if countries and (place is None or place.country not in countries):
        reasons.append("country")
    if (0 if killed is None else killed.min) < min_killed:
        reasons.append("killed")
    if place is None and not unplaced:
        reasons.append("unplaced")
    filters = Filters(kinds=kinds, countries=countries, min_killed=min_killed, include_unplaced=unplaced)
    assert matches(filters, told) is not bool(reasons)


@given(st.lists(st.sampled_from(sorted(ChangeType)), min_size=1, max_size=12), st.data())
def test_over_any_history_versions_only_rise_and_a_repeat_gives_nothing(
    changes: list[ChangeType], data: st.DataObject
) -> None:
    wanted = data.draw(st.frozensets(st.sampled_from(sorted(ChangeType)))) or DEFAULT_CHANGES
    history = [version(number, change) for number, change in enumerate(changes, start=1)]
    reads = data.draw(st.lists(st.sampled_from(history), max_size=20)) + history
    last, heard = None, []
    for told in reads:
        decided = decided_on(told, subscription(changes=wanted), last)
        if isinstance(decided, Alert):
            assert decided.previous_version == last
            last = told.version
            heard.append(decided.id)
    assert len(heard) == len(set(heard))
