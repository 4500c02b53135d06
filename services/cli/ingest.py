"""`tocsin ingest FILE...`: reports from files or stdin to a running ingest."""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli.errors import CliError
from services.cli.output import printable, remark, say
from services.cli.post import Poster, Result
from services.cli.reports import FileFormat, Told, count_lines, read_reports

SHOWN_REFUSALS = 50

Files = Annotated[
    list[str], typer.Argument(help="Files of reports: .json, .jsonl, .txt; - is stdin.", metavar="FILE...")
]
Url = Annotated[str, typer.Option(help="Address of ingest.", envvar="TOCSIN_INGEST_URL")]
Format = Annotated[FileFormat, typer.Option("--format", help="What the files hold; else their names say it.")]


def ingest(files: Files, url: Url = "http://127.0.0.1:8001", how: Format = FileFormat.AUTO) -> None:
    """Send reports to ingest, and say what became of them. Exit code 1 where any was refused.

    Repeats are harmless: a report that is there already counts as known.

    Example: tocsin ingest reports.jsonl
    Example: echo '{"text": "Shells hit the port of Odesa."}' | tocsin ingest -
    """
    unreadable: list[str] = []
    counts: Counter[str] = Counter()
    with httpx.Client() as client, _progress() as progress:
        task = progress.add_task("sending", total=_total(files, how))
        poster = Poster(client, url.rstrip("/"), waited=remark)
        for result in poster.post(_told(files, how, unreadable)):
            counts[result.outcome] += 1
            progress.update(task, completed=counts.total())
            if result.outcome == "refused":
                _show_refusal(result, counts["refused"])
    say(f"{counts['accepted']} accepted, {counts['known']} known already, {counts['refused']} refused")
    if unreadable:
        raise CliError("; ".join(unreadable))
    if counts["refused"]:
        raise typer.Exit(1)


def _told(files: list[str], how: FileFormat, unreadable: list[str]) -> Iterator[Told]:
    """The reports of all files; one file that cannot be read does not keep the others from being sent."""
    for name in files:
        try:
            yield from read_reports(name, how)
        except CliError as error:
            unreadable.append(str(error))


def _show_refusal(result: Result, count: int) -> None:
    if count <= SHOWN_REFUSALS:
        remark(f"refused {printable(result.where)}: {printable(result.reason)}")
    elif count == SHOWN_REFUSALS + 1:
        remark("refused: more, not shown")


def _total(files: list[str], how: FileFormat) -> int | None:
    """How many reports there will be, where counting lines tells it; blank lines count, too."""
    if not sys.stderr.isatty():
        return None
    try:
        counts = [count_lines(name, how) for name in files]
    except OSError:
        return None  # the reading tells of it
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _progress() -> Progress:
    """A bar on a terminal; nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty())
