"""`tocsin extract FILE|-`: what nlp reads in reports, without a broker."""

from functools import partial
from typing import Annotated

import typer

from services.cli.batch import answered, reports, write

Name = Annotated[
    str, typer.Argument(help="Reports as JSON Lines, each with id and text; - is stdin.", metavar="FILE|-")
]


def extract(name: Name) -> None:
    """Read reports (JSON Lines) and write their events, places and attributions (JSON Lines), in the same order.

    The same reading as the service's. Each report: {id, text, title?, published_at?, source?, language?, url?}.

    Example: tocsin extract reports.jsonl > events.jsonl
    """
    # loads the lexicons: not for the other commands
    from services.nlp.batch import answer
    from services.nlp.reader import ReportReader

    read = partial(answer, reader=ReportReader.load())
    write(answered(where, report, read) for where, report in reports(name))
