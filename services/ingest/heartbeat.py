"""Keeps the health of sources: looks and pushes in; metrics, `/v1/sources` and records on `conflict.source.v1` out."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from schemas.base import UndecodableError
from schemas.envelope import Envelope, event_type
from schemas.source import SourceHealth
from schemas.topics import SOURCE as SOURCE_TOPIC
from services.common import tracing
from services.common.logging import get_logger
from services.common.metrics import (
    SOURCE_ERROR_STREAK,
    SOURCE_LAST_NEW_ITEM,
    SOURCE_LAST_SUCCESS,
    SOURCE_SILENT,
)
from services.common.retry import OutageError
from services.common.topic_reader import TopicReader
from services.ingest.feeds.feed_list import Feed
from services.ingest.feeds.schedule import UNAVAILABLE, Outcome
from services.ingest.intake import SOURCE, Sender
from services.ingest.producer import Outgoing, UnavailableError
from services.ingest.sources import Beat, Watch, heard, merged

log = get_logger(__name__)

REVIEW_SECONDS = 5.0
RENEW_SECONDS = 600.0
"""A health that changed in its times alone is written so often at most."""
OUTAGE_SECONDS = 5.0


@dataclass
class _Kept:
    watch: Watch
    health: SourceHealth
    written: SourceHealth | None = None
    written_at: datetime | None = None


class Source(Protocol):
    """What is watched."""

    @property
    def id(self) -> str:
        """The `source` of its reports, and its key on the topic."""
        ...

    @property
    def interval_seconds(self) -> float:
        """Between two looks at it."""
        ...


@dataclass
class Heartbeat:
    """Of the sources of this worker. Rebuilt from its topic at a start."""

    sources: Sequence[Source]
    sender: Sender
    reader: TopicReader
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    shared: bool = False
    """Whether other workers hear from the same sources: then what they write counts too."""
    _read_up_to: int = 0
    _kept: dict[str, _Kept] = field(default_factory=dict)

    def __post_init__(self) -> None:
        now = self.now()
        for source in self.sources:
            health = SourceHealth(id=source.id, version=1)
            self._kept[source.id] = _Kept(Watch(now, source.interval_seconds), health)

    def looked(self, feed: Feed, outcome: Outcome, at: datetime) -> None:
        """One look is over. An outage of the broker says nothing of the source."""
        if outcome.name == UNAVAILABLE:
            return
        stamped = outcome.detail == "stamped" if outcome.new else None
        self._beat(feed.id, Beat(at, outcome.name if outcome.is_error else None, outcome.new, stamped))

    def pushed(self, source_id: str, new: int) -> None:
        """A source sent reports itself, so many of them new. One that is not watched is passed over."""
        if source_id in self._kept:
            self._beat(source_id, Beat(self.now(), new=new))

    def _beat(self, source_id: str, beat: Beat) -> None:
        kept = self._kept[source_id]
        kept.health = kept.watch.judged(heard(kept.health, beat), beat.at)
        _measure(kept.health)

    def all(self) -> list[SourceHealth]:
        """As they are now, the silent ones first."""
        healths = [kept.watch.judged(kept.health, self.now()) for kept in self._kept.values()]
        return sorted(healths, key=lambda health: (not health.silent, health.id))

    async def run(self) -> None:
        """Judge and write, until cancelled."""
        await self._restored()
        while True:
            try:
                await self.review()
            except (UnavailableError, OutageError) as error:
                log.warning("source_health_not_written", why=str(error))
            await self.sleep(REVIEW_SECONDS)

    async def review(self) -> None:
        """Judge all, and write those that changed. Raises `UnavailableError`, `OutageError`."""
        if self.shared:
            await self._follow()
        now = self.now()
        for kept in self._kept.values():
            kept.health = kept.watch.judged(kept.health, now)
            _measure(kept.health)
        due = [kept for kept in self._kept.values() if _is_due(kept, now)]
        records = [kept.health.model_copy(update={"version": _next_version(kept)}) for kept in due]
        places = await self.sender.placed(self.sender.hand([_outgoing(record, now) for record in records]))
        for kept, record, place in zip(due, records, places, strict=True):
            if place is not None:
                _tell(kept.written, record)
                kept.written, kept.written_at, kept.health = record, now, record

    async def _restored(self) -> None:
        """What earlier runs knew. Without the broker there is nothing to write to either: wait for it."""
        while True:
            try:
                await self.restore()
            except OutageError as error:
                log.warning("source_health_not_read", why=str(error))
                await self.sleep(OUTAGE_SECONDS)
            else:
                return

    async def restore(self) -> None:
        """Read the topic. What was seen since the start goes before what it says. Raises `OutageError`."""
        self._read_up_to = 0
        async for kept, stored in self._unread():
            self._restore_one(kept, stored)

    async def _follow(self) -> None:
        """Take in what other workers heard. Raises `OutageError`."""
        async for kept, stored in self._unread():
            kept.health, kept.written = merged(kept.health, stored), stored

    async def _unread(self) -> AsyncIterator[tuple[_Kept, SourceHealth]]:
        """What the topic tells of the sources watched, from where it was last read to its end. Raises `OutageError`."""
        end = await self.reader.end(SOURCE_TOPIC.name, 0)
        async for _, key, value in self.reader.read(SOURCE_TOPIC.name, 0, self._read_up_to, end):
            if value is not None and key in self._kept and (stored := _read(key, value)):
                yield self._kept[key], stored
        self._read_up_to = end

    def _restore_one(self, kept: _Kept, stored: SourceHealth) -> None:
        fresh = kept.health
        if fresh.last_success_at is None and not fresh.error_streak:
            kept.health = stored
        else:
            known: dict[str, object] = {
                "expected_interval_seconds": stored.expected_interval_seconds,
                "version": stored.version,
                "silent": stored.silent,
                "silent_reason": stored.silent_reason,
                "changed_at": stored.changed_at,
            }
            known |= {} if fresh.last_new_item_at else {"last_new_item_at": stored.last_new_item_at}
            kept.health = fresh.model_copy(update=known)
        kept.written = stored


def _read(key: str, value: bytes) -> SourceHealth | None:
    try:
        return SourceHealth.from_bytes(value)
    except UndecodableError:
        log.warning("source_health_undecodable", source=key)
        return None


def _is_due(kept: _Kept, now: datetime) -> bool:
    written, health = kept.written, kept.health
    if written is None:
        return health.silent or bool(health.error_streak) or health.last_success_at is not None
    if written.silent != health.silent or bool(written.error_streak) != bool(health.error_streak):
        return True
    if written.model_copy(update={"version": health.version}) == health:
        return False
    return kept.written_at is None or (now - kept.written_at).total_seconds() >= RENEW_SECONDS


def _next_version(kept: _Kept) -> int:
    return kept.written.version + 1 if kept.written else 1


def _outgoing(health: SourceHealth, now: datetime) -> Outgoing:
    envelope = Envelope(
        id=f"{health.id}:{health.version}",
        source=SOURCE,
        type=event_type(SOURCE_TOPIC.entity),
        subject=health.id,
        time=now,
        traceparent=tracing.child(None),
    )
    return Outgoing(SOURCE_TOPIC.name, health.id.encode(), health.to_bytes(), envelope.to_headers())


def _measure(health: SourceHealth) -> None:
    SOURCE_SILENT.labels(health.id).set(health.silent)
    SOURCE_ERROR_STREAK.labels(health.id).set(health.error_streak)
    if health.last_success_at:
        SOURCE_LAST_SUCCESS.labels(health.id).set(health.last_success_at.timestamp())
    if health.last_new_item_at:
        SOURCE_LAST_NEW_ITEM.labels(health.id).set(health.last_new_item_at.timestamp())


def _tell(before: SourceHealth | None, after: SourceHealth) -> None:
    if after.silent and not (before and before.silent):
        log.warning("source_silent", source=after.id, reason=after.silent_reason)
    elif before and before.silent and not after.silent:
        log.info("source_recovered", source=after.id)
