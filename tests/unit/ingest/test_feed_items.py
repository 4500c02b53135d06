"""An item becomes a report with a publication time that can be trusted, or none."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from schemas.report import TimeProvenance
from services.ingest.feeds.feed_list import Feed
from services.ingest.feeds.items import is_stamped, newest_first, report_of, wants_page
from services.ingest.feeds.told import Article, FeedItem, ParsedFeed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = Feed.model_validate(
    {"id": "valley", "url": "https://valley.example/feed", "publisher": "Valley Echo", "family": "Echo",
     "language": "en", "country": "UA", "tier": 3}
)  # fmt: skip
ITEM = FeedItem(
    key="n1",
    url="https://valley.example/1?utm_source=rss",
    title="Village hit",
    text="Shells hit.",
    published="2026-03-01T11:00Z",
)


def feed_of(*dates: datetime, built: datetime | None = None) -> ParsedFeed:
    items = tuple(FeedItem(key=str(n), published=format_datetime(date)) for n, date in enumerate(dates))
    return ParsedFeed(items=items, built=format_datetime(built) if built else None)


def test_an_item_becomes_a_report() -> None:
    report = report_of(FEED, ITEM, None, stamped=False, fetched_at=NOW).report
    assert (report.source, report.publisher, report.publisher_family) == ("valley", "Valley Echo", "Echo")
    assert (report.url, report.title, report.text) == (
        "https://valley.example/1",
        "Village hit",
        "Shells hit.",
    )
    assert (report.language, report.tags) == ("en", ("tier:3", "country:UA"))
    assert report.published_at == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert report.published_at_provenance is TimeProvenance.FEED
    assert report.fetched_at == NOW


def test_a_page_gives_its_text_and_keeps_the_feeds_address() -> None:
    page = Article(
        text="The whole text.", canonical_url="https://other.example/x", published="2026-03-01T10:00Z"
    )
    with_page = report_of(FEED, ITEM, page, stamped=False, fetched_at=NOW).report
    without = report_of(FEED, ITEM, None, stamped=False, fetched_at=NOW).report
    assert with_page.text == "The whole text."
    assert with_page.id == without.id
    assert with_page.published_at_provenance is TimeProvenance.FEED


@pytest.mark.parametrize(
    ("published", "page_date", "is_seen", "stamped", "provenance"),
    [
        (None, "2026-03-01T10:00Z", False, False, TimeProvenance.PAGE),
        (None, "1 March 2026 10:00 UTC", True, False, TimeProvenance.TEXT),
        ("just now", None, False, False, TimeProvenance.MISSING),
        ("2026-03-01T11:00Z", None, False, True, TimeProvenance.STAMPED),
        ("2026-03-01T11:00Z", "2026-03-01T10:00Z", False, True, TimeProvenance.PAGE),
        ("2026-03-02T11:00Z", None, False, False, TimeProvenance.CLAMPED),
    ],
)
def test_where_the_time_comes_from(
    published: str | None, page_date: str | None, is_seen: bool, stamped: bool, provenance: TimeProvenance
) -> None:
    page = Article(text="Whole.", published=page_date, is_seen_date=is_seen) if page_date else None
    one = ITEM.model_copy(update={"published": published})
    report = report_of(FEED, one, page, stamped=stamped, fetched_at=NOW).report
    assert report.published_at_provenance is provenance
    expected = (
        datetime(2026, 3, 1, 10, tzinfo=UTC)
        if page
        else NOW
        if provenance is TimeProvenance.CLAMPED
        else None
    )
    assert report.published_at == expected


def test_a_feed_that_stamps_everything_now_is_found_out() -> None:
    assert is_stamped(feed_of(NOW, NOW, NOW - timedelta(seconds=20)), NOW)
    made = NOW - timedelta(hours=5)
    assert is_stamped(feed_of(made, made, made, built=made), NOW)
    assert not is_stamped(feed_of(NOW, NOW - timedelta(hours=1), NOW), NOW)
    assert not is_stamped(feed_of(NOW, NOW), NOW)
    assert not is_stamped(feed_of(made, made, made), NOW)
    assert not is_stamped(feed_of(), NOW)


def test_without_an_address_the_items_key_names_it() -> None:
    for url in (None, "javascript:alert(1)", "urn:isbn:1"):
        one = ITEM.model_copy(update={"url": url})
        report = report_of(FEED, one, None, stamped=False, fetched_at=NOW).report
        assert report.url is None
        again = report_of(
            FEED, one.model_copy(update={"text": "New."}), None, stamped=False, fetched_at=NOW
        ).report
        assert report.id == again.id


@pytest.mark.parametrize(
    ("is_summary", "text", "full_text", "wanted"),
    [
        (True, "x" * 5_000, "auto", True),
        (False, "x" * 5_000, "auto", False),
        (False, "teaser", "auto", True),
        (True, "x", "never", False),
        (False, "x" * 5_000, "always", True),
    ],
)
def test_when_a_page_is_wanted(is_summary: bool, text: str, full_text: str, wanted: bool) -> None:
    feed = Feed.model_validate({"id": "a", "url": "https://a.example/", "full_text": full_text})
    one = ITEM.model_copy(update={"is_summary": is_summary, "text": text})
    assert wants_page(feed, one) is wanted
    assert not wants_page(feed, one.model_copy(update={"url": None}))


def test_the_newest_come_first() -> None:
    feed = feed_of(NOW - timedelta(hours=2), NOW, NOW - timedelta(hours=1))
    assert [one.key for one in newest_first(feed.items)] == ["1", "2", "0"]
