"""A CSV file in, its rows as reports out: columns go to the fields of their names, or where they are mapped to."""

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO, TypeVar

from pydantic import JsonValue

from services.cli.errors import CliError, UsageError
from services.ingest.normalise import FIELDS

T = TypeVar("T")

LISTS = frozenset({"tags"})
DELIMITERS = ",;\t|"


def parse_mapping(told: Sequence[str]) -> dict[str, str]:
    """`FIELD=COLUMN` each; raises `UsageError`."""
    mapping = {}
    for one in told:
        field, found, column = one.partition("=")
        if not found or field not in FIELDS or not column:
            raise UsageError(f"--map {one}: give FIELD=COLUMN, the field one of {', '.join(sorted(FIELDS))}")
        mapping[field] = column
    return mapping


def rows(name: str, file: TextIO, mapping: Mapping[str, str]) -> Iterator[tuple[int, JsonValue, str | None]]:
    """(line, report, problem) of each row. Raises `CliError` where the columns do not give a text."""
    csv.field_size_limit(sys.maxsize)  # the door refuses what is too large, and says so
    lines = _safely(name, iter(file.readline, ""))
    head = next(lines, "")
    if not head.strip():
        raise CliError(f"{name} is empty: its first line must name the columns.")
    delimiter = max(DELIMITERS, key=head.count)
    columns = next(csv.reader([head], delimiter=delimiter))
    places = _places(name, columns, mapping)
    reader = csv.reader(lines, delimiter=delimiter)
    for row in _safely(name, reader):
        if not row:
            continue
        problem = (
            None if len(row) == len(columns) else f"has {len(row)} columns, and the first line {len(columns)}"
        )
        yield reader.line_num + 1, None if problem else _report(row, places), problem


def _places(name: str, columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int]:
    """Where each field stands."""
    at = {column.strip().lower(): place for place, column in reversed(list(enumerate(columns)))}
    wanted = {field: field for field in FIELDS if field in at} | dict(mapping)
    missing = [column for column in mapping.values() if column.strip().lower() not in at]
    if missing or "text" not in wanted:
        what = f"has no column {missing[0]}" if missing else "has no column text"
        raise CliError(f"{name} {what}; its columns are {', '.join(columns)}. --map text=COLUMN names one.")
    return {field: at[column.strip().lower()] for field, column in wanted.items()}


def _report(row: Sequence[str], places: Mapping[str, int]) -> JsonValue:
    """Empty cells say nothing."""
    told = {field: row[place].strip() for field, place in places.items() if row[place].strip()}
    return {field: _list(cell) if field in LISTS else cell for field, cell in told.items()}


def _list(cell: str) -> list[JsonValue]:
    return [part.strip() for part in cell.replace(";", ",").split(",") if part.strip()]


def _safely(name: str, reader: Iterable[T]) -> Iterator[T]:
    try:
        yield from reader
    except (csv.Error, UnicodeDecodeError) as error:
        raise CliError(f"{name} is no CSV in UTF-8: {error}") from None
