"""One record of any topic in, one readable line out."""

from functools import singledispatch

from schemas.alert import Alert, Pending
from schemas.base import UndecodableError, iso_utc
from schemas.correction import Correction
from schemas.delivery import Delivery
from schemas.event import CasualtyBand, ConflictEvent, Place, Superseded
from schemas.incident import Incident
from schemas.notice import Notice
from schemas.report import Report
from schemas.source import SourceHealth
from schemas.subscription import Subscription
from services.cli.output import printable, shortened
from services.cli.records import Seen, decoded
from services.common.dead_letter import REASON

TEXT_CHARACTERS = 100


def line(seen: Seen) -> str:
    """Where it lies, its key, and what it says. Never fails: what cannot be read is told as such."""
    key = printable((seen.key or b"-").decode(errors="replace"))
    reason = seen.header(REASON)
    death = f" [dead: {printable(reason)}]" if reason else ""
    return f"{seen.partition}:{seen.offset} {key}{death} {_value(seen)}"


def _value(seen: Seen) -> str:
    try:
        value = decoded(seen)
    except UndecodableError as error:
        return f"UNDECODABLE, {len(seen.value or b'')} bytes: {shortened(str(error), TEXT_CHARACTERS)}"
    return "REMOVED" if value is None else printable(describe(value))


@singledispatch
def describe(value: object) -> str:
    """What the record says, in a few words."""
    return shortened(repr(value), TEXT_CHARACTERS)


@describe.register
def _report(value: Report) -> str:
    when = iso_utc(value.published_at) if value.published_at else "undated"
    return f"{when} {value.source}: {shortened(value.title or value.text, TEXT_CHARACTERS)}"


@describe.register
def _event(value: ConflictEvent) -> str:
    bell = "ALERT" if value.alert_worthy else "quiet"
    return _told(
        bell,
        value.kind.value + (f" {value.phase.value}" if value.phase else ""),
        f"{value.assertion.value}/{value.novelty.value}",
        _place(value.place),
        _toll(value.killed, "killed"),
        _toll(value.injured, "injured"),
        f"by {value.actor.name or value.actor.text}" if value.actor else "",
        f"from {iso_utc(value.effective_from)}" if value.effective_from else "",
        f"({value.alert_rule}; report {value.report.id})",
    )


@describe.register
def _superseded(value: Superseded) -> str:
    return f"superseded: report {value.report_id} now says {len(value.events)} events (revision {value.revision})"


@describe.register
def _incident(value: Incident) -> str:
    return _told(
        f"v{value.version} {value.change.type.value}",
        value.kind.value + (f" {value.phase.value}" if value.phase else ""),
        value.status.value,
        _place(value.place),
        _toll(value.killed, "killed"),
        _toll(value.injured, "injured"),
        f"by {value.actor.name or value.actor.text}" if value.actor else "",
        f"{value.evidence_count} evidence, {len(value.origins)} origins",
        f"({shortened(value.change.reason, TEXT_CHARACTERS)})",
    )


@describe.register
def _alert(value: Alert) -> str:
    decided = f"{value.severity.value} {value.type} to {value.subscription_id}"
    return f"{decided}, v{value.incident_version}: {value.headline}"


@describe.register
def _pending(value: Pending) -> str:
    return f"waits for attempt {value.attempt + 1} at {iso_utc(value.due_at)}: {value.alert.headline}"


@describe.register
def _delivery(value: Delivery) -> str:
    return _told(
        f"{value.outcome.value} attempt {value.attempt} to {value.subscription_id}",
        value.reason.value if value.reason else "",
        f"HTTP {value.status_code}" if value.status_code else "",
        f"in {value.duration_seconds * 1000:.0f} ms",
        f"next {iso_utc(value.next_attempt_at)}" if value.next_attempt_at else "",
    )


@describe.register
def _subscription(value: Subscription) -> str:
    # the address alone: a secret may stand in its query
    address = value.target.url.partition("?")[0]
    state = "enabled" if value.enabled else f"disabled: {value.disabled_reason or 'no reason told'}"
    return f"v{value.version} {value.name} -> {address} ({value.target.format}), {state}"


@describe.register
def _source(value: SourceHealth) -> str:
    last = iso_utc(value.last_success_at) if value.last_success_at else "never"
    return (
        f"{'SILENT' if value.silent else 'alive'}, last success {last}, {value.error_streak} errors in a row"
    )


@describe.register
def _notice(value: Notice) -> str:
    why = f", {value.reason.value}" if value.reason else ""
    return f"{value.type} to {value.subscription_id}, {value.state.value}{why}: {value.headline}"


@describe.register
def _correction(value: Correction) -> str:
    into = f" into {value.into_incident_id}" if value.into_incident_id else ""
    reason = shortened(value.reason, TEXT_CHARACTERS)
    return f"{value.action.value} {value.incident_id}{into} by {value.operator}: {reason}"


def _told(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _place(place: Place | None) -> str:
    if place is None:
        return "unplaced"
    return f"at {place.name}" + (f" ({place.country})" if place.country else "")


def _toll(band: CasualtyBand | None, verb: str) -> str:
    if band is None:
        return ""
    told = f"{band.min}" if band.max == band.min else f"{band.min}..{'' if band.max is None else band.max}"
    return f"{told} {verb}"
