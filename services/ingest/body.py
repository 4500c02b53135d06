"""The body of a request in, the reports that it tells out: JSON, a JSON array, or JSON Lines."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from io import BytesIO

from pydantic_core import from_json

from services.ingest.normalise import FieldProblem, Normalised, ProblemKind, RefusedError, normalise
from services.ingest.problems import RequestError

MAX_REPORTS = 10_000
"""In one request."""
MAX_DOCUMENT_BYTES = 8 * 1024 * 1024
"""Of one JSON document (a body, or a line): read, it may take thirty times as much memory."""
MAX_LINES_BYTES = 32 * 1024 * 1024
"""Of a body of lines, which are read one by one."""


class BodyFormat(StrEnum):
    """What a body may be."""

    JSON = "application/json"
    LINES = "application/x-ndjson"


LIMITS = {BodyFormat.JSON: MAX_DOCUMENT_BYTES, BodyFormat.LINES: MAX_LINES_BYTES}
MEDIA_TYPES = {
    "application/json": BodyFormat.JSON,
    "application/x-ndjson": BodyFormat.LINES,
    "application/ndjson": BodyFormat.LINES,
    "application/jsonl": BodyFormat.LINES,
}


@dataclass(frozen=True, slots=True)
class Item:
    """One report of a body: what it says, or what is wrong with it."""

    place: int
    normalised: Normalised | None
    problems: tuple[FieldProblem, ...] = ()


def body_format(content_type: str | None) -> BodyFormat:
    """The format that the header names; JSON where there is none. Raises `RequestError` (415)."""
    media_type, _, parameters = (content_type or BodyFormat.JSON).partition(";")
    found = MEDIA_TYPES.get(media_type.strip().lower())
    if found is None:
        raise RequestError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "Send content-type application/json (one report or an array) or application/x-ndjson (one a line).",
        )
    charset = parameters.lower().replace('"', "").replace(" ", "")
    if "charset=" in charset and "charset=utf-8" not in charset and "charset=utf8" not in charset:
        raise RequestError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON as UTF-8: there is no other charset for it."
        )
    return found


def read_items(body: bytes, how: BodyFormat, fetched_at: Callable[[], datetime]) -> list[Item]:
    """Read and normalise every report. Raises `RequestError` where the body as a whole is of no use.

    `fetched_at` gives each report its own instant, since it orders the revisions of a report.
    """
    items: list[Item] = []
    for told in _told(body, how):
        if len(items) == MAX_REPORTS:
            raise RequestError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body holds more than {MAX_REPORTS} reports."
            )
        items.append(_item(len(items), told, fetched_at()))
    if not items:
        raise RequestError(HTTPStatus.UNPROCESSABLE_ENTITY, "The body holds no report.")
    return items


def _told(body: bytes, how: BodyFormat) -> Iterator[object]:
    if not body.strip():
        raise RequestError(HTTPStatus.BAD_REQUEST, "The body is empty: send a report.")
    if how is BodyFormat.LINES:
        yield from (_line(line) for line in BytesIO(body) if line.strip())
        return
    try:
        told = from_json(body)
    except ValueError as error:
        raise RequestError(HTTPStatus.BAD_REQUEST, f"The body is not JSON in UTF-8: {error}.") from None
    yield from told if isinstance(told, list) else [told]


def _line(line: bytes) -> object:
    if len(line) > MAX_DOCUMENT_BYTES:
        limit = MAX_DOCUMENT_BYTES // (1024 * 1024)
        return FieldProblem("", f"the line is larger than {limit} MB", ProblemKind.TOO_LARGE)
    try:
        return from_json(line)
    except ValueError as error:
        return FieldProblem("", f"the line is not JSON in UTF-8: {error}", ProblemKind.MALFORMED)


def _item(place: int, told: object, fetched_at: datetime) -> Item:
    if isinstance(told, FieldProblem):
        return Item(place, None, (told,))
    try:
        return Item(place, normalise(told, fetched_at))
    except RefusedError as error:
        return Item(place, None, error.problems)


def refusal_status(problems: Sequence[FieldProblem]) -> HTTPStatus:
    """400 where anything is no JSON, 413 where all that is wrong is size, else 422."""
    kinds = {problem.kind for problem in problems}
    if ProblemKind.MALFORMED in kinds:
        return HTTPStatus.BAD_REQUEST
    if kinds == {ProblemKind.TOO_LARGE}:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return HTTPStatus.UNPROCESSABLE_ENTITY
