"""`/v1/subscriptions`: requests in, changes in the book of subscriptions and their views out."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.alerting.book import Book, ConflictError, UnknownSubscriptionError, changed
from services.alerting.draft import Draft, DraftError, FieldProblem, problems_of
from services.alerting.endpoint import Endpoint
from services.alerting.keys import ApiKeys
from services.alerting.preview import Preview
from services.alerting.previews import Previews
from services.alerting.vault import VaultError
from services.alerting.views import (
    ListView,
    PreviewRequest,
    PreviewView,
    Problem,
    SavedView,
    SubscriptionView,
    alert_view,
    problem,
    saved_view,
    subscription_view,
)
from services.common.api_keys import KeyRefusedError, Scope
from services.common.kafka import BrokerError
from services.common.logging import get_logger
from services.common.openapi import tell_problems
from services.common.retry import OutageError, Unprocessable

log = get_logger(__name__)

MAX_BODY = 512 * 1024
MAX_ALERTS = 200
"""Of a preview, shown; all are counted."""

M = TypeVar("M", bound=BaseModel)


class BodyError(Exception):
    """The body cannot be read."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class SubscriptionPages:
    """The pages, over a book."""

    def __init__(self, book: Book, keys: ApiKeys, previews: Previews) -> None:
        self._book = book
        self._keys = keys
        self._previews = previews

    def router(self) -> APIRouter:
        """The routes, as the OpenAPI page shows them."""
        router = APIRouter(prefix="/v1/subscriptions", tags=["subscriptions"], responses=_PROBLEMS)
        one = "/{subscription_id}"
        router.add_api_route("", self.list, methods=["GET"], response_model=ListView)
        router.add_api_route(
            "",
            self.add,
            methods=["POST"],
            status_code=201,
            response_model=SavedView,
            openapi_extra=_body(Draft),
        )
        router.add_api_route(one, self.show, methods=["GET"], response_model=SubscriptionView)
        router.add_api_route(
            one, self.edit, methods=["PATCH"], response_model=SubscriptionView, openapi_extra=_body(None)
        )
        router.add_api_route(one, self.remove, methods=["DELETE"], status_code=204, response_model=None)
        router.add_api_route(one + "/secret", self.rotate, methods=["POST"], response_model=SavedView)
        router.add_api_route(
            one + "/preview",
            self.preview,
            methods=["POST"],
            response_model=PreviewView,
            openapi_extra=_body(PreviewRequest),
        )
        return router

    async def list(self, request: Request) -> ListView:
        """All subscriptions, those of the file included."""
        self._allow(request, Scope.READ)
        return ListView(subscriptions=[self._view(endpoint) for endpoint in await self._book.all()])

    async def show(self, request: Request, subscription_id: str) -> SubscriptionView:
        """One subscription, without its secrets."""
        self._allow(request, Scope.READ)
        return self._view(await self._book.get(subscription_id))

    async def add(self, request: Request) -> SavedView:
        """Save a new subscription. Without `target.secret` one is made, and shown in this answer alone."""
        name = self._allow(request, Scope.WRITE)
        saved = await self._book.add(await _json(request))
        log.info("subscription_added", subscription=saved.endpoint.id, by=name)
        secret = saved.new_secret.get_secret_value() if saved.new_secret else None
        return saved_view(saved.endpoint, secret)

    async def edit(self, request: Request, subscription_id: str) -> SubscriptionView:
        """Change what the body names, and leave the rest (JSON Merge Patch: null removes)."""
        name = self._allow(request, Scope.WRITE)
        patch = await _json(request)
        if not isinstance(patch, dict):
            raise DraftError([FieldProblem("body", "must be an object")])
        changed = await self._book.change(subscription_id, patch)
        log.info("subscription_changed", subscription=subscription_id, fields=sorted(patch), by=name)
        return self._view(changed)

    async def remove(self, request: Request, subscription_id: str) -> Response:
        """Remove it; what is pending for it goes to the dead letters."""
        name = self._allow(request, Scope.WRITE)
        await self._book.remove(subscription_id)
        log.info("subscription_removed", subscription=subscription_id, by=name)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    async def rotate(self, request: Request, subscription_id: str, keep_previous: bool = True) -> SavedView:
        """Sign with a fresh secret, shown in this answer alone; with the one before too, unless told otherwise."""
        name = self._allow(request, Scope.WRITE)
        saved = await self._book.rotate_secret(subscription_id, keep_previous=keep_previous)
        log.info("subscription_secret_rotated", subscription=subscription_id, by=name)
        return saved_view(saved.endpoint, saved.new_secret.get_secret_value() if saved.new_secret else None)

    async def preview(self, request: Request, subscription_id: str) -> PreviewView:
        """Replay recent incidents for a subscription, saved or not, and show what it would have sent. Saves nothing."""
        self._allow(request, Scope.READ)
        asked = _read(PreviewRequest, await _json(request, empty={}))
        if asked.subscription is not None:
            endpoint = self._book.trial({**asked.subscription, "id": subscription_id})
        else:
            endpoint = await self._book.get(subscription_id)
            if asked.changes:
                endpoint = self._book.trial(changed(endpoint, asked.changes))
        since, found = await self._previews.run(endpoint, asked.since)
        return _preview_view(since, found)

    def _allow(self, request: Request, scope: Scope) -> str:
        return self._keys.require(scope, request.headers.get("authorization"), request.headers.get("host"))

    def _view(self, endpoint: Endpoint) -> SubscriptionView:
        return subscription_view(endpoint, in_file=self._book.in_file(endpoint.id))


