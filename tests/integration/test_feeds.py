"""Ingest as a process with feeds, kind and hostile together: items arrive in time, nobody stalls, memory is bounded."""

import asyncio
import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest
import yaml

from schemas.report import Report
from schemas.source import SourceHealth
from schemas.topics import ALL_TOPICS, REPORT, SOURCE, Topic
from services.cli.records import TopicView
from services.cli.stack.ports import free_port
from services.common.kafka import create_topics
from tests.unit.ingest.feed_texts import entity_bomb, file_entity, item, rss
from tests.unit.ingest.sites import Answer, Site, endless, page, redirect, serving, silent, slow_loris

pytestmark = pytest.mark.broker

MEMORY_BYTES = 300 * 1024 * 1024
HOSTILE: dict[str, Answer] = {
    "slow-loris": slow_loris(),
    "silent": silent(),
    "endless": endless(b"<item>" * 10_000),
    "endless-headers": endless(b"x-more: 1\r\n" * 100, b"HTTP/1.1 200 OK\r\n"),
    "redirects": redirect("/redirects"),
    "gzip-bomb": page(gzip.compress(b"\0" * 100_000_000), content_encoding="gzip"),
    "xml-bomb": page(entity_bomb()),
    "xml-file": page(file_entity("/etc/hostname")),
    "deep": page(b"<rss version='2.0'><channel><item>" + b"<a>" * 1_000_000),
    "html": page(b"<html>" + b"<p>maintenance</p>" * 1000),
    "not-xml": page(os.urandom(1_000_000)),
    "empty": page(b""),
    "limited": page(b"", "429 Too Many Requests", retry_after="3600"),
    "away": page(b"", "503 Service Unavailable", retry_after="Wed, 04 Mar 2099 12:01:30 GMT"),
    "gone": page(b"", "410 Gone"),
}


class Ingest:
    """A running service, with feeds of a test's site."""

    def __init__(self, bootstrap_servers: str, redis_url: str, feeds: Path) -> None:
        self.bootstrap_servers = bootstrap_servers
        self.port = free_port()
        environment = os.environ | {
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
            "REDIS_URL": redis_url,
            "HTTP_PORT": str(self.port),
            "INGEST_FEEDS": str(feeds),
            "INGEST_ALLOW_PRIVATE_ADDRESSES": "true",
            "LOG_LEVEL": "INFO",
            "LOG_FORMAT": "json",
        }
        self.log = feeds.with_suffix(".log")
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "services.ingest"]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.get(f"http://127.0.0.1:{self.port}{path}", timeout=10)

    def memory(self) -> int:
        """Of the service and of the processes that read for it."""
        service = psutil.Process(self.process.pid)
        return sum(_memory(one) for one in [service, *service.children(recursive=True)])

    async def sources(self) -> dict[str, SourceHealth]:
        try:
            told = (await self.get("/v1/sources")).json()
        except httpx.HTTPError:
            return {}
        return {one["id"]: SourceHealth.model_validate(one) for one in told["sources"]}

    async def reports(self) -> list[Report]:
        return [Report.from_bytes(value) for value in await asyncio.to_thread(self._values, REPORT)]

    def _values(self, topic: Topic) -> list[bytes]:
        with TopicView(self.bootstrap_servers, topic) as view:
            return [seen.value for seen in view.stored() if seen.value]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=30)


def _memory(process: psutil.Process) -> int:
    try:
        # what it shares with the others is counted once
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:
        return 0


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    # an address of its own for each feed: politeness is by host, and is not what is tested here
    async with serving({}, also_at=[_host(number) for number in range(len(HOSTILE) + 2)]) as served:
        yield served


def _host(number: int) -> str:
    return f"127.0.1.{number + 1}"


def write_feeds(path: Path, site: Site, interval: float, *names: str) -> Path:
    feeds = [
        {
            "id": name,
            "url": f"http://{_host(number)}:{site.port}/{name}",
            "interval_seconds": interval,
            "full_text": "never",
        }
        for number, name in enumerate(names)
    ]
    path.write_text(yaml.safe_dump({"feeds": feeds}), encoding="utf-8")
    return path


async def until(condition: Callable[[], object], what: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.1)


