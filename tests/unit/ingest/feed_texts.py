"""Feeds as bytes, for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def item(
    number: int, published: str | None = None, description: str | None = None, link: str | None = None
) -> str:
    date = format_datetime(START + timedelta(minutes=number)) if published is None else published
    told = description or f"Shells hit village number {number} of the district on Sunday, officials said."
    where = link or f"https://valley.example/news/{number}"
    stamp = f"<pubDate>{date}</pubDate>" if date else ""
    return (
        f"<item><title>Village {number} shelled</title><link>{where}</link>"
        f"<guid isPermaLink='false'>n{number}</guid>{stamp}<description>{told}</description></item>"
    )


def rss(
    items: Sequence[str], head: str = "", declaration: str = '<?xml version="1.0" encoding="UTF-8"?>'
) -> bytes:
    channel = f"<channel><title>Valley</title>{''.join(items)}</channel>"
    return f'{declaration}{head}<rss version="2.0">{channel}</rss>'.encode()


def entity_bomb() -> bytes:
    """Ten entities of ten entities each: gigabytes to whoever expands them."""
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<!DOCTYPE rss [<!ENTITY e0 "boom">{steps}]>'
    return rss([item(1, description="&e9;")], head=head)


def file_entity(path: str) -> bytes:
    return rss(
        [item(1, description="&secret;")], head=f'<!DOCTYPE rss [<!ENTITY secret SYSTEM "file://{path}">]>'
    )
