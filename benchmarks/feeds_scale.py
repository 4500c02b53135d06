"""500 feeds on one worker and one core, one look a minute: does it keep up, and how soon is a new item on the topic?

    python -m benchmarks.feeds_scale [FEEDS] [SECONDS]

The feeds lie at as many loopback addresses (Linux), each with 30 items and an ETag; one in ten has a new item each
minute. Run it for more than two minutes. A record's time is that of its sending, before the acknowledgement.
Ingest and its readers are bound to one core, this site to the others.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import psutil
import yaml

from schemas.report import Report
from schemas.topics import ALL_TOPICS, REPORT
from services.cli.records import TopicView
from services.cli.stack.ports import free_port
from services.common.kafka import create_topics
from tests.conftest import make_kafka, make_redis
from tests.processes import ServiceProcess
from tests.unit.ingest.feed_texts import item, rss
from tests.unit.ingest.sites import Site, conditional, serving

INTERVAL, ITEMS, NEW_EVERY = 60.0, 30, 10


def main() -> int:
    """Measure once, and print what was found; exit code 1 where it does not keep up."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("feeds", type=int, nargs="?", default=500)
    parser.add_argument("seconds", type=float, nargs="?", default=200.0)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kafka, redis = make_kafka(folder / "kafka"), make_redis(folder / "redis")
        try:
            kafka.start()
            redis.start()
            create_topics(kafka.bootstrap, ALL_TOPICS)
            return asyncio.run(measure(folder, kafka.bootstrap, redis.url, told.feeds, told.seconds))
        finally:
            redis.kill()
            kafka.kill()


def host(number: int) -> str:
    """A loopback address for each feed."""
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


def set_feed(site: Site, number: int, newest: int) -> None:
    """The feed as it stands with so many items after its first ones."""
    items = [item(n, link=f"https://feed{number}.example/{n}") for n in range(newest + ITEMS, newest, -1)]
    site.pages[f"/f{number}"] = conditional(rss(items), f'"{newest}"')


def environment_of(folder: Path, bootstrap: str, redis_url: str, site: Site, feeds: int) -> dict[str, str]:
    """Ingest's, with the list of feeds written."""
    path = folder / "feeds.yaml"
    listed = [
        {
            "id": f"f{number}",
            "url": f"http://{host(number)}:{site.port}/f{number}",
            "interval_seconds": INTERVAL,
            "full_text": "never",
        }
        for number in range(feeds)
    ]
    path.write_text(yaml.safe_dump({"feeds": listed}), encoding="utf-8")
    return {
        "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
        "REDIS_URL": redis_url,
        "HTTP_PORT": str(free_port()),
        "INGEST_FEEDS": str(path),
        "INGEST_ALLOW_PRIVATE_ADDRESSES": "true",
    }


async def measure(folder: Path, bootstrap: str, redis_url: str, feeds: int, seconds: float) -> int:
    """Serve the feeds for so long, then hold looks and records against what should be."""
    async with serving({}, also_at=[host(number) for number in range(feeds)]) as site:
        for number in range(feeds):
            set_feed(site, number, 0)
        environment = environment_of(folder, bootstrap, redis_url, site, feeds)
        ingest = ServiceProcess("services.ingest", int(environment["HTTP_PORT"]), environment, folder / "log")
        try:
            await asyncio.to_thread(ingest.start)
            assert ingest._process is not None
            process = psutil.Process(ingest._process.pid)
            process.cpu_affinity([0])
            await renew(site, feeds, seconds)
            family = [process, *process.children(recursive=True)]
            used = sum(sum(one.cpu_times()[:2]) for one in family)
            memory = sum(one.memory_full_info().pss for one in family)
        finally:
            ingest.kill()
    print(f"processor: {used / seconds:.2f} of one core; memory {memory / 2**20:.0f} MB")
    return verdict(site, feeds, arrivals(bootstrap))


async def renew(site: Site, feeds: int, seconds: float) -> None:
    """A new item in one feed of ten each minute, spread over the minute."""
    ends, newest = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        newest += 1
        for number in range(0, feeds, NEW_EVERY):
            await asyncio.sleep(min(INTERVAL / (feeds / NEW_EVERY), max(0.0, ends - time.monotonic())))
            set_feed(site, number, newest)


def arrivals(bootstrap: str) -> dict[str, list[float]]:
    """When the records of each feed were written, Unix time."""
    found: dict[str, list[float]] = {}
    with TopicView(bootstrap, REPORT) as view:
        for seen in view.stored():
            source = Report.from_bytes(seen.value or b"").source
            found.setdefault(source, []).append(seen.timestamp_ms / 1000)
    return found


def verdict(site: Site, feeds: int, arrived: dict[str, list[float]]) -> int:
    """Gaps between looks, and from the look that brought an item to its record."""
    looks: dict[str, list[float]] = {}
    for path, at in site.times:
        looks.setdefault(path.removeprefix("/"), []).append(at)
    gaps = sorted(b - a for times in looks.values() for a, b in pairwise(times))
    waits = sorted(
        at - max((look for look in looks[source] if look <= at), default=at)
        for source, times in arrived.items()
        for at in sorted(times)[ITEMS:]
    )
    print(f"{len(looks)} of {feeds} feeds looked at, {len(site.times)} looks")
    print(
        f"from look to look: p50 {middle(gaps, 0.5):.1f} s, p99 {middle(gaps, 0.99):.1f} s, most {gaps[-1]:.1f} s"
    )
    # the first look at all feeds brings 30 items each at once: that is a start, not news
    print(
        f"from fetch to record, {len(waits)} new items: p50 {middle(waits, 0.5):.3f} s, p99 {middle(waits, 0.99):.3f} s"
    )
    return (
        0
        if len(looks) == feeds and middle(gaps, 0.99) < 1.2 * INTERVAL and waits and middle(waits, 0.99) < 2
        else 1
    )


def middle(values: list[float], share: float) -> float:
    """The value below which that share of the sorted values lies."""
    return values[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    sys.exit(main())