async def test_hostile_feeds_delay_nobody_and_take_little_memory(
    site: Site,
    bootstrap_servers: str,
    redis_url: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    create_topics(bootstrap_servers, ALL_TOPICS)
    site.pages |= {f"/{name}": answer for name, answer in HOSTILE.items()}
    site.pages["/large"] = page(
        rss([item(number, link=f"https://large.example/{number}") for number in range(10_000)])
    )
    site.pages["/kind"] = page(rss([]))
    feeds = write_feeds(tmp_path / "feeds.yaml", site, 1, "kind", "large", *HOSTILE)
    service = Ingest(bootstrap_servers, redis_url, feeds)
    most = 0
    delays: list[float] = []

    async def arrives(number: int) -> None:
        """A new item of the kind feed: how long from its fetch to the topic."""
        nonlocal most
        link = f"https://kind.example/{number}"
        site.pages["/kind"] = page(rss([item(number, link=link)]))
        fetched = None
        asked = site.count("/kind")
        deadline = time.monotonic() + 30
        while True:
            most = max(most, service.memory())
            if fetched is None and site.count("/kind") > asked:
                fetched = time.monotonic()
            if fetched and any(report.url == link for report in await service.reports()):
                delays.append(time.monotonic() - fetched)
                return
            assert time.monotonic() < deadline, "an item of the kind feed did not arrive"
            await asyncio.sleep(0.05)

    try:
        await until(lambda: site.count("/kind"), "the feeds are looked at")
        for number in range(8):
            await arrives(number)

        async def told() -> bool:
            sources = await service.sources()
            return (
                all(sources[name].error_streak for name in HOSTILE)
                and sources["large"].last_new_item_at is not None
            )

        await until(told, "every hostile feed is found out, and the large one read", seconds=200)
        most = max(most, service.memory())
        sources = await service.sources()
        assert (await service.get("/healthz")).status_code == 200
        large = {report.url for report in await service.reports() if report.source == "large"}
        # whom the server asked to stay away stays away
        asked = {name: site.count(f"/{name}") for name in ("limited", "away", "gone")}
    finally:
        code = service.stop()
    record_property("most_memory_mb", most // 2**20)
    record_property("fetch_to_topic_seconds", [round(delay, 2) for delay in delays])
    assert code == 0
    assert len(large) == 10_000
    assert max(delays) < 2
    assert most < MEMORY_BYTES
    assert asked == {"limited": 1, "away": 1, "gone": 1}
    errors = {name: sources[name].last_error for name in HOSTILE}
    assert errors["slow-loris"] == errors["silent"] == "timeout"
    assert errors["endless"] == errors["gzip-bomb"] == "too_large"
    assert errors["xml-bomb"] == errors["xml-file"] == errors["html"] == errors["not-xml"] == "unreadable"
    assert (errors["limited"], errors["away"], errors["gone"]) == ("rate_limited", "server_error", "gone")


async def test_restarts_repeat_nothing_and_the_command_tells(
    site: Site, bootstrap_servers: str, redis_url: str, tmp_path: Path
) -> None:
    create_topics(bootstrap_servers, ALL_TOPICS)
    site.pages["/steady"] = page(
        rss([item(number, link=f"https://steady.example/{number}") for number in range(30)])
    )
    feeds = write_feeds(tmp_path / "feeds.yaml", site, 1, "steady", "missing")

    async def of_steady(service: Ingest) -> int:
        return sum(report.source == "steady" for report in await service.reports())

    for start in (1, 2):
        service = Ingest(bootstrap_servers, redis_url, feeds)
        asked = site.count("/steady")
        try:

            async def three_looks(service: Ingest = service, asked: int = asked) -> bool:
                return site.count("/steady") >= asked + 3 and await of_steady(service) >= 30

            await until(three_looks, f"three looks after start {start}")
            assert await of_steady(service) == 30
            await until(partial(_has_sources, service), "both sources are on their topic")
        finally:
            assert service.stop() == 0
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "services.cli", "sources", "--json"],
        env=os.environ | {"KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = {one["id"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert told["steady"]["last_new_item_at"]
    assert told["missing"]["last_error"] == "client_error"


async def _has_sources(service: Ingest) -> bool:
    return len(await asyncio.to_thread(service._values, SOURCE)) >= 2


def test_a_bad_list_is_told_and_status_2(bootstrap_servers: str, redis_url: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text("feeds: [{id: a, url: 'https://user:hunter2@a.example/', tier: 9}]", encoding="utf-8")
    create_topics(bootstrap_servers, ALL_TOPICS)
    service = Ingest(bootstrap_servers, redis_url, path)
    assert service.process.wait(timeout=30) == 2
    told = service.log.read_text(encoding="utf-8")
    assert "feeds.0.tier" in told
    assert "hunter2" not in told
    assert "Traceback" not in told
