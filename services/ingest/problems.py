"""What is wrong with a request, as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from pydantic import BaseModel, Field
from starlette.responses import Response

from services.ingest.normalise import FieldProblem

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
MAX_ERRORS = 100
"""Errors that an answer names; the detail counts them all."""


class ItemError(BaseModel):
    """One field of one report that is wrong."""

    item: int = Field(description="The report's place in the body, from 0.")
    field: str = Field(description="The field; empty for the report as a whole.")
    message: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str = Field("about:blank", description="The status says all there is to say of the type.")
    title: str
    status: int
    detail: str
    errors: list[ItemError] = []


class RequestError(Exception):
    """The request cannot be served; becomes a problem document."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[ItemError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors[:MAX_ERRORS])
        self.headers = dict(headers or {})


def come_back(why: str) -> RequestError:
    """503: nothing is stored, and the same may be sent again."""
    return RequestError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"Not stored: {why}.",
        headers={"retry-after": str(RETRY_AFTER_SECONDS)},
    )


def item_errors(item: int, problems: Sequence[FieldProblem]) -> list[ItemError]:
    """The problems of one report, with its place in the body."""
    return [ItemError(item=item, field=problem.field, message=problem.message) for problem in problems]


def problem_response(error: RequestError) -> Response:
    """The answer. Holds nothing of what was sent in."""
    problem = Problem(
        title=error.status.phrase, status=error.status, detail=error.detail, errors=error.errors
    )
    return Response(
        problem.model_dump_json(), status_code=error.status, media_type=MEDIA_TYPE, headers=error.headers
    )
