"""`tocsin sources`: the health of every source, as all ingest workers last told it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from schemas.base import UndecodableError
from schemas.source import SourceHealth
from schemas.topics import SOURCE
from services.cli.output import say, table
from services.cli.records import TopicView
from services.cli.settings import settings

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
SilentOnly = Annotated[bool, typer.Option("--silent", help="Only those that are silent.")]


def sources(as_json: AsJson = False, silent: SilentOnly = False) -> None:
    """Show how each source is doing, the silent ones first. Exit code 1 where any is silent.

    Example: tocsin sources
    Example: tocsin sources --silent --json
    """
    healths = stored(settings().kafka_bootstrap_servers)
    shown = [health for health in healths if health.silent or not silent]
    if as_json:
        for health in shown:
            say(json.dumps(health.model_dump(mode="json"), ensure_ascii=False))
    else:
        now = datetime.now(UTC)
        columns = ("source", "state", "last answer", "last new item", "usually every", "errors in a row")
        table(columns, (_row(health, now) for health in shown))
    if any(health.silent for health in healths):
        raise typer.Exit(1)


def stored(bootstrap_servers: str) -> list[SourceHealth]:
    """The newest health of each source on the topic. Raises `BrokerError`, `CliError`."""
    newest: dict[bytes, SourceHealth | None] = {}
    with TopicView(bootstrap_servers, SOURCE) as view:
        for seen in view.stored():
            try:
                newest[seen.key or b""] = SourceHealth.from_bytes(seen.value) if seen.value else None
            except UndecodableError:
                continue  # written by something else; `tocsin tail source` shows it
    healths = [health for health in newest.values() if health]
    return sorted(healths, key=lambda health: (not health.silent, health.id))


def _row(health: SourceHealth, now: datetime) -> tuple[str, ...]:
    return (
        health.id,
        _state(health),
        _ago(health.last_success_at, now),
        _ago(health.last_new_item_at, now),
        _span(timedelta(seconds=health.expected_interval_seconds or 0)),
        f"{health.error_streak} ({health.last_error})" if health.last_error else str(health.error_streak),
    )


def _state(health: SourceHealth) -> str:
    if health.silent:
        return f"SILENT: {health.silent_reason.value.replace('_', ' ') if health.silent_reason else ''}"
    return (
        "failing" if health.error_streak else "well" + (", stamps its items" if health.stamps_items else "")
    )


def _ago(at: datetime | None, now: datetime) -> str:
    return f"{_span(now - at)} ago" if at else "never"


def _span(span: timedelta) -> str:
    """Rounded to what a reader needs."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s" if seconds > 0 else "-"
