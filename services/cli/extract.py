"""`tocsin extract FILE|-`: what nlp reads in reports, without a broker."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue

from services.cli.batch import answered, reports, write
from services.cli.output import remark

if TYPE_CHECKING:
    from services.nlp.reader import ReportReader

Name = Annotated[
    str, typer.Argument(help="Reports as JSON Lines, each with id and text; - is stdin.", metavar="FILE|-")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="For a person: the text with its spans, each field, and why.")
]


def extract(name: Name, explain: Explain = False) -> None:
    """Read reports (JSON Lines) and write their events, places and attributions (JSON Lines), in the same order.

    The same reading as the service's. Each report: {id, text, title?, published_at?, source?, language?, url?}.
    With --explain it writes for a person instead: the text with its spans, each field and what set it.

    Example: tocsin extract reports.jsonl > events.jsonl
    """
    # loads the lexicons: not for the other commands
    from services.nlp.batch import answer

    reader = _reader()
    if explain:
        for where, report in reports(name):
            answered(where, report, lambda given: _explain(given, reader))
        return
    write(answered(where, report, lambda given: answer(given, reader)) for where, report in reports(name))


def _reader() -> "ReportReader":
    from services.nlp.choose import choose
    from services.nlp.reader import ReportReader
    from services.nlp.settings import NlpSettings

    choice = choose(NlpSettings().nlp_reader)
    if choice.problem:
        remark(f"the sentences are read by rules alone: {choice.problem}")
    return ReportReader.load(sentence_reader=choice.reader)


def _explain(given: Mapping[str, JsonValue], reader: "ReportReader") -> None:
    from services.cli.explain import show
    from services.nlp.batch import report_from

    report = report_from(given)
    reading = reader.read(report)
    language = reading.language or "unknown"
    silence = (
        "No event: no sentence tells one."
        if reading.supported
        else f"No event: the language ({language}) is not read."
    )
    show(report, reading.events, silence)
