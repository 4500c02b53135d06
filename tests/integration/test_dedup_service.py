"""Dedup on a real broker and cache, with two workers: frozen, killed, rebalanced, its cache flushed and lost."""

import random
import signal
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import redis

from schemas.event import ConflictEvent, Place
from schemas.topics import ALL_TOPICS
from services.common.kafka import create_topics
from tests.factories import NOON, day, event, report_ref
from tests.integration.test_dedup_clock import Bench
from tests.processes import eventually
from tests.servers import Cache

pytestmark = pytest.mark.broker

THEATRES, TOWNS, TELLINGS = 8, 6, 5


@pytest.fixture
def bench(bootstrap_servers: str, redis_url: str, tmp_path: Path) -> Iterator[Bench]:
    """A bench with its topics."""
    create_topics(bootstrap_servers, ALL_TOPICS, 1)
    made = Bench(bootstrap_servers, redis_url, tmp_path)
    yield made
    made.close()


class Story:
    """Happenings that nobody could confuse, each told by several outlets, in any order."""

    def __init__(self, seed: int, bench: Bench) -> None:
        self._rng = random.Random(seed)
        self._bench = bench
        self.told: dict[str, str] = {}
        """Event -> what it tells."""

    def chapter(self, number: int) -> Iterator[tuple[str, list[ConflictEvent]]]:
        """The tellings of one day, theatre by theatre."""
        when = NOON + timedelta(days=3 * number)
        for theatre in range(THEATRES):
            events = [self._telling(theatre, place, when) for place in range(TOWNS) for _ in range(TELLINGS)]
            self._rng.shuffle(events)
            yield f"-{theatre}", events + self._rng.sample(events, 5)

    def _telling(self, theatre: int, place: int, moment: datetime) -> ConflictEvent:
        number = len(self.told) + 1
        where = Place(name=f"Town {place}", country="SY", lat=30 + 2 * place, lon=36, radius_km=4)
        made = event(number, place=where, occurred=day(moment), report=report_ref(number, fetched_at=moment))
        self.told[self._bench.id_of(made)] = f"{theatre}/{place}/{moment:%d}"
        return made

    def tell(self, number: int) -> None:
        """Write a chapter."""
        for theatre, events in self.chapter(number):
            self._bench.tell(*events, theatre=theatre)


def known(bench: Bench) -> set[str]:
    """The events that are evidence of something."""
    return {e.event_id for v in bench.versions() for e in v.evidence}


def prove(bench: Bench, story: Story) -> None:
    """Every event in one incident with all that tell the same; no version with two contents, none missing."""
    eventually(
        lambda: known(bench) == set(story.told), within=120, every=1.0, what="every event in an incident"
    )
    contents: dict[tuple[str, int], set[bytes]] = defaultdict(set)
    for version in bench.versions():
        contents[version.id, version.version].add(version.to_bytes())
    assert all(len(each) == 1 for each in contents.values()), "a version with two contents"
    latest = {v.id: v for v in sorted(bench.versions(), key=lambda v: v.version)}
    for name, incident in latest.items():
        assert {n for i, n in contents if i == name} == set(range(1, incident.version + 1)), "a gap"
    groups = [frozenset(e.event_id for e in v.evidence) for v in latest.values()]
    wanted: dict[str, set[str]] = defaultdict(set)
    for told, what in story.told.items():
        wanted[what].add(told)
    assert sorted(map(sorted, groups)) == sorted(map(sorted, wanted.values()))


def test_two_workers_through_freezes_kills_and_a_cache_that_is_flushed_and_lost(
    bench: Bench, redis_server: Cache
) -> None:
    story = Story(5, bench)
    first = bench.worker()
    story.tell(0)
    second = bench.worker()  # a rebalance while the first merges
    story.tell(1)
    first.signal(signal.SIGSTOP)
    story.tell(2)
    eventually(lambda: known(bench) == set(story.told), within=120, every=1.0, what="the second took over")
    first.signal(signal.SIGCONT)
    story.tell(3)
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    story.tell(4)
    redis_server.kill()
    story.tell(5)
    redis_server.start()
    second.kill()
    story.tell(6)
    second.start().ready()
    prove(bench, story)
    for worker in (first, second):
        worker.ready(within=120)
        assert worker.metric("tocsin_dead_letters_total") == 0
