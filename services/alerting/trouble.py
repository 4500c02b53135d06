"""When to give an endpoint up: its outcomes in, and the reason to switch it off out, once.

A 410 asks for it; so does failing for a stated time without one success between. What is kept on the topic is
switched off there, for all workers, and says why. The file is not ours to write: its subscriptions are left alone by
this worker until their entry changes or the worker starts anew.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.base import iso_utc
from schemas.delivery import DeliveryOutcome
from schemas.failure import FailureReason
from services.alerting.endpoint import Endpoint
from services.alerting.outcome import Outcome
from services.common.logging import get_logger

log = get_logger(__name__)

_NOT_ITS_FAULT = frozenset(
    {FailureReason.UNKNOWN_SUBSCRIPTION, FailureReason.EXPIRED, FailureReason.HANDLER_ERROR}
)


class GivenUp(NamedTuple):
    """Why no attempt is made any more."""

    reason: FailureReason
    """What the last attempt failed of."""
    why: str


class Troubles:
    """Remembers each endpoint by the subscription that it was reached through, so that any edit is a new chance."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience
        self._failing_since: dict[str, datetime] = {}
        self._given_up: dict[str, tuple[Endpoint, GivenUp]] = {}

    def tell(self, endpoint: Endpoint, outcome: Outcome, now: datetime) -> str | None:
        """What became of an attempt; the reason to switch the endpoint off, the first time that there is one."""
        if outcome.outcome is DeliveryOutcome.DELIVERED:
            self._failing_since.pop(endpoint.id, None)
            return None
        if outcome.reason in _NOT_ITS_FAULT or self.given_up(endpoint):
            return None
        since = self._failing_since.setdefault(endpoint.id, now)
        why = None
        if outcome.reason is FailureReason.GONE:
            why = "the endpoint answered 410 Gone"
        elif now - since >= self._patience:
            why = f"nothing was delivered since {iso_utc(since.replace(microsecond=0))}: {outcome.detail}"
        if why is not None:
            self._give_up(endpoint, GivenUp(outcome.reason or FailureReason.HANDLER_ERROR, why))
        return why

    def given_up(self, endpoint: Endpoint) -> GivenUp | None:
        """Why no attempt is made at it; None for one that is in use."""
        known = self._given_up.get(endpoint.id)
        if known is None:
            return None
        if known[0] == endpoint:
            return known[1]
        del self._given_up[endpoint.id]
        self._failing_since.pop(endpoint.id, None)
        return None

    def _give_up(self, endpoint: Endpoint, given_up: GivenUp) -> None:
        self._given_up[endpoint.id] = (endpoint, given_up)
        log.error(
            "endpoint_disabled",
            subscription=endpoint.id,
            why=given_up.why,
            remedy="mend or remove its subscription; alerts go to the dead-letter topic until then",
        )
