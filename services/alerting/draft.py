"""A subscription as people write it, in a file or over HTTP: loose data in, a draft that can be used out, or problems.

A problem is a field's path and what is wrong there; it never repeats what was given, which may be a secret.
"""

import re
from typing import Annotated, NamedTuple, Self, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from schemas.subscription import Conditions, Filters, Name, Rules, Subscription, SubscriptionId, Target
from services.alerting.formats import FORMATS
from services.alerting.geography import problem_of
from services.alerting.signing import check_secret

_RESERVED = re.compile(r"^(webhook-.*|content-.*|host|connection|transfer-encoding|user-agent)$", re.I)
_TOKEN = re.compile(r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
_VALUE = re.compile(r"^[\x20-\x7e]*$")
_TAGS = frozenset({"Polygon", "MultiPolygon"})
"""What pydantic puts into a path, and nobody wrote."""


class FieldProblem(NamedTuple):
    """One field that is wrong."""

    field: str
    """The path, with full stops: `filters.area.coordinates.0`."""
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def listed(value: object) -> object:
    """One thing where a list may stand."""
    return value if isinstance(value, list) else [value]


def _url(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
        httpx.URL(url)  # the sender's own reading is the stricter one
    except (ValueError, httpx.InvalidURL):
        raise ValueError("not a URL") from None
    if parts.scheme not in ("https", "http"):
        raise ValueError("must start with https:// (or http://, where the settings allow it)")
    if not parts.hostname or port == 0:
        raise ValueError("names no host")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds credentials; put them under headers instead")
    if not url.isascii() or any(character <= " " for character in url):
        raise ValueError("holds characters that a URL may not; encode them")
    return url


def _format(name: str) -> str:
    if name not in FORMATS:
        raise ValueError(f"unknown; one of: {', '.join(FORMATS)}")
    return name


def _headers(headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
    for name, value in headers.items():
        if not _TOKEN.match(name) or not _VALUE.match(value.get_secret_value()):
            raise ValueError(f"{name!r} is not a valid header")
        if _RESERVED.match(name):
            raise ValueError(f"{name} is set by Tocsin itself")
    return headers


def _secrets(secrets: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
    return tuple(check_secret(secret.get_secret_value()) for secret in secrets)


class DraftTarget(BaseModel):
    """`target`; several secrets all sign, as during a rotation."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    url: Annotated[str, AfterValidator(_url)]
    """Where alerts go: https, without credentials in it."""
    format: Annotated[str, AfterValidator(_format)] = "standard"
    """`standard` (Standard Webhooks 1.0.0) or `slack`."""
    secret: Annotated[
        tuple[SecretStr, ...], BeforeValidator(listed), Field(max_length=4), AfterValidator(_secrets)
    ] = ()
    """One `whsec_` secret, or several."""
    headers: Annotated[dict[str, SecretStr], AfterValidator(_headers)] = Field(default_factory=dict)
    """Further request headers; their values are kept as secrets."""


class Draft(BaseModel):
    """A whole subscription."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True)

    id: SubscriptionId
    """Part of every alert's id: stays as it is."""
    name: Annotated[str, Field(max_length=200)] = ""
    target: DraftTarget
    filters: Filters = Filters()
    rules: Rules = Rules()
    enabled: bool = True

    @model_validator(mode="after")
    def _filters_make_sense(self) -> Self:
        problems = [*_senseless("filters", self.filters)]
        if self.filters.negated:
            problems += _senseless("filters.not", self.filters.negated)
        if problems:
            raise DraftError(problems)
        return self

    def subscription(self) -> Subscription:
        """The record, as far as it goes without the secrets."""
        return Subscription(
            id=self.id,
            name=self.name or self.id,
            target=Target(url=self.target.url, format=self.target.format),
            filters=self.filters,
            rules=self.rules,
            enabled=self.enabled,
        )


class DraftError(Exception):
    """What was written cannot be used; holds every problem."""

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


D = TypeVar("D", bound=Draft)


def drafted(cls: type[D], raw: object) -> D:
    """Read a draft, strictly: an unknown field is a typing error. Raises `DraftError` with all problems."""
    try:
        return cls.model_validate(raw, extra="forbid")
    except ValidationError as error:
        raise DraftError(problems_of(error)) from None


def refuse_http(draft: Draft) -> None:
    """Raises `DraftError` for a target in clear."""
    if urlsplit(draft.target.url).scheme == "http":
        why = "must be https:// (set ALERTING_ALLOW_HTTP=true to send in clear)"
        raise DraftError([FieldProblem("target.url", why)])


def problems_of(error: ValidationError) -> list[FieldProblem]:
    """Pydantic's findings, with paths as people would write them."""
    told = error.errors(include_input=False, include_url=False, include_context=False)
    return [FieldProblem(_path(one["loc"]), one["msg"].removeprefix("Value error, ")) for one in told]


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location if part not in _TAGS) or "body"


def _senseless(where: str, asked: Conditions) -> list[FieldProblem]:
    """What has the right shape and could match nothing."""
    found = []
    if asked.area is not None and (why := problem_of(asked.area)):
        found.append(FieldProblem(f"{where}.area.coordinates", why))
    for field in ("actors", "targets", "weapons"):
        names: frozenset[Name] = getattr(asked, field)
        if any(not any(map(str.isalnum, name)) for name in names):
            found.append(FieldProblem(f"{where}.{field}", "holds a name without a letter or digit"))
    return found
