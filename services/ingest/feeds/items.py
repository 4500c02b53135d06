"""A feed's item, and its page where that was read, in; the normalised report out. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas.report import TimeProvenance
from services.ingest.dates import read_date
from services.ingest.feeds.feed_list import Feed, FullText
from services.ingest.feeds.told import Article, FeedItem, ParsedFeed
from services.ingest.normalise import MAX_NAME_CHARACTERS, Normalised, normalise
from services.ingest.published import Published
from services.ingest.urls import UrlError, canonical_url

STAMP_ITEMS = 3
"""So many items of one moment at least, before a feed is found to stamp them all."""
STAMP_WINDOW = timedelta(minutes=2)
SHORT_TEXT_CHARACTERS = 600
"""A feed's text of less is a teaser, whatever element it stands in."""
FUTURE_NOTE = "lay in the future, so the time of fetching stands"


def is_stamped(feed: ParsedFeed, fetched_at: datetime) -> bool:
    """Whether the feed gives all its items the time of its own making, which says nothing of theirs."""
    dates = [date for item in feed.items if item.published and (date := read_date(item.published))]
    if len(dates) < STAMP_ITEMS or max(dates) - min(dates) > STAMP_WINDOW:
        return False
    built = read_date(feed.built) if feed.built else None
    near = [moment for moment in (fetched_at, built) if moment and abs(max(dates) - moment) <= STAMP_WINDOW]
    return bool(near)


def wants_page(feed: Feed, item: FeedItem) -> bool:
    """Whether the item's page is to be fetched for its text."""
    if item.url is None or feed.full_text is FullText.NEVER:
        return False
    is_teaser = item.is_summary or len(item.text) < SHORT_TEXT_CHARACTERS
    return feed.full_text is FullText.ALWAYS or is_teaser


def report_of(
    feed: Feed, item: FeedItem, page: Article | None, *, stamped: bool, fetched_at: datetime
) -> Normalised:
    """The report. Raises `RefusedError` where there is nothing to take."""
    url = _url(item)
    told = {
        "text": page.text if page else item.text or item.title,
        "title": (item.title or (page.title if page else None) or "")[: MAX_NAME_CHARACTERS * 4],
        "source": feed.id,
        "publisher": feed.publisher,
        "publisher_family": feed.family,
        "language": feed.language,
        "tags": list(feed.tags),
        **({"url": url} if url else {"id": item.key[:MAX_NAME_CHARACTERS]}),
    }
    return normalise(told, fetched_at, _published(item, page, stamped, fetched_at))


def _url(item: FeedItem) -> str | None:
    """The feed's link, never the page's own: a page that fails once would make two reports of one article."""
    try:
        return canonical_url(item.url) if item.url else None
    except UrlError:
        return None


def _published(item: FeedItem, page: Article | None, stamped: bool, fetched_at: datetime) -> Published:
    """From the feed; where it tells no time of its items, from the page."""
    by_feed = None if stamped else _read(item.published)
    by_page = _read(page.published) if page else None
    if by_feed:
        return _not_after(by_feed, TimeProvenance.FEED, fetched_at)
    if by_page and page:
        return _not_after(
            by_page, TimeProvenance.TEXT if page.is_seen_date else TimeProvenance.PAGE, fetched_at
        )
    return Published(None, TimeProvenance.STAMPED if stamped else TimeProvenance.MISSING)


def _read(told: str | None) -> datetime | None:
    return read_date(told) if told else None


def _not_after(at: datetime, provenance: TimeProvenance, fetched_at: datetime) -> Published:
    if at > fetched_at:
        return Published(fetched_at, TimeProvenance.CLAMPED, FUTURE_NOTE)
    return Published(at, provenance)


def newest_first(items: Sequence[FeedItem]) -> list[FeedItem]:
    """So that what is news is on the topic first. Feeds are so ordered anyway; undated items keep their place."""
    return sorted(items, key=lambda item: _age_rank(item))


def _age_rank(item: FeedItem) -> float:
    at = _read(item.published)
    return -at.timestamp() if at else 0.0
