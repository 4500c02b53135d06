"""Dedup's memory in a real Redis decides as the one in memory does: the same bytes, also after a flush."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import redis.asyncio as aioredis

from schemas.incident import Incident
from schemas.topics import INCIDENT
from services.common.cache import connect
from services.common.projection import Projection, StaleProjectionError
from services.dedup.handle import DedupStep
from services.dedup.memory import reduce
from tests.unit.dedup.partition import NUMBER, Partition, message
from tests.unit.dedup.story import STORY

pytestmark = pytest.mark.broker


@dataclass
class Log:
    """The incident topic's partition, as the projection reads it again."""

    records: list[tuple[str, bytes]] = field(default_factory=list)

    async def end(self, topic: str, partition: int) -> int:
        return len(self.records)

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes]]:
        for offset in range(start, end):
            yield offset, *self.records[offset]


async def write(log: Log, projection: Projection, incident: Incident) -> None:
    log.records.append((incident.id, incident.to_bytes()))
    await projection.applied(NUMBER, len(log.records) - 1, *log.records[-1])


@pytest.mark.parametrize("flushed_before", [None, 3, 6, 9])
async def test_redis_and_memory_decide_the_same(redis_url: str, flushed_before: int | None) -> None:
    client: aioredis.Redis = connect(redis_url)
    log = Log()
    projection = Projection("dedup-test", INCIDENT, reduce, client, log)
    await projection.refresh(NUMBER)
    step = DedupStep(projection.store)
    for at, record in enumerate([*STORY, *STORY]):
        if at == flushed_before:
            await client.flushdb()
            with pytest.raises(StaleProjectionError):
                await step.handle(message(STORY[-1]))
            await projection.refresh(NUMBER)
        for out in (out for stage in await step.handle(message(record)) for out in stage):
            assert isinstance(out.value, Incident)
            await write(log, projection, out.value)
    await client.aclose()
    partition = Partition()
    await partition.feed(*STORY)
    assert [value for _, value in log.records] == [
        out.value.to_bytes() for out in partition.written if out.value
    ]