def api(pages: SubscriptionPages) -> FastAPI:
    """The application: the pages, their OpenAPI document, and every error as a problem document."""
    app = FastAPI(
        title="Tocsin alerting",
        description="Who hears of what, and where alerts go. docs/subscriptions.md explains filters and rules.",
        version="1",
    )
    app.include_router(pages.router())
    for error, answer in _ANSWERS.items():
        app.add_exception_handler(error, _handler(answer))
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        for model in _BODIES:
            document["components"]["schemas"].update(_schema(model).get("$defs", {}))
        return document

    app.openapi = openapi  # type: ignore[method-assign]
    tell_problems(app)
    return app


Answer = Callable[[Any], Response]


def _handler(answer: Answer) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(_: Request, error: Exception) -> Response:
        return answer(error)

    return handle


def _invalid(error: DraftError) -> Response:
    detail = f"{len(error.problems)} field(s) are wrong; nothing was saved."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, error.problems)


def _bad_parameter(error: RequestValidationError) -> Response:
    told = [FieldProblem(".".join(map(str, one["loc"])), one["msg"]) for one in error.errors()]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A parameter cannot be read.", told)


_ANSWERS: dict[type[Exception], Answer] = {
    DraftError: _invalid,
    RequestValidationError: _bad_parameter,
    KeyRefusedError: lambda error: problem(error.status, error.detail),
    BodyError: lambda error: problem(error.status, error.detail),
    HTTPException: lambda error: problem(HTTPStatus(error.status_code), "The pages are under /docs."),
    UnknownSubscriptionError: lambda error: problem(
        HTTPStatus.NOT_FOUND, f"There is no subscription {error}."
    ),
    ConflictError: lambda error: problem(HTTPStatus.CONFLICT, str(error)),
    VaultError: lambda error: problem(HTTPStatus.CONFLICT, f"Not saved: {error}."),
    Unprocessable: lambda error: problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Not saved: {error}."),
    OutageError: lambda error: problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"{error}. What was asked may still come to pass: look before you repeat it.",
    ),
    BrokerError: lambda error: problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error)),
}

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    int(status): {"model": Problem, "description": status.phrase}
    for status in (
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
}


def _body(model: type[BaseModel] | None) -> dict[str, Any]:
    """The body in the OpenAPI document; it is read by hand, so that unknown fields are refused at any depth."""
    kind = "application/json" if model else "application/merge-patch+json"
    schema = (
        {name: part for name, part in _schema(model).items() if name != "$defs"}
        if model
        else {"type": "object"}
    )
    return {"requestBody": {"required": True, "content": {kind: {"schema": schema}}}}


_BODIES: tuple[type[BaseModel], ...] = (Draft, PreviewRequest)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema(ref_template="#/components/schemas/{model}")


async def _json(request: Request, empty: object = None) -> Any:
    """The body. Raises `BodyError`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise BodyError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {MAX_BODY} bytes.")
    if not body and empty is not None:
        return empty
    if kind not in ("application/json", "application/merge-patch+json"):
        # a form on somebody's web page cannot send this type, so it cannot act for whoever looks at it
        raise BodyError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send JSON, as content-type: application/json.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BodyError(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from None


def _read(model: type[M], raw: object) -> M:
    try:
        return model.model_validate(raw, extra="forbid")
    except ValidationError as error:
        raise DraftError(problems_of(error)) from None


def _preview_view(since: datetime, found: Preview) -> PreviewView:
    return PreviewView(
        since=since,
        versions=found.versions,
        complete=found.complete,
        alerts_count=len(found.alerts),
        alerts=[alert_view(alert) for alert in found.alerts[:MAX_ALERTS]],
    )
