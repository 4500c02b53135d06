"""Settles one record: decoded, decided, its results written; or waited for, tried again, or dead-lettered."""

import faulthandler
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

import structlog

from schemas.base import UndecodableError
from schemas.envelope import Envelope, EnvelopeError, Headers
from schemas.failure import FailureReason
from schemas.topics import Topic
from services.common import metrics, tracing
from services.common.dead_letter import Death, Origin, dead_letter_headers
from services.common.guard import RunGuard, StopSwitch
from services.common.logging import get_logger
from services.common.message import Message, Stages
from services.common.projection import Projection, StaleProjectionError
from services.common.retry import Backoff, OutageError, RetryLater, Unprocessable
from services.common.waiting import Waiter
from services.common.writer import NotAssignedError, Producer, Writer

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Raw:
    """One record as the broker gives it. `timestamp` in Unix seconds, by the broker."""

    topic: Topic
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    timestamp: float

    @property
    def where(self) -> str:
        """`topic:partition:offset`."""
        return f"{self.topic.name}:{self.partition}:{self.offset}"


class Step(Protocol):
    """What a service does with one record of its topic."""

    @property
    def topic(self) -> Topic:
        """The topic that the service consumes."""
        ...

    def decode(self, value: bytes | None) -> Any:
        """The record's value; raises `UndecodableError`."""
        ...

    async def handle(self, message: Message[Any]) -> Stages:
        """Decide. Pure but for reads of projections: the same message and state give the same records.

        Raises `RetryLater`, `Unprocessable`, `StaleProjectionError` or `OutageError`.
        """
        ...

    async def written(self, message: Message[Any], stages: Stages) -> None:
        """All records of `stages` are acknowledged and applied."""
        ...


class Dead(Exception):  # noqa: N818 - an outcome
    """The record goes to its dead-letter topic."""

    def __init__(
        self, reason: FailureReason, text: str, cause: Exception | None = None, attempts: int = 1
    ) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text
        self.error_class = type(cause).__name__ if cause else ""
        self.attempts = attempts


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of settling; see `CommonSettings` for their meaning."""

    max_retries: int
    watchdog_seconds: float
    lease_seconds: float
    """A decision older than this may be a paused worker's: it is made anew before anything is written."""


