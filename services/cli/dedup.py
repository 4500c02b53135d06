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
    from schemas.event import ConflictEvent
    from services.dedup.batch import Bench
    from services.nlp.batch import answer

    bench = Bench()
    with asyncio.Runner() as runner:
        for where, report in reports(name):
            read = answered(where, report, answer)
            events = [ConflictEvent.model_validate(event) for event in read["events"]]
            yield runner.run(bench.answer(str(report["id"]), events)).model_dump(mode="json")
