"""Whether a subscription hears of a source's silence: the source's health, subscription and last notice in; a notice,
or none, out. Pure.

A silence is told once, and its end to those alone who were told of it.
"""

import random
from datetime import datetime, timedelta

from schemas.alert import Severity
from schemas.base import iso_utc
from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason
from schemas.ids import alert_id
from schemas.notice import Notice, NoticeState
from schemas.source import SilenceReason, SourceHealth
from schemas.subscription import Subscription
from services.alerting.facts import calling
from services.alerting.outcome import Outcome, Schedule
from services.alerting.wording import clean

SILENT, RECOVERED = "source.silent", "source.recovered"


def asks(subscription: Subscription, source_id: str) -> bool:
    """Whether it wants to hear of this source's silence; `sources` and `sources_denied` name sources here too."""
    filters, name = subscription.filters, calling(source_id)
    if not subscription.enabled or not filters.silent_sources:
        return False
    allowed, denied = set(map(calling, filters.sources)), set(map(calling, filters.sources_denied))
    return name not in denied and (not allowed or name in allowed)


def notice_of(
    health: SourceHealth, subscription: Subscription, last: Notice | None, max_age: timedelta, now: datetime
) -> Notice | None:
    """What is to be told now, beyond the last notice. `now` serves the age limit alone."""
    changed_at = health.changed_at
    if changed_at is None or not asks(subscription, health.id) or now - changed_at > max_age:
        return None
    if last and (last.decided_at >= changed_at or _is_told(last, health)):
        return None
    if not health.silent and not (last and last.source.silent and last.state is NoticeState.DELIVERED):
        return None
    return _notice(health, subscription, last, changed_at, max_age)


def _is_told(last: Notice, health: SourceHealth) -> bool:
    """Whether the last notice says the same, and is on its way or there: two workers may date one silence apart."""
    is_under_way = last.state in (NoticeState.PENDING, NoticeState.DELIVERED)
    return is_under_way and last.source.silent == health.silent


def is_moot(notice: Notice, health: SourceHealth) -> bool:
    """Whether a silence that was not told yet is over."""
    ended = health.changed_at is not None and health.changed_at > notice.decided_at
    return notice.state is NoticeState.PENDING and notice.source.silent and ended and not health.silent


def expired(notice: Notice) -> Notice:
    """Given up for its age."""
    return notice.model_copy(update={"state": NoticeState.FAILED, "reason": FailureReason.EXPIRED})


def after(notice: Notice, outcome: Outcome, now: datetime, schedule: Schedule, rng: random.Random) -> Notice:
    """The notice after an attempt."""
    told = {
        "attempt": notice.attempt + 1,
        "attempted_at": now,
        "reason": outcome.reason,
        "status_code": outcome.status_code,
    }
    if outcome.outcome is DeliveryOutcome.DELIVERED:
        return notice.model_copy(update=told | {"state": NoticeState.DELIVERED})
    due = None
    if outcome.outcome is DeliveryOutcome.RETRYING:
        due = schedule.next_due(notice.attempt + 1, outcome.retry_after, now, rng)
    if due is None:
        return notice.model_copy(update=told | {"state": NoticeState.FAILED})
    return notice.model_copy(update=told | {"due_at": due})


def _notice(
    health: SourceHealth, subscription: Subscription, last: Notice | None, at: datetime, max_age: timedelta
) -> Notice:
    name = SILENT if health.silent else RECOVERED
    return Notice(
        # the moment stands for a version: it only grows, and a repeat has the same
        id=alert_id(subscription.id, health.id, int(at.timestamp() * 1000), name),
        type=name,
        subscription_id=subscription.id,
        source=health,
        severity=Severity.URGENT if health.silent else Severity.ROUTINE,
        headline=_headline(health, at, last),
        summary=_summary(health),
        decided_at=at,
        expires_at=at + max_age,
        due_at=at,
    )


def _headline(health: SourceHealth, at: datetime, last: Notice | None) -> str:
    name = clean(health.id)
    if not health.silent:
        return f"Source {name} is heard of again{f' after {_span(at - last.decided_at)}' if last else ''}"
    if health.silent_reason is SilenceReason.NO_ANSWER:
        why = f" ({clean(health.last_error)})" if health.last_error else ""
        return f"Source {name} is silent: it cannot be read{_since(health.last_success_at, at)}{why}"
    return f"Source {name} is silent: it tells nothing new{_since(health.last_new_item_at, at)}"


def _summary(health: SourceHealth) -> str:
    known = [
        f"last read at {iso_utc(health.last_success_at)}" if health.last_success_at else "not read yet",
        f"last new item at {iso_utc(health.last_new_item_at)}" if health.last_new_item_at else "no item yet",
    ]
    if health.expected_interval_seconds is not None:
        usual = _span(timedelta(seconds=health.expected_interval_seconds))
        known.append(f"as a rule something new every {usual}")
    end = " No news of it is not calm." if health.silent else ""
    told = "; ".join(known)
    return f"{told[0].upper()}{told[1:]}.{end}"


def _since(then: datetime | None, at: datetime) -> str:
    return f" for {_span(at - then)}" if then and then < at else ""


def _span(span: timedelta) -> str:
    minutes = max(1, round(span.total_seconds() / 60))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
