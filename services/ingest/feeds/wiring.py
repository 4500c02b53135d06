"""The feeds' wiring: settings in; looks at feeds, and their heartbeat, as two tasks out."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import redis.asyncio as aioredis

from services.common.metrics import FEED_LOOKS, PAGE_FETCHES, REPORTS_RECEIVED
from services.common.topic_reader import KafkaTopicReader
from services.ingest.feeds import pages, schedule
from services.ingest.feeds.feed_list import Shard, load_feeds
from services.ingest.feeds.fetch import Fetcher, Limits
from services.ingest.feeds.look import DOOR, Looker
from services.ingest.feeds.politeness import Hosts
from services.ingest.feeds.robots import Robots
from services.ingest.feeds.sandbox import FeedReaders, Sandbox
from services.ingest.feeds.state import RedisFeedStates
from services.ingest.heartbeat import Heartbeat
from services.ingest.intake import Intake, Sender
from services.ingest.settings import IngestSettings

OUTCOMES = ("accepted", "known", "refused", "unavailable")
PAGE_LIMITS = Limits(max_bytes=4 * 1024 * 1024)


@dataclass(frozen=True)
class Feeds:
    """The feeds of this worker."""

    schedule: schedule.Schedule
    heartbeat: Heartbeat
    readers: tuple[FeedReaders | Sandbox, ...]
    topic_reader: KafkaTopicReader

    async def run(self) -> None:
        """Look and tell for ever, until cancelled."""
        for outcome in schedule.OUTCOMES:
            FEED_LOOKS.labels(outcome)
        for outcome in pages.OUTCOMES:
            PAGE_FETCHES.labels(outcome)
        for outcome in OUTCOMES:
            REPORTS_RECEIVED.labels(DOOR, outcome)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.heartbeat.run())
                group.create_task(self.schedule.run())
        finally:
            for one in self.readers:
                await one.aclose()
            await self.topic_reader.close()


def make_feeds(
    settings: IngestSettings,
    intake: Intake,
    sender: Sender,
    client: "aioredis.Redis",
    clock: Callable[[], datetime],
) -> Feeds | None:
    """None where no list is set. Raises `FeedListError`."""
    if settings.ingest_feeds is None:
        return None
    shard = Shard.parse(settings.ingest_shard)
    feeds = tuple(feed for feed in load_feeds(settings.ingest_feeds) if shard.holds(feed.id))
    hosts = Hosts(time.monotonic, asyncio.sleep)
    fetcher = Fetcher(settings.ingest_user_agent, _now, settings.ingest_allow_private_addresses)
    page_fetcher = Fetcher(
        settings.ingest_user_agent, _now, settings.ingest_allow_private_addresses, PAGE_LIMITS, fetcher.verify
    )
    # a page that hangs its reader must not hold up the feeds
    of_feeds, of_pages = FeedReaders(), Sandbox()
    reading = pages.Pages(page_fetcher, Robots(page_fetcher, hosts, time.monotonic), hosts, of_pages)
    states = RedisFeedStates(client)
    reader = KafkaTopicReader(settings.kafka_bootstrap_servers)
    heartbeat = Heartbeat(feeds, sender, reader, _now, asyncio.sleep)
    looker = Looker(fetcher, hosts, of_feeds, reading, intake, states, clock)
    looks = schedule.Schedule(feeds, looker, states, heartbeat, _now, asyncio.sleep, random.random)
    return Feeds(looks, heartbeat, (of_feeds, of_pages), reader)


def _now() -> datetime:
    return datetime.now(UTC)
