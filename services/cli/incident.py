"""`tocsin incident show|merge|retract`: what is known of an incident, and an operator's corrections of it."""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer
from kafka import KafkaProducer

from schemas.base import UndecodableError, iso_utc
from schemas.correction import Correction, CorrectionAction
from schemas.envelope import Envelope, event_type
from schemas.ids import correction_id
from schemas.incident import Incident, IncidentEvidence
from schemas.topics import CORRECTION, INCIDENT
from services.cli.errors import CliError, UsageError
from services.cli.output import printable, remark, say
from services.cli.records import TopicView, decoded
from services.cli.settings import settings
from services.common.kafka import broker_errors

ACK_SECONDS = 30

app = typer.Typer(help="Incidents: show one, merge two, retract one.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The incident's id.", metavar="INCIDENT")]
Into = Annotated[str, typer.Argument(help="The id of the incident that stays.", metavar="INTO")]
AsJson = Annotated[bool, typer.Option("--json", help="The whole record, as subscribers read it.")]
Reason = Annotated[str, typer.Option(help="Why; subscribers read it.")]
Operator = Annotated[
    str, typer.Option(help="Who asks for it; kept with the command, not told to subscribers.")
]


@dataclass(frozen=True, slots=True)
class Found:
    """An incident's versions by number, and the partition that it lives on."""

    versions: Mapping[int, Incident]
    partition: int

    @property
    def latest(self) -> Incident:
        """The version that stands."""
        return self.versions[max(self.versions)]


@app.command()
def show(name: Name, as_json: AsJson = False) -> None:
    """Show what an incident says now, how it came to say so, and who tells it.

    Example: tocsin incident show inc_kts4mjdlw7fbexqjme34ytr7
    """
    found = find(settings().kafka_bootstrap_servers, name)
    if as_json:
        say(found.latest.model_dump_json(indent=2))
        return
    for line in told(found):
        say(printable(line))


@app.command()
def merge(name: Name, into: Into, reason: Reason, operator: Operator = "") -> None:
    """Merge an incident into another one, which then tells what both told. The old id points to it.

    Example: tocsin incident merge inc_a inc_b --reason "one strike, told of two villages"
    """
    bootstrap = settings().kafka_bootstrap_servers
    if name == into:
        raise UsageError("an incident cannot be merged into itself: name two")
    gone, stays = find(bootstrap, name), find(bootstrap, into)
    for found in (gone, stays):
        _refuse_merged(found)
    if gone.latest.theatre != stays.latest.theatre or gone.partition != stays.partition:
        raise CliError(
            f"{name} is of theatre {gone.latest.theatre} and {into} of {stays.latest.theatre}: "
            "incidents of two theatres cannot be merged; retract one of them instead"
        )
    _ask(bootstrap, gone, CorrectionAction.MERGE, into, reason, operator)


@app.command()
def retract(name: Name, reason: Reason, operator: Operator = "") -> None:
    """Retract an incident: it did not happen, or not so. Whoever was alerted of it hears of that.

    Example: tocsin incident retract inc_a --reason "the video is three years old"
    """
    bootstrap = settings().kafka_bootstrap_servers
    found = find(bootstrap, name)
    _refuse_merged(found)
    _ask(bootstrap, found, CorrectionAction.RETRACT, None, reason, operator)


def find(bootstrap: str, name: str) -> Found:
    """All versions that the topic holds. Raises `CliError` where there is none, `BrokerError` without a broker."""
    versions: dict[int, Incident] = {}
    partition = 0
    with TopicView(bootstrap, INCIDENT) as view:
        for seen in view.stored():
            if seen.key != name.encode() or seen.value is None:
                continue
            try:
                value = decoded(seen)
            except UndecodableError as error:
                remark(f"{seen.where} is passed over: {error}")
                continue
            if isinstance(value, Incident):
                versions[value.version], partition = value, seen.partition
    if not versions:
        raise CliError(f"there is no incident {name!r}; `tocsin tail incident --from-beginning` lists them")
    return Found(versions, partition)


def told(found: Found) -> list[str]:
    """An incident for a reader, a line each: what it says, its versions, its links, its sources."""
    now = found.latest
    facts = {
        "kind": f"{now.kind.value} {now.phase.value if now.phase else ''}".strip(),
        "status": f"{now.status.value}: {now.status_reason}",
        "theatre": f"{now.theatre}, partition {found.partition}",
        "place": now.place
        and ", ".join(p for p in (now.place.name, now.place.admin1, now.place.country) if p),
        "occurred": now.occurred and f"{iso_utc(now.occurred.start)} to {iso_utc(now.occurred.end)}",
        "in effect": now.effective_from and iso_utc(now.effective_from),
        "until": now.effective_until and iso_utc(now.effective_until),
        "killed": now.killed and f"{now.killed.min} to {now.killed.max or 'more'}",
        "injured": now.injured and f"{now.injured.min} to {now.injured.max or 'more'}",
        "origins": ", ".join(now.origins),
        "merged into": now.merged_into,
    }
    lines = [
        f"{now.id} version {now.version}",
        *(f"  {name}: {text}" for name, text in facts.items() if text),
    ]
    lines += [f"  link: {link.type.value} {link.incident_id}" for link in now.links]
    lines += [f"  version {number}: {_change(found.versions[number])}" for number in sorted(found.versions)]
    lines += [f"  told by {_source(evidence)}" for evidence in now.evidence]
    return lines


def _change(incident: Incident) -> str:
    change = incident.change
    names = ", ".join(kind.value for kind in (change.type, *change.also))
    fields = "".join(f"; {f.field} {f.old} -> {f.new}" for f in change.fields)
    return f"{names}: {change.reason}{fields}"


def _source(evidence: IncidentEvidence) -> str:
    report = evidence.report
    withdrawn = ", withdrawn" if evidence.withdrawn_at else ", a copy" if evidence.is_copy else ""
    return f"{report.source} ({evidence.origin}{withdrawn}): {report.title or report.id} {report.url or ''}".strip()


def _refuse_merged(found: Found) -> None:
    if into := found.latest.merged_into:
        raise CliError(f"{found.latest.id} was merged into {into}: name that one")


def _ask(
    bootstrap: str, found: Found, action: CorrectionAction, into: str | None, reason: str, operator: str
) -> None:
    """Write the command to the partition of its incident, acknowledged."""
    now, incident = datetime.now(UTC), found.latest
    correction = Correction(
        id=correction_id(action.value, incident.id, into or "", iso_utc(now)),
        action=action,
        incident_id=incident.id,
        into_incident_id=into,
        reason=reason,
        operator=operator or getpass.getuser(),
        issued_at=now,
    )
    envelope = Envelope(
        id=correction.id,
        source="/tocsin/cli",
        type=event_type(CORRECTION.entity),
        subject=incident.theatre,
        time=now,
    )
    with broker_errors(bootstrap):
        producer = KafkaProducer(
            bootstrap_servers=bootstrap.split(","),
            bootstrap_timeout_ms=10_000,
            allow_auto_create_topics=False,
        )
        try:
            producer.send(
                CORRECTION.name,
                key=incident.theatre.encode(),
                value=correction.to_bytes(),
                headers=envelope.to_headers(),
                partition=found.partition,
            ).get(timeout=ACK_SECONDS)
        finally:
            producer.close(timeout=ACK_SECONDS)
    say(f"{correction.id}: asked for; `tocsin incident show {into or incident.id}` tells what became of it")
