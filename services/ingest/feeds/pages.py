"""The page of an item: its URL in, the article on it out, where the host allows it and the page can be read."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from services.common.metrics import PAGE_FETCHES
from services.ingest.feeds.fetch import Fetcher, FetchError
from services.ingest.feeds.politeness import Hosts
from services.ingest.feeds.robots import Robots
from services.ingest.feeds.sandbox import Sandbox, UnreadableError
from services.ingest.feeds.told import Article
from services.ingest.urls import UrlError, canonical_url

OUTCOMES = ("ok", "disallowed", "not_fetched", "unreadable")
PAGES_AT_ONCE = 8
HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True)
class Pages:
    """Fetches and reads pages, politely. A page that fails costs its text alone: the feed's summary stands."""

    fetcher: Fetcher
    robots: Robots
    hosts: Hosts
    sandbox: Sandbox
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PAGES_AT_ONCE))

    async def article(self, url: str) -> Article | None:
        """None where there is none to be had; the metrics tell why."""
        outcome, article = await self._tried(url)
        PAGE_FETCHES.labels(outcome).inc()
        return article

    async def _tried(self, url: str) -> tuple[str, Article | None]:
        try:
            address = canonical_url(url)
            permission = await self.robots.permission(address)
            if not permission.allowed:
                return "disallowed", None
            async with (
                self.hosts.turn(urlsplit(address).hostname or "", permission.delay_seconds),
                self.slots,
            ):
                fetched = await self.fetcher.get(address, {"accept": "text/html"})
                if fetched.content_type.partition(";")[0].strip().lower() not in HTML:
                    return "unreadable", None
                return "ok", await self.sandbox.page(fetched.body, fetched.url)
        except (FetchError, UrlError):
            return "not_fetched", None
        except UnreadableError:
            return "unreadable", None
