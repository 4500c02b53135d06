"""Faust, set up to do nothing of its own accord: the application, its producer, and the worker that runs it."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

import faust
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport

from schemas.envelope import Headers
from services.common.kafka import consumer_group
from services.common.logging import get_logger
from services.common.retry import OutageError
from services.common.settings import CommonSettings

log = get_logger(__name__)

MAX_POLL_SECONDS = 7 * 24 * 3600.0
"""A service that waits for a dependency, or was stopped by a limit, keeps its partitions."""

SHUTDOWN_SECONDS = 15.0
"""From SIGTERM to the end at the latest; a supervisor's patience is often 30 s."""


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


class _App(faust.App):
    """Faust keeps tables in a folder; without tables there is nothing to keep, and the disk may be read-only."""

    def _create_directories(self) -> None:
        return


async def seek_all(consumer: Any) -> Mapping[Any, int]:
    """Seek every assigned partition to what is committed, or to its beginning; gives what is committed.

    Records fetched during a rebalance are thrown away and sought again, but the client's own way passes over a
    partition of which nothing is committed yet: its first records would be lost.
    """
    committed: Mapping[Any, int] = await consumer.seek_to_committed()
    unread = [place for place, offset in committed.items() if not offset or offset < 0]
    if unread:
        for place, offset in (await consumer.beginning_offsets(unread)).items():
            consumer.seek(place, offset)
    return committed


class _ConsumerThread(AIOKafkaConsumerThread):
    async def seek_to_committed(self) -> Mapping[Any, int]:
        return await self.call_thread(seek_all, self._ensure_consumer())  # type: ignore[no-any-return]


class _Consumer(Consumer):
    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)


class _Transport(Transport):
    Consumer = _Consumer


def faust_app(service: str, settings: CommonSettings) -> faust.App:
    """An application that does nothing of its own accord: no tables, no leader, no web server, raw bytes."""
    brokers = settings.kafka_bootstrap_servers.split(",")
    app = _App(
        consumer_group(service),
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
    app.transport = _Transport(app.conf.broker_consumer, app)
    return app


class _Worker(faust.Worker):
    """Ends in time also where the broker is gone, which faust's consumer and producer would wait for."""

    async def _stop_on_signal(self, signal: Any) -> None:
        deadline = threading.Timer(SHUTDOWN_SECONDS, _give_up)
        deadline.daemon = True
        deadline.start()
        await super()._stop_on_signal(signal)


def _give_up() -> None:
    """What is not committed is delivered again at the next start: nothing is lost."""
    log.error("not_stopped_in_time", seconds=SHUTDOWN_SECONDS)
    os._exit(1)


def faust_worker(app: faust.App, loop: asyncio.AbstractEventLoop) -> faust.Worker:
    """What runs the application until SIGTERM or SIGINT, and leaves logging and standard output alone."""
    worker = _Worker(app, loop=loop, redirect_stdouts=False, override_logging=False, quiet=True)
    worker.spinner = None  # it writes terminal codes between the log's lines
    return worker
