"""What `tocsin up` says beyond its steps: the summary of the samples, and what to try next. Pure."""

import json
from collections.abc import Mapping, Set
from pathlib import Path

from services.cli.supervise.flow import FlowState
from services.cli.supervise.samples import Fed
from services.cli.supervise.settings import SERVICES, UpSettings

_TRY = {
    "title": "Two killed as shells hit Zaporizhzhia",
    "text": "Shells hit a bus stop in Zaporizhzhia today, killing two people and wounding five, police said.",
    "source": "me",
}


def summary(fed: Fed, alerts: int, told_urls: Set[str], first_after: float | None, state: FlowState) -> str:
    """One line on what the samples did; a trap that rang is named."""
    traps = [sample for sample in fed.accepted if sample.trap]
    rang = [sample for sample in traps if sample.url in told_urls]
    said = f"{counted(fed.count, 'report')} fed: {counted(alerts, 'alert')}"
    if traps and not rang:
        said += (
            f"; the {counted(len(traps), 'trap')} stayed silent ({', '.join(s.trap or '' for s in traps)})"
        )
    for sample in rang:
        said += f"; a trap rang: {sample.title} ({sample.trap})"
    if fed.known:
        said += f"; {len(fed.known)} known from before, which ring nothing new"
    if fed.refused:
        said += f"; {len(fed.refused)} refused (see above)"
    if first_after is not None:
        said += f"; the first alert came {first_after:.1f} s after the start"
    still = [f"{service} {count}" for (service, _), count in state.waiting.items() if count]
    said += f"; still being worked on: {', '.join(still)}" if still else ""
    return said + (f"; {counted(state.dead, 'dead letter')}: see `tocsin dlt list`" if state.dead else "")


def counted(count: int, what: str) -> str:
    """`1 alert`, `2 alerts`."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def try_next(settings: UpSettings, environ: Mapping[str, str], command: str) -> str:
    """Commands that can be copied as they stand, for these ports. command: how to call tocsin."""
    standard = environ.get("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")
    broker = "" if settings.bootstrap == standard else f"KAFKA_BOOTSTRAP_SERVERS={settings.bootstrap} "
    folder = f"TOCSIN_DATA={settings.tocsin_data} " if environ.get("TOCSIN_DATA") else ""
    pages = " ".join(str(settings.port_of(name)) for name in SERVICES)
    return f"""
Tocsin is up, and stays so until Ctrl-C. Try next, in another terminal:
  a report   curl -s http://127.0.0.1:{settings.ingest_port}/v1/reports -H 'content-type: application/json' \\
               -d '{json.dumps(_TRY)}'
  a file     {_ingest_url(settings)}{command} ingest FILE     (.json, .jsonl or .txt; - is stdin)
  a topic    {broker}{command} tail incident --from-beginning
  state      {folder}{command} status
  the end    {folder}{command} down     (as Ctrl-C here)
  pages      http://127.0.0.1:PORT/metrics, /readyz and /healthz, PORT being {pages} ({", ".join(SERVICES)})
  the door   http://127.0.0.1:{settings.ingest_port}/docs describes it
  logs       {_shown(settings.logs)}/     (webhooks.jsonl holds every webhook as it came)
"""


def _ingest_url(settings: UpSettings) -> str:
    standard = UpSettings.model_fields["ingest_port"].default
    return (
        ""
        if settings.ingest_port == standard
        else f"TOCSIN_INGEST_URL=http://127.0.0.1:{settings.ingest_port} "
    )


def _shown(path: Path) -> str:
    """As short as it can be typed here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
