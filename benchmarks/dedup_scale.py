"""What an event costs among many live incidents: match and merge with a real Redis, in one process.

    python -m benchmarks.dedup_scale [--sizes 1000 50000 200000] [--events 1000] [--profile]

All incidents lie in one theatre, a tenth of them in one town and one week, the rest in 300 towns over four months;
each has a clock time and a text signature. The events to decide are drawn alike: a third repeat what is known in
other words, and all are written through the projection as the service does. Kafka is left out. Starts a Redis of its
own, as `tocsin up` does; REDIS_URL names another, which must be empty.
"""

import argparse
import asyncio
import cProfile
import os
import pstats
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schemas.codes import codes_of
from schemas.envelope import Envelope
from schemas.event import (
    Assertion,
    CasualtyBand,
    ConflictEvent,
    Evidence,
    Kind,
    Named,
    Novelty,
    Place,
    ReportRef,
    Superseded,
    TimePrecision,
    TimeSpan,
)
from schemas.topics import EVENT, INCIDENT
from services.cli.stack.ports import free_port
from services.cli.stack.redis_server import RedisServer, find_redis
from services.common.cache import connect
from services.common.message import Message
from services.common.projection import Projection
from services.dedup.handle import DedupStep
from services.dedup.memory import reduce
from services.dedup.merge import create
from services.dedup.picture import telling_of

NUMBER = 3
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WEEK, MONTHS = 7 * 24 * 60, 120 * 24 * 60
TOWNS = 300
KINDS = (Kind.AIR_STRIKE, Kind.SHELLING, Kind.EXPLOSION, Kind.GROUND_CLASH)
ACTORS = ("Army", "Rebels", "Militia", None)


def town(number: int) -> Place:
    """Town 0 is the one where a tenth happens; the others lie a degree or less apart."""
    row, column = divmod(number, 20)
    return Place(name=f"Town {number}", country="SY", lat=30 + row * 0.4, lon=35 + column * 0.4, radius_km=4)


@dataclass
class World:
    """Draws happenings and reports of them, the same for the same seed."""

    rng: random.Random
    told: int = 0

    def event(self, like: ConflictEvent | None = None) -> ConflictEvent:
        """A report of something new; or of what another event tells."""
        self.told += 1
        number, rng = self.told, self.rng
        busy = rng.random() < 0.1
        minutes = rng.randrange(WEEK if busy else MONTHS)
        place = town(0 if busy else rng.randrange(1, TOWNS))
        at = like.occurred.start if like and like.occurred else BEGIN + timedelta(minutes=minutes)
        actor = rng.choice(ACTORS)
        told = at + timedelta(minutes=rng.randrange(5, 300))
        return ConflictEvent(
            id=f"evt_{number}",
            report=ReportRef(
                id=f"rep_{number}", revision="1", title=f"Report {number}", source=f"Outlet {number % 500}",
                publisher=f"Outlet {number % 500}", language="en", published_at=told, fetched_at=told,
            ),
            kind=like.kind if like else rng.choice(KINDS),
            assertion=Assertion.ASSERTED,
            novelty=Novelty.NEW,
            place=like.place if like else place,
            theatre="levant",
            occurred=TimeSpan(start=at, end=at, precision=TimePrecision.MINUTE),
            killed=CasualtyBand(min=rng.randrange(1, 30)),
            actor=like.actor if like else Named(text=actor, name=actor) if actor else None,
            origin=f"publisher:outlet {number % 500}",
            evidence=(Evidence(field="trigger", start=0, end=8, quote="struck the market of the town at dawn"),),
            reader="benchmark",
            text_signature=f"{rng.getrandbits(4096):01024x}",
            codes=codes_of(Kind.AIR_STRIKE, None),
            alert_worthy=True,
            alert_rule="happened_asserted",
        )  # fmt: skip


@dataclass
class Log:
    """The incident topic's partition, filled without a broker."""

    records: list[tuple[str, bytes]] = field(default_factory=list)
    first: int = 0

    async def end(self, topic: str, partition: int) -> int:
        return self.first + len(self.records)

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes]]:
        for offset in range(start, end):
            yield offset, *self.records[offset - self.first]


@dataclass
class Bench:
    """Live incidents in Redis, and the step that decides events among them."""

    redis_url: str
    world: World

    async def measure(self, sizes: list[int], count: int, profile: bool) -> None:
        """One line a size."""
        client, log = connect(self.redis_url), Log()
        await client.config_set("maxmemory", 0)
        if await client.dbsize():
            raise SystemExit("REDIS_URL holds data: name an empty database")
        projection = Projection("benchmark", INCIDENT, reduce, client, log)
        live: list[ConflictEvent] = []
        for size in sizes:
            await self._fill(projection, log, live, size)
            memory = int((await client.info("memory"))["used_memory"])
            events = [
                self.world.event(self.world.rng.choice(live) if n % 3 == 0 else None) for n in range(count)
            ]
            await self._decide(projection, log, events[: count // 10])
            profiler = cProfile.Profile() if profile else None
            started = time.perf_counter()
            with profiler or nullcontext():
                merged = await self._decide(projection, log, events[count // 10 :])
            seconds = time.perf_counter() - started
            decided = len(events) - count // 10
            print(
                f"{size:>7} live incidents: {decided / seconds:6.0f} events a second "
                f"({1000 * seconds / decided:.2f} ms each, {merged} of {decided} merged), "
                f"{memory / size / 1000:.1f} kB of Redis an incident",
                flush=True,
            )
            if profiler:
                pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
        await client.aclose()

    async def _fill(self, projection: Projection, log: Log, live: list[ConflictEvent], size: int) -> None:
        """Bring the live incidents up to `size`, as a rebuild from the topic does."""
        log.first = projection.mark(NUMBER) or 0
        log.records = []
        while len(live) < size:
            event = self.world.event()
            live.append(event)
            made = create(telling_of(event), event.theatre, [], "benchmark")
            log.records.append((made.id, made.to_bytes()))
        await projection.refresh(NUMBER)
        log.first, log.records = await log.end("", NUMBER), []

    async def _decide(self, projection: Projection, log: Log, events: list[ConflictEvent]) -> int:
        step = DedupStep(projection.store)
        envelope = Envelope(id="e", source="/benchmark", type="org.tocsin.event.v1", subject="levant")
        merged = 0
        for event in events:
            message: Message[ConflictEvent | Superseded] = Message(
                EVENT, NUMBER, 0, "levant", event, envelope
            )
            for out in (out for stage in await step.handle(message) for out in stage):
                assert out.value is not None
                mark = projection.mark(NUMBER)
                assert mark is not None
                await projection.applied(NUMBER, mark, out.key, out.value.to_bytes())
                log.first = mark + 1
                merged += not out.id.endswith("-1")
        return merged


@contextmanager
def redis_at() -> Iterator[str]:
    """An empty Redis."""
    if url := os.environ.get("REDIS_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(find_redis(), Path(folder), free_port())
        server.start()
        try:
            yield server.url
        finally:
            server.kill()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 50_000])
    parser.add_argument("--events", type=int, default=1_000)
    parser.add_argument("--profile", action="store_true")
    told = parser.parse_args()
    with redis_at() as url:
        asyncio.run(
            Bench(url, World(random.Random(7))).measure(sorted(told.sizes), told.events, told.profile)
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
