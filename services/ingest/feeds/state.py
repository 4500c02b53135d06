"""What a worker knows of its feeds between two looks: kept in memory, and in Redis over a restart.

Nothing here is needed: without it a feed is fetched whole once more, and its reports are known by their ids.
"""

from datetime import datetime
from typing import Protocol

import redis.asyncio as aioredis
from pydantic import BaseModel, ConfigDict, ValidationError
from redis.exceptions import RedisError

from services.common.logging import get_logger
from services.ingest.feeds.recheck import WatchedPage

log = get_logger(__name__)

KEY_PREFIX = "tocsin:ingest:feed:"
KEPT_SECONDS = 30 * 86_400


class FeedState(BaseModel):
    """One feed."""

    model_config = ConfigDict(frozen=True)

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    """Of the body that was last read whole."""
    next_at: datetime | None = None
    """When to look again: outlives a restart, so that a crash loop does not hammer a server."""
    error_streak: int = 0
    seen: dict[str, str] = {}
    """The items of the feed as it last stood, that are safe on the topic: key to fingerprint."""
    pages: dict[str, WatchedPage] = {}
    """Pages that were taken of late, and may be revised."""


class FeedStates(Protocol):
    """Where states are kept."""

    async def get(self, feed_id: str) -> FeedState:
        """The state, or a fresh one."""
        ...

    async def put(self, feed_id: str, state: FeedState) -> None:
        """Keep it."""
        ...


class RedisFeedStates:
    """In memory first, and in Redis where it answers; its failures are logged, never raised."""

    def __init__(self, client: "aioredis.Redis") -> None:
        self._redis = client
        self._states: dict[str, FeedState] = {}

    async def get(self, feed_id: str) -> FeedState:
        """Reads Redis at the first look only."""
        if feed_id not in self._states:
            self._states[feed_id] = await self._stored(feed_id)
        return self._states[feed_id]

    async def put(self, feed_id: str, state: FeedState) -> None:
        """In both places."""
        self._states[feed_id] = state
        try:
            await self._redis.set(KEY_PREFIX + feed_id, state.model_dump_json(), ex=KEPT_SECONDS)
        except RedisError as error:
            log.warning("feed_state_not_kept", feed=feed_id, error=type(error).__name__)

    async def _stored(self, feed_id: str) -> FeedState:
        try:
            told = await self._redis.get(KEY_PREFIX + feed_id)
            return FeedState.model_validate_json(told) if told else FeedState()
        except RedisError as error:
            log.warning("feed_state_not_read", feed=feed_id, error=type(error).__name__)
        except ValidationError:
            log.warning("feed_state_not_read", feed=feed_id, error="an older form")
        return FeedState()