@dataclass
class Settler:
    """Settles the records of one step, one at a time."""

    service: str
    step: Step
    writer: Writer
    producer: Producer
    projections: Sequence[Projection]
    guard: RunGuard
    switch: StopSwitch
    waiter: Waiter
    limits: Limits
    clock: Callable[[], float] = time.monotonic

    async def settle(self, raw: Raw) -> None:
        """On return the record is done with, one way or another, and its offset may be acked.

        Waits without end for a dependency. Raises `NotAssignedError` where the partition went elsewhere.
        """
        with _told(raw):
            await self.waiter.until_resumed(self.switch)
            fresh = await self.waiter.through_outages(lambda: self.guard.begin(raw.where))
            try:
                if not fresh:
                    raise Dead(FailureReason.STUCK, "in hand at three starts of the service")
                outcome = await self._process(raw)
            except Dead as dead:
                await self.waiter.through_outages(partial(self._bury, raw, dead))
                outcome = "dead"
            except NotAssignedError:
                # it did not end this process: the next owner starts its count anew
                await self.guard.finish(raw.where)
                raise
            await self.waiter.through_outages(lambda: self.guard.finish(raw.where))
            if await self.waiter.through_outages(lambda: self.switch.record(outcome == "dead")):
                self.waiter.look_again()
            metrics.MESSAGES_PROCESSED.labels(raw.topic.name, outcome).inc()

    async def _process(self, raw: Raw) -> str:
        message = self._decode(raw)
        waits = Backoff(first=0.1, longest=2.0).waits(random.Random())
        for attempts_left in range(self.limits.max_retries, -1, -1):
            attempt = self.limits.max_retries - attempts_left + 1
            try:
                return await self.waiter.through_outages(partial(self._attempt, message))
            except (NotAssignedError, OutageError, Dead):
                raise
            except Unprocessable as error:
                raise Dead(error.reason, str(error), error, attempt) from error
            except RetryLater as error:
                failure = Dead(error.reason, str(error), error, attempt)
            except Exception as error:
                # whatever a handler raises is this record's failure, and is told with its traceback
                log.exception("handler_failed", attempts_left=attempts_left)
                failure = Dead(FailureReason.HANDLER_ERROR, type(error).__name__, error, attempt)
            if attempts_left:
                metrics.RETRIES.labels(raw.topic.name, failure.reason.value).inc()
                await self.waiter.sleep(next(waits))
        raise failure

    def _decode(self, raw: Raw) -> Message[Any]:
        try:
            envelope = Envelope.from_headers(raw.headers)
            key = (raw.key or b"").decode()
            value = self.step.decode(raw.value)
        except EnvelopeError as error:
            raise Dead(FailureReason.ENVELOPE_ERROR, str(error), error) from None
        except UndecodableError as error:
            raise Dead(FailureReason.DECODE_ERROR, str(error), error) from None
        except UnicodeDecodeError as error:
            raise Dead(FailureReason.DECODE_ERROR, "the key is not UTF-8", error) from None
        except Exception as error:
            log.exception("decoder_failed")
            raise Dead(
                FailureReason.HANDLER_ERROR, f"{type(error).__name__} while decoding", error
            ) from error
        return Message(raw.topic, raw.partition, raw.offset, key, value, envelope)

    async def _attempt(self, message: Message[Any]) -> str:
        """Decide and write once; a stale projection is read again and the decision made anew.

        So is, once, a decision that took longer than the lease: another worker may have been given the partition.
        """
        stages = await self.decided(message.partition, partial(self.step.handle, message))
        await self.step.written(message, stages)
        return "ok" if any(stages) else "filtered"

    async def decided(self, partition: int, decide: Callable[[], Awaitable[Stages]]) -> Stages:
        """Decide, write, and give what was written. Raises what `decide` and the writer raise, but never staleness."""
        doubted = False
        while True:
            began_at = self.clock()
            try:
                with _watchdog(self.limits.watchdog_seconds):
                    stages = await decide()
                if not doubted and self.clock() - began_at > self.limits.lease_seconds:
                    doubted = True
                    raise StaleProjectionError("the worker may have been paused while it decided")
                await self.writer.write(partition, stages)
                return stages
            except StaleProjectionError as error:
                log.info("deciding_again", why=str(error))
                for projection in self.projections:
                    await projection.refresh(partition)

    async def _bury(self, raw: Raw, dead: Dead) -> None:
        """To the dead-letter topic: same partition, same key, same bytes, and acknowledged."""
        origin = Origin(raw.topic.name, raw.partition, raw.offset, int(raw.timestamp * 1000))
        now = datetime.now(UTC)
        death = Death(self.service, dead.reason, dead.text, now, dead.error_class, dead.attempts)
        headers = dead_letter_headers(raw.headers, origin, death)
        sent = await self.producer.send(raw.topic.dead_letters, raw.key, raw.value, raw.partition, headers)
        try:
            await sent
        except Exception as error:
            raise OutageError("broker", f"{type(error).__name__} on {raw.topic.dead_letters}") from error
        metrics.DEAD_LETTERS.labels(raw.topic.name, dead.reason.value).inc()
        log.error("dead_letter", reason=dead.reason.value, why=dead.text)


@contextmanager
def _told(raw: Raw) -> Iterator[None]:
    """Metrics and log context around one record."""
    started, topic = time.monotonic(), raw.topic.name
    age = max(0.0, time.time() - raw.timestamp)
    metrics.MESSAGES_CONSUMED.labels(topic).inc()
    metrics.EVENT_AGE.labels(topic).observe(age)
    metrics.OLDEST_UNPROCESSED.labels(topic).set(age)
    metrics.IN_FLIGHT.labels(topic).inc()
    trace = dict(raw.headers).get("traceparent", b"").decode(errors="replace")
    token = tracing.current.set(trace if tracing.is_valid(trace) else tracing.new_traceparent())
    context = {"record": raw.where, "trace_id": tracing.trace_id(tracing.current.get())}
    try:
        with structlog.contextvars.bound_contextvars(**context):
            yield
    finally:
        tracing.current.reset(token)
        metrics.IN_FLIGHT.labels(topic).dec()
        metrics.PROCESSING_DURATION.labels(topic).observe(time.monotonic() - started)


@contextmanager
def _watchdog(seconds: float) -> Iterator[None]:
    """Dump all stacks and exit when the body takes longer: no time-out stops a thread or a regular expression."""
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
