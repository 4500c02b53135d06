"""The loop: one record in, decided, its results acknowledged and applied, then its offset acked.

Faust is known to this file and to `bus.py`, which sets it up. What it may and may not be asked was measured:
`noack`, one record in hand, everything caught, ack in the order of the offsets.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from functools import partial
from typing import Any

import redis.asyncio as aioredis
from faust.types import TP

from schemas.topics import Topic
from services.common import metrics
from services.common.bus import FaustProducer, faust_app, faust_worker
from services.common.health import Health, health_app, http_server
from services.common.kafka import require_topics
from services.common.logging import get_logger
from services.common.message import Stages
from services.common.parts import Parts
from services.common.projection import Projection, StaleProjectionError
from services.common.retry import OutageError
from services.common.settings import CommonSettings
from services.common.settle import Raw, Settler, Step
from services.common.ticker import Clock, Ticker
from services.common.topic_reader import KafkaTopicReader
from services.common.upkeep import Upkeep
from services.common.waiting import Waiter
from services.common.writer import NotAssignedError, Writer

log = get_logger(__name__)


class SplitAssignmentError(Exception):
    """A partition number was assigned of one topic and not of another: their order could not be kept."""


PartitionHook = Callable[[int], Awaitable[None]]


class StreamService:
    """A step for each topic consumed: a faust application around their `Settler`s, with its health pages.

    Topics consumed by one service have one partition count, and faust assigns them together: who owns a partition
    number owns it of all of them, and settles their records one at a time. `on_assigned` is awaited for every
    partition owned, before its records flow; `on_revoked` before another worker may have it.
    """

    def __init__(
        self,
        service: str,
        settings: CommonSettings,
        *,
        topics: Sequence[Topic],
        port: int,
        client: "aioredis.Redis",
        projections: Sequence[Projection] = (),
    ) -> None:
        self.name, self.port = service, port
        self.app = faust_app(service, settings)
        self.producer = FaustProducer(self.app)
        by_topic = {projection.topic.name: projection for projection in projections}
        self.writer = Writer(service, self.producer, self.owns, by_topic)
        self.health = health = Health()
        self.owned: frozenset[int] = frozenset()
        self.waiter = Waiter(health, sleep=self._sleep)
        self._settlers: dict[str, Settler] = {}
        self.on_assigned: list[PartitionHook] = []
        self.on_revoked: list[PartitionHook] = []
        self.background: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self._settings = settings
        self._redis = client
        self._topics = tuple(topics)
        self._projections = projections
        self._in_hand = asyncio.Lock()
        self._assignments = 0
        self._next: dict[TP, int] = {}
        reader = KafkaTopicReader(settings.kafka_bootstrap_servers)
        self._upkeep = Upkeep(
            self._topics,
            self.waiter,
            client,
            reader,
            owned=lambda: self.owned,
            position=self._position,
            busy=self._in_hand.locked,
            stall_seconds=max(20.0, 3 * settings.kafka_session_timeout_seconds),
        )
        self.web = health_app(health)
        """The HTTP side; further pages may be mounted on it before `run`."""
        self._server = http_server(self.web, settings.http_host, port)
        self._wire()

    def owns(self, partition: int) -> bool:
        """Whether this worker may write for the partition now."""
        return partition in self.owned

    def attach(self, *steps: Step, **build: str) -> None:
        """Give the service a step for each topic; before `run`. `build` is told in `tocsin_build_info`."""
        metrics.initialise([step.topic.name for step in steps], **build)
        parts = Parts(self.name, self._settings, self._redis)
        self._settlers = parts.settlers(steps, self.writer, self.producer, self._projections, self.waiter)

    def keep_time(self, clock: Clock) -> None:
        """Have written what falls due by the clock, between records; after `attach`, before `run`."""
        ticker = Ticker(clock, self._upkeep, self._between_records, self._refresh)
        self.background.append(ticker.run)

    async def _between_records(self, partition: int, decide: Callable[[], Awaitable[Stages]]) -> Stages:
        """Decide and write while no record is in hand; gives what was written. Raises `NotAssignedError`."""
        settler = next(iter(self._settlers.values()))
        async with self._in_hand:
            if not self.owns(partition):
                raise NotAssignedError(f"partition {partition} is not ours any more")
            return await self.waiter.through_outages(lambda: settler.decided(partition, decide))

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; the exit status."""
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        self._serving = loop.create_task(self._server.serve())
        loop.run_until_complete(self._topics_ready())
        try:
            faust_worker(self.app, loop).execute_from_commandline()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    async def _topics_ready(self) -> None:
        """Wait for a broker that has the topics; raises `TopicsDifferError` where partition counts differ."""
        wanted = [*self._topics, *(projection.topic for projection in self._projections)]
        servers = self._settings.kafka_bootstrap_servers
        await self.waiter.through_outages(partial(asyncio.to_thread, require_topics, servers, wanted))

    def _wire(self) -> None:
        names = [topic.name for topic in self._topics]
        source = self.app.topic(*names, key_type=bytes, value_type=bytes)
        self.app.agent(source, name=self.name, concurrency=1)(self._consume)
        hooks: list[tuple[Any, Any]] = [
            (self.app.on_partitions_revoked, self._revoked),
            (self.app.on_rebalance_complete, self._assigned),
            (self.app.on_before_shutdown, self._revoked),
        ]
        for signal, hook in hooks:
            signal.connect(hook, weak=False)
        for task in (self._upkeep.turn, self._upkeep.measure, self._run_background):
            self.app.task(task)

    async def _consume(self, stream: Any) -> None:
        async for event in stream.noack().events():
            raw = self._raw(event.message)
            try:
                async with self._in_hand:
                    await self._settle(raw)
            except (NotAssignedError, OutageError):
                # not acked: whoever owns the partition now is given the record
                log.info("left_to_another_worker", record=raw.where)
                continue
            except Exception as error:
                # faust would go on with the next record, whose ack would pass over this one: end instead
                log.exception("loop_failed", record=raw.where)
                await self.app.crash(error)
                raise
            await stream.ack(event)
            self._next[event.message.tp] = raw.offset + 1

    async def _settle(self, raw: Raw) -> None:
        if not self.owns(raw.partition):
            raise NotAssignedError(raw.where)
        await self._settlers[raw.topic.name].settle(raw)

    def _raw(self, message: Any) -> Raw:
        headers = message.headers or ()
        return Raw(
            topic=next(topic for topic in self._topics if topic.name == message.topic),
            partition=message.partition,
            offset=message.offset,
            key=message.key,
            value=message.value,
            headers=list(headers.items() if isinstance(headers, dict) else headers),
            timestamp=message.timestamp,
        )

    async def _sleep(self, seconds: float) -> None:
        """Sleep; raises `NotAssignedError` where a rebalance began meanwhile, so that it need not wait for us."""
        assignment = self._assignments
        await asyncio.sleep(seconds)
        self._still(assignment)

    def _still(self, assignment: int) -> None:
        """Raises `NotAssignedError` where a rebalance began since the assignment of this number."""
        if assignment != self._assignments:
            raise NotAssignedError("a rebalance began")

    async def _revoked(self, _app: Any, /, *_args: Any, **_kwargs: Any) -> None:
        """Faust revokes all, then assigns anew: await the record in hand, then write no more."""
        self._assignments += 1
        async with self._in_hand:
            gone = self.owned
            # all at once, for the broker waits for us; and still owned, so that what they await may be recorded
            await asyncio.gather(*(hook(partition) for partition in gone for hook in self.on_revoked))
            self.owned = frozenset()
        for partition in sorted(gone):
            for projection in self._projections:
                projection.forget(partition)
        self._next.clear()

    async def _assigned(self, _app: Any, /, *_args: Any, **_kwargs: Any) -> None:
        """Bring the projections of what is owned now up to date before its records flow."""
        metrics.REBALANCES.inc()
        assignment = self._assignments
        now = self._numbers(self.app.consumer.assignment())
        try:
            for partition in sorted(now):
                await self.waiter.through_outages(partial(self._refresh, partition))
            # a revocation waits for what has begun; if it came first, nothing begins
            async with self._in_hand:
                self._still(assignment)
                self.owned = now
                for partition in sorted(now):
                    await self.waiter.through_outages(partial(self._begin, partition))
        except NotAssignedError:
            # another rebalance began meanwhile, and is told by itself
            return
        self.health.ready("start")
        log.info("assigned", partitions=sorted(now))

    async def _refresh(self, partition: int) -> None:
        for projection in self._projections:
            await projection.refresh(partition)

    async def _begin(self, partition: int) -> None:
        try:
            for hook in self.on_assigned:
                await hook(partition)
        except StaleProjectionError as error:
            await self._refresh(partition)
            raise OutageError("projection", str(error)) from error

    def _numbers(self, assignment: Iterable[TP]) -> frozenset[int]:
        """The partitions owned of every topic. Raises `SplitAssignmentError` where one is owned of some alone."""
        places = set(assignment)
        numbers = [frozenset(tp.partition for tp in places if tp.topic == t.name) for t in self._topics]
        if len(set(numbers)) > 1:
            raise SplitAssignmentError(f"{self.name}: topics were assigned apart: {sorted(places)}")
        return numbers[0]

    def _position(self, topic: Topic, number: int) -> int:
        """The offset after the last record settled; before the first, what faust was told is committed."""
        consumer: Any = self.app.consumer
        place = TP(topic.name, number)
        return self._next.get(place, int(consumer._committed_offset.get(place) or 0))

    async def _run_background(self) -> None:
        await asyncio.gather(*(task() for task in self.background))
