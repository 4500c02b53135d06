"""One record for each topic, as a producer would write it: every optional field filled."""

from datetime import UTC, datetime, timedelta

from schemas.alert import Alert, Pending, Severity
from schemas.base import Record
from schemas.correction import Correction, CorrectionAction
from schemas.delivery import Delivery, DeliveryOutcome
from schemas.event import (
    Assertion,
    CasualtyBand,
    Codes,
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
)
from schemas.failure import FailureReason
from schemas.incident import (
    Change,
    ChangeType,
    FieldChange,
    Incident,
    IncidentEvidence,
    Link,
    LinkType,
    Status,
    Toll,
)
from schemas.notice import Notice
from schemas.report import Report
from schemas.source import SilenceReason, SourceHealth
from schemas.subscription import Filters, Subscription, Target

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
CODES = Codes(
    acled_event_type="Explosions/Remote violence",
    acled_sub_event_type="Air/drone strike",
    plover_type="ASSAULT",
    plover_mode="aerial",
    cameo="195",
)
BAND = CasualtyBand(min=12, best=12, max=14, who="civilians")
PLACE = Place(
    name="Idlib", country="SY", admin1="Idlib", lat=35.93, lon=36.63, geonames_id=169389, radius_km=5
)
SPAN = TimeSpan(start=NOON - timedelta(hours=6), end=NOON, precision=TimePrecision.PART_OF_DAY)
EVIDENCE = Evidence(field="trigger", start=0, end=9, quote="An air st", set_by="trigger")
REPORT_REF = ReportRef(
    id="rep_a", revision="rev", url="https://example.org/a", title="A title", source="wire", publisher="Wire",
    publisher_family="wire", language="en", published_at=NOON, fetched_at=NOON,
)  # fmt: skip


def incident(identifier: str = "inc_a", version: int = 1, **changes: object) -> Incident:
    """An incident with every optional field filled; `changes` replace fields."""
    made = Incident(
        id=identifier, version=version, status=Status.CORROBORATED, status_reason="two origins",
        change=Change(
            type=ChangeType.CREATED, also=(ChangeType.PLACE_REFINED,), reason="the first event", event_id="evt_a",
            fields=(FieldChange(field="place", old=None, new="Idlib"),),
        ),
        kind=Kind.AIR_STRIKE, theatre="levant", place=PLACE, occurred=SPAN, killed=BAND, injured=BAND,
        displaced=BAND, actor=Named(text="Russian jets", name="Russia"), target=Named(text="a market"),
        weapon=Named(text="jets"), claimants=("residents",), assertion=Assertion.ALLEGED,
        tolls=(Toll(field="killed", band=BAND, origin="wire", event_id="evt_a", told_at=NOON),),
        evidence=(
            IncidentEvidence(
                event_id="evt_a", report=REPORT_REF, origin="wire", assertion=Assertion.ALLEGED,
                novelty=Novelty.NEW, kind=Kind.AIR_STRIKE, codes=CODES, killed=BAND, injured=BAND,
                evidence=(EVIDENCE,), text_signature="00ff",
            ),
        ),
        evidence_count=1, origins=("wire",), links=(Link(type=LinkType.FOLLOW_ON, incident_id="inc_b"),),
        codes=CODES, alert_worthy=True, first_reported_at=NOON, newest_fetched_at=NOON,
    )  # fmt: skip
    return made.model_copy(update=changes)


def event() -> ConflictEvent:
    """A ceasefire, so that the phase and the effective times are filled."""
    return ConflictEvent(
        id="evt_a", report=REPORT_REF, kind=Kind.CEASEFIRE, phase=Phase.DECLARED, assertion=Assertion.ASSERTED,
        novelty=Novelty.NEW, place=PLACE, theatre="levant", occurred=SPAN, effective_from=NOON,
        effective_until=NOON + timedelta(days=2), killed=BAND, injured=BAND, displaced=BAND,
        actor=Named(text="the army"), target=Named(text="rebels"), weapon=Named(text="none"),
        claimants=("the ministry",), origin="wire", evidence=(EVIDENCE,), confidence={"kind": 0.9},
        reader="rules-1", text_signature="00ff", codes=CODES, alert_worthy=True, alert_rule="happened_asserted",
    )  # fmt: skip


def alert() -> Alert:
    """An alert about `incident()`."""
    return Alert(
        id="alr_a", type="incident.created", subscription_id="desk", incident_id="inc_a", incident_version=1,
        previous_version=None, severity=Severity.FLASH, headline="Air strike near Idlib", summary="...",
        incident=incident(), decided_at=NOON, expires_at=NOON + timedelta(hours=6),
    )  # fmt: skip


SAMPLES: dict[str, tuple[Record, ...]] = {
    "conflict.report.v1": (
        Report(
            id="rep_a", revision="rev", text="An air strike.", title="A title", url="https://example.org/a",
            source="wire", publisher="Wire", publisher_family="wire", language="en", published_at=NOON,
            fetched_at=NOON, tags=("front",),
        ),
    ),
    "conflict.event.v1": (
        event(),
        Superseded(id="sup_a", report_id="rep_a", revision="rev", fetched_at=NOON, events=("evt_a",)),
    ),
    "conflict.correction.v1": (
        Correction(
            id="cor_a", action=CorrectionAction.MERGE, incident_id="inc_a", into_incident_id="inc_b",
            reason="one strike", operator="desk", issued_at=NOON,
        ),
    ),
    "conflict.incident.v1": (incident(),),
    "conflict.alert.v1": (alert(),),
    "conflict.pending.v1": (Pending(alert_id="alr_a", alert=alert(), attempt=1, due_at=NOON),),
    "conflict.delivery.v1": (
        Delivery(
            alert_id="alr_a", subscription_id="desk", incident_id="inc_a", incident_version=1, attempt=1,
            outcome=DeliveryOutcome.RETRYING, reason=FailureReason.TIMEOUT, status_code=None,
            duration_seconds=15.0, attempted_at=NOON, next_attempt_at=NOON + timedelta(seconds=5),
        ),
    ),
    "conflict.subscription.v1": (
        Subscription(
            id="desk", name="The desk", target=Target(url="https://example.org/hook", headers={"x-desk": "1"}),
            filters=Filters(kinds=frozenset({Kind.AIR_STRIKE}), countries=frozenset({"SY"})), updated_at=NOON,
        ),
    ),
    "conflict.source.v1": (
        SourceHealth(
            id="wire", version=1, last_success_at=NOON, last_new_item_at=NOON, expected_interval_seconds=60.0
        ),
    ),
    "conflict.notice.v1": (
        Notice(
            id="alr_b", type="source.silent", subscription_id="desk",
            source=SourceHealth(
                id="wire", version=7, last_success_at=NOON, last_new_item_at=NOON, error_streak=3,
                last_error="timeout", silent=True, silent_reason=SilenceReason.NO_ANSWER, changed_at=NOON,
            ),
            severity=Severity.URGENT, headline="Source wire is silent", summary="...", decided_at=NOON,
            expires_at=NOON + timedelta(hours=72), attempt=1, due_at=NOON + timedelta(seconds=5), attempted_at=NOON,
            reason=FailureReason.TIMEOUT, status_code=None,
        ),
    ),
}  # fmt: skip
"""By topic name."""
