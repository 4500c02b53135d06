"""Files of reports in, reports one by one out: JSON (one or an array), JSON Lines, CSV, HTML, or plain text."""

import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TextIO

from pydantic import JsonValue
from pydantic_core import from_json

from schemas.base import iso_utc
from services.cli.errors import CliError
from services.cli.tables import rows

STDIN = "-"
JSON_SUFFIXES = frozenset({".json"})
LINES_SUFFIXES = frozenset({".jsonl", ".ndjson", ".jl"})
TEXT_SUFFIXES = frozenset({".txt", ".text", ".md"})
CSV_SUFFIXES = frozenset({".csv", ".tsv"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})


class FileFormat(StrEnum):
    """How a file tells its reports."""

    AUTO = "auto"
    JSON = "json"
    LINES = "jsonl"
    TEXT = "text"
    CSV = "csv"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Told:
    """One report as a file tells it, or why it is none."""

    where: str
    """`file` or `file:line`."""
    report: JsonValue
    problem: str | None = None


def read_reports(name: str, how: FileFormat, mapping: Mapping[str, str] | None = None) -> Iterator[Told]:
    """Every report of a file; lines and rows as they come. Raises `CliError` where the file cannot be read.

    `mapping` gives the column of a field, for CSV.
    """
    how = _format(name) if how is FileFormat.AUTO else how
    if how is FileFormat.LINES:
        return read_lines(name)
    if how is FileFormat.CSV:
        return _read_csv(name, mapping or {})
    return _read_whole(name, how)


def read_lines(name: str) -> Iterator[Told]:
    """One report a line; blank lines are passed over. Raises `CliError` where the file cannot be read."""
    for number, line in enumerate(_lines(name), start=1):
        if line.strip():
            yield _parsed(line, f"{_shown(name)}:{number}")


def count_lines(name: str, how: FileFormat) -> int | None:
    """The lines of a file of JSON Lines; None for what does not tell its count by lines. Raises `OSError`."""
    is_lines = how is FileFormat.LINES or (
        how is FileFormat.AUTO and Path(name).suffix.lower() in LINES_SUFFIXES
    )
    if name == STDIN or not is_lines:
        return None
    with Path(name).open("rb") as file:
        return sum(1 for _ in file)


def _lines(name: str) -> Iterator[bytes]:
    if name == STDIN:
        yield from sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield from file
    except OSError as error:
        raise _unreadable(name, error) from None


def _read_csv(name: str, mapping: Mapping[str, str]) -> Iterator[Told]:
    """One report a row."""
    try:
        with _text_file(name) as file:
            for number, report, problem in rows(_shown(name), file, mapping):
                yield Told(f"{_shown(name)}:{number}", report, problem)
    except OSError as error:
        raise _unreadable(name, error) from None


def _text_file(name: str) -> TextIO:
    if name == STDIN:
        return io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
    return Path(name).open(encoding="utf-8-sig", newline="")


def _page(name: str, content: bytes) -> Told:
    """A saved page. Its own address names it, where it tells one."""
    # the library takes half a second to load: not for the other formats
    from services.ingest.dates import read_date
    from services.ingest.feeds.page import PageError, read_page

    try:
        article = read_page(content, "")
    except PageError as error:
        return Told(_shown(name), None, str(error))
    url = article.canonical_url if (article.canonical_url or "").startswith(("http://", "https://")) else None
    published = read_date(article.published) if article.published else None
    report: dict[str, JsonValue] = {"text": article.text, "title": article.title}
    report |= {"url": url} if url else {"id": Path(name).name, "source": "file"}
    return Told(_shown(name), report | ({"published_at": iso_utc(published)} if published else {}))


def _read_whole(name: str, how: FileFormat) -> Iterator[Told]:
    content = b"".join(_lines(name))
    if how is FileFormat.TEXT:
        yield _text(name, content)
        return
    if how is FileFormat.HTML:
        yield _page(name, content)
        return
    told = _parsed(content, _shown(name))
    if isinstance(told.report, list):
        yield from (Told(f"{told.where}[{place}]", one) for place, one in enumerate(told.report))
    elif told.problem and b"\n" in content.strip():
        # several objects, one a line, in a file that is named .json or came on stdin
        lines = enumerate(content.splitlines(), start=1)
        yield from (_parsed(line, f"{told.where}:{number}") for number, line in lines if line.strip())
    else:
        yield told


def _text(name: str, content: bytes) -> Told:
    try:
        return Told(
            _shown(name), {"text": content.decode("utf-8-sig"), "id": Path(name).name, "source": "file"}
        )
    except UnicodeDecodeError:
        return Told(_shown(name), None, "is not text in UTF-8")


def _parsed(content: bytes, where: str) -> Told:
    try:
        return Told(where, from_json(content))
    except ValueError as error:
        return Told(where, None, f"is not JSON in UTF-8: {error}")


def _format(name: str) -> FileFormat:
    suffix = Path(name).suffix.lower()
    if suffix in LINES_SUFFIXES:
        return FileFormat.LINES
    if suffix in TEXT_SUFFIXES:
        return FileFormat.TEXT
    if suffix in CSV_SUFFIXES:
        return FileFormat.CSV
    if suffix in HTML_SUFFIXES:
        return FileFormat.HTML
    if suffix in JSON_SUFFIXES or name == STDIN:
        return FileFormat.JSON
    raise CliError(
        f"{name}: its name does not say what it holds; add --format json, jsonl, csv, html or text"
    )


def _shown(name: str) -> str:
    return "stdin" if name == STDIN else name


def _unreadable(name: str, error: OSError) -> CliError:
    return CliError(f"{name} cannot be read: {error.strerror}. Check the path and its permissions.")
