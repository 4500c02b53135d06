"""Records in, the broker's acknowledgement out: kafka-python's producer, owned by one thread of its own.

Its `send` can block on metadata, so a queue feeds the thread, and its futures are bridged to the event loop.
What is queued or not yet acknowledged is bounded in bytes; beyond the bound a sender is told to come back later.
"""

import asyncio
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeAlias

from kafka import KafkaProducer
from kafka.errors import KafkaConnectionError, KafkaTimeoutError

from schemas.envelope import Headers
from schemas.topics import MAX_RECORD_BYTES, RECORD_OVERHEAD_BYTES
from services.common.logging import get_logger
from services.common.metrics import MESSAGES_PRODUCED

log = get_logger(__name__)

BOOTSTRAP_MS = 2_000
MAX_BLOCK_MS = 2_000
REQUEST_MS = 5_000
DELIVERY_MS = 15_000
"""A record that the broker has not acknowledged by then is given up; its sender was told so long before."""
BATCH_BYTES = 256 * 1024
"""What waits for a partition goes together; the library's 16 kB would be six articles."""
STUCK_SECONDS = DELIVERY_MS / 1000 + 5
"""A client that has given up nothing by then gives up nothing ever: kafka-python 3.0.12 may wait without end for a new
producer id, after a batch expired that the broker may have had. It is replaced."""
LOOK_SECONDS = 1.0
CLOSE_SECONDS = 5.0

NO_BROKER = (KafkaConnectionError, KafkaTimeoutError)


