"""The heartbeat of each source: looks at it in, its health out, and when it falls silent. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from schemas.source import SilenceReason, SourceHealth

LEARNING = 0.2
"""Weight of the newest interval in the one that is expected."""
PATIENCE = 6.0
"""So many expected intervals without a new item are silence. Newsrooms sleep: see `SHORTEST_SILENCE`."""
SHORTEST_SILENCE = timedelta(hours=3)
UNLEARNT_SILENCE = timedelta(hours=24)
"""Without a new item, for a source whose interval is not known yet."""
LOOKS_MISSED = 10
SHORTEST_OUTAGE = timedelta(minutes=30)
"""A source that cannot be read is silent after `LOOKS_MISSED` intervals between looks, and never before this."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One look at a source."""

    at: datetime
    error: str | None = None
    new: int = 0
    stamped: bool | None = None
    """None where the look could not tell."""


def heard(health: SourceHealth, beat: Beat) -> SourceHealth:
    """The health after a look. Its version is not touched: `SourceHealth.version` counts what was written."""
    if beat.error:
        return health.model_copy(update={"error_streak": health.error_streak + 1, "last_error": beat.error})
    update: dict[str, object] = {"error_streak": 0, "last_error": None, "last_success_at": beat.at}
    if beat.stamped is not None:
        update["stamps_items"] = beat.stamped
    if beat.new:
        update["last_new_item_at"] = beat.at
        update["expected_interval_seconds"] = _learnt(health, beat.at)
    return health.model_copy(update=update)


def merged(health: SourceHealth, other: SourceHealth) -> SourceHealth:
    """What two workers know of one source: the later times; of one silence the date that was written."""
    update: dict[str, object] = {
        "last_success_at": _later(health.last_success_at, other.last_success_at),
        "last_new_item_at": _later(health.last_new_item_at, other.last_new_item_at),
        "expected_interval_seconds": health.expected_interval_seconds or other.expected_interval_seconds,
    }
    if health.silent == other.silent:
        update |= {"changed_at": other.changed_at, "silent_reason": other.silent_reason}
    return health.model_copy(update=update)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at), default=None)


def _learnt(health: SourceHealth, at: datetime) -> float | None:
    if health.last_new_item_at is None:
        return health.expected_interval_seconds
    gap = (at - health.last_new_item_at).total_seconds()
    known = health.expected_interval_seconds
    return gap if known is None else (1 - LEARNING) * known + LEARNING * gap


@dataclass(frozen=True, slots=True)
class Watch:
    """Since when a source has been watched, and how often it is looked at."""

    since: datetime
    look_seconds: float

    def silence(self, health: SourceHealth, now: datetime) -> SilenceReason | None:
        """Why the source is silent at `now`; None where it is not."""
        answered = max(health.last_success_at or self.since, self.since)
        outage = max(SHORTEST_OUTAGE, timedelta(seconds=LOOKS_MISSED * self.look_seconds))
        if health.error_streak and now - answered > outage:
            return SilenceReason.NO_ANSWER
        told = max(health.last_new_item_at or self.since, self.since)
        return SilenceReason.NO_NEW_ITEM if now - told > _allowed(health) else None

    def judged(self, health: SourceHealth, now: datetime) -> SourceHealth:
        """The health with `silent` as it is at `now`, and when that changed."""
        reason = self.silence(health, now)
        if reason is None and health.silent and not _is_heard_again(health):
            # a watch begun anew has not heard silence yet, nor has it heard the source
            return health
        if (reason is not None) == health.silent:
            return health.model_copy(update={"silent_reason": reason})
        return health.model_copy(
            update={"silent": reason is not None, "silent_reason": reason, "changed_at": now}
        )

    def from_now(self, now: datetime) -> "Watch":
        """Begun anew: a service that was stopped has not heard silence."""
        return replace(self, since=now)


def _is_heard_again(health: SourceHealth) -> bool:
    """Whether a silent source did what it was missed for."""
    no_answer = health.silent_reason is SilenceReason.NO_ANSWER
    heard_at = health.last_success_at if no_answer else health.last_new_item_at
    return health.changed_at is None or (heard_at is not None and heard_at >= health.changed_at)


def _allowed(health: SourceHealth) -> timedelta:
    if health.expected_interval_seconds is None:
        return UNLEARNT_SILENCE
    return max(SHORTEST_SILENCE, timedelta(seconds=PATIENCE * health.expected_interval_seconds))
