"""A source that goes silent is told, and one that is heard of again, too; restarts forget nothing."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from schemas.envelope import Envelope
from schemas.source import SilenceReason, SourceHealth
from services.ingest.feeds.feed_list import Feed
from services.ingest.feeds.schedule import Outcome
from services.ingest.heartbeat import Heartbeat
from services.ingest.intake import ReceiptStatus
from services.ingest.normalise import normalise
from services.ingest.producer import UnavailableError
from services.ingest.pushed import PushedSource, Pushes
from services.ingest.settings import IngestSettings
from services.ingest.sources import Beat, Watch, heard
from tests.fakes import FakeClock
from tests.unit.ingest.fakes import FakeBroker

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = Feed.model_validate(
    {"id": "valley", "url": "https://valley.example/feed?key=hunter2", "interval_seconds": 60}
)
HOUR = 3_600.0
NEW_REPORT = ReceiptStatus.ACCEPTED


class Topic(FakeBroker):
    """`conflict.source.v1` in memory."""

    @property
    def healths(self) -> list[SourceHealth]:
        return [SourceHealth.from_bytes(record.value) for record in self.records]

    async def end(self, topic: str, partition: int) -> int:
        return len(self.records)

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes | None]]:
        for offset, record in enumerate(self.records[start:end]):
            yield offset, record.key.decode(), record.value


class World:
    def __init__(self, topic: Topic | None = None, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock(NOW)
        self.topic = topic or Topic()
        self.heartbeat = Heartbeat([FEED], self.topic, self.topic, self.clock.now, self.clock.sleep)

    async def looks(self, hours: float, every: float, *outcomes: Outcome) -> None:
        """Looks at regular times, the outcomes in turn; a review after each."""
        for number in range(int(hours * HOUR / every)):
            await self.clock.advance(every)
            self.heartbeat.looked(FEED, outcomes[number % len(outcomes)], self.clock.now())
            await self.heartbeat.review()

    @property
    def health(self) -> SourceHealth:
        return self.heartbeat.all()[0]


NEW, OLD, BROKEN = Outcome("ok", new=1), Outcome("not_modified"), Outcome("timeout")


async def test_silence_and_recovery_are_written_once_each() -> None:
    world = World()
    await world.looks(5, 900, NEW)
    assert world.health.expected_interval_seconds == 900
    await world.looks(2.9, 900, OLD)
    assert not world.health.silent
    await world.looks(2, 900, OLD)
    assert (world.health.silent, world.health.silent_reason) == (True, SilenceReason.NO_NEW_ITEM)
    await world.looks(0.25, 900, NEW)
    assert not world.health.silent
    silent = [health.silent for health in world.topic.healths]
    flips = [after for before, after in pairwise(silent) if after != before]
    assert flips == [True, False]
    versions = [health.version for health in world.topic.healths]
    assert versions == list(range(1, len(versions) + 1))


async def test_a_source_that_does_not_answer_is_silent_soon() -> None:
    world = World()
    await world.looks(1, 60, NEW)
    await world.looks(0.4, 60, BROKEN)
    assert not world.health.silent
    await world.looks(0.2, 60, BROKEN)
    assert (world.health.silent, world.health.silent_reason) == (True, SilenceReason.NO_ANSWER)
    assert (world.health.last_error, world.health.error_streak) == ("timeout", 36)
    await world.looks(0.02, 60, OLD)
    assert not world.health.silent


async def test_an_unlearnt_source_gets_a_day() -> None:
    world = World()
    await world.looks(23, HOUR, OLD)
    assert not world.health.silent
    await world.looks(3, HOUR, OLD)
    assert world.health.silent


async def test_a_restart_knows_what_was_known() -> None:
    world = World()
    await world.looks(5, 900, NEW)
    # stopped for a day: its own silence is not the source's
    await world.clock.advance(24 * HOUR)
    again = World(world.topic, world.clock)
    await again.heartbeat.restore()
    assert again.health.expected_interval_seconds == 900
    assert not again.health.silent
    await again.looks(0.5, 900, OLD)
    assert not again.health.silent
    assert again.topic.healths[-1].version > 1
    await again.looks(4, 900, OLD)
    assert again.health.silent


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("missing", [OLD, BROKEN])
async def test_a_restart_is_no_recovery(missing: Outcome, early: bool) -> None:
    world = World()
    await world.looks(5, 900, NEW)
    await world.looks(6, 900, missing)
    assert world.health.silent
    again = World(world.topic, world.clock)
    if early:
        again.heartbeat.looked(FEED, missing, world.clock.now())
    await again.heartbeat.restore()
    await again.looks(0.5, 900, missing)
    assert (again.health.silent, again.health.changed_at) == (True, world.health.changed_at)
    await again.looks(0.25, 900, NEW)
    assert not again.health.silent


async def test_looks_before_the_topic_was_read_are_kept() -> None:
    world = World()
    await world.looks(5, 900, NEW)
    again = World(world.topic, world.clock)
    again.heartbeat.looked(FEED, BROKEN, world.clock.now())
    await again.heartbeat.restore()
    assert again.health.error_streak == 1
    assert again.health.last_new_item_at is not None


async def test_an_outage_of_the_broker_is_no_silence() -> None:
    world = World()
    world.topic.down = True
    await world.looks(0.1, 60, Outcome("unavailable"))
    assert world.health.error_streak == 0
    with pytest.raises(UnavailableError):
        await world.looks(0.1, 60, OLD)
    world.topic.down = False
    await world.heartbeat.review()
    await world.heartbeat.review()
    assert len(world.topic.records) == 1


async def test_the_record_is_a_cloud_event_without_the_address() -> None:
    world = World()
    await world.looks(0.1, 60, BROKEN)
    record = world.topic.records[0]
    envelope = Envelope.from_headers(record.headers)
    assert (record.key, envelope.subject, envelope.type) == (b"valley", "valley", "org.tocsin.source.v1")
    assert b"hunter2" not in record.value
    # times alone are not written each time
    assert len(world.topic.records) == 1


def test_learning_follows_the_source_slowly() -> None:
    health = SourceHealth(id="a", version=1)
    at = NOW
    for gap in [600] * 10 + [6_000]:
        at += timedelta(seconds=gap)
        health = heard(health, Beat(at, new=1))
    assert health.expected_interval_seconds == pytest.approx(600 * 0.8 + 6_000 * 0.2)
    assert Watch(NOW, 60).silence(health, at + timedelta(hours=2)) is None


class Senders:
    """Two workers that the same source may send to."""

    def __init__(self) -> None:
        self.clock, self.topic = FakeClock(NOW), Topic()
        self.workers = [self.worker(), self.worker()]

    def worker(self) -> Pushes:
        sources = [PushedSource("desk")]
        return Pushes(
            Heartbeat(sources, self.topic, self.topic, self.clock.now, self.clock.sleep, shared=True)
        )

    def send(self, to: int, text: str, source: str = "desk", status: ReceiptStatus = NEW_REPORT) -> None:
        told = normalise({"text": text, "source": source}, self.clock.now()).report
        self.workers[to].took([told], [status])

    async def hours(self, hours: float, to: int | None = None) -> None:
        """A quarter of an hour a time; a new report to one worker each time, or none."""
        for number in range(int(hours * 4)):
            await self.clock.advance(900)
            if to is not None:
                self.send(to, f"report {self.clock.now()} {number}")
            for worker in self.workers:
                await worker.heartbeat.review()


async def test_a_source_that_sends_has_a_heartbeat_on_all_workers_together() -> None:
    world = Senders()
    await world.hours(6, to=0)
    await world.hours(6, to=1)
    # the first has had nothing from it for hours, and knows that the other has
    one, two = (worker.heartbeat.all()[0] for worker in world.workers)
    assert not one.silent and not two.silent
    assert one.expected_interval_seconds == pytest.approx(900)
    await world.hours(4)
    silent = [health for health in world.topic.healths if health.silent]
    assert {health.silent_reason for health in silent} == {SilenceReason.NO_NEW_ITEM}
    assert len({health.changed_at for health in silent}) == 1
    world.send(1, "repeat", status=ReceiptStatus.KNOWN)
    await world.hours(0.25)
    assert world.topic.healths[-1].silent
    await world.hours(0.25, to=1)
    assert not world.topic.healths[-1].silent
    versions = [health.version for health in world.topic.healths]
    assert versions == list(range(1, len(versions) + 1))


async def test_a_source_that_nobody_asked_for_is_not_watched() -> None:
    world = Senders()
    world.send(0, "one", source="somebody")
    await world.hours(30)
    assert {health.id for health in world.topic.healths} <= {"desk"}
    settings = IngestSettings(ingest_pushed_sources=" desk, wire ,desk,")
    assert settings.pushed_sources == ("desk", "wire")
