"""`conflict.delivery.v1`: the outcome of each delivery attempt."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import Record, UtcDatetime
from schemas.failure import FailureReason


class DeliveryOutcome(StrEnum):
    """What became of an attempt."""

    DELIVERED = "delivered"  # the endpoint answered 2xx
    RETRYING = "retrying"  # failed in a way that may pass; `next_attempt_at` says when
    DEAD = "dead"  # given up; the alert is in the dead-letter topic


class Delivery(Record):
    """One attempt to deliver one alert."""

    alert_id: str
    subscription_id: str
    incident_id: str
    incident_version: int
    attempt: Annotated[int, Field(ge=1)]
    outcome: DeliveryOutcome
    reason: FailureReason | None = None
    status_code: int | None = None
    duration_seconds: Annotated[float, Field(ge=0)]
    attempted_at: UtcDatetime
    next_attempt_at: UtcDatetime | None = None
    digest_id: str | None = None
    """The `webhook-id` of the digest that told the alert together with others; None where it went by itself."""
