"""Who may use the pages of subscriptions: a request's key in, allowed or refused out."""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from pydantic import SecretStr

MIN_KEY = 16
"""Characters of a key."""


class Scope(StrEnum):
    """What a key may do."""

    READ = "read"
    WRITE = "write"


class KeysError(Exception):
    """The setting cannot be used; the text never tells a key."""


class RefusedError(Exception):
    """The request is not allowed."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    scopes: frozenset[Scope]
    digest: bytes


class ApiKeys:
    """The keys of the setting. Without any, the pages are open, but on a loopback address only."""

    def __init__(self, setting: SecretStr | None, http_host: str) -> None:
        """`http_host` is the address that the service binds. Raises `KeysError`."""
        parts = setting.get_secret_value().split(",") if setting else []
        self._keys = [_key(part.strip(), at) for at, part in enumerate(parts, start=1) if part.strip()]
        self._open = not self._keys and is_loopback(http_host)

    def require(self, scope: Scope, authorization: str | None, host: str | None) -> str:
        """The name of the key that allows it; raises `RefusedError`.

        `host` is the request's `Host`: without keys it must name this machine, so that no web page that a browser here
        shows can speak to us under a name of its own.
        """
        if self._open:
            if not is_loopback(_hostname(host or "")):
                raise RefusedError(
                    HTTPStatus.FORBIDDEN, "Without ALERTING_API_KEYS only this machine is served."
                )
            return "loopback"
        if not self._keys:
            why = "No key is configured: set ALERTING_API_KEYS (only a loopback HTTP_HOST is open without)."
            raise RefusedError(HTTPStatus.FORBIDDEN, why)
        key = self._found(authorization)
        if scope not in key.scopes:
            raise RefusedError(HTTPStatus.FORBIDDEN, f"The key {key.name} lacks the scope {scope.value}.")
        return key.name

    def _found(self, authorization: str | None) -> _Key:
        kind, _, given = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not given.strip():
            raise RefusedError(HTTPStatus.UNAUTHORIZED, "Send a key: Authorization: Bearer KEY.")
        digest = _digest(given.strip())
        # all are compared, so that the time tells nothing
        fitting = [key for key in self._keys if hmac.compare_digest(key.digest, digest)]
        if not fitting:
            raise RefusedError(HTTPStatus.UNAUTHORIZED, "This key is not known.")
        return fitting[0]


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _hostname(host: str) -> str:
    """Without the port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _key(text: str, number: int) -> _Key:
    name, _, rest = text.partition(":")
    told, _, key = rest.partition(":")
    where = f"ALERTING_API_KEYS: entry {number}"
    if not name or not key:
        raise KeysError(f"{where} is not name:scopes:key")
    try:
        scopes = frozenset(Scope(one) for one in told.split("+"))
    except ValueError:
        raise KeysError(f"{where} ({name}): scopes are read, write or read+write") from None
    if len(key) < MIN_KEY:
        raise KeysError(f"{where} ({name}): a key needs {MIN_KEY} characters or more")
    return _Key(name, scopes, _digest(key))
