"""Builders of records for tests: every field has a sensible default, and a test names only what it is about.

All invented. `event()` is an air strike on Idlib that killed at least five, told by one outlet on a given morning.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.codes import codes_of
from schemas.event import (
    Assertion,
    CasualtyBand,
    ConflictEvent,
    Evidence,
    Kind,
    Named,
    Novelty,
    Phase,
    Place,
    ReportRef,
    Superseded,
    TimePrecision,
    TimeSpan,
    judge,
)
from schemas.ids import content_hash, digest, event_id, incident_id
from schemas.incident import Change, ChangeType, Incident, IncidentEvidence, Status
from schemas.report import Report

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
"""A Wednesday; when the default report was fetched."""

IDLIB = Place(name="Idlib", country="SY", admin1="Idlib", lat=35.9306, lon=36.6339, radius_km=3)
SARAQIB = Place(name="Saraqib", country="SY", admin1="Idlib", lat=35.8647, lon=36.8055, radius_km=2)
IDLIB_GOVERNORATE = Place(
    name="Idlib Governorate", country="SY", admin1="Idlib", lat=35.83, lon=36.7, radius_km=45
)
KHARKIV = Place(name="Kharkiv", country="UA", admin1="Kharkiv", lat=49.9808, lon=36.2527, radius_km=12)


def report(**changes: Any) -> Report:
    """A report as ingest writes it."""
    text = changes.pop(
        "text", "Warplanes struck the market of Idlib on Wednesday, killing at least five people."
    )
    values: dict[str, Any] = {
        "id": "rep_" + digest(text),
        "revision": content_hash(None, text),
        "text": text,
        "source": "Orontes Wire",
        "language": "en",
        "published_at": NOON - timedelta(minutes=5),
        "fetched_at": NOON,
    }
    return Report(**(values | changes))


def report_ref(number: int = 1, *, fetched_at: datetime = NOON, **changes: Any) -> ReportRef:
    """The reference to report `number`; each number is an outlet of its own."""
    values: dict[str, Any] = {
        "id": f"rep_{number}",
        "revision": "rev_1",
        "title": f"Report {number}",
        "source": f"Outlet {number}",
        "publisher": f"Outlet {number}",
        "language": "en",
        "published_at": fetched_at - timedelta(minutes=5),
        "fetched_at": fetched_at,
    }
    return ReportRef(**(values | changes))


def day(moment: datetime = NOON) -> TimeSpan:
    """The UTC day of a moment, as a text that gives a date only tells it."""
    start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=1) - timedelta(seconds=1)
    return TimeSpan(start=start, end=end, precision=TimePrecision.DAY)


def minute(moment: datetime = NOON) -> TimeSpan:
    """A moment told to the minute."""
    return TimeSpan(start=moment, end=moment, precision=TimePrecision.MINUTE)


def band(low: int, high: int | None = None, **changes: Any) -> CasualtyBand:
    """`band(5)`: at least five; `band(5, 5)`: five."""
    return CasualtyBand(min=low, best=low, max=high, **changes)


def event(number: int = 1, *, report_number: int | None = None, **changes: Any) -> ConflictEvent:
    """Event `number`, by default of report `number`. Codes, alert rule and, for a ceasefire, a phase follow."""
    told_in = changes.pop("report", None) or report_ref(report_number or number)
    kind = Kind(changes.pop("kind", Kind.AIR_STRIKE))
    phase = changes.pop("phase", Phase.DECLARED if kind is Kind.CEASEFIRE else None)
    values: dict[str, Any] = {
        "id": event_id(told_in.id, told_in.revision, number * 100, number * 100 + 50, kind.value),
        "report": told_in,
        "kind": kind,
        "phase": phase,
        "assertion": Assertion.ASSERTED,
        "novelty": Novelty.NEW,
        "place": IDLIB,
        "theatre": "levant",
        "occurred": day(),
        "killed": None if kind is Kind.CEASEFIRE else band(5),
        "origin": f"publisher:outlet {number}",
        "evidence": (Evidence(field="trigger", start=0, end=8, quote="struck"),),
        "reader": "test",
        "codes": codes_of(kind, phase),
    }
    values |= changes
    verdict = judge(kind, phase, values["assertion"], values["novelty"])
    return ConflictEvent(**({"alert_worthy": verdict.alert_worthy, "alert_rule": verdict.rule} | values))


def superseded(report_id: str, standing: tuple[str, ...] = (), **changes: Any) -> Superseded:
    """Report `report_id` was revised, an hour after noon; `standing` events stand."""
    values: dict[str, Any] = {
        "id": "sup_" + digest(report_id, changes.get("revision", "rev_2")),
        "report_id": report_id,
        "revision": "rev_2",
        "fetched_at": NOON + timedelta(hours=1),
        "events": standing,
    }
    return Superseded(**(values | changes))


def evidence_of(told: ConflictEvent) -> IncidentEvidence:
    """An event as an incident carries it."""
    shared = set(IncidentEvidence.model_fields) & set(ConflictEvent.model_fields)
    return IncidentEvidence(event_id=told.id, **{name: getattr(told, name) for name in sorted(shared)})


def incident(told: ConflictEvent | None = None, **changes: Any) -> Incident:
    """Version 1 of the incident that `told` makes, as dedup writes it."""
    told = told or event()
    values: dict[str, Any] = {
        "id": incident_id(told.id),
        "version": 1,
        "status": Status.UNCONFIRMED,
        "status_reason": "one origin",
        "change": Change(type=ChangeType.CREATED, reason="first report", event_id=told.id),
        "evidence": (evidence_of(told),),
        "evidence_count": 1,
        "origins": (told.origin,),
        "first_reported_at": told.report.fetched_at,
        "newest_fetched_at": told.report.fetched_at,
    }
    copied = (
        "kind phase theatre place occurred effective_from effective_until killed injured displaced actor target "
        "weapon claimants assertion codes alert_worthy"
    )
    values |= {name: getattr(told, name) for name in copied.split()}
    return Incident(**(values | changes))


def named(name: str) -> Named:
    """An actor, target or weapon known by its name."""
    return Named(text=name, name=name.lower())
