"""Who may use the pages of subscriptions: a request's key in, allowed or refused out."""

import ipaddress
from http import HTTPStatus

from pydantic import SecretStr

from services.common.api_keys import KeyRefusedError, KeysError, Scope, holder_of, parse_keys


class ApiKeys:
    """The keys of the setting. Without any, the pages are open, but on a loopback address only."""

    def __init__(self, setting: SecretStr | None, http_host: str) -> None:
        """`http_host` is the address that the service binds. Raises `KeysError`."""
        try:
            self._keys = parse_keys(setting)
        except KeysError as error:
            raise KeysError(f"ALERTING_API_KEYS: {error}") from None
        self._open = not self._keys and is_loopback(http_host)

    def require(self, scope: Scope, authorization: str | None, host: str | None) -> str:
        """The name of the key that allows it; raises `KeyRefusedError`.

        `host` is the request's `Host`: without keys it must name this machine, so that no web page that a browser here
        shows can speak to us under a name of its own.
        """
        if self._open:
            if not is_loopback(_hostname(host or "")):
                why = "Without ALERTING_API_KEYS only this machine is served."
                raise KeyRefusedError(HTTPStatus.FORBIDDEN, why)
            return "loopback"
        if not self._keys:
            why = "No key is configured: set ALERTING_API_KEYS (only a loopback HTTP_HOST is open without)."
            raise KeyRefusedError(HTTPStatus.FORBIDDEN, why)
        return holder_of(self._keys, scope, authorization).name


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
