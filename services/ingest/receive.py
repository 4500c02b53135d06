"""The bytes of a request's body, bounded in size, in time, and over all senders together."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request

from services.ingest.inflate import BrokenError, Inflater, TooLargeError
from services.ingest.problems import RequestError, come_back

PACKED = frozenset({"gzip", "x-gzip"})
BODY_SECONDS = 30.0
"""A body that takes longer to arrive is given up: a slow sender must not hold the door."""
MAX_HELD_BYTES = 128 * 1024 * 1024
"""Of all bodies in hand together; beyond it senders are asked to come back."""


@dataclass
class BodyBudget:
    """Bounds the memory that bodies take, however many senders there are."""

    limit: int = MAX_HELD_BYTES
    count: int = 0

    @contextmanager
    def held(self) -> Iterator["Held"]:
        """For one request; frees what it took."""
        held = Held(self)
        try:
            yield held
        finally:
            self.count -= held.count


@dataclass
class Held:
    """What one request has in hand."""

    budget: BodyBudget
    count: int = 0

    def take(self, count: int) -> None:
        """Raises `RequestError` (503) where all requests together have too much in hand."""
        if self.budget.count + count > self.budget.limit:
            raise come_back("too many reports are in hand")
        self.budget.count += count
        self.count += count


async def read_body(request: Request, limit: int, held: Held) -> bytes:
    """The whole body, within `limit` bytes and `BODY_SECONDS`. Raises `RequestError` (400, 408, 413, 415, 503)."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in PACKED and encoding != "identity":
        raise RequestError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the body with content-encoding gzip, or without any."
        )
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _read(request, limit, held, Inflater(limit) if encoding in PACKED else None)
    except TooLargeError:
        raise _too_large(limit) from None
    except BrokenError as error:
        raise RequestError(HTTPStatus.BAD_REQUEST, f"The body {error}.") from None
    except TimeoutError:
        raise RequestError(
            HTTPStatus.REQUEST_TIMEOUT, f"The body did not arrive within {BODY_SECONDS:.0f} s."
        ) from None
    except ClientDisconnect:
        raise RequestError(HTTPStatus.BAD_REQUEST, "The sender hung up before the body's end.") from None


async def _read(request: Request, limit: int, held: Held, inflater: Inflater | None) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        # a packed piece may hold a thousand times as much: unpacked in steps, each within the bounds
        for piece in inflater.pieces(chunk) if inflater else (chunk,):
            held.take(len(piece))
            body += piece
            if len(body) > limit:
                raise _too_large(limit)
    if inflater:
        inflater.close()
    return bytes(body)


def _too_large(limit: int) -> RequestError:
    return RequestError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The body is larger than {limit // (1024 * 1024)} MB: send fewer reports at a time, many as JSON Lines.",
    )
