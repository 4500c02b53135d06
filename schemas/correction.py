"""`conflict.correction.v1`: an operator's command about incidents."""

from enum import StrEnum
from typing import Self

from pydantic import model_validator

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

    @model_validator(mode="after")
    def _a_merge_names_two(self) -> Self:
        if (self.into_incident_id is not None) != (self.action is CorrectionAction.MERGE):
            raise ValueError("a merge names the incident that stays, and nothing else does")
        if self.into_incident_id == self.incident_id:
            raise ValueError("an incident cannot be merged into itself")
        return self
