"""The loop: one record in, decided, its results acknowledged and applied, then its offset acked.

Faust is known to this file alone. What it may and may not be asked was measured (DESIGN section 3): `noack`,
one record in hand, everything caught, ack in the order of the offsets.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import faust
from faust.types import TP
from mode import Worker as ModeWorker

from schemas.envelope import Headers
from services.common.health import Health, health_app, http_server
from services.common.logging import get_logger
from services.common.metrics import REBALANCES
from services.common.retry import OutageError
from services.common.settings import CommonSettings
from services.common.settle import Raw, Settler

log = get_logger(__name__)

MAX_POLL_SECONDS = 7 * 24 * 3600.0
"""A service that waits for a dependency, or was stopped by a limit, keeps its partitions."""


@dataclass
class FaustProducer:
    """Sends through faust's producer; the inner awaitable is the broker's acknowledgement."""

    app: faust.App

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, partition: int | None, headers: Headers
    ) -> Awaitable[tuple[int, int]]:
        """Raises `OutageError` when the record cannot even be queued."""
        try:
            pending = await self.app.producer.send(topic, key, value, partition, None, headers)
        except Exception as error:
            raise OutageError("broker", f"{type(error).__name__} on {topic}") from error
        return _placed(pending)


async def _placed(pending: Awaitable[Any]) -> tuple[int, int]:
    metadata = await pending
    return metadata.partition, metadata.offset


def faust_app(service: str, settings: CommonSettings) -> faust.App:
    """An application that does nothing of its own accord: no tables, no leader, no web server, raw bytes."""
    brokers = settings.kafka_bootstrap_servers.split(",")
    return faust.App(
        f"tocsin-{service}",
        broker=[f"kafka://{broker.strip()}" for broker in brokers],
        processing_guarantee="at_least_once",
        key_serializer="raw",
        value_serializer="raw",
        topic_allow_declare=False,
        topic_disable_leader=True,
        broker_commit_interval=1.0,
        broker_max_poll_records=500,
        broker_max_poll_interval=MAX_POLL_SECONDS,
        broker_session_timeout=settings.kafka_session_timeout_seconds,
        broker_heartbeat_interval=settings.kafka_heartbeat_seconds,
        broker_request_timeout=max(40.0, settings.kafka_session_timeout_seconds + 5),
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=4 * 1024 * 1024,
        producer_max_request_size=4 * 1024 * 1024,
        producer_acks=-1,
        producer_threaded=False,
        stream_buffer_maxsize=512,
        stream_wait_empty=False,
        web_enabled=False,
        worker_redirect_stdouts=False,
        store="memory://",
    )


class StreamService:
    """One step on the bus: a faust application around a `Settler`, with its health pages.

    `on_assigned` is awaited for every newly owned partition before its records flow; `on_revoked` before
    another worker may have it.
    """

    def __init__(
        self,
        service: str,
        settings: CommonSettings,
        *,
        topic: Topic,
        projections: Sequence[Projection] = (),
        health: Health,
        port: int,
    ) -> None:
        self.app = faust_app(service, settings)
        self.producer = FaustProducer(self.app)
        self.owned: frozenset[int] = frozenset()
        self.health = health
        self.waiter = Waiter(health)
        self.settler: Settler | None = None
        self.on_assigned: list[PartitionHook] = []
        self.on_revoked: list[PartitionHook] = []
        self.background: list[Callable[[], Coroutine[Any, Any, None]]] = []
        self._topic = topic
        self._projections = projections
        self._in_hand = asyncio.Lock()
        self._next: dict[int, int] = {}
        self._server = http_server(health_app(health), settings.http_host, port)
        self._lag = KafkaTopicReader(settings.kafka_bootstrap_servers)
        self._wire()

    def owns(self, partition: int) -> bool:
        """Whether this worker may write for the partition now."""
        return partition in self.owned

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; the exit status."""
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        worker = faust.Worker(self.app, loop=loop, redirect_stdouts=False, override_logging=False)
        try:
            worker.execute_from_commandline()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    def _wire(self) -> None:
        source = self.app.topic(self._topic.name, key_type=bytes, value_type=bytes)
        self.app.agent(source, name=self._topic.name, concurrency=1)(self._consume)
        self.app.on_partitions_revoked.connect(self._revoked, weak=False)
        self.app.on_rebalance_complete.connect(self._assigned, weak=False)
        self.app.task()(self._serve)
        self.app.task()(self._measure)
        self.app.task()(self._start_background)

    async def _consume(self, stream: Any) -> None:
        async for event in stream.noack().events():
            raw = self._raw(event.message)
            try:
                async with self._in_hand:
                    if not self.owns(raw.partition):
                        raise NotAssignedError(raw.where)
                    await self._settle(raw)
            except NotAssignedError:
                log.info("left_to_another_worker", record=raw.where)
                continue
            await stream.ack(event)
            self._next[raw.partition] = raw.offset + 1

    async def _settle(self, raw: Raw) -> None:
        if self.settler is None:
            raise RuntimeError("the service was started without its step")
        await self.settler.settle(raw)

    def _raw(self, message: Any) -> Raw:
        return Raw(
            topic=self._topic,
            partition=message.partition,
            offset=message.offset,
            key=message.key,
            value=message.value,
            headers=list((message.headers or {}).items())
            if isinstance(message.headers, dict)
            else list(message.headers or ()),
            timestamp=message.timestamp,
        )

    async def _revoked(self, _app: Any, revoked: Any = (), **_: Any) -> None:
        """Await the record in hand, then write no more for what is gone (faust revokes all and assigns anew)."""
        self.owned = frozenset()
        async with self._in_hand:
            for partition in sorted(self._next | dict.fromkeys(self._partitions(revoked), 0)):
                for hook in self.on_revoked:
                    await hook(partition)
                for projection in self._projections:
                    projection.forget(partition)
        self._next.clear()

    async def _assigned(self, _app: Any, **_: Any) -> None:
        """Bring the projections of what is owned now up to date before its records flow."""
        metrics.REBALANCES.inc()
        now = frozenset(self._partitions(self.app.consumer.assignment()))
        for partition in sorted(now):
            for projection in self._projections:
                await self.waiter.through_outages(partial(projection.refresh, partition))
        self.owned = now
        for partition in sorted(now):
            for hook in self.on_assigned:
                await hook(partition)
        self.health.ready("start")
        log.info("assigned", partitions=sorted(now))

    def _partitions(self, assignment: Iterable[TP]) -> set[int]:
        return {tp.partition for tp in assignment if tp.topic == self._topic.name}
