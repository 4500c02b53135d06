"""`conflict.alert.v1` and `conflict.pending.v1`: a decision to alert, and an alert not yet settled."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import Record, UtcDatetime
from schemas.incident import Incident


class Severity(StrEnum):
    """How urgently an analyst should look."""

    FLASH = "flash"
    URGENT = "urgent"
    ROUTINE = "routine"


class Alert(Record):
    """One decision to alert one subscription about one incident version, with all that the body needs.

    Rendering reads this record alone: no clock and no cache, so a repeat has the same bytes.
    """

    id: str
    """Also the `webhook-id`: stable over attempts."""
    type: str
    """`incident.` and the change, one to one."""
    subscription_id: str
    incident_id: str
    incident_version: Annotated[int, Field(ge=1)]
    previous_version: int | None = None
    """The version last alerted to this subscription."""
    severity: Severity
    headline: str
    summary: str
    incident: Incident
    decided_at: UtcDatetime
    """The incident's `newest_fetched_at`: a time in the records, never the clock's."""
    replaces: str | None = None
    """The id of an alert that was still held back, and is not sent now that this one is."""
    expires_at: UtcDatetime
    """After this the alert is of no use to an analyst."""


class Pending(Record):
    """The outbox: an alert not yet settled. A null value settles it."""

    alert_id: str
    alert: Alert
    attempt: Annotated[int, Field(ge=0)] = 0
    """Attempts made so far."""
    due_at: UtcDatetime
    """When the next attempt is due."""
    held: bool = False
    """Held back for corroboration until `due_at`: a later version of the incident may take its place until then."""
    redelivery: UtcDatetime | None = None
    """When an operator asked for the alert to be sent again; None in the ordinary course."""
