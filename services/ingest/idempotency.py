"""`Idempotency-Key`: a sender's name for a request in; whether this very request was answered before out.

Without it, a repeat is harmless as long as nothing newer came between; with it, even then: what was answered once is
never taken again. After the IETF draft draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from services.common.logging import get_logger
from services.common.metrics import CACHE_REQUESTS
from services.ingest.problems import RETRY_AFTER_SECONDS, RequestError

log = get_logger(__name__)

KEY_PREFIX = "tocsin:ingest:idempotency:"
KEPT_SECONDS = 86_400
IN_HAND_SECONDS = 60
"""A request that was cut off by a crash may be sent again after so long."""
CACHE = "idempotency"
_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")


class Requests(Protocol):
    """Remembers requests by their keys."""

    async def begin(self, name: str, fingerprint: str) -> bool:
        """Whether this request was answered before. Raises `RequestError` (409 while in hand, 422 for another body)."""
        ...

    async def end(self, name: str, fingerprint: str, done: bool) -> None:
        """Remember it as answered, or forget it."""
        ...


class Forgetful:
    """Remembers nothing: for a door without a cache."""

    async def begin(self, name: str, fingerprint: str) -> bool:
        """Never."""
        return False

    async def end(self, name: str, fingerprint: str, done: bool) -> None:
        """Nothing to do."""


def key_of(header: str | None, sender: str) -> str | None:
    """The name under which a request is remembered: each sender has keys of its own. Raises `RequestError` (400)."""
    if header is None:
        return None
    told = header.strip().strip('"')
    if not _KEY.fullmatch(told):
        raise RequestError(
            HTTPStatus.BAD_REQUEST, "Idempotency-Key must be 1 to 255 printable ASCII characters."
        )
    return hashlib.sha256(f"{sender}\0{told}".encode()).hexdigest()


def fingerprint_of(body: bytes, partial: bool) -> str:
    """Two requests of one key must have the same."""
    return hashlib.sha256(b"%d:" % partial + body).hexdigest()


@dataclass
class Attempt:
    """One request in hand."""

    replayed: bool
    done: bool = False


@asynccontextmanager
async def attempt(requests: Requests, name: str | None, fingerprint: str) -> AsyncIterator[Attempt]:
    """For the time of one request: it counts as answered where the block sets `done`."""
    if name is None:
        yield Attempt(replayed=False)
        return
    found = Attempt(replayed=await requests.begin(name, fingerprint))
    try:
        yield found
    finally:
        if not found.replayed:
            await requests.end(name, fingerprint, found.done)


class RedisRequests:
    """`Requests` in Redis. Where it fails, requests are taken all the same: ids make the usual repeat harmless."""

    def __init__(self, client: "aioredis.Redis") -> None:
        self._redis = client

    async def begin(self, name: str, fingerprint: str) -> bool:
        """See `Requests`."""
        try:
            is_first = await self._redis.set(
                KEY_PREFIX + name, f"in hand {fingerprint}", nx=True, ex=IN_HAND_SECONDS
            )
            stored = None if is_first else await self._redis.get(KEY_PREFIX + name)
        except RedisError as error:
            self._failed(error)
            return False
        if stored is None:
            return False
        state, _, known = str(stored).rpartition(" ")
        if known != fingerprint:
            raise RequestError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "This Idempotency-Key was used for another body: use a new one.",
            )
        if state != "done":
            raise RequestError(
                HTTPStatus.CONFLICT,
                "The first request of this Idempotency-Key is still in hand.",
                headers={"retry-after": str(RETRY_AFTER_SECONDS)},
            )
        return True

    async def end(self, name: str, fingerprint: str, done: bool) -> None:
        """See `Requests`."""
        try:
            if done:
                await self._redis.set(KEY_PREFIX + name, f"done {fingerprint}", ex=KEPT_SECONDS)
            else:
                await self._redis.delete(KEY_PREFIX + name)
        except RedisError as error:
            self._failed(error)

    def _failed(self, error: RedisError) -> None:
        CACHE_REQUESTS.labels(CACHE, "error").inc()
        log.warning("idempotency_unavailable", error=type(error).__name__)
