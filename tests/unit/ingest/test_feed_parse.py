"""Feeds as publishers write them, and as attackers do: items out, or a reason; read by a process that may die."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from services.ingest.feeds.child import MEMORY_BYTES
from services.ingest.feeds.markup import plain_text
from services.ingest.feeds.parse import FeedFormatError, parse_feed
from services.ingest.feeds.sandbox import Sandbox, UnreadableError
from tests.unit.ingest.feed_texts import entity_bomb, file_entity, item, rss

URL = "https://valley.example/feed"
ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk"><title>Valley</title><updated>2026-03-01T09:00:00Z</updated>
<entry><id>tag:valley.example,2026:1</id><title type="html">Village &amp;amp; town hit</title>
<link rel="alternate" href="/news/1"/><updated>2026-03-01T08:30:00+02:00</updated>
<published>2026-03-01T08:00:00+02:00</published><author><name>A. Writer</name></author>
<content type="html">&lt;p&gt;Shells hit.&lt;/p&gt;
&lt;figure&gt;&lt;img/&gt;&lt;figcaption&gt;A house in 2019&lt;/figcaption&gt;&lt;/figure&gt;
&lt;p&gt;Two were hurt.&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</content></entry></feed>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Valley",
    "language": "en",
    "items": [
        {"id": 1, "url": "https://valley.example/1", "title": "Hit", "content_html": "<p>Shells hit.</p>",
         "date_published": "2026-03-01T08:00:00Z", "authors": [{"name": "A. Writer"}]},
        {"id": "2", "summary": "Only a summary."},
        {"no": "id"},
    ],
}  # fmt: skip


def test_rss() -> None:
    (one,) = parse_feed(rss([item(1)]), "application/rss+xml", URL).items
    assert one.key == "n1"
    assert one.url == "https://valley.example/news/1"
    assert one.title == "Village 1 shelled"
    assert one.text == "Shells hit village number 1 of the district on Sunday, officials said."
    assert one.is_summary
    assert one.published == "Sun, 01 Mar 2026 08:01:00 +0000"


def test_rss_with_whole_texts() -> None:
    whole = "<p>First.</p><p>Second &amp; last.</p><p>The post Hit appeared first on Valley.</p>"
    body = rss([item(1).replace("</item>", f"<content:encoded><![CDATA[{whole}]]></content:encoded></item>")])
    body = body.replace(b"<rss ", b'<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" ')
    (one,) = parse_feed(body, "", URL).items
    assert one.text == "First.\nSecond & last."
    assert not one.is_summary


def test_atom() -> None:
    feed = parse_feed(ATOM, "application/atom+xml", URL)
    (one,) = feed.items
    assert (feed.language, feed.built) == ("uk", "2026-03-01T09:00:00Z")
    assert one.title == "Village & town hit"
    assert one.url == "https://valley.example/news/1"
    assert one.text == "Shells hit.\n[CAPTION: A house in 2019]\nTwo were hurt."
    assert (one.published, one.author) == ("2026-03-01T08:00:00+02:00", "A. Writer")


def test_json_feed() -> None:
    first, second = parse_feed(json.dumps(JSON_FEED).encode(), "application/feed+json", URL).items
    assert (first.key, first.text, first.is_summary, first.author) == ("1", "Shells hit.", False, "A. Writer")
    assert (second.key, second.text, second.is_summary) == ("2", "Only a summary.", True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"<html><body><p>Sign in</p></body></html>",
        b"{}",
        b"[1]",
        b'{"version": "x"',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_feed_is_told(body: bytes) -> None:
    with pytest.raises(FeedFormatError):
        parse_feed(body, "text/html", URL)


@pytest.mark.parametrize("body", [entity_bomb(), file_entity("/etc/passwd")])
def test_entities_are_refused_unread(body: bytes) -> None:
    with pytest.raises(FeedFormatError, match="entities"):
        parse_feed(body, "application/xml", URL)


@pytest.mark.parametrize(
    ("encoding", "claimed"),
    [
        ("utf-8", ""),
        ("utf-16", ""),
        ("windows-1251", ""),
        ("koi8-r", ""),
        # a wrong claim is found out where the bytes can be only one thing
        ("utf-8", "; charset=iso-8859-1"),
        ("utf-16", "; charset=iso-8859-1"),
    ],
)
def test_charsets(encoding: str, claimed: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{encoding}"?>'
    body = rss([item(1, description="Обстрел порта")], declaration=declaration).decode().encode(encoding)
    (one,) = parse_feed(body, f"text/xml{claimed}", URL).items
    assert one.text == "Обстрел порта"


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    body = (
        rss([item(1), item(2)])
        .replace(b"</description>", b" & <b>more</description>")
        .replace(b"</rss>", b"")
    )
    assert [one.key for one in parse_feed(body, "", URL).items] == ["n1", "n2"]


def test_the_fingerprint_leaves_the_date_out() -> None:
    (one,) = parse_feed(rss([item(1)]), "", URL).items
    (later,) = parse_feed(rss([item(1, published="Mon, 02 Mar 2026 08:01:00 GMT")]), "", URL).items
    (other,) = parse_feed(rss([item(1, description="Three were hurt.")]), "", URL).items
    assert one.fingerprint == later.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain  text", "plain text"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("<p>one<br/>two</p><ul><li>three</li></ul>", "one\ntwo\nthree"),
        ("a <b>bold</b> word", "a bold word"),
        ("<div>" * 5_000 + "deep", ""),
        ("<", "<"),
        ("<p>text</p><p>[…]</p>", "text"),
    ],
)
def test_markup(markup: str, text: str) -> None:
    read = plain_text(markup)
    assert read == text or (not text and len(read) < 10)


async def test_the_sandbox_reads_and_survives_what_it_reads() -> None:
    sandbox = Sandbox()
    try:
        with pytest.raises(UnreadableError, match="entities"):
            await sandbox.feed(entity_bomb(), "", URL)
        ten_thousand = rss([item(number) for number in range(10_000)])
        feeds = await asyncio.gather(sandbox.feed(ten_thousand, "", URL), sandbox.feed(ATOM, "", URL))
        assert [len(feed.items) for feed in feeds] == [10_000, 1]
    finally:
        await sandbox.aclose()


async def test_a_reader_that_dies_or_hangs_is_replaced() -> None:
    sandbox = Sandbox(seconds=3)
    try:
        assert len((await sandbox.feed(ATOM, "", URL)).items) == 1
        process = sandbox._process
        assert process is not None
        os.kill(process.pid, 19)  # SIGSTOP: it hangs
        with pytest.raises(UnreadableError, match="3 s"):
            await sandbox.feed(ATOM, "", URL)
        assert len((await sandbox.feed(ATOM, "", URL)).items) == 1
        process = sandbox._process
        assert process is not None
        process.kill()
        with pytest.raises(UnreadableError, match="ends the process"):
            await sandbox.feed(ATOM, "", URL)
        assert len((await sandbox.feed(ATOM, "", URL)).items) == 1
    finally:
        await sandbox.aclose()


async def test_the_reader_is_bounded_in_memory_and_has_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:hunter2@localhost")
    sandbox = Sandbox()
    try:
        with pytest.raises(UnreadableError):
            await sandbox.feed(b"[" * 80_000_000, "", URL)
        await sandbox.feed(ATOM, "", URL)
        assert sandbox._process is not None
        told = Path(f"/proc/{sandbox._process.pid}")
        assert b"hunter2" not in (told / "environ").read_bytes()
        assert str(MEMORY_BYTES) in (told / "limits").read_text(encoding="utf-8")
    finally:
        await sandbox.aclose()
