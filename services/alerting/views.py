"""What the pages of subscriptions answer with: subscriptions without their secrets, and problems (RFC 9457)."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response

from schemas.alert import Alert, Severity
from schemas.subscription import Filters, Rules
from services.alerting.draft import FieldProblem
from services.alerting.endpoint import Endpoint
from services.alerting.formats import FORMATS

PROBLEM = "application/problem+json"


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class TargetView(_View):
    """Where alerts go, without what is secret."""

    url: str
    """Of a format that signs nothing, the path is left out: it is the credential."""
    format: str
    secrets: int
    """How many sign."""
    headers: list[str]
    """Names of the further headers."""


class SubscriptionView(_View):
    """One subscription."""

    id: str
    version: int
    name: str
    target: TargetView
    filters: Filters
    rules: Rules
    enabled: bool
    disabled_reason: str | None
    problem: str | None
    """Why it cannot be sent to for now."""
    kept_in: Literal["file", "topic"]
    """What is kept in the file cannot be changed here."""
    updated_at: datetime | None


class SavedView(SubscriptionView):
    """One that was saved."""

    secret: str | None = None
    """The signing secret that was made for it. It is shown this once."""


class ListView(_View):
    """All subscriptions."""

    subscriptions: list[SubscriptionView]


class AlertView(_View):
    """One alert that would have been sent."""

    type: str
    severity: Severity
    headline: str
    summary: str
    incident_id: str
    incident_version: int
    first: bool
    """Whether it would have been the subscription's first of that incident."""
    told_at: datetime


class PreviewRequest(BaseModel):
    """What to replay, and for whom."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    since: AwareDatetime | None = None
    """With its offset from UTC; a day ago by default."""
    subscription: dict[str, object] | None = None
    """A subscription as it would be saved; the saved one where it is left out."""
    changes: dict[str, object] | None = None
    """What to change in the saved one (JSON Merge Patch), to see what that would do."""


class PreviewView(_View):
    """What recent incidents would have sent."""

    since: datetime
    versions: int
    """Incident versions that were looked at."""
    complete: bool
    """False where there were more than one request may look at; the newest are left out then."""
    alerts_count: int
    alerts: list[AlertView]
    """The first of them."""


class FieldError(_View):
    """One field that is wrong."""

    field: str
    message: str


class Problem(_View):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] = Field(default_factory=list)


def subscription_view(endpoint: Endpoint, *, in_file: bool) -> SubscriptionView:
    """Without secrets."""
    return SubscriptionView.model_validate(_told(endpoint, in_file))


def saved_view(endpoint: Endpoint, secret: str | None) -> SavedView:
    """Of the topic; with the secret that was just made."""
    return SavedView.model_validate({**_told(endpoint, in_file=False), "secret": secret})


def alert_view(alert: Alert) -> AlertView:
    """The part that a preview shows."""
    return AlertView(
        type=alert.type,
        severity=alert.severity,
        headline=alert.headline,
        summary=alert.summary,
        incident_id=alert.incident_id,
        incident_version=alert.incident_version,
        first=alert.previous_version is None,
        told_at=alert.decided_at,
    )


def problem(status: HTTPStatus, detail: str, errors: Iterable[FieldProblem] = ()) -> Response:
    """The answer; holds nothing of what was sent in."""
    found = [FieldError(field=one.field, message=one.message) for one in errors]
    told = Problem(title=status.phrase, status=status, detail=detail, errors=found)
    headers = {"www-authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else None
    return Response(told.model_dump_json(), status_code=status, media_type=PROBLEM, headers=headers)


def _told(endpoint: Endpoint, in_file: bool) -> dict[str, object]:
    subscription = endpoint.subscription
    target = TargetView(
        url=_shown(endpoint),
        format=subscription.target.format,
        secrets=len(endpoint.secrets),
        headers=[name for name, _ in endpoint.headers],
    )
    shared = ("id", "version", "name", "filters", "rules", "enabled", "disabled_reason", "updated_at")
    told: dict[str, object] = {name: getattr(subscription, name) for name in shared}
    return {**told, "target": target, "problem": endpoint.locked, "kept_in": "file" if in_file else "topic"}


def _shown(endpoint: Endpoint) -> str:
    target = endpoint.subscription.target
    known = FORMATS.get(target.format)
    if known is not None and known.signed:
        return target.url
    parts = urlsplit(target.url)
    return f"{parts.scheme}://{parts.netloc}/…"
