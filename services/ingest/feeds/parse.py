"""The bytes of a feed in (RSS, Atom or JSON Feed, as they come), its items out. Runs apart: see `sandbox`."""

import codecs
import hashlib
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import feedparser
from pydantic import BaseModel, Field, ValidationError

from services.ingest.feeds.markup import plain_text
from services.ingest.feeds.told import FeedItem, ParsedFeed

MAX_ITEMS = 20_000
MAX_ITEM_CHARACTERS = 256 * 1024
ROOT_WITHIN_BYTES = 64 * 1024
"""Comments and style sheets may stand before a feed's root."""
_ROOT = re.compile(rb"<(?:[a-z]{1,10}:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


class FeedFormatError(ValueError):
    """Not a feed. The text repeats nothing of it."""


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed:
    """Read it. Raises `FeedFormatError`."""
    if body.lstrip()[:1] in (b"{", b"["):
        return _json_feed(body)
    if _ENTITY.search(body):
        # no feed needs entities of its own; bombs and thefts of files do
        raise FeedFormatError("declares entities of its own, which no feed needs")
    body = _without_utf16(body)
    if not _ROOT.search(body[:ROOT_WITHIN_BYTES]):
        # the library would look for items in anything, for minutes
        raise FeedFormatError("is no RSS, Atom or JSON Feed")
    told = feedparser.parse(
        BytesIO(body),
        response_headers={"content-type": _content_type(body, content_type), "content-location": url},
    )
    if not told.get("version") and not told.entries:
        raise FeedFormatError("is no RSS, Atom or JSON Feed")
    items = tuple(_item(entry) for entry in told.entries[:MAX_ITEMS])
    return ParsedFeed(
        items=items,
        language=told.feed.get("language"),
        built=told.feed.get("updated") or told.feed.get("published"),
    )


def _without_utf16(body: bytes) -> bytes:
    """The same in UTF-8 where a byte-order mark says UTF-16, which the library leaves unread."""
    if not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body
    return body.decode("utf-16", errors="replace").encode(errors="replace")


def _content_type(body: bytes, told: str) -> str:
    """Bytes that read as UTF-8 are UTF-8, whatever the header claims: no other encoding looks like it by chance."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return told or "application/xml"
    if b"\0" in body[:200]:
        return told or "application/xml"
    return "application/xml; charset=utf-8"


def _item(entry: Mapping[str, Any]) -> FeedItem:
    content = max((one.get("value", "") for one in entry.get("content", ())), key=len, default="")
    summary = entry.get("summary", "")
    # feedparser hands a lone `content:encoded` on as the summary, too
    whole = content if len(content) > len(summary) or (content and content == summary) else ""
    text = plain_text((whole or summary)[:MAX_ITEM_CHARACTERS])
    title = plain_text(entry.get("title", "")).replace("\n", " ")
    url = entry.get("link") or None
    key = entry.get("id") or url or hashlib.sha256(f"{title}\0{text}".encode(errors="replace")).hexdigest()
    return FeedItem(
        key=key,
        url=url,
        title=title,
        text=text,
        is_summary=not whole,
        published=entry.get("published") or entry.get("updated") or entry.get("created") or None,
        author=entry.get("author") or None,
    )


class _JsonAuthor(BaseModel):
    name: str | None = None


class _JsonItem(BaseModel):
    id: str | int | float
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    authors: list[_JsonAuthor] = []
    author: _JsonAuthor | None = None


class _JsonFeed(BaseModel):
    """https://www.jsonfeed.org/version/1.1/"""

    version: str = Field(pattern=r"^https?://(?:www\.)?jsonfeed\.org/version/")
    language: str | None = None
    items: list[dict[str, Any]] = []


def _json_feed(body: bytes) -> ParsedFeed:
    try:
        told = _JsonFeed.model_validate_json(body)
    except ValidationError as error:
        raise FeedFormatError(f"is JSON, but no JSON Feed ({error.error_count()} faults)") from None
    items = (_json_item(one) for one in told.items[:MAX_ITEMS])
    return ParsedFeed(items=tuple(item for item in items if item), language=told.language)


def _json_item(told: Mapping[str, Any]) -> FeedItem | None:
    """None for one that breaks the format: it does not cost the others."""
    try:
        one = _JsonItem.model_validate(told)
    except ValidationError:
        return None
    content = one.content_text or plain_text((one.content_html or "")[:MAX_ITEM_CHARACTERS])
    authors = [author.name for author in (*one.authors, *([one.author] if one.author else [])) if author.name]
    return FeedItem(
        key=str(one.id),
        url=one.url or one.external_url,
        title=plain_text(one.title or "").replace("\n", " "),
        text=content or plain_text(one.summary or ""),
        is_summary=not content,
        published=one.date_published or one.date_modified,
        author=authors[0] if authors else None,
    )
