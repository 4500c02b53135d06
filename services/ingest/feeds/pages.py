"""The page of an item: its URL in, the article on it out, where the host allows it and the page can be read."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from services.common.metrics import PAGE_FETCHES
from services.ingest.feeds.fetch import Fetcher, FetchError
from services.ingest.feeds.politeness import Hosts
from services.ingest.feeds.robots import Robots
from services.ingest.feeds.sandbox import Sandbox, UnreadableError
from services.ingest.feeds.told import Article
from services.ingest.urls import UrlError, canonical_url

OUTCOMES = ("ok", "not_modified", "disallowed", "not_fetched", "unreadable")
PAGES_AT_ONCE = 8
HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True)
class PageRead:
    """What came of a page."""

    article: Article | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Pages:
    """Fetches and reads pages, politely. A page that fails costs its text alone: the feed's summary stands."""

    fetcher: Fetcher
    robots: Robots
    hosts: Hosts
    sandbox: Sandbox
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(PAGES_AT_ONCE))

    async def read(self, url: str, validators: Mapping[str, str] | None = None) -> PageRead:
        """Without an article where there is none to be had, or nothing changed; the metrics tell which.

        `validators` are the headers of a conditional GET.
        """
        outcome, read = await self._tried(url, {"accept": "text/html", **(validators or {})})
        PAGE_FETCHES.labels(outcome).inc()
        return read

    async def _tried(self, url: str, headers: Mapping[str, str]) -> tuple[str, PageRead]:
        nothing = PageRead()
        try:
            address = canonical_url(url)
            permission = await self.robots.permission(address)
            if not permission.allowed:
                return "disallowed", nothing
            async with (
                self.hosts.turn(urlsplit(address).hostname or "", permission.delay_seconds),
                self.slots,
            ):
                fetched = await self.fetcher.get(address, headers)
                if not fetched.is_modified:
                    return "not_modified", nothing
                if fetched.content_type.partition(";")[0].strip().lower() not in HTML:
                    return "unreadable", nothing
                article = await self.sandbox.page(fetched.body, fetched.url)
                return "ok", PageRead(article, fetched.etag, fetched.last_modified)
        except (FetchError, UrlError):
            return "not_fetched", nothing
        except UnreadableError:
            return "unreadable", nothing
