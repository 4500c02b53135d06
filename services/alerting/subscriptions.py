"""Reads subscriptions from a YAML file: path in, endpoints out, or every problem with its place in the file."""

import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx
import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
)

from schemas.subscription import Filters, Subscription, Target
from services.alerting.endpoint import Endpoint
from services.alerting.formats import FORMATS
from services.alerting.signing import SecretError, check_secret

_RESERVED = re.compile(r"^(webhook-.*|content-.*|host|connection|transfer-encoding|user-agent)$", re.I)
_TOKEN = re.compile(r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
_VALUE = re.compile(r"^[\x20-\x7e]*$")


class SubscriptionsError(Exception):
    """The file cannot be used; the text names file, item and field of each problem, and never a secret."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))
        self.problems = tuple(problems)


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


class _Strict(BaseModel):
    """A part of the file: an unknown field is a typing error, not to be passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Target(_Strict):
    """`target:`; each kind of secret may be one or a list, and all of them sign."""

    url: str
    format: str = "standard"
    secret: Annotated[tuple[SecretStr, ...], BeforeValidator(_listed)] = ()
    secret_env: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    secret_file: Annotated[tuple[Path, ...], BeforeValidator(_listed)] = ()
    headers: dict[str, SecretStr] = Field(default_factory=dict)

    @field_validator("url")
    @classmethod
    def _usable(cls, url: str) -> str:
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

    @field_validator("format")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in FORMATS:
            raise ValueError(f"unknown; one of: {', '.join(FORMATS)}")
        return name

    @field_validator("headers")
    @classmethod
    def _harmless(cls, headers: dict[str, SecretStr]) -> dict[str, SecretStr]:
        for name, value in headers.items():
            if not _TOKEN.match(name) or not _VALUE.match(value.get_secret_value()):
                raise ValueError(f"{name!r} is not a valid header")
            if _RESERVED.match(name):
                raise ValueError(f"{name} is set by Tocsin itself")
        return headers


class _Filters(Filters):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class _Item(_Strict):
    """One subscription as the file has it."""

    id: Annotated[str, Field(pattern="^[a-z0-9][a-z0-9_-]{0,63}$")]
    name: str = ""
    target: _Target
    filters: _Filters = _Filters()
    enabled: bool = True


class _Loader(yaml.SafeLoader):
    """YAML 1.1 reads `NO` as false and would lose Norway: here only true and false are booleans."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def load(
    path: Path, environment: Mapping[str, str] | None = None, *, allow_http: bool = False
) -> tuple[Endpoint, ...]:
    """All subscriptions of the file, in its order. Raises `SubscriptionsError` with all problems at once."""
    problems: list[str] = []
    endpoints: list[Endpoint] = []
    for number, raw in enumerate(_items(path), start=1):
        where = _name_of(raw, number)
        if not isinstance(raw, dict):
            problems.append(f"{where}: must be a mapping with id and target")
            continue
        try:
            endpoints.append(_endpoint(_Item.model_validate(raw), path, environment, allow_http))
        except ValidationError as error:
            problems += [f"{where}: {problem}" for problem in _problems(error)]
        except _FieldError as error:
            problems.append(f"{where}: {error}")
    counted = Counter(endpoint.id for endpoint in endpoints)
    problems += [f"id {name!r} is given {times} times" for name, times in counted.items() if times > 1]
    if problems:
        raise SubscriptionsError(path, problems)
    return tuple(endpoints)


def secret_files(path: Path) -> tuple[Path, ...]:
    """The files that the list's secrets come from, so that a rotation there is seen; none if it is unreadable."""
    try:
        items = [_Item.model_validate(raw) for raw in _items(path)]
    except (SubscriptionsError, ValidationError):
        return ()
    return tuple(path.parent / name for item in items for name in item.target.secret_file)


class _FieldError(ValueError):
    """A problem as `field.path: what is wrong`."""


def _items(path: Path) -> list[object]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise SubscriptionsError(path, [f"cannot be read ({error.strerror})"]) from None
    except UnicodeDecodeError:
        raise SubscriptionsError(path, ["is not UTF-8"]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise SubscriptionsError(path, [f"line {line}: not YAML ({error.problem})"]) from None
    except yaml.YAMLError:
        raise SubscriptionsError(path, ["not YAML"]) from None
    if not isinstance(document, dict) or set(document) != {"subscriptions"}:
        raise SubscriptionsError(path, ["must hold one key, `subscriptions`, with a list"])
    items = document["subscriptions"]
    if items is not None and not isinstance(items, list):
        raise SubscriptionsError(path, ["subscriptions: must be a list"])
    return items or []


def _name_of(raw: object, number: int) -> str:
    name = raw.get("id") if isinstance(raw, dict) else None
    return f"item {number} ({name})" if isinstance(name, str) else f"item {number}"


def _problems(error: ValidationError) -> list[str]:
    told = error.errors(include_input=False, include_url=False, include_context=False)
    return [f"{'.'.join(map(str, p['loc']))}: {p['msg'].removeprefix('Value error, ')}" for p in told]


def _endpoint(item: _Item, path: Path, environment: Mapping[str, str] | None, allow_http: bool) -> Endpoint:
    target = item.target
    if not allow_http and urlsplit(target.url).scheme == "http":
        raise _FieldError("target.url: must be https:// (set ALERTING_ALLOW_HTTP=true to send in clear)")
    subscription = Subscription(
        id=item.id,
        name=item.name or item.id,
        target=Target(url=target.url, format=target.format),
        filters=Filters.model_validate(item.filters.model_dump()),
        enabled=item.enabled,
    )
    secrets = _secrets(target, path.parent, os.environ if environment is None else environment)
    return Endpoint(subscription, secrets, tuple(target.headers.items()))


def _secrets(target: _Target, folder: Path, environment: Mapping[str, str]) -> tuple[SecretStr, ...]:
    found = [("target.secret", secret.get_secret_value()) for secret in target.secret]
    for variable in target.secret_env:
        if not environment.get(variable):
            raise _FieldError(f"target.secret_env: the environment variable {variable} is not set")
        found.append((f"target.secret_env ({variable})", environment[variable]))
    for name in target.secret_file:
        try:
            found.append((f"target.secret_file ({name})", (folder / name).read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "not UTF-8"
            raise _FieldError(f"target.secret_file: {name} cannot be read ({reason})") from None
    if not found and FORMATS[target.format].signed:
        raise _FieldError("target: needs secret, secret_env or secret_file to sign with")
    return tuple(_checked(where, text) for where, text in found)


def _checked(where: str, text: str) -> SecretStr:
    try:
        return check_secret(text)
    except SecretError as error:
        raise _FieldError(f"{where}: {error}") from None
