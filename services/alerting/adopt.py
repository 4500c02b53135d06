"""Redeliveries: pending records that an operator wrote in, alerts handed to this worker's senders out.

Our own records need no looking at; one that asks for a redelivery bears its mark. They are read apart from the
projection, which this worker's own writes carry along.
"""

from collections.abc import AsyncIterator, Callable, Iterable

from schemas.alert import Pending
from schemas.base import UndecodableError
from schemas.topics import PENDING
from services.alerting.clock import Clock
from services.alerting.ledger import pending_of
from services.alerting.outbox import Outbox
from services.common.logging import get_logger
from services.common.projection import Projection, StaleProjectionError
from services.common.retry import OutageError
from services.common.topic_reader import TopicReader

log = get_logger(__name__)

LOOK_SECONDS = 1.0
_MARK = b'"redelivery":"'


class Adopter:
    """Looks at the ends of the partitions that this worker owns."""

    def __init__(
        self, reader: TopicReader, pending: Projection, outbox: Outbox, owned: Callable[[], Iterable[int]]
    ) -> None:
        self._reader = reader
        self._pending = pending
        self._outbox = outbox
        self._owned = owned
        self._seen: dict[int, int] = {}

    def begin(self, partition: int) -> None:
        """The partition is ours, and what is pending up to its projection's mark is known."""
        self._seen[partition] = self._pending.mark(partition) or 0

    async def look(self) -> None:
        """Take in what was written since the last look. Raises `OutageError`, `StaleProjectionError`."""
        for partition in sorted(self._owned()):
            start = self._seen.get(partition)
            if start is None:
                continue
            end = await self._reader.end(PENDING.name, partition)
            asked = [found async for found in self._asked_for(partition, start, end)]
            if asked:
                await self._adopt(partition, asked)
            if partition in self._seen:
                self._seen[partition] = max(start, end)

    async def watch(self, clock: Clock) -> None:
        """Look for ever; through outages too."""
        while True:
            try:
                await self.look()
            except (OutageError, StaleProjectionError) as error:
                log.warning("redeliveries_not_read", problem=str(error))
            await clock.sleep(LOOK_SECONDS)

    async def _asked_for(self, partition: int, start: int, end: int) -> AsyncIterator[Pending]:
        async for _, key, value in self._reader.read(PENDING.name, partition, start, end):
            if value is not None and _MARK in value:
                try:
                    yield Pending.from_bytes(value)
                except UndecodableError as error:
                    log.warning("pending_record_ignored", key=key, problem=str(error))

    async def _adopt(self, partition: int, asked: list[Pending]) -> None:
        await self._pending.refresh(partition)
        # what was settled meanwhile, or rewritten by our own senders, is as the projection has it
        still = await pending_of(self._pending.store(partition), [one.alert_id for one in asked])
        for pending in still:
            if pending.redelivery is not None and pending.attempt == 0:
                log.info("redelivery_adopted", alert_id=pending.alert_id)
                self._outbox.adopt(partition, pending)
