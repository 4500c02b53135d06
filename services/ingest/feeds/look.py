"""One look at one feed: what is new there since the look before in, reports acknowledged by the broker out."""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.common.metrics import REPORTS_RECEIVED
from services.ingest.feeds.feed_list import Feed
from services.ingest.feeds.fetch import Fetcher
from services.ingest.feeds.items import is_stamped, newest_first, report_of, wants_page
from services.ingest.feeds.pages import Pages
from services.ingest.feeds.politeness import Hosts
from services.ingest.feeds.recheck import WatchedPage, due, newest, watched
from services.ingest.feeds.sandbox import FeedReaders
from services.ingest.feeds.state import FeedState, FeedStates
from services.ingest.feeds.told import Article, FeedItem, ParsedFeed
from services.ingest.intake import Intake
from services.ingest.normalise import Normalised, RefusedError
from services.ingest.producer import UnavailableError

DOOR = "feed"
BATCH = 50
MAX_PAGES = 50
"""Of one look; the other new items are taken as the feed tells them."""
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "*/*;q=0.1"
)
LOOKS_AT_ONCE = 32
"""Feeds fetched and read at the same time: bounds the memory of their bodies."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look came to."""

    new: int = 0
    """Items that went on the topic."""
    modified: bool = True
    stamped: bool = False


@dataclass
class _Seen:
    """Items of the feed as it stands, that need no second look."""

    before: dict[str, str]
    now: dict[str, str] = field(default_factory=dict)
    pages: dict[str, WatchedPage] = field(default_factory=dict)
    """Those that were taken."""

    def is_new(self, item: FeedItem) -> bool:
        return self.before.get(_short(item.key)) != item.fingerprint

    def settle(self, item: FeedItem) -> None:
        self.now[_short(item.key)] = item.fingerprint


@dataclass(frozen=True)
class Looker:
    """Looks at feeds."""

    fetcher: Fetcher
    hosts: Hosts
    readers: FeedReaders
    pages: Pages
    intake: Intake
    states: FeedStates
    clock: Callable[[], datetime]
    """Gives every report its own instant."""
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LOOKS_AT_ONCE))

    async def look(self, feed: Feed) -> Looked:
        """Raises `FetchError`, `UnreadableError`, or `UnavailableError` where the broker does not acknowledge:

        what it did acknowledge is remembered, the rest is found again by the next look.
        """
        looked = await self._looked(feed, await self.states.get(feed.id))
        await self._look_again(feed)
        return looked

    async def _looked(self, feed: Feed, state: FeedState) -> Looked:
        async with self.hosts.turn(feed.host), self.slots:
            fetched = await self.fetcher.get(
                feed.address, {"accept": ACCEPT, **conditions(state.etag, state.last_modified)}
            )
            if not fetched.is_modified:
                return Looked(modified=False)
            digest = hashlib.sha256(fetched.body).hexdigest()
            if digest == state.digest:
                return Looked(modified=False)  # a server without validators
            parsed = await self.readers.feed(feed.id, fetched.body, fetched.content_type, fetched.url)
        validators = {"etag": fetched.etag, "last_modified": fetched.last_modified, "digest": digest}
        return await self._take_new(feed, state, validators, parsed)

    async def _take_new(
        self, feed: Feed, state: FeedState, validators: Mapping[str, str | None], parsed: ParsedFeed
    ) -> Looked:
        seen = _Seen(state.seen)
        for item in parsed.items:
            if not seen.is_new(item):
                seen.settle(item)
        new = newest_first([item for item in parsed.items if seen.is_new(item)])
        stamped = is_stamped(parsed, self.clock())
        whole = False
        try:
            await self._take(feed, new, seen, stamped)
            whole = True
        finally:
            # without the validators of this answer the next one tells the rest again
            told = validators if whole else {}
            told_of = {"seen": seen.now, "pages": newest(state.pages, seen.pages)}
            await self.states.put(feed.id, state.model_copy(update={**told, **told_of}))
        return Looked(len(new), stamped=stamped)

    async def _take(self, feed: Feed, new: Sequence[FeedItem], seen: _Seen, stamped: bool) -> None:
        """First what needs no page, then page by page: nobody waits for a page but its own item."""
        with_page = [item for item in new if wants_page(feed, item)][:MAX_PAGES]
        paged = {item.key for item in with_page}
        for batch in _batches([item for item in new if item.key not in paged]):
            await self._take_batch(feed, [(item, None) for item in batch], stamped)
            for item in batch:
                seen.settle(item)
        for item in with_page:
            read = await self.pages.read(item.url or "")
            await self._take_batch(feed, [(item, read.article)], stamped)
            seen.settle(item)
            page = watched(
                item, self.clock(), stamped=stamped, etag=read.etag, last_modified=read.last_modified
            )
            if page and read.article:
                seen.pages[_short(item.key)] = page

    async def _look_again(self, feed: Feed) -> None:
        """Take the revisions of pages whose items stay as they are. What the broker does not take stays due."""
        state = await self.states.get(feed.id)
        pages = dict(state.pages)
        for key in due(pages, self.clock()):
            page = pages[key]
            read = await self.pages.read(page.item.url or "", conditions(page.etag, page.last_modified))
            if read.article:
                try:
                    await self._take_batch(feed, [(page.item, read.article)], page.stamped)
                except UnavailableError:
                    break
            rest = page.after_look(self.clock(), read.etag, read.last_modified)
            pages = {one: each for one, each in pages.items() if one != key} | ({key: rest} if rest else {})
        if pages != state.pages:
            await self.states.put(feed.id, state.model_copy(update={"pages": pages}))

    async def _take_batch(
        self, feed: Feed, batch: Sequence[tuple[FeedItem, Article | None]], stamped: bool
    ) -> None:
        # recognising languages and mending text must not hold up the door
        reports = await asyncio.to_thread(lambda: [self._report(feed, *one, stamped) for one in batch])
        good = [one for one in reports if one is not None]
        REPORTS_RECEIVED.labels(DOOR, "refused").inc(len(reports) - len(good))
        try:
            statuses = await self.intake.take([one.report for one in good])
        except UnavailableError:
            REPORTS_RECEIVED.labels(DOOR, "unavailable").inc(len(good))
            raise
        for status in statuses:
            REPORTS_RECEIVED.labels(DOOR, status.value).inc()

    def _report(self, feed: Feed, item: FeedItem, page: Article | None, stamped: bool) -> Normalised | None:
        """None for an item that holds nothing to take."""
        try:
            return report_of(feed, item, page, stamped=stamped, fetched_at=self.clock())
        except RefusedError:
            return None


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Of a conditional GET (RFC 9110, 13): an answer only where something changed."""
    told = {"if-none-match": etag, "if-modified-since": last_modified}
    return {name: value for name, value in told.items() if value}


def _batches(items: Sequence[FeedItem]) -> Iterator[Sequence[FeedItem]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]


def _short(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()[:16]
