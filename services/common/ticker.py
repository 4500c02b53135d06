"""Writes what falls due by the clock: for every partition owned, between its records, once they were all settled."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from services.common.logging import get_logger
from services.common.message import Stages
from services.common.projection import StaleProjectionError
from services.common.retry import OutageError
from services.common.upkeep import Upkeep
from services.common.writer import NotAssignedError

log = get_logger(__name__)

TICK_SECONDS = 0.5


class Clock(Protocol):
    """What falls due. The time may decide *whether* something is written, never what."""

    async def due(self, partition: int) -> Stages:
        """What is due of a partition now; nothing as a rule. Raises what reads of projections raise."""
        ...

    def written(self, stages: Stages) -> None:
        """All records of `stages` are acknowledged and applied."""
        ...


Between = Callable[[int, Callable[[], Awaitable[Stages]]], Awaitable[Stages]]
"""Decides and writes for a partition while no record is in hand; gives what was written."""


@dataclass
class Ticker:
    """Waits, before it writes, for every record that lay there when something first was due.

    After a long stop what is waiting may have ended what is due (a truce that was called off), so records go first.
    """

    clock: Clock
    upkeep: Upkeep
    write: Between
    refresh: Callable[[int], Awaitable[None]]
    _ends: dict[int, dict[str, int]] = field(default_factory=dict)
    """Of partitions with something due: the ends of their topics when that was seen first."""

    async def run(self) -> None:
        """Tick for ever."""
        while True:
            await self.turn()
            await asyncio.sleep(TICK_SECONDS)

    async def turn(self) -> None:
        """One tick of every partition owned."""
        owned = frozenset(self.upkeep.owned())
        self._ends = {partition: ends for partition, ends in self._ends.items() if partition in owned}
        for partition in sorted(owned):
            await self._tick_through(partition)

    async def _tick_through(self, partition: int) -> None:
        """An outage is told and waited for by others: the next tick tries again."""
        try:
            await self.tick(partition)
        except StaleProjectionError:
            await self._refreshed(partition)
        except (NotAssignedError, OutageError) as error:
            log.info("tick_left", partition=partition, why=str(error))

    async def _refreshed(self, partition: int) -> None:
        try:
            await self.refresh(partition)
        except OutageError as error:
            log.info("tick_left", partition=partition, why=str(error))

    async def tick(self, partition: int) -> None:
        """Write what is due of a partition, or wait for its records. Raises what the reads and the writer raise."""
        if not any(await self.clock.due(partition)):
            self._ends.pop(partition, None)
            return
        if partition not in self._ends:
            self._ends[partition] = await self._ends_of(partition)
        if self._settled(partition):
            self.clock.written(await self.write(partition, partial(self.clock.due, partition)))
            self._ends.pop(partition, None)

    def _settled(self, partition: int) -> bool:
        ends, position = self._ends[partition], self.upkeep.position
        return all(position(topic, partition) >= ends[topic.name] for topic in self.upkeep.topics)

    async def _ends_of(self, partition: int) -> dict[str, int]:
        """0 for a topic whose records are all gone: its committed offset may be gone with them."""
        ends = {}
        for topic in self.upkeep.topics:
            first = await self.upkeep.reader.begin(topic.name, partition)
            last = await self.upkeep.reader.end(topic.name, partition)
            ends[topic.name] = last if last > first else 0
        return ends
