"""Markup of strangers in, what it says out, read by a process that may die of it: see `child`."""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process

from services.ingest.feeds.child import LENGTH, Reply, Request
from services.ingest.feeds.told import Article, ParsedFeed

SECONDS = 15.0
"""For one document. The slowest honest one takes three."""
MAX_REPLY_BYTES = 64 * 1024 * 1024
DOCUMENTS_A_PROCESS = 1_000
"""Then a new one: what a parser leaks does not gather."""
PASSED_ON = ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")


class UnreadableError(Exception):
    """The document cannot be read. The text repeats nothing of it."""


class TooSlowError(UnreadableError):
    """It was not read in time."""


class Sandbox:
    """One process, one document at a time, started when first needed and anew where it dies or hangs."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: Process | None = None
        self._served = 0
        self._turn = asyncio.Lock()

    async def feed(self, body: bytes, content_type: str, url: str) -> ParsedFeed:
        """The items of a feed. Raises `UnreadableError`."""
        request = Request(kind="feed", url=url, content_type=content_type)
        return ParsedFeed.model_validate_json(await self._ask(request, body))

    async def page(self, body: bytes, url: str) -> Article:
        """The article of a page. Raises `UnreadableError`."""
        return Article.model_validate_json(await self._ask(Request(kind="page", url=url), body))

    async def aclose(self) -> None:
        """End the process."""
        async with self._turn:
            await self._end()

    async def _ask(self, request: Request, body: bytes) -> str:
        async with self._turn:
            reply = await self._served_reply(request, body)
        if reply.value is None:
            raise UnreadableError(reply.problem)
        return reply.value

    async def _served_reply(self, request: Request, body: bytes) -> Reply:
        """Whatever goes wrong, a process that may be half-way through a document is never used again."""
        done = False
        try:
            async with asyncio.timeout(self._seconds):
                reply = await self._exchange(await self._running(), request, body)
            done = True
        except TimeoutError:
            raise TooSlowError(f"takes more than {self._seconds:.0f} s to read") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise UnreadableError("ends the process that reads it") from None
        finally:
            if not done or self._served >= DOCUMENTS_A_PROCESS:
                await self._end()
        return reply

    async def _exchange(self, process: Process, request: Request, body: bytes) -> Reply:
        assert process.stdin and process.stdout  # noqa: S101 - both are pipes
        head = request.model_dump_json().encode()
        process.stdin.write(LENGTH.pack(len(head)) + head + LENGTH.pack(len(body)))
        process.stdin.write(body)
        await process.stdin.drain()
        (length,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
        if length > MAX_REPLY_BYTES:
            raise UnreadableError("says more than can be taken")
        self._served += 1
        return Reply.model_validate_json(await process.stdout.readexactly(length))

    async def _running(self) -> Process:
        if self._process is None:
            environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "services.ingest.feeds.child",
                stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment,
            )  # fmt: skip
            self._served = 0
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


QUICK_SECONDS = 2.0
QUICK_BYTES = 512 * 1024


class FeedReaders:
    """Two processes for feeds: one for those that are read in no time, which are most, and one for the rest.

    So a feed that takes long, or is made to, delays only others of its kind.
    """

    def __init__(self) -> None:
        self._quick, self._slow = Sandbox(QUICK_SECONDS), Sandbox()
        self._suspects: set[str] = set()

    async def feed(self, feed_id: str, body: bytes, content_type: str, url: str) -> ParsedFeed:
        """The items of a feed. Raises `UnreadableError`."""
        if len(body) <= QUICK_BYTES and feed_id not in self._suspects:
            try:
                return await self._quick.feed(body, content_type, url)
            except TooSlowError:
                self._suspects.add(feed_id)
        return await self._slow.feed(body, content_type, url)

    async def aclose(self) -> None:
        """End both."""
        await self._quick.aclose()
        await self._slow.aclose()
