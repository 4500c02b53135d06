"""API keys of a door: a setting in, who a request's key belongs to out. Only digests are kept."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from pydantic import SecretStr

MIN_KEY = 16
"""Characters of a key."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    WRITE = "write"


class KeysError(ValueError):
    """The setting cannot be used; the text names the entry, and never tells a key."""


class KeyRefusedError(Exception):
    """The request is not allowed: 401 for no known key, 403 for one without the scope."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Key:
    """One holder's."""

    name: str
    scopes: frozenset[Scope]
    digest: bytes
    rate: float | None = None
    """Of its own, where the entry tells one."""


def parse_keys(setting: SecretStr | None) -> tuple[Key, ...]:
    """`name:scopes:key`, comma-separated; scopes are `read`, `write` or `read+write`. Raises `KeysError`.

    A fourth part, a number, is the key's own rate, for doors that limit one.
    """
    parts = [part.strip() for part in (setting.get_secret_value() if setting else "").split(",")]
    keys = tuple(_key(part, at) for at, part in enumerate(filter(None, parts), start=1))
    if len({key.name for key in keys}) < len(keys) or len({key.digest for key in keys}) < len(keys):
        raise KeysError("names a key, or a holder, twice")
    return keys


def holder_of(keys: Sequence[Key], scope: Scope, authorization: str | None) -> Key:
    """The key of a request's `Authorization`, which must have the scope. Raises `KeyRefusedError`."""
    kind, _, given = (authorization or "").partition(" ")
    if kind.lower() != "bearer" or not given.strip():
        raise KeyRefusedError(HTTPStatus.UNAUTHORIZED, "Send a key: Authorization: Bearer KEY.")
    digest = _digest(given.strip())
    # all are compared, so that the time tells nothing
    fitting = [key for key in keys if hmac.compare_digest(key.digest, digest)]
    if not fitting:
        raise KeyRefusedError(HTTPStatus.UNAUTHORIZED, "This key is not known.")
    key = fitting[0]
    if scope not in key.scopes:
        raise KeyRefusedError(HTTPStatus.FORBIDDEN, f"The key {key.name} lacks the scope {scope.value}.")
    return key


def _key(told: str, at: int) -> Key:
    name, scopes, secret, *rate = [*told.split(":"), "", ""][: max(3, told.count(":") + 1)]
    if not _NAME.fullmatch(name) or not secret or len(rate) > 1:
        raise KeysError(f"entry {at} must be name:scopes:key, or name:scopes:key:rate")
    if len(secret) < MIN_KEY or not secret.isascii() or not secret.isprintable():
        raise KeysError(f"the key of {name} must be at least {MIN_KEY} printable ASCII characters")
    try:
        allowed = frozenset(Scope(scope) for scope in scopes.split("+"))
        own = float(rate[0]) if rate else None
    except ValueError:
        raise KeysError(
            f"the scopes of {name} must be read, write or read+write, its rate a number"
        ) from None
    if own is not None and not 0 < own < float("inf"):
        raise KeysError(f"the rate of {name} must be more than 0")
    return Key(name, allowed, _digest(secret), own)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
