"""The order of alerts: pending alerts in, one lane an incident and subscription out, each a queue with its runner.

Within a lane the later alert waits behind the earlier one, also while that waits for its next attempt. Lanes are
independent of each other: what one endpoint does holds up no other.
"""

import asyncio
from bisect import insort
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from schemas.alert import Pending
from services.common.logging import get_logger

log = get_logger(__name__)

Key = tuple[int, str, str]
"""Partition, subscription, incident."""


@dataclass(eq=False)
class Lane:
    """The alerts of one incident to one subscription."""

    key: Key
    queue: list[Pending] = field(default_factory=list)
    """The head is in hand; the others follow by incident version."""
    busy: bool = False
    """Between the start of an attempt and its record: better awaited than cut off."""
    leaving: bool = False
    """The partition is being revoked: no attempt starts any more."""
    yields_until: datetime | None = None
    """A head that is held back is not sent before: a later version is being decided, and may take its place."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the queue is another than it was: whoever waits for the head's time looks again."""
    task: "asyncio.Task[None] | None" = None

    @property
    def partition(self) -> int:
        """The partition that the lane's records stand on."""
        return self.key[0]

    def add(self, pending: Pending) -> bool:
        """Queue an alert behind the head; False where it is queued already."""
        if any(pending.alert_id == known.alert_id for known in self.queue):
            return False
        insort(self.queue, pending, lo=min(1, len(self.queue)), key=_version)
        self.changed.set()
        return True

    def put_anew(self, pending: Pending) -> None:
        """Take in what was written over a queued alert's record; an attempt in flight is left to end as it may."""
        for at, known in enumerate(self.queue):
            if known.alert_id == pending.alert_id and not (at == 0 and self.busy):
                self.queue[at] = pending
                self.changed.set()

    @property
    def held(self) -> Pending | None:
        """The head, where it is held back and was not begun."""
        head = self.queue[0] if self.queue else None
        return head if head and head.held and not self.busy else None

    @property
    def is_replaced(self) -> bool:
        """Whether a later alert takes the place of the head, which is still held back."""
        held = self.held
        return held is not None and any(each.alert.replaces == held.alert_id for each in self.queue[1:])

    def next_at(self) -> datetime | None:
        """When the head may be tried; None for at once."""
        if not self.queue or self.is_replaced:
            return None
        head = self.queue[0]
        if head.held:
            return max(head.due_at, self.yields_until or head.due_at)
        return head.due_at if head.attempt else None


class Lanes:
    """All lanes of the partitions that this worker owns; `run` is called with each lane that has an alert."""

    def __init__(self, run: Callable[[Lane], Awaitable[None]]) -> None:
        self._run = run
        self._lanes: dict[Key, Lane] = {}
        self._open: set[int] = set()

    @property
    def waiting(self) -> int:
        """Alerts not yet settled."""
        return sum(len(lane.queue) for lane in self._lanes.values())

    def open(self, partition: int, pendings: Iterable[Pending]) -> None:
        """Begin with a partition and what is pending there."""
        self._open.add(partition)
        for pending in sorted(pendings, key=_version):
            self.add(partition, pending)

    def find(self, partition: int, subscription_id: str, incident_id: str) -> Lane | None:
        """The lane of one incident to one subscription, if it has any alert."""
        return self._lanes.get((partition, subscription_id, incident_id))

    def add(self, partition: int, pending: Pending) -> bool:
        """Queue an alert; False where it is queued already, or the partition is not ours."""
        if partition not in self._open:
            return False
        key = (partition, pending.alert.subscription_id, pending.alert.incident_id)
        lane = self._lanes.setdefault(key, Lane(key))
        added = lane.add(pending)
        if lane.task is None:
            lane.task = asyncio.create_task(self._keep(lane), name="lane " + "/".join(map(str, key)))
        return added

    async def close(self, partition: int, grace_seconds: float) -> None:
        """Drop a partition's lanes; attempts in flight may end within the grace, and are cut off after it."""
        self._open.discard(partition)
        lanes = [lane for lane in self._lanes.values() if lane.partition == partition]
        for lane in lanes:
            lane.leaving = True
            if lane.task and not lane.busy:
                lane.task.cancel()
        tasks = [lane.task for lane in lanes if lane.task]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace_seconds)
            for task in late:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for lane in lanes:
            self._forget(lane)

    async def close_all(self, grace_seconds: float) -> None:
        """Drop all lanes, at the end of the service."""
        await asyncio.gather(*(self.close(partition, grace_seconds) for partition in list(self._open)))

    async def _keep(self, lane: Lane) -> None:
        try:
            await self._run(lane)
        except Exception:
            # a defect of ours; the alerts are still on their topic, for the next start
            log.exception("lane_failed", lane=lane.key)
        finally:
            self._forget(lane)

    def _forget(self, lane: Lane) -> None:
        if self._lanes.get(lane.key) is lane:
            del self._lanes[lane.key]


def _version(pending: Pending) -> int:
    return pending.alert.incident_version
