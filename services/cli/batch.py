"""Reports as JSON Lines in, answers as JSON Lines out, in order and as they come: what `extract` and `dedup` share."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from pydantic import JsonValue

from services.cli.errors import CliError
from services.cli.output import say
from services.cli.reports import STDIN, FileFormat, Told, read_lines, read_reports

Report = dict[str, JsonValue]
T = TypeVar("T")


def reports(name: str) -> Iterator[tuple[str, Report]]:
    """Each report with the place it stands at. Raises `CliError` for a line that is no report with `id` and `text`."""
    for told in read_lines(name) if name == STDIN else read_reports(name, FileFormat.AUTO):
        yield told.where, _report(told)


def write(answers: Iterable[object]) -> None:
    """One answer a line, each at once."""
    for answer in answers:
        say(json.dumps(answer, ensure_ascii=False))


def answered(where: str, report: Report, answer: Callable[[Report], T]) -> T:
    """The answer to one report. Raises `CliError` where a field of it cannot be used."""
    try:
        return answer(report)
    except ValueError as error:
        raise CliError(f"{where}: {error}") from None


def _report(told: Told) -> Report:
    if told.problem:
        raise CliError(f"{told.where} {told.problem}")
    if not isinstance(told.report, dict):
        raise CliError(f"{told.where} is not a JSON object: give one report a line")
    for name in ("id", "text"):
        if not isinstance(told.report.get(name), str):
            raise CliError(f"{told.where}: the report needs a string {name!r}")
    return told.report
