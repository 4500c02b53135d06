"""Endpoints that asked to be left alone: a 410 in, no further attempts out, until their entry in the list changes.

Known to this worker and until its end: the list belongs to whoever keeps the file, and is not written to.
"""

from services.alerting.endpoint import Endpoint
from services.common.logging import get_logger

log = get_logger(__name__)


class GoneEndpoints:
    """Remembers each by the subscription that it was reached through, so that any edit gives a new chance."""

    def __init__(self) -> None:
        self._gone: dict[str, Endpoint] = {}

    def add(self, endpoint: Endpoint) -> None:
        """The endpoint answered 410."""
        if endpoint.id not in self._gone:
            log.error(
                "endpoint_disabled",
                subscription=endpoint.id,
                why="it answered 410 Gone",
                remedy="remove or change its subscription; alerts go to the dead-letter topic until then",
            )
        self._gone[endpoint.id] = endpoint

    def __contains__(self, endpoint: Endpoint) -> bool:
        known = self._gone.get(endpoint.id)
        if known is None or known == endpoint:
            return known is not None
        del self._gone[endpoint.id]
        return False
