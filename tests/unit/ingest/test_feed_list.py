"""The list of feeds is read or refused with a remedy; each feed is one worker's."""

from pathlib import Path

import pytest

from services.common.settings import load
from services.ingest.feeds.feed_list import FeedListError, Shard, load_feeds
from services.ingest.publishers import publisher_named
from services.ingest.settings import IngestSettings

STARTER = Path(__file__).parents[3] / "deploy" / "feeds.yaml"


def test_the_starter_list_is_good() -> None:
    feeds = load_feeds(STARTER)
    assert len(feeds) >= 40
    assert {"en", "ar", "uk", "ru"} <= {feed.language for feed in feeds}
    for feed in feeds:
        known = publisher_named(feed.publisher or "")
        assert known is not None, f"{feed.publisher} is not in publishers.yaml"
        assert known.family == feed.family


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("feeds: [", "no YAML"),
        ("feeds: [{id: a}]", "feeds.0.url"),
        ("feeds: [{id: A b, url: 'https://a.example/'}]", "feeds.0.id"),
        ("feeds: [{id: a, url: 'ftp://hunter2@a.example/'}]", "feeds.0.url"),
        ("feeds: [{id: a, url: 'https://a.example/', tier: 9}]", "feeds.0.tier"),
        ("feeds: [{id: a, url: 'https://a.example/', intervall: 9}]", "feeds.0.intervall"),
        ("feeds: [{id: a, url: 'https://a.example/'}, {id: a, url: 'https://b.example/'}]", "twice"),
        ("[]", "value"),
    ],
)
def test_a_bad_list_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FeedListError, match=why) as caught:
        load_feeds(path)
    assert str(path) in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_missing_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(FeedListError, match="INGEST_FEEDS"):
        load_feeds(tmp_path / "none.yaml")


def test_each_feed_is_exactly_one_shards() -> None:
    shards = [Shard.parse(f"{number}/3") for number in (1, 2, 3)]
    ids = [f"feed-{number}" for number in range(300)]
    owners = [[shard.number for shard in shards if shard.holds(one)] for one in ids]
    assert all(len(owner) == 1 for owner in owners)
    assert all(60 < sum(owner == [number] for owner in owners) < 140 for number in (1, 2, 3))


@pytest.mark.parametrize("told", ["", "0/3", "4/3", "1", "1/0", "a/b", "-1/3", "1/3/5"])
def test_no_shard(told: str) -> None:
    with pytest.raises(ValueError, match="1/3"):
        Shard.parse(told)


def test_no_list_is_read_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGEST_FEEDS", "")
    assert load(IngestSettings).ingest_feeds is None
