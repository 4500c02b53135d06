"""What is compared: an event or an incident in, its slots out; an incident's are kept beside it as a card. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from schemas.base import Model, Record, UtcDatetime
from schemas.event import (
    Assertion,
    CasualtyBand,
    ConflictEvent,
    Kind,
    Named,
    Novelty,
    Phase,
    Place,
    ReportRef,
    TimePrecision,
    TimeSpan,
)
from schemas.incident import Incident
from services.dedup.lanes import Lane, lane_of

MAX_SIGNATURES = 5
"""Text signatures on a card: the texts of the first reports."""

UNTOLD_WINDOW = timedelta(hours=36)
"""News that gives no time happened, as a rule, within this time before it was told."""

UPDATED_WINDOW = timedelta(days=5)
"""What an update without a time adds to: bodies are found, and wounds are died of, for days."""


class Sharpness(StrEnum):
    """How closely a time is known."""

    MINUTE = "minute"
    PART_OF_DAY = "part_of_day"
    DAY = "day"
    VAGUE = "vague"


class When(Model):
    """A span of time and how closely it is known."""

    start: UtcDatetime
    end: UtcDatetime
    sharpness: Sharpness


class Slots(Record):
    """The slots that decide whether two tellings are of one happening."""

    theatre: str
    lane: Lane
    denied: bool
    kind: Kind
    phase: Phase | None = None
    place: Place | None = None
    when: When
    told_at: UtcDatetime
    """When it was last told: publication, else fetching."""
    fetched_at: UtcDatetime
    """When its newest report was fetched."""
    effective_from: UtcDatetime | None = None
    effective_until: UtcDatetime | None = None
    actor: str | None = None
    """Normalised names alone: other wordings of one actor are countless."""
    target: str | None = None
    weapon: str | None = None
    killed: CasualtyBand | None = None
    injured: CasualtyBand | None = None
    update: bool = False
    """Whether it adds to an incident told before: kind and toll then speak less against one."""
    signatures: tuple[str, ...] = ()
    tellings: tuple[str, ...] = ()
    """Report and revision of each evidence."""

    @property
    def reports(self) -> list[str]:
        """The reports that tell it, in whatever revision."""
        return [telling.rsplit(":", 1)[0] for telling in self.tellings]

    @property
    def bucket(self) -> str:
        """Theatre and lane: what it is compared with."""
        return f"{self.theatre}:{self.lane.value}" + ("-denied" if self.denied else "")


def told_at(report: ReportRef) -> datetime:
    """When a report told it. An old article fetched today tells of the day when it was written."""
    return report.published_at or report.fetched_at


def telling_key(report: ReportRef) -> str:
    """One revision of one report."""
    return f"{report.id}:{report.revision}"


def slots_of_event(event: ConflictEvent) -> Slots:
    """The slots of an event. A cumulative toll is none."""
    return Slots(
        theatre=event.theatre,
        lane=lane_of(event.kind, event.phase),
        denied=event.assertion is Assertion.DENIED,
        kind=event.kind,
        phase=event.phase,
        place=event.place,
        when=_when(event.occurred, told_at(event.report), event.novelty is Novelty.UPDATE),
        told_at=told_at(event.report),
        fetched_at=event.report.fetched_at,
        effective_from=event.effective_from,
        effective_until=event.effective_until,
        actor=_name(event.actor),
        target=_name(event.target),
        weapon=_name(event.weapon),
        killed=None if event.killed and event.killed.cumulative else event.killed,
        injured=None if event.injured and event.injured.cumulative else event.injured,
        update=event.novelty is Novelty.UPDATE,
        signatures=(event.text_signature,) if event.text_signature else (),
        tellings=(telling_key(event.report),),
    )


def slots_of_incident(incident: Incident) -> Slots:
    """The card of an incident."""
    standing = [e for e in incident.evidence if e.withdrawn_at is None] or list(incident.evidence)
    told = [told_at(e.report) for e in standing]
    signatures = dict.fromkeys(e.text_signature for e in standing if e.text_signature)
    return Slots(
        theatre=incident.theatre,
        lane=lane_of(incident.kind, incident.phase),
        denied=incident.assertion is Assertion.DENIED,
        kind=incident.kind,
        phase=incident.phase,
        place=incident.place,
        when=_when(incident.occurred, min(told), all(e.novelty is Novelty.UPDATE for e in standing)),
        told_at=max(told),
        fetched_at=incident.newest_fetched_at,
        effective_from=incident.effective_from,
        effective_until=incident.effective_until,
        actor=_name(incident.actor),
        target=_name(incident.target),
        weapon=_name(incident.weapon),
        killed=incident.killed,
        injured=incident.injured,
        signatures=tuple(signatures)[:MAX_SIGNATURES],
        tellings=tuple(dict.fromkeys(telling_key(e.report) for e in standing)),
    )


def _name(named: Named | None) -> str | None:
    return named.name.casefold() if named and named.name else None


def _when(occurred: TimeSpan | None, told: datetime, update: bool) -> When:
    if occurred is None:
        window = UPDATED_WINDOW if update else UNTOLD_WINDOW
        return When(start=told - window, end=told, sharpness=Sharpness.VAGUE)
    month = occurred.precision is TimePrecision.MONTH
    sharpness = Sharpness.VAGUE if month else Sharpness(occurred.precision.value)
    return When(start=occurred.start, end=occurred.end, sharpness=sharpness)
