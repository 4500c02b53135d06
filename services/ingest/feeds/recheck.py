"""Pages that are looked at again: what was taken in, and when to look for a revision out. Pure.

Newsrooms rewrite an article at its address, and many of them do not tell their feed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from services.ingest.dates import read_date
from services.ingest.feeds.told import FeedItem

WAITS = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6), timedelta(hours=16))
"""Before each look: articles are revised in their first hours, and after a day hardly ever."""
MAX_WATCHED = 50
"""Of a feed: the newest."""
MAX_LOOKS = 5
"""At pages again, of one look at the feed."""
OLD = timedelta(days=2)
"""An article that was published before is not watched."""


class WatchedPage(BaseModel):
    """A page whose text was taken."""

    model_config = ConfigDict(frozen=True)

    item: FeedItem
    """Without its text, for which the page's stands."""
    stamped: bool
    etag: str | None = None
    last_modified: str | None = None
    looks: int = 0
    next_at: datetime

    def after_look(
        self, at: datetime, etag: str | None = None, last_modified: str | None = None
    ) -> "WatchedPage | None":
        """What is watched from then on; None where it was looked at often enough. Validators that are told replace."""
        looks = self.looks + 1
        if looks == len(WAITS):
            return None
        told = {"etag": etag, "last_modified": last_modified} if etag or last_modified else {}
        return self.model_copy(update={"looks": looks, "next_at": at + WAITS[looks], **told})


Watched = Mapping[str, WatchedPage]
"""By the item's key, the one watched longest first."""


def watched(
    item: FeedItem, at: datetime, *, stamped: bool, etag: str | None, last_modified: str | None
) -> WatchedPage | None:
    """A page that was taken; None where its article is too old to be revised."""
    published = read_date(item.published) if item.published and not stamped else None
    if published and at - published > OLD:
        return None
    return WatchedPage(
        item=item.model_copy(update={"text": ""}),
        stamped=stamped,
        etag=etag,
        last_modified=last_modified,
        next_at=at + WAITS[0],
    )


def newest(pages: Watched, more: Watched) -> dict[str, WatchedPage]:
    """Both, the latter going before the former; no more than are watched of one feed."""
    kept = {key: page for key, page in pages.items() if key not in more} | dict(more)
    return dict(list(kept.items())[-MAX_WATCHED:])


def due(pages: Watched, at: datetime) -> list[str]:
    """The keys of those to be looked at now."""
    return [key for key, page in pages.items() if page.next_at <= at][:MAX_LOOKS]
