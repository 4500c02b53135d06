"""What feeds and pages tell, as the process that reads them hands it on."""

import hashlib

from pydantic import BaseModel, ConfigDict


class FeedItem(BaseModel):
    """One item, before it is normalised."""

    model_config = ConfigDict(frozen=True)

    key: str
    """Its guid, else its link, else a hash: names it within its feed."""
    url: str | None = None
    title: str = ""
    text: str = ""
    """What the feed tells of it, without markup."""
    is_summary: bool = True
    """The feed promises no more than a summary."""
    published: str | None = None
    """As told."""
    author: str | None = None

    @property
    def fingerprint(self) -> str:
        """Changes where the item says something else; its date does not count, since some feeds renew it for ever."""
        told = "\0".join((self.title, self.text, self.url or ""))
        return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:16]


class ParsedFeed(BaseModel):
    """A feed."""

    model_config = ConfigDict(frozen=True)

    items: tuple[FeedItem, ...]
    language: str | None = None
    built: str | None = None
    """When the feed says that it was made, as told."""


class Article(BaseModel):
    """What a page tells."""

    model_config = ConfigDict(frozen=True)

    text: str
    title: str | None = None
    author: str | None = None
    canonical_url: str | None = None
    published: str | None = None
    """As told."""
    is_seen_date: bool = False
    """Read off a line of the page rather than from what it tells machines."""
