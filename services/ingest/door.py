"""`POST /v1/reports`: reports in over HTTP; 202 and their ids out, once the broker has acknowledged them."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, Field

from schemas.report import Report
from services.common.api_keys import Scope
from services.common.metrics import REPORTS_RECEIVED
from services.ingest.body import LIMITS, BodyFormat, Item, body_format, read_items, refusal_status
from services.ingest.idempotency import Forgetful, Requests, attempt, fingerprint_of, key_of
from services.ingest.intake import Intake, ReceiptStatus
from services.ingest.keys import Gate
from services.ingest.normalise import Normalised
from services.ingest.problems import ItemError, Problem, RequestError, come_back, item_errors
from services.ingest.producer import UnavailableError
from services.ingest.receive import BodyBudget, read_body

DOOR = "http"
_KEY_SAYS = "Your name for this request: repeated within a day, it is answered and not taken again."
OUTCOMES = ("accepted", "known", "refused", "unavailable")

_TRACEPARENT = re.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


class Receipt(BaseModel):
    """One report that is safe."""

    item: int = Field(description="The report's place in the body, from 0.")
    id: str = Field(description="The report's id: the same for the same article, however often it is sent.")
    revision: str = Field(description="A hash of what it says.")
    status: ReceiptStatus = Field(description="`known`: this very revision was here already.")
    ignored_fields: list[str] = Field(description="Fields that say nothing to us.")
    notes: list[str] = Field(description="What was read otherwise than told.")


class Receipts(BaseModel):
    """All reports that are safe; with `partial=true` also what is wrong with the others."""

    reports: list[Receipt]
    refused: list[ItemError] = []


@dataclass(frozen=True)
class Door:
    """Serves the route."""

    intake: Intake
    clock: Callable[[], datetime]
    """Gives every report its own instant."""
    budget: BodyBudget = field(default_factory=BodyBudget)
    gate: Gate = field(default_factory=Gate)
    requests: Requests = field(default_factory=Forgetful)
    took: Callable[[Sequence[Report], Sequence[ReceiptStatus]], None] = lambda reports, statuses: None
    """Hears of every report that is safe."""

    def router(self) -> APIRouter:
        """The route, documented for the OpenAPI page."""
        router = APIRouter()
        router.add_api_route(
            "/v1/reports",
            self.post_reports,
            methods=["POST"],
            status_code=HTTPStatus.ACCEPTED,
            response_model=Receipts,
            summary="Send one report, or many",
            openapi_extra={"requestBody": _REQUEST_BODY},
            responses=dict.fromkeys(_ANSWERS, _PROBLEM),
        )
        return router

    async def post_reports(
        self,
        request: Request,
        response: Response,
        partial: bool = False,
        idempotency_key: Annotated[str | None, Header(description=_KEY_SAYS)] = None,
    ) -> Receipts:
        """One report as a JSON object, many as a JSON array or as JSON Lines (`application/x-ndjson`).

        All or nothing: where one report is wrong, none is taken and the answer names every wrong field. With
        `partial=true` the good ones are taken and the answer lists the wrong ones under `refused`. 503 means that
        nothing is promised: send the same again after `Retry-After`; repeats are harmless. The body may be packed
        (`content-encoding: gzip`).
        """
        sender = self.gate.admit(Scope.WRITE, request.headers.get("authorization"))
        how = body_format(request.headers.get("content-type"))
        name = key_of(idempotency_key, sender)
        with self.budget.held() as held:
            body = await read_body(request, LIMITS[how], held)
            async with attempt(self.requests, name, fingerprint_of(body, partial)) as this:
                # parsing megabytes must not hold up the other senders
                items = await asyncio.to_thread(read_items, body, how, self.clock)
                self.gate.spend(sender, len(items))
                traceparent = traceparent_of(request.headers.get("traceparent"))
                receipts = await self._answered(items, partial, traceparent, this.replayed)
                this.done = True
        if this.replayed:
            response.headers["idempotency-replayed"] = "true"
        return receipts

    async def _answered(
        self, items: Sequence[Item], partial: bool, traceparent: str | None, replayed: bool
    ) -> Receipts:
        good = [(item.place, item.normalised) for item in items if item.normalised]
        refused = [item for item in items if item.problems]
        REPORTS_RECEIVED.labels(DOOR, "refused").inc(len(refused))
        if refused and not (partial and good):
            raise _refusal(refused, len(items))
        if replayed:
            statuses = [ReceiptStatus.KNOWN] * len(good)
        else:
            statuses = await self._take([normalised for _, normalised in good], traceparent)
        return _receipts(good, statuses, refused)

    async def _take(self, good: Sequence[Normalised], traceparent: str | None) -> list[ReceiptStatus]:
        try:
            statuses = await self.intake.take([one.report for one in good], traceparent)
        except UnavailableError as error:
            REPORTS_RECEIVED.labels(DOOR, "unavailable").inc(len(good))
            raise come_back(str(error)) from error
        for status in statuses:
            REPORTS_RECEIVED.labels(DOOR, status.value).inc()
        self.took([one.report for one in good], statuses)
        return statuses


def traceparent_of(header: str | None) -> str | None:
    """The sender's W3C trace context; None where it sent none: then every report begins a trace of its own."""
    return header if header and _TRACEPARENT.fullmatch(header) else None


def _refusal(refused: Sequence[Item], total: int) -> RequestError:
    problems = [problem for item in refused for problem in item.problems]
    errors = [error for item in refused for error in item_errors(item.place, item.problems)]
    more = " Nothing was stored; partial=true stores the others." if total > len(refused) else ""
    return RequestError(
        refusal_status(problems), f"{len(refused)} of {total} reports cannot be taken.{more}", errors
    )


def _receipts(
    good: Sequence[tuple[int, Normalised]], statuses: Sequence[ReceiptStatus], refused: Sequence[Item]
) -> Receipts:
    receipts = [
        Receipt(
            item=place,
            id=one.report.id,
            revision=one.report.revision,
            status=status,
            ignored_fields=list(one.ignored_fields),
            notes=list(one.notes),
        )
        for (place, one), status in zip(good, statuses, strict=True)
    ]
    errors = [error for item in refused for error in item_errors(item.place, item.problems)]
    return Receipts(reports=receipts, refused=errors)


_ANSWERS = (400, 401, 403, 408, 409, 413, 415, 422, 429, 503)
_PROBLEM: dict[str, object] = {"model": Problem, "description": "What is wrong (RFC 9457)."}
_REPORT_SCHEMA: dict[str, object] = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": {"type": "string", "description": "What the report says; at most 256 kB of UTF-8."},
        "title": {"type": "string"},
        "url": {"type": "string", "description": "http or https; names the report."},
        "id": {"type": "string", "description": "The sender's own id; names the report where it has no url."},
        "source": {"type": "string", "description": "Who hands it on; else the url's host."},
        "publisher": {"type": "string"},
        "publisher_family": {"type": "string", "description": "Outlets of one house count as one origin."},
        "language": {"type": "string", "description": "BCP 47."},
        "published_at": {"type": "string", "description": "RFC 3339, or a date; without a zone read as UTC."},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
}
_REQUEST_BODY: dict[str, object] = {
    "required": True,
    "content": {
        BodyFormat.JSON: {
            "schema": {"oneOf": [_REPORT_SCHEMA, {"type": "array", "items": _REPORT_SCHEMA, "minItems": 1}]}
        },
        BodyFormat.LINES: {"schema": {"type": "string", "description": "One report a line."}},
    },
}
