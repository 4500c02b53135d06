"""Who may use the door, and how fast: a request's key in, its name out, or why not."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from services.common.api_keys import Key, KeyRefusedError, Scope, holder_of
from services.ingest.problems import RequestError

BURST_SECONDS = 60.0
"""A key that was idle may send so many seconds' worth at once."""
ANYBODY = "anybody"


@dataclass
class _Bucket:
    level: float
    at: float


@dataclass
class Gate:
    """Lets requests in. Without keys it is open to anybody, without a limit."""

    keys: Sequence[Key] = ()
    reports_per_minute: float = 1.0
    """Of a key that tells no rate of its own."""
    monotonic: Callable[[], float] = lambda: 0.0
    _buckets: dict[str, _Bucket] = field(default_factory=dict)

    def admit(self, scope: Scope, authorization: str | None) -> str:
        """The sender's name. Raises `RequestError` (401, 403, 429).

        A sender over its rate is told before its body is read; one request may overdraw, and the next waits for it.
        """
        if not self.keys:
            return ANYBODY
        key = self._holder(scope, authorization)
        rate = key.rate or self.reports_per_minute
        if scope is Scope.WRITE and (wait := self._wait_seconds(key.name, rate)) > 0:
            raise RequestError(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"The key {key.name} may send {rate:g} reports a minute.",
                headers={"retry-after": str(math.ceil(wait))},
            )
        return key.name

    def spend(self, name: str, reports: int) -> None:
        """Count reports against the sender's rate."""
        if name in self._buckets:
            self._buckets[name].level -= reports

    def _holder(self, scope: Scope, authorization: str | None) -> Key:
        try:
            return holder_of(self.keys, scope, authorization)
        except KeyRefusedError as error:
            unknown = error.status is HTTPStatus.UNAUTHORIZED
            headers = {"www-authenticate": "Bearer"} if unknown else {}
            raise RequestError(error.status, error.detail, headers=headers) from None

    def _wait_seconds(self, name: str, rate: float) -> float:
        now, each = self.monotonic(), rate / 60
        most = each * BURST_SECONDS
        bucket = self._buckets.setdefault(name, _Bucket(most, now))
        bucket.level = min(most, bucket.level + (now - bucket.at) * each)
        bucket.at = now
        # a whole report must be there; so slow a rate that a minute earns none counts from 0
        needed = min(1.0, most)
        return (needed - bucket.level) / each if bucket.level < needed else 0.0
