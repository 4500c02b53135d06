"""Whether a subscription hears of an incident version: incident, subscription and ledger in, alert or reason out.

Pure. A subscription waits for the first version that is worth an alert and passes all of its filters; from then
on it hears of every change that it asked for. An alert's type is `incident.` and its version's change, one to
one, for a first alert too: so only version 1 is ever told as `incident.created`, and a receiver knows a first
alert by its empty `previous_version`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from schemas.alert import Alert
from schemas.ids import alert_id
from schemas.incident import ChangeType, Incident, Status
from schemas.subscription import Filters, Subscription
from services.alerting.endpoint import Endpoint
from services.alerting.facts import Facts
from services.alerting.wording import headline, summary

ALERT_MAX_AGE = timedelta(hours=72)
"""Default of the setting: a new group or a long stop rings no old bells."""


class Reason(StrEnum):
    """Why a version rings no bell; the text is the metric's label."""

    DISABLED = "disabled"
    ALREADY_ALERTED = "already_alerted"
    WITHDRAWN = "withdrawn"
    NOT_ALERT_WORTHY = "not_alert_worthy"
    FILTERED = "filtered"
    UNWANTED_CHANGE = "unwanted_change"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """No alert, and why."""

    reason: Reason


def decide(
    facts: Facts, endpoint: Endpoint, last_version: int | None, max_age: timedelta, now: datetime
) -> Alert | Suppressed:
    """The alert of this version for this endpoint's subscription, or why there is none.

    `last_version` is the version last alerted to the subscription, None before its first alert. `now` serves the
    age limit alone, so it can take an alert away but never change one.
    """
    incident, subscription = facts.incident, endpoint.subscription
    reason = (
        _silence(incident, subscription, last_version)
        or (_not_first(facts, endpoint) if last_version is None else None)
        or (_not_update(incident, subscription.filters) if last_version is not None else None)
        or (Reason.TOO_OLD if now - told_at(incident) > max_age else None)
    )
    return Suppressed(reason) if reason else _alert(facts, subscription, last_version, max_age)


def alert_of(incident: Incident, subscription: Subscription) -> str:
    """The id of this version's alert for this subscription, should there be one."""
    return alert_id(subscription.id, incident.id, incident.version, _type(incident))


def told_at(incident: Incident) -> datetime:
    """The moment that a version tells of, from times in the record alone: alerting's measure of age.

    When its newest report was fetched; for what a truce's own terms bring about, when that fell due, since a
    truce agreed on Monday for Friday is no old bell on Friday.
    """
    due = {
        ChangeType.TOOK_EFFECT: incident.effective_from,
        ChangeType.EXPIRED: incident.effective_until,
    }.get(incident.change.type)
    return max(incident.newest_fetched_at, due) if due else incident.newest_fetched_at


def _type(incident: Incident) -> str:
    return f"incident.{incident.change.type.value}"


def _silence(incident: Incident, subscription: Subscription, last_version: int | None) -> Reason | None:
    if not subscription.enabled:
        return Reason.DISABLED
    if last_version is not None and incident.version <= last_version:
        return Reason.ALREADY_ALERTED
    return None


def _not_first(facts: Facts, endpoint: Endpoint) -> Reason | None:
    """Why this version is no first alert.

    Whoever wants to hear of new incidents hears of one when it first is what they asked for, whatever that
    version changed (a source that makes it worth an alert, a toll that reaches their minimum).
    """
    incident, filters = facts.incident, endpoint.subscription.filters
    if incident.status is Status.RETRACTED or incident.merged_into is not None:
        return Reason.WITHDRAWN
    if not incident.alert_worthy:
        return Reason.NOT_ALERT_WORTHY
    if not endpoint.wants(facts):
        return Reason.FILTERED
    if ChangeType.CREATED in filters.changes:
        return None
    return _not_update(incident, filters)


def _not_update(incident: Incident, filters: Filters) -> Reason | None:
    """Filters are not asked again: whoever heard of 12 killed must hear that it was 3."""
    changed = {incident.change.type, *incident.change.also}
    return None if changed & filters.changes else Reason.UNWANTED_CHANGE


def _alert(facts: Facts, subscription: Subscription, last_version: int | None, max_age: timedelta) -> Alert:
    incident = facts.incident
    return Alert(
        id=alert_of(incident, subscription),
        type=_type(incident),
        subscription_id=subscription.id,
        incident_id=incident.id,
        incident_version=incident.version,
        previous_version=last_version,
        severity=facts.severity,
        headline=headline(incident),
        summary=summary(incident),
        incident=incident,
        decided_at=told_at(incident),
        expires_at=told_at(incident) + max_age,
    )
