"""`conflict.notice.v1`: one alert about the health of a source to one subscription, and what became of it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.alert import Severity
from schemas.base import Record, UtcDatetime
from schemas.failure import FailureReason
from schemas.source import SourceHealth


class NoticeState(StrEnum):
    """What became of a notice."""

    PENDING = "pending"  # to be sent when `due_at` has come
    DELIVERED = "delivered"  # the endpoint answered 2xx
    FAILED = "failed"  # given up; `reason` says why
    MOOT = "moot"  # the source was heard of again before anybody could be told of its silence


class Notice(Record):
    """The newest notice of one subscription about one source, with all that its body needs."""

    id: str
    """Also the `webhook-id`: stable over attempts."""
    type: str
    """`source.silent` or `source.recovered`."""
    subscription_id: str
    source: SourceHealth
    severity: Severity
    headline: str
    summary: str
    decided_at: UtcDatetime
    """When the source fell silent or was heard of again: a time in its records, never the clock's."""
    expires_at: UtcDatetime
    """After this it is not sent any more."""
    state: NoticeState = NoticeState.PENDING
    attempt: Annotated[int, Field(ge=0)] = 0
    """Attempts made so far."""
    due_at: UtcDatetime
    """When the next attempt is due."""
    attempted_at: UtcDatetime | None = None
    reason: FailureReason | None = None
    """Why the last attempt failed."""
    status_code: int | None = None
