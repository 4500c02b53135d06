"""Dead letters of alerts: an alert that is given up in, its original bytes on the dead-letter topic out."""

import time
from collections.abc import Callable

from schemas.alert import Alert
from schemas.envelope import Envelope, event_type
from schemas.failure import FailureReason
from schemas.topics import ALERT
from services.common.dead_letter import dead_letter_headers
from services.common.metrics import DEAD_LETTERS
from services.common.retry import OutageError
from services.common.writer import NotAssignedError, Producer

UNKNOWN_OFFSET = -1
"""The outbox knows an alert by its record, not by where it stands on the topic."""


class Burial:
    """Writes alerts that could not be delivered to `conflict.alert.v1.dlt`, on their partition."""

    def __init__(self, service: str, producer: Producer, owns: Callable[[int], bool]) -> None:
        self._service = service
        self._producer = producer
        self._owns = owns

    async def bury(self, partition: int, alert: Alert, reason: FailureReason, text: str) -> None:
        """On return it is acknowledged. Raises `NotAssignedError` or `OutageError`."""
        if not self._owns(partition):
            raise NotAssignedError(f"partition {partition} is not ours any more")
        envelope = Envelope(
            id=alert.id,
            source=f"/tocsin/{self._service}",
            type=event_type("alert"),
            subject=alert.incident_id,
        )
        headers = dead_letter_headers(
            envelope.to_headers(),
            topic=ALERT.name,
            partition=partition,
            offset=UNKNOWN_OFFSET,
            timestamp_ms=int(time.time() * 1000),
            group=f"tocsin-{self._service}",
            reason=reason,
            message=text,
        )
        key = alert.incident_id.encode()
        placed = await self._producer.send(ALERT.dead_letters, key, alert.to_bytes(), partition, headers)
        try:
            await placed
        except Exception as error:
            raise OutageError("broker", f"{type(error).__name__} on {ALERT.dead_letters}") from error
        DEAD_LETTERS.labels(ALERT.name, reason.value).inc()
