"""`tocsin dedup FILE|-`: which incidents reports tell, without a broker."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.batch import answered, reports, write
from services.cli.output import printable, say

if TYPE_CHECKING:
    from schemas.event import ConflictEvent

Name = Annotated[
    str,
    typer.Argument(
        help="Reports as JSON Lines, in the order of their publication; - is stdin.", metavar="FILE|-"
    ),
]

Explain = Annotated[
    bool,
    typer.Option("--explain", help="For a reader instead: which parts of the score decided, event by event."),
]


def dedup(name: Name, explain: Explain = False) -> None:
    """Read reports (JSON Lines) and write, for each, the incidents that it is evidence of and whom it relays.

    The same reading and the same merging as the services'.

    Example: tocsin dedup reports.jsonl > incidents.jsonl
    Example: tocsin dedup --explain pair.jsonl
    """
    with Reading() as reading:
        if explain:
            for line in reading.explained(name):
                say(printable(line))
        else:
            write(reading.answers(name))


class Reading:
    """Reports read and merged in one process. Loads the lexicons: not for the other commands."""

    def __init__(self) -> None:
        from services.dedup.batch import Bench
        from services.nlp.reader import ReportReader

        self._reader, self._bench = ReportReader.load(), Bench()
        self._runner = asyncio.Runner()

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def answers(self, name: str) -> Iterator[object]:
        """The answer to each report."""
        for report_id, events in self._read(name):
            yield self._runner.run(self._bench.answer(report_id, events)).model_dump(mode="json")

    def explained(self, name: str) -> Iterator[str]:
        """Each report's id, and lines on each of its events."""
        for report_id, events in self._read(name):
            yield report_id
            yield from self._runner.run(self._bench.explain(events))

    def _read(self, name: str) -> Iterator[tuple[str, "Sequence[ConflictEvent]"]]:
        from services.nlp.batch import report_from
        from services.nlp.handle import read_report

        for where, report in reports(name):
            read = answered(where, report, lambda given: read_report(report_from(given), self._reader))
            yield str(report["id"]), read.events
