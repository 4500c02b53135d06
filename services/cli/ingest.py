"""`tocsin ingest FILE...`: reports from files or stdin to a running ingest."""

import json
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Annotated, TextIO

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli.bookmarks import Bookmarks
from services.cli.connectors import load_connector, read_connector
from services.cli.errors import CliError
from services.cli.output import printable, remark, say
from services.cli.post import Poster, Result
from services.cli.reports import FileFormat, Told, count_lines, read_reports
from services.cli.tables import parse_mapping

SHOWN_REFUSALS = 50
SHOWN_REASONS = 20
SAVED_EVERY = 1_000
"""Reports. What a crash makes to be sent again counts as known."""

Read = Callable[[str], Iterator[Told]]

Files = Annotated[
    list[str],
    typer.Argument(help="Files of reports: .json, .jsonl, .csv, .html, .txt; - is stdin.", metavar="FILE..."),
]
Url = Annotated[str, typer.Option(help="Address of ingest.", envvar="TOCSIN_INGEST_URL")]
Key = Annotated[
    str | None,
    typer.Option(
        "--key", help="API key, where ingest asks for one.", envvar="TOCSIN_INGEST_KEY", show_envvar=True
    ),
]
Format = Annotated[FileFormat, typer.Option("--format", help="What the files hold; else their names say it.")]
Mapped = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="FIELD=COLUMN", help="Column of a CSV file that holds a field; may be repeated."
    ),
]
Connected = Annotated[
    str | None,
    typer.Option(
        "--connector", metavar="MODULE:CLASS", help="Read FILE by a connector of your own (docs/ingest.md)."
    ),
]
Rejects = Annotated[
    Path | None,
    typer.Option(help="Write what was refused here, one JSON object a line: where, reason, report."),
]
Resume = Annotated[
    Path | None,
    typer.Option(help="Note here how far each file was sent, and go on from there the next time."),
]


def ingest(
    files: Files,
    url: Url = "http://127.0.0.1:8001",
    how: Format = FileFormat.AUTO,
    mapped: Mapped = None,
    rejects: Rejects = None,
    resume: Resume = None,
    key: Key = None,
    connector: Connected = None,
) -> None:
    """Send reports to ingest, and say what became of them. Exit code 1 where any was refused.

    Repeats are harmless: a report that is there already counts as known.

    Example: tocsin ingest reports.jsonl
    Example: tocsin ingest archive.csv --map text=body --map published_at=date --rejects rejects.jsonl
    Example: tocsin ingest --connector examples/telegram_export.py:TelegramExport result.json
    Example: echo '{"text": "Shells hit the port of Odesa."}' | tocsin ingest -
    """
    sources = Sources(files, _reader(how, mapped, connector), Bookmarks(resume))
    headers = {"authorization": f"Bearer {key}"} if key else {}
    tally = Tally()
    with httpx.Client(headers=headers) as client, _progress() as progress, _opened(rejects) as refused_to:
        task = progress.add_task("sending", total=None if connector else _total(files, how))
        poster = Poster(client, url.rstrip("/"), waited=remark)
        try:
            for told, result in sources.settled(poster):
                tally.count(result)
                progress.update(task, completed=tally.outcomes.total())
                if refused_to and result.outcome == "refused":
                    refused_to.write(_reject(told, result))
        finally:
            sources.bookmarks.save()
    tally.tell()
    if sources.unreadable:
        raise CliError("; ".join(sources.unreadable))
    if tally.outcomes["refused"]:
        raise typer.Exit(1)


def _reader(how: FileFormat, mapped: list[str] | None, connector: str | None) -> Read:
    if connector:
        return partial(read_connector, load_connector(connector))
    mapping = parse_mapping(mapped or [])
    return lambda name: read_reports(name, how, mapping)


@dataclass
class Tally:
    """What became of the reports, and why."""

    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def count(self, result: Result) -> None:
        """One more."""
        self.outcomes[result.outcome] += 1
        if result.outcome == "refused":
            self.reasons[result.reason] += 1
            _show_refusal(result, self.outcomes["refused"])

    def tell(self) -> None:
        """The sums; the reasons only where there are more refusals than were shown."""
        counts = self.outcomes
        say(f"{counts['accepted']} accepted, {counts['known']} known already, {counts['refused']} refused")
        if counts["refused"] > SHOWN_REFUSALS:
            for reason, count in self.reasons.most_common(SHOWN_REASONS):
                remark(f"refused {count} times: {printable(reason)}")


@dataclass
class Sources:
    """The files, as reports in their order; one that cannot be read does not keep the others from being sent."""

    files: list[str]
    read: Read
    bookmarks: Bookmarks
    unreadable: list[str] = field(default_factory=list)
    _in_hand: deque[tuple[str, Told]] = field(default_factory=deque)

    def settled(self, poster: Poster) -> Iterator[tuple[Told, Result]]:
        """Each report, and what became of it; its file's mark moves on with it."""
        for count, result in enumerate(poster.post(self._told()), start=1):
            name, told = self._in_hand.popleft()
            self.bookmarks.settle(name)
            if count % SAVED_EVERY == 0:
                self.bookmarks.save()
            yield told, result

    def _told(self) -> Iterator[Told]:
        for name in self.files:
            try:
                before = self.bookmarks.settled(name)
                self.bookmarks.skip(name, before)
                if before:
                    remark(f"{name}: {before} reports were sent before; going on from there")
                for told in islice(self.read(name), before, None):
                    self._in_hand.append((name, told))
                    yield told
            except CliError as error:
                self.unreadable.append(str(error))
            except OSError as error:
                self.unreadable.append(
                    f"{name} cannot be read: {error.strerror}. Check the path and its permissions."
                )


@contextmanager
def _opened(path: Path | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise CliError(f"{path} cannot be written: {error.strerror}. --rejects names it.") from None
    with file:
        yield file


def _reject(told: Told, result: Result) -> str:
    rejected = {"where": result.where, "reason": result.reason, "report": told.report}
    return json.dumps(rejected, ensure_ascii=False) + "\n"


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
