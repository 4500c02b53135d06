"""Who may use the door, and how fast: a request's key in, its name out, or why not."""

import hashlib
import hmac
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from pydantic import SecretStr

from services.ingest.problems import RequestError

MIN_KEY = 16
"""Characters of a key."""
BURST_SECONDS = 60.0
"""A key that was idle may send so many seconds' worth at once."""
ANYBODY = "anybody"
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"  # /v1/sources
    WRITE = "write"  # /v1/reports


class KeysError(ValueError):
    """The setting cannot be used; the text never tells a key."""


@dataclass(frozen=True, slots=True)
class Key:
    """One sender's."""

    name: str
    scopes: frozenset[Scope]
    digest: bytes
    reports_per_minute: float


def parse_keys(setting: SecretStr | None, reports_per_minute: float) -> tuple[Key, ...]:
    """`name:scopes:key`, comma-separated; scopes are `read`, `write` or `read+write`. Raises `KeysError`.

    A fourth part (`name:scopes:key:600`) is the key's own rate in reports a minute.
    """
    parts = [part.strip() for part in (setting.get_secret_value() if setting else "").split(",")]
    keys = tuple(_key(part, at, reports_per_minute) for at, part in enumerate(filter(None, parts), start=1))
    if len({key.name for key in keys}) < len(keys) or len({key.digest for key in keys}) < len(keys):
        raise KeysError("names a key, or a sender, twice")
    return keys


def _key(told: str, at: int, reports_per_minute: float) -> Key:
    name, scopes, secret, *rate = [*told.split(":"), "", ""][: max(3, told.count(":") + 1)]
    if not _NAME.fullmatch(name) or len(rate) > 1:
        raise KeysError(f"entry {at} must be name:scopes:key or name:scopes:key:reports-per-minute")
    if len(secret) < MIN_KEY or not secret.isascii() or not secret.isprintable():
        raise KeysError(f"the key of {name} must be at least {MIN_KEY} printable ASCII characters")
    try:
        allowed = frozenset(Scope(scope) for scope in scopes.split("+"))
        own = float(rate[0]) if rate else reports_per_minute
    except ValueError:
        raise KeysError(
            f"the scopes of {name} must be read, write or read+write, its rate a number"
        ) from None
    if not 0 < own < math.inf:
        raise KeysError(f"the rate of {name} must be more than 0")
    return Key(name, allowed, _digest(secret), own)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


@dataclass
class _Bucket:
    level: float
    at: float


@dataclass
class Gate:
    """Lets requests in. Without keys it is open to anybody, without a limit."""

    keys: Sequence[Key] = ()
    monotonic: Callable[[], float] = lambda: 0.0
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def admit(self, scope: Scope, authorization: str | None) -> str:
        """The sender's name. Raises `RequestError` (401, 403, 429).

        A sender over its rate is told before its body is read; one request may overdraw, and the next waits for it.
        """
        if not self.keys:
            return ANYBODY
        key = self._found(authorization)
        if scope not in key.scopes:
            raise RequestError(HTTPStatus.FORBIDDEN, f"The key {key.name} lacks the scope {scope.value}.")
        if scope is Scope.WRITE and (wait := self._wait_seconds(key)) > 0:
            raise RequestError(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"The key {key.name} may send {key.reports_per_minute:g} reports a minute.",
                headers={"retry-after": str(math.ceil(wait))},
            )
        return key.name

    def spend(self, name: str, reports: int) -> None:
        """Count reports against the sender's rate."""
        if name in self._buckets:
            self._buckets[name].level -= reports

    def _found(self, authorization: str | None) -> Key:
        kind, _, given = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not given.strip():
            raise _unknown("Send a key: Authorization: Bearer KEY.")
        digest = _digest(given.strip())
        # all are compared, so that the time tells nothing
        fitting = [key for key in self.keys if hmac.compare_digest(key.digest, digest)]
        if not fitting:
            raise _unknown("This key is not known.")
        return fitting[0]

    def _wait_seconds(self, key: Key) -> float:
        now, each = self.monotonic(), key.reports_per_minute / 60
        most = each * BURST_SECONDS
        bucket = self._buckets.setdefault(key.name, _Bucket(most, now))
        bucket.level = min(most, bucket.level + (now - bucket.at) * each)
        bucket.at = now
        # a whole report must be there; so slow a rate that a minute earns none counts from 0
        needed = min(1.0, most)
        return (needed - bucket.level) / each if bucket.level < needed else 0.0


def _unknown(detail: str) -> RequestError:
    return RequestError(HTTPStatus.UNAUTHORIZED, detail, headers={"www-authenticate": "Bearer"})
