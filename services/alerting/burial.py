"""Dead letters of alerts: an alert that is given up in, its original bytes on the dead-letter topic out."""

from collections.abc import Callable
from datetime import UTC, datetime

from schemas.alert import Pending
from schemas.envelope import Envelope, event_type
from schemas.failure import FailureReason
from schemas.topics import ALERT
from services.common.dead_letter import Death, Origin, dead_letter_headers
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

    async def bury(self, partition: int, pending: Pending, reason: FailureReason, text: str) -> None:
        """On return it is acknowledged. Raises `NotAssignedError` or `OutageError`."""
        alert = pending.alert
        if not self._owns(partition):
            raise NotAssignedError(f"partition {partition} is not ours any more")
        envelope = Envelope(
            id=alert.id,
            source=f"/tocsin/{self._service}",
            type=event_type("alert"),
            subject=alert.incident_id,
        )
        now = datetime.now(UTC)
        origin = Origin(ALERT.name, partition, UNKNOWN_OFFSET, int(now.timestamp() * 1000))
        headers = dead_letter_headers(
            envelope.to_headers(), origin, Death(self._service, reason, text, now, attempts=pending.attempt)
        )
        key = alert.incident_id.encode()
        placed = await self._producer.send(ALERT.dead_letters, key, alert.to_bytes(), partition, headers)
        try:
            await placed
        except Exception as error:
            raise OutageError("broker", f"{type(error).__name__} on {ALERT.dead_letters}") from error
        DEAD_LETTERS.labels(ALERT.name, reason.value).inc()
