"""A look takes what is new, politely, and what the broker did not acknowledge is found again."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from schemas.report import TimeProvenance
from services.cli.stack.ports import free_port
from services.common.logging import configure
from services.ingest.clock import FetchClock
from services.ingest.feeds.feed_list import Feed
from services.ingest.feeds.fetch import Fetcher
from services.ingest.feeds.look import Looked, Looker
from services.ingest.feeds.pages import Pages
from services.ingest.feeds.politeness import Hosts
from services.ingest.feeds.recheck import WatchedPage, due, newest, watched
from services.ingest.feeds.robots import Robots
from services.ingest.feeds.sandbox import FeedReaders, Sandbox, UnreadableError
from services.ingest.feeds.schedule import Outcome, Schedule
from services.ingest.feeds.state import FeedState
from services.ingest.feeds.told import FeedItem
from services.ingest.intake import Intake
from services.ingest.producer import UnavailableError
from tests.fakes import FakeClock
from tests.unit.ingest.fakes import FakeBroker, FakeKnown
from tests.unit.ingest.feed_texts import item, rss
from tests.unit.ingest.sites import Site, conditional, page, redirect, serving

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
PARAGRAPH = "Shells hit the village for a second night, and two people were hurt, the governor said. "


class States:
    def __init__(self) -> None:
        self.kept: dict[str, FeedState] = {}

    async def get(self, feed_id: str) -> FeedState:
        return self.kept.get(feed_id, FeedState())

    async def put(self, feed_id: str, state: FeedState) -> None:
        self.kept[feed_id] = state


class World:
    """All that a looker needs, with waits that take no time."""

    def __init__(self) -> None:
        self.broker, self.states, self.waits = FakeBroker(), States(), list[float]()
        clock = self.clock = FakeClock(NOW)
        hosts = Hosts(clock.monotonic, self._wait)
        fetcher = Fetcher("tocsin-test", lambda: NOW, allow_private=True)
        self.feeds, self.pages = FeedReaders(), Sandbox()
        pages = Pages(fetcher, Robots(fetcher, hosts, clock.monotonic), hosts, self.pages)
        intake = Intake(self.broker, FakeKnown())
        self.looker = Looker(fetcher, hosts, self.feeds, pages, intake, self.states, FetchClock(clock.now))

    async def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def look(self, site: Site, **settings: object) -> Looked:
        return await self.looker.look(feed_at(site, **settings))

    @property
    def titles(self) -> list[str | None]:
        return [report.title for report in self.broker.reports]


def feed_at(site: Site, **settings: object) -> Feed:
    return Feed.model_validate({"id": "valley", "url": site.url("/feed"), "full_text": "never", **settings})


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.feeds.aclose()
    await made.pages.aclose()


async def test_new_items_once_and_revised_ones_again(world: World) -> None:
    async with serving({"/feed": page(rss([item(1), item(2)]))}) as site:
        assert (await world.look(site)).new == 2
        assert (await world.look(site)).new == 0
        site.pages["/feed"] = page(rss([item(1), item(2, description="Now three were hurt."), item(3)]))
        assert (await world.look(site)).new == 2
    assert world.titles == [
        "Village 2 shelled",
        "Village 1 shelled",
        "Village 3 shelled",
        "Village 2 shelled",
    ]
    first, second = world.broker.reports[0], world.broker.reports[3]
    assert (second.id, second.revises) == (first.id, first.revision)


async def test_the_second_look_is_conditional(world: World) -> None:
    async with serving({"/feed": conditional(rss([item(1)]), '"v1"')}) as site:
        assert await world.look(site) == Looked(new=1)
        assert await world.look(site) == Looked(modified=False)
        assert site.asked[1][1]["if-none-match"] == '"v1"'


async def test_ten_thousand_items(world: World) -> None:
    async with serving({"/feed": page(rss([item(number) for number in range(10_000)]))}) as site:
        assert (await world.look(site)).new == 10_000
        assert (await world.look(site)).new == 0
    assert len({report.id for report in world.broker.reports}) == 10_000


async def test_what_the_broker_did_not_take_is_found_again(world: World) -> None:
    world.broker.room = 60
    async with serving({"/feed": conditional(rss([item(number) for number in range(120)]), '"v1"')}) as site:
        with pytest.raises(UnavailableError):
            await world.look(site)
        assert len(world.broker.reports) == 50
        world.broker.room = 10**6
        assert (await world.look(site)).new == 70
        assert await world.look(site) == Looked(modified=False)
    assert len({report.id for report in world.broker.reports}) == len(world.broker.reports) == 120


async def test_an_item_of_nothing_costs_nothing_but_itself(world: World) -> None:
    empty = "<item><guid>x</guid></item>"
    async with serving({"/feed": page(rss([empty, item(1)]))}) as site:
        assert (await world.look(site)).new == 2
        assert (await world.look(site)).new == 0
    assert world.titles == ["Village 1 shelled"]


async def test_a_stamping_feed_is_flagged_and_its_times_left_out(world: World) -> None:
    items = [item(number, published="Wed, 04 Mar 2026 12:00:00 GMT") for number in range(4)]
    async with serving({"/feed": page(rss(items))}) as site:
        assert (await world.look(site)).stamped
    assert {report.published_at for report in world.broker.reports} == {None}
    assert {report.published_at_provenance for report in world.broker.reports} == {TimeProvenance.STAMPED}


def article(text: str) -> bytes:
    return f"<html><head><title>t</title></head><body><article><h1>Hit</h1>{text}</article></body></html>".encode()


async def test_a_page_that_is_revised_while_its_item_stays_is_a_revision(world: World) -> None:
    first, second = (article(f"<p>{PARAGRAPH * 3}</p><p>{end}</p>") for end in ("One died.", "Two died."))
    async with serving({"/1": conditional(first, '"a"', content_type="text/html")}) as site:
        site.pages["/feed"] = conditional(
            rss([item(1, "Wed, 04 Mar 2026 11:00:00 GMT", link=site.url("/1"))]), '"f"'
        )
        assert (await world.look(site, full_text="always")).new == 1
        assert (await world.look(site, full_text="always")) == Looked(modified=False)
        assert site.count("/1") == 1
        await world.clock.advance(1_900)
        assert (await world.look(site, full_text="always")) == Looked(modified=False)
        assert (site.count("/1"), site.asked[-1][1]["if-none-match"]) == (2, '"a"')
        assert len(world.broker.reports) == 1
        site.pages["/1"] = conditional(second, '"b"', content_type="text/html")
        world.broker.down = True
        await world.clock.advance(8_000)
        await world.look(site, full_text="always")
        world.broker.down = False
        await world.look(site, full_text="always")
        before, after = world.broker.reports
        assert (before.id, before.revision) == (after.id, after.revises)
        assert after.text.endswith("Two died.")
        for _ in range(10):
            await world.clock.advance(20 * 3_600)
            await world.look(site, full_text="always")
        # as often as an article is revised, and no longer
        assert site.count("/1") == 2 + 2 + 2
        assert not world.states.kept["valley"].pages
    assert len(world.broker.reports) == 2


def test_what_is_watched_of_a_feed_is_bounded() -> None:
    def one(number: int, published: str | None = None) -> WatchedPage | None:
        told = FeedItem(
            key=str(number), url=f"https://valley.example/{number}", text="long", published=published
        )
        return watched(told, NOW, stamped=False, etag=None, last_modified=None)

    pages = {str(number): page for number in range(80) if (page := one(number))}
    kept = newest({}, pages)
    assert list(kept) == [str(number) for number in range(30, 80)]
    assert {page.item.text for page in kept.values()} == {""}
    assert due(kept, NOW) == []
    assert due(kept, NOW + timedelta(hours=1)) == ["30", "31", "32", "33", "34"]
    assert one(1, "Sun, 01 Mar 2026 12:00:00 GMT") is None


async def test_pages_are_fetched_where_robots_allow_it(world: World) -> None:
    whole = article(f"<p>{PARAGRAPH * 3}</p><p>{PARAGRAPH}</p>")
    async with serving({}) as site:
        links = [site.url(path) for path in ("/news/1", "/private/2", "/gone/3")]
        site.pages |= {
            "/feed": page(rss([item(number, link=link) for number, link in enumerate(links)])),
            "/robots.txt": page(
                b"User-agent: *\nDisallow: /private/\nCrawl-delay: 2", content_type="text/plain"
            ),
            "/news/1": page(whole, content_type="text/html"),
            "/private/2": page(whole, content_type="text/html"),
        }
        await world.look(site, full_text="auto")
        assert site.count("/private/2") == 0
        assert site.count("/robots.txt") == 1
    texts = {report.url: report.text for report in world.broker.reports}
    assert texts[links[0]].count(PARAGRAPH.strip()) == 4
    assert all(texts[link].startswith("Shells hit village number") for link in links[1:])
    # one request at a time to the host, the pauses as robots.txt asks
    assert max(world.waits) == pytest.approx(2, abs=0.5)


async def test_without_robots_txt_all_is_allowed_and_without_an_answer_nothing(world: World) -> None:
    async with serving({}) as site:
        link = site.url("/news/1")
        site.pages |= {
            "/feed": page(rss([item(1, link=link)])),
            "/robots.txt": page(b"", "503 Service Unavailable"),
            "/news/1": page(article(f"<p>{PARAGRAPH * 5}</p>"), content_type="text/html"),
        }
        await world.look(site, full_text="auto")
        assert site.count("/news/1") == 0
    async with serving({}) as site:
        link = site.url("/news/1")
        site.pages |= {
            "/feed": page(rss([item(2, link=link)])),
            "/news/1": page(article(f"<p>{PARAGRAPH * 5}</p>"), content_type="text/html"),
        }
        await world.look(site, full_text="auto")
        assert site.count("/news/1") == 1


async def test_what_is_no_feed_is_told_and_nothing_forgotten(world: World) -> None:
    async with serving({"/feed": page(rss([item(1)]))}) as site:
        await world.look(site)
        site.pages["/feed"] = page(b"<html>maintenance</html>")
        with pytest.raises(UnreadableError):
            await world.look(site)
        site.pages["/feed"] = page(rss([item(1)]))
        assert (await world.look(site)).new == 0


async def test_one_host_is_asked_by_one_at_a_time() -> None:
    clock = FakeClock(NOW)
    hosts = Hosts(clock.monotonic, clock.sleep, gap_seconds=1.0)
    began: list[tuple[str, float]] = []

    async def ask(host: str) -> None:
        async with hosts.turn(host):
            began.append((host, clock.monotonic()))

    tasks = [asyncio.create_task(ask(host)) for host in ("a", "a", "b", "a")]
    await clock.advance(10)
    await asyncio.gather(*tasks)
    assert sorted(began) == [("a", 0.0), ("a", 1.0), ("a", 2.0), ("b", 0.0)]


async def test_a_feeds_credential_is_in_no_record(world: World) -> None:
    links = ["/news/1", "?id=2", ""]
    body = rss([item(number, link=link) for number, link in enumerate(links)])
    async with serving({"/feed?key=hunter2": page(body)}) as site:
        url = site.url("/feed?key=hunter2").replace("127.0.0.1", "desk:hunter2@127.0.0.1")
        assert (await world.look(site, url=url)).new == 3
        assert site.asked[0][1]["authorization"].startswith("Basic ")
    assert len(world.broker.reports) == 3
    assert not any(b"hunter2" in report.to_bytes() for report in world.broker.reports)


class Nobody:
    def looked(self, feed: Feed, outcome: Outcome, at: datetime) -> None:
        return None


async def test_no_log_line_holds_a_feed_s_credential(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    configure("ingest", "DEBUG", "json")
    schedule = Schedule(
        [], world.looker, world.states, Nobody(), world.clock.now, world.clock.sleep, lambda: 0.5
    )
    nowhere = f"http://user:hunter2@127.0.0.1:{free_port()}/feed?key=hunter2"
    async with serving(
        {"/feed?key=hunter2": page(b"<html>"), "/away?key=hunter2": redirect("/x?hunter2")}
    ) as site:
        for url in (nowhere, site.url("/feed?key=hunter2"), site.url("/away?key=hunter2")):
            feed = Feed.model_validate({"id": "valley", "url": url})
            await schedule._settled(feed, await schedule._look(feed))
    told = capsys.readouterr()
    assert told.out.count("feed_looked") == 3
    assert "hunter2" not in told.out + told.err
