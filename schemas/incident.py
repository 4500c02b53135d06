"""`conflict.incident.v1`: the whole current state of one incident, its version, and what changed."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import Model, Record, UtcDatetime
from schemas.event import (
    Assertion,
    CasualtyBand,
    Codes,
    Evidence,
    Kind,
    Named,
    Novelty,
    Phase,
    Place,
    ReportRef,
    TimeSpan,
)

MAX_EVIDENCES = 50
"""Evidences that an incident carries in full; the rest are counted."""


class Status(StrEnum):
    """How far an incident is confirmed."""

    UNCONFIRMED = "unconfirmed"
    CORROBORATED = "corroborated"  # by a second independent origin
    CONTESTED = "contested"  # by a credible denial
    RETRACTED = "retracted"


class ChangeType(StrEnum):
    """What a version changed; an alert's type is `incident.` and this."""

    CREATED = "created"
    CORROBORATED = "corroborated"
    CASUALTIES_RAISED = "casualties_raised"
    PLACE_REFINED = "place_refined"
    PHASE_CHANGED = "phase_changed"
    TOOK_EFFECT = "took_effect"
    EXPIRED = "expired"
    VIOLATION_REPORTED = "violation_reported"
    SOURCE_ADDED = "source_added"
    CONTESTED = "contested"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    MERGED = "merged"


class LinkType(StrEnum):
    """How two incidents belong together without being one."""

    FOLLOW_ON = "follow_on"
    VIOLATION_OF = "violation_of"
    VIOLATED_BY = "violated_by"
    DENIAL_OF = "denial_of"
    DENIED_BY = "denied_by"
    POSSIBLY_RELATED = "possibly_related"
    MERGED_INTO = "merged_into"


class FieldChange(Model):
    """One field, before and after, as readable text."""

    field: str
    old: str | None = None
    new: str | None = None


class Change(Model):
    """What this version changed and why."""

    type: ChangeType
    also: tuple[ChangeType, ...] = ()
    """Lesser changes of the same version."""
    fields: tuple[FieldChange, ...] = ()
    reason: str
    event_id: str | None = None
    """The event that caused it; None for a clock or an operator."""


class Link(Model):
    """A related incident."""

    type: LinkType
    incident_id: str


class IncidentEvidence(Model):
    """One event that stands behind the incident."""

    event_id: str
    report: ReportRef
    origin: str
    assertion: Assertion
    novelty: Novelty
    kind: Kind
    phase: Phase | None = None
    codes: Codes
    killed: CasualtyBand | None = None
    injured: CasualtyBand | None = None
    evidence: tuple[Evidence, ...] = ()
    text_signature: str = ""
    is_copy: bool = False
    """The same text as an earlier evidence: adds a source, never an origin."""
    place: Place | None = None
    occurred: TimeSpan | None = None
    effective_from: UtcDatetime | None = None
    effective_until: UtcDatetime | None = None
    displaced: CasualtyBand | None = None
    actor: Named | None = None
    target: Named | None = None
    weapon: Named | None = None
    claimants: tuple[str, ...] = ()
    alert_worthy: bool = False
    withdrawn_at: UtcDatetime | None = None
    """When the revision of the report was fetched that no longer tells this event; None while it stands."""


class Toll(Model):
    """One telling of a toll: the history behind `killed` and `injured`."""

    field: str
    band: CasualtyBand
    origin: str
    event_id: str
    told_at: UtcDatetime


class Incident(Record):
    """One happening, merged from the events that tell it. Readers keep the highest version of an id."""

    id: str
    version: Annotated[int, Field(ge=1)]
    status: Status
    status_reason: str
    change: Change
    kind: Kind
    phase: Phase | None = None
    theatre: str
    place: Place | None = None
    occurred: TimeSpan | None = None
    effective_from: UtcDatetime | None = None
    effective_until: UtcDatetime | None = None
    killed: CasualtyBand | None = None
    injured: CasualtyBand | None = None
    displaced: CasualtyBand | None = None
    tolls: tuple[Toll, ...] = Field(default=(), max_length=MAX_EVIDENCES)
    actor: Named | None = None
    target: Named | None = None
    weapon: Named | None = None
    claimants: tuple[str, ...] = ()
    assertion: Assertion
    evidence: tuple[IncidentEvidence, ...] = Field(max_length=MAX_EVIDENCES)
    evidence_count: Annotated[int, Field(ge=1)]
    """All evidences, those withdrawn and those beyond `MAX_EVIDENCES` included."""
    origins: tuple[str, ...]
    """Independent origins, in the order of their first report."""
    links: tuple[Link, ...] = ()
    merged_into: str | None = None
    codes: Codes
    alert_worthy: bool
    """Whether any evidence was worth an alert: gates the first alert only."""
    first_reported_at: UtcDatetime
    """When the first of its reports was fetched."""
    newest_fetched_at: UtcDatetime
    """When the newest of its reports was fetched: alerting's measure of age."""
    took_effect_at: UtcDatetime | None = None
    """The term (`effective_from`) at which the clock wrote `took_effect`: by its terms, not reported."""
    expired_at: UtcDatetime | None = None
    """The term (`effective_until`) at which the clock wrote `expired`: by its terms, not reported."""
    corrections: tuple[str, ...] = ()
    """The operators' corrections that it went through, in their order; the newest where there are very many."""
    retracted_by: str | None = None
    """The operator's correction that retracted it; None where reports did, or where it stands."""
