"""`conflict.correction.v1`: an operator's command about incidents."""

from enum import StrEnum

from schemas.base import Record, UtcDatetime


class CorrectionAction(StrEnum):
    """What the operator asks for."""

    MERGE = "merge"
    RETRACT = "retract"


class Correction(Record):
    """One command; dedup carries it out, as the only writer of incidents."""

    id: str
    action: CorrectionAction
    incident_id: str
    into_incident_id: str | None = None
    """For a merge: the incident that stays."""
    reason: str
    operator: str
    issued_at: UtcDatetime
