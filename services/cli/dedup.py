"""`tocsin dedup FILE|-`: which incidents reports tell, without a broker."""

import asyncio
from collections.abc import Iterator
from typing import Annotated

import typer

from services.cli.batch import answered, reports, write

Name = Annotated[
    str,
    typer.Argument(
        help="Reports as JSON Lines, in the order of their publication; - is stdin.", metavar="FILE|-"
    ),
]


def dedup(name: Name) -> None:
    """Read reports (JSON Lines) and write, for each, the incidents that it is evidence of and whom it relays.

    The same reading and the same merging as the services'.

    Example: tocsin dedup reports.jsonl > incidents.jsonl
    """
    write(_answers(name))


def _answers(name: str) -> Iterator[object]:
    # loads the lexicons: not for the other commands
    from services.dedup.batch import Bench
    from services.nlp.batch import report_from
    from services.nlp.handle import read_report
    from services.nlp.reader import ReportReader

    reader, bench = ReportReader.load(), Bench()
    with asyncio.Runner() as runner:
        for where, report in reports(name):
            read = answered(where, report, lambda given: read_report(report_from(given), reader))
            yield runner.run(bench.answer(str(report["id"]), read.events)).model_dump(mode="json")