class UnavailableError(Exception):
    """The broker has not acknowledged: nothing is promised, and the same reports may be sent again."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record, ready to be sent."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers

    @property
    def size(self) -> int:
        """What it counts against the bound: its bytes, and a little for being there."""
        return len(self.value) + len(self.key) + 1_024


class KafkaClient(Protocol):
    """The part of `KafkaProducer` in use here."""

    def send(self, topic: str, value: bytes, key: bytes, headers: Headers) -> Any:
        """A future with `add_callback` and `add_errback`; may block, and may raise `KafkaError`."""
        ...

    def close(self, timeout: float) -> None:
        """Send what is waiting, for at most so many seconds."""
        ...


class Placed(NamedTuple):
    """Where a record stands that the broker has acknowledged; offset -1 where the broker does not say."""

    partition: int
    offset: int


Handed: TypeAlias = "asyncio.Future[Placed]"
"""A record that was handed to the client: done when the broker has spoken, or the client has given it up."""


@dataclass(frozen=True, slots=True)
class _Job:
    record: Outgoing
    done: Handed


def connect(bootstrap_servers: str) -> KafkaClient:
    """An idempotent producer, `acks=all` (its defaults). Raises `KafkaError` when no broker answers."""
    client: KafkaClient = KafkaProducer(
        bootstrap_servers=bootstrap_servers.split(","),
        client_id="tocsin-ingest",
        bootstrap_timeout_ms=BOOTSTRAP_MS,
        max_block_ms=MAX_BLOCK_MS,
        request_timeout_ms=REQUEST_MS,
        delivery_timeout_ms=DELIVERY_MS,
        max_request_size=MAX_RECORD_BYTES + RECORD_OVERHEAD_BYTES,
        reconnect_backoff_max_ms=1_000,
        batch_size=BATCH_BYTES,
        allow_auto_create_topics=False,
    )
    return client


class Producer:
    """Start it inside a running event loop; it may be used by many at a time."""

    def __init__(
        self,
        connect: Callable[[], KafkaClient],
        *,
        max_outstanding_bytes: int,
        ack_timeout_seconds: float,
        stuck_seconds: float = STUCK_SECONDS,
    ) -> None:
        self._connect = connect
        self._stuck_seconds = stuck_seconds
        self._waiting: deque[tuple[float, _Job]] = deque()
        """What the client has, the oldest first, and since when."""
        self._max_bytes = max_outstanding_bytes
        self._ack_timeout = ack_timeout_seconds
        self._outstanding = 0
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="kafka-producer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: KafkaClient | None = None

    def start(self) -> None:
        """Start the thread."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Send what is waiting, then end the thread."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join, 2 * CLOSE_SECONDS)

    def hand(self, records: Sequence[Outgoing]) -> list[Handed]:
        """Give all to the client. Raises `UnavailableError`, with nothing sent, while too much is outstanding."""
        size = sum(record.size for record in records)
        if self._outstanding + size > self._max_bytes:
            raise UnavailableError("too many reports wait for the broker's acknowledgement")
        return [self._enqueue(record) for record in records]

    async def placed(self, handed: Sequence[Handed]) -> list[Placed | None]:
        """Wait for the broker, as long as a sender is kept waiting: where each stands, None without its word."""
        if handed:
            await asyncio.wait(handed, timeout=self._ack_timeout)
        return [
            done.result() if done.done() and not done.cancelled() and done.exception() is None else None
            for done in handed
        ]

    def _enqueue(self, record: Outgoing) -> Handed:
        done: Handed = asyncio.get_running_loop().create_future()
        self._outstanding += record.size
        # runs on the loop, whenever the broker or the client has spoken, even long after the sender gave up
        done.add_done_callback(lambda future: self._settle(record, future))
        self._jobs.put(_Job(record, done))
        return done

    def _settle(self, record: Outgoing, done: Handed) -> None:
        self._outstanding -= record.size
        failed = done.cancelled() or done.exception() is not None
        MESSAGES_PRODUCED.labels(record.topic, "error" if failed else "ok").inc()

    # -- the thread ---------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while (job := self._next()) is not None:
            try:
                self._send(job)
            except (
                Exception
            ) as error:  # one record's failure is its sender's to hear of, never the thread's end
                self._answer(job, error)
                self._fail_waiting(error)
        if self._client is not None:
            self._client.close(timeout=CLOSE_SECONDS)

    def _next(self) -> _Job | None:
        """The next record to send; None at the end."""
        while True:
            self._replace_if_stuck()
            try:
                return self._jobs.get(timeout=min(LOOK_SECONDS, self._stuck_seconds))
            except queue.Empty:
                continue

    def _replace_if_stuck(self) -> None:
        while self._waiting and self._waiting[0][1].done.done():
            self._waiting.popleft()
        if not self._waiting or time.monotonic() - self._waiting[0][0] < self._stuck_seconds:
            return
        log.error(
            "producer_replaced", waiting=len(self._waiting), why="the client neither sends nor gives up"
        )
        for _, job in self._waiting:
            self._answer(job, KafkaTimeoutError("the client neither sent it nor gave it up"))
        self._waiting.clear()
        client, self._client = self._client, None
        if client is not None:
            _end(client)

    def _send(self, job: _Job) -> None:
        if self._client is None:
            self._client = self._connect()
        record = job.record
        self._waiting.append((time.monotonic(), job))
        future = self._client.send(record.topic, value=record.value, key=record.key, headers=record.headers)
        future.add_callback(lambda told: self._answer(job, Placed(told.partition, told.offset)))
        future.add_errback(lambda error: self._answer(job, error))

    def _fail_waiting(self, error: Exception) -> None:
        """Those queued behind a record that found no broker would each wait as long for the same answer."""
        if not isinstance(error, NO_BROKER):
            log.error("producer_failed", error=type(error).__name__, exc_info=error)
            return
        for _ in range(self._jobs.qsize()):
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                return
            self._answer(job, error)

    def _answer(self, job: _Job, answer: Placed | Exception) -> None:
        assert self._loop is not None  # noqa: S101 - set by `start`, before the thread runs
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_resolve, job.done, answer)


def _end(client: KafkaClient) -> None:
    """At once. The library does not end a client that it cannot flush first, so its sender is told to stop."""
    try:
        client.close(timeout=0)
    except KafkaTimeoutError:
        sender = getattr(client, "_sender", None)
        if sender is not None:
            sender.force_close()
    except Exception as error:  # another client serves from now on
        log.error("producer_not_closed", error=type(error).__name__, exc_info=error)


def _resolve(done: Handed, answer: Placed | Exception) -> None:
    if done.done():
        return
    if isinstance(answer, Placed):
        done.set_result(answer)
    else:
        done.set_exception(answer)
