"""Tells subscriptions of sources that fall silent: `conflict.source.v1` in; notices, on their topic and sent, out.

Both topics are small and have one partition, so every worker follows them whole, as it follows subscriptions. Of two
workers the one that owns the partition number of a source's id tells of that source; should both do it while that
moves, the `webhook-id` is the same.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from schemas.base import Record, UndecodableError
from schemas.envelope import Envelope, event_type
from schemas.failure import FailureReason
from schemas.notice import Notice, NoticeState
from schemas.source import SourceHealth
from schemas.topics import NOTICE, SOURCE, Topic
from services.alerting.attempts import Sends
from services.alerting.clock import Clock
from services.alerting.endpoint import Endpoint, Endpoints
from services.alerting.limiter import Limiter
from services.alerting.notices import after, asks, expired, is_moot, notice_of
from services.alerting.outcome import Outcome, Schedule
from services.common import metrics, tracing
from services.common.logging import get_logger
from services.common.partition import partition_of
from services.common.retry import OutageError
from services.common.topic_reader import TopicReader
from services.common.writer import Producer

log = get_logger(__name__)

PARTITION = 0
LOOK_SECONDS = 1.0
WRITE_SECONDS = 10.0
CONCURRENCY_PER_ENDPOINT = 4
"""Where the network of ingest itself is out, all sources fall silent at once."""


@dataclass
class SourceDesk:
    """The notices of one worker. Everything it needs to go on after a crash is on the two topics."""

    reader: TopicReader
    producer: Producer
    endpoints: Endpoints
    sender: Sends
    limiter: Limiter
    clock: Clock
    rng: random.Random
    schedule: Schedule
    max_age: timedelta
    owned: Callable[[], Collection[int]]
    _sources: dict[str, SourceHealth] = field(default_factory=dict)
    _notices: dict[str, tuple[int, Notice]] = field(default_factory=dict)
    """By key: the newest, and its offset."""
    _read_up_to: dict[str, int] = field(default_factory=dict)
    _busy: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _gates: defaultdict[str, asyncio.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(CONCURRENCY_PER_ENDPOINT))
    )

    async def watch(self) -> None:
        """Look for ever; through outages too."""
        while True:
            try:
                await self.look()
            except OutageError as error:
                log.warning("sources_not_read", problem=str(error))
            await self.clock.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Read what is new, and begin to tell what is due. Raises `OutageError`."""
        await self._catch_up(SOURCE, self._apply_source)
        await self._catch_up(NOTICE, self._apply_notice)
        owned = self.owned()
        askers = [one for one in self.endpoints.all() if one.subscription.filters.silent_sources]
        for health in self._sources.values():
            if partition_of(health.id) in owned:
                for endpoint in askers:
                    self._begin(health, endpoint)

    def _begin(self, health: SourceHealth, endpoint: Endpoint) -> None:
        key = f"{endpoint.id}/{health.id}"
        if key in self._busy or endpoint.locked or not asks(endpoint.subscription, health.id):
            return
        _, last = self._notices.get(key, (-1, None))
        now = self.clock.now()
        fresh = notice_of(health, endpoint.subscription, last, self.max_age, now)
        if fresh is None and (last is None or last.state is not NoticeState.PENDING):
            return
        if fresh:
            step = self._tell(key, fresh, endpoint, is_new=True)
        elif last and is_moot(last, health):
            step = self._write(key, last.model_copy(update={"state": NoticeState.MOOT}))
        elif last and last.due_at <= now:
            step = self._tell(key, last, endpoint, is_new=False)
        else:
            return
        self._busy[key] = task = asyncio.create_task(step, name=f"notice {key}")
        task.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: str, task: "asyncio.Task[None]") -> None:
        """An outage leaves the notice as it was: the next look begins again, under the same id."""
        self._busy.pop(key, None)
        if not task.cancelled() and (error := task.exception()):
            log.warning("notice_not_recorded", notice=key, problem=f"{type(error).__name__}: {error}")

    async def _tell(self, key: str, notice: Notice, endpoint: Endpoint, *, is_new: bool) -> None:
        """Written before it is sent, so that a crash forgets none; and after, so that none is sent again."""
        if is_new:
            await self._write(key, notice)
        if self.clock.now() > notice.expires_at:
            await self._write(key, expired(notice))
            return
        if (limit := endpoint.subscription.rules.max_per_hour) is not None:
            wait = await self.limiter.take(endpoint.id, notice.id, limit)
            if wait > 0:
                due = self.clock.now() + timedelta(seconds=wait)
                await self._write(key, notice.model_copy(update={"due_at": due}))
                return
        await self._write(key, await self._attempted(key, notice, endpoint))

    async def _attempted(self, key: str, notice: Notice, endpoint: Endpoint) -> Notice:
        began = self.clock.monotonic()
        try:
            async with self._gates[endpoint.id]:
                outcome = await self.sender.send(endpoint, notice)
        except Exception as error:
            # a defect of ours: this notice is set aside
            log.exception("attempt_failed", message_id=notice.id)
            outcome = Outcome.dead(FailureReason.HANDLER_ERROR, type(error).__name__)
        settled = after(notice, outcome, self.clock.now(), self.schedule, self.rng)
        channel, reason = endpoint.subscription.target.format, settled.reason.value if settled.reason else ""
        result = "retrying" if settled.state is NoticeState.PENDING else settled.state.value
        metrics.ALERT_DELIVERIES.labels(channel, "dead" if result == "failed" else result, reason).inc()
        metrics.ALERT_DELIVERY_DURATION.labels(channel).observe(self.clock.monotonic() - began)
        log.info(
            "notice", notice=key, type=notice.type, attempt=settled.attempt, outcome=result, reason=reason
        )
        return settled

    async def _write(self, key: str, notice: Notice) -> None:
        envelope = Envelope(
            id=f"{notice.id}-{notice.state.value}-{notice.attempt}",
            source="/tocsin/alerting",
            type=event_type(NOTICE.entity),
            subject=key,
            traceparent=tracing.child(None),
        )
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                sent = await self.producer.send(
                    NOTICE.name, key.encode(), notice.to_bytes(), PARTITION, envelope.to_headers()
                )
                _, offset = await sent
        except OutageError:
            raise
        except Exception as error:
            raise OutageError("broker", f"{type(error).__name__} on {NOTICE.name}") from error
        self._keep(key, offset, notice)

    async def _catch_up(self, topic: Topic, apply: Callable[[int, str, bytes | None], None]) -> None:
        end = await self.reader.end(topic.name, PARTITION)
        start = self._read_up_to.get(topic.name, 0)
        if start > end:
            # the topic was deleted and made anew
            (self._sources if topic is SOURCE else self._notices).clear()
            start = 0
        async for offset, key, value in self.reader.read(topic.name, PARTITION, start, end):
            apply(offset, key, value)
            self._read_up_to[topic.name] = offset + 1
        self._read_up_to[topic.name] = end

    def _apply_source(self, _: int, key: str, value: bytes | None) -> None:
        if value is None:
            self._sources.pop(key, None)
        elif (health := _read(SourceHealth, key, value)) is not None:
            self._sources[key] = health

    def _apply_notice(self, offset: int, key: str, value: bytes | None) -> None:
        if value is None:
            self._notices.pop(key, None)
        elif (notice := _read(Notice, key, value)) is not None:
            self._keep(key, offset, notice)

    def _keep(self, key: str, offset: int, notice: Notice) -> None:
        """What this worker wrote is known to it before it is read."""
        if offset > self._notices.get(key, (-1, notice))[0]:
            self._notices[key] = (offset, notice)


R = TypeVar("R", bound=Record)


def _read(model: type[R], key: str, value: bytes) -> R | None:
    try:
        return model.from_bytes(value)
    except UndecodableError as error:
        # of a foreign writer: what is known of the key stands
        log.error("record_ignored", key=key, problem=str(error))
        return None
