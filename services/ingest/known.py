"""The current revision of each report, in Redis: says whether a report is new, revised or known already.

A cache alone. Where Redis fails, reports are taken all the same: a repeat is harmless by its id.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

import redis.asyncio as aioredis
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from services.common.logging import get_logger
from services.common.metrics import CACHE_REQUESTS

log = get_logger(__name__)

KEY_PREFIX = "tocsin:ingest:report:"
KEPT_FOR = timedelta(days=14)
"""As long as the report topic keeps its records."""
CACHE = "reports"
LEFT_ALONE_SECONDS = 5.0
"""A Redis that did not answer in time is not asked again for so long."""


class KnownReports(Protocol):
    """Remembers the current revision of reports."""

    async def current(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The current revision of each id that is known."""
        ...

    async def remember(self, revisions: Mapping[str, str]) -> None:
        """Note revisions; only of reports that the broker has acknowledged."""
        ...


class RedisKnownReports:
    """`KnownReports` in Redis; its failures are counted, never raised."""

    def __init__(self, client: "aioredis.Redis", clock: Callable[[], float] = time.monotonic) -> None:
        self._redis = client
        self._clock = clock
        self._left_alone_until = 0.0

    async def current(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Nothing is known of any id while Redis cannot be reached."""
        if not ids or self._is_left_alone(len(ids)):
            return {}
        try:
            found = await self._redis.mget([KEY_PREFIX + one for one in ids])
        except RedisError as error:
            self._failed(error, len(ids))
            return {}
        known = {one: str(revision) for one, revision in zip(ids, found, strict=True) if revision is not None}
        CACHE_REQUESTS.labels(CACHE, "hit").inc(len(known))
        CACHE_REQUESTS.labels(CACHE, "miss").inc(len(ids) - len(known))
        return known

    async def remember(self, revisions: Mapping[str, str]) -> None:
        """Forgotten again after `KEPT_FOR`."""
        if not revisions or self._is_left_alone(len(revisions)):
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for one, revision in revisions.items():
                    pipeline.set(KEY_PREFIX + one, revision, ex=KEPT_FOR)
                await pipeline.execute()
        except RedisError as error:
            self._failed(error, len(revisions))

    def _is_left_alone(self, count: int) -> bool:
        if self._clock() >= self._left_alone_until:
            return False
        CACHE_REQUESTS.labels(CACHE, "error").inc(count)
        return True

    def _failed(self, error: RedisError, count: int) -> None:
        if isinstance(error, RedisTimeoutError):
            # it hangs: not every report should wait for it in turn
            self._left_alone_until = self._clock() + LEFT_ALONE_SECONDS
        CACHE_REQUESTS.labels(CACHE, "error").inc(count)
        log.warning("known_reports_unavailable", error=type(error).__name__)
