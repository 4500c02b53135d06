"""Runs previews, one at a time, beside the service's own work: an endpoint and a time in, a preview out."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.alerting.clock import Clock
from services.alerting.endpoint import Endpoint
from services.alerting.preview import Preview, preview
from services.alerting.severity import SeverityRule

DEFAULT_SPAN = timedelta(days=1)


@dataclass
class Previews:
    """A preview takes a thread and a connection to the broker, so there is one at a time."""

    bootstrap_servers: str
    rule: SeverityRule
    clock: Clock
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self, endpoint: Endpoint, since: datetime | None) -> tuple[datetime, Preview]:
        """Since when it was, and what came of it. Raises `BrokerError`."""
        begun = since or self.clock.now() - DEFAULT_SPAN
        async with self._one:
            found = await asyncio.to_thread(preview, self.bootstrap_servers, begun, endpoint, self.rule)
        return begun, found
