"""Web sites on this machine, as kind or as hostile as a test says: a path in, an answer out, byte by byte."""

import asyncio
import gzip
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Write = Callable[[bytes], Awaitable[None]]
Answer = Callable[[Write, Mapping[str, str]], Awaitable[None]]
"""Writes the answer to a request with such headers."""


@dataclass
class Site:
    """A server on a free port of 127.0.0.1."""

    pages: dict[str, Answer]
    port: int = 0
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    """Paths, and the headers of the request in lower case."""
    times: list[tuple[str, float]] = field(default_factory=list)
    """When each path was asked for, Unix time."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


def page(body: bytes, status: str = "200 OK", **headers: str) -> Answer:
    """A whole answer."""

    async def answer(write: Write, _: Mapping[str, str]) -> None:
        told = {"content-length": str(len(body)), "content-type": "application/xml"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items()), "", ""]
        await write("\r\n".join(lines).encode() + body)

    return answer


def packed(body: bytes, **headers: str) -> Answer:
    return page(gzip.compress(body), content_encoding="gzip", **headers)


def redirect(to: str, status: str = "302 Found") -> Answer:
    return page(b"", status, location=to)


def conditional(body: bytes, etag: str, **told: str) -> Answer:
    """304 for whom has it already."""

    async def answer(write: Write, headers: Mapping[str, str]) -> None:
        if headers.get("if-none-match") == etag:
            await write(b"HTTP/1.1 304 Not Modified\r\netag: %s\r\n\r\n" % etag.encode())
        else:
            await page(body, etag=etag, **told)(write, headers)

    return answer


def endless(chunk: bytes, head: bytes = b"HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\n\r\n") -> Answer:
    """Never ends, as fast as it can."""

    async def answer(write: Write, _: Mapping[str, str]) -> None:
        await write(head)
        while True:
            await write(chunk)

    return answer


def slow_loris() -> Answer:
    """A byte of the body now and then."""

    async def answer(write: Write, _: Mapping[str, str]) -> None:
        await write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        while True:
            await write(b"<")
            await asyncio.sleep(0.02)

    return answer


def silent() -> Answer:
    """Takes the request and says nothing."""

    async def answer(_: Write, __: Mapping[str, str]) -> None:
        await asyncio.Event().wait()

    return answer


@asynccontextmanager
async def serving(pages: dict[str, Answer], also_at: Sequence[str] = ()) -> AsyncIterator[Site]:
    """Serve until the end of the block, at 127.0.0.1 and at other loopback addresses; one request a connection."""
    site = Site(pages)
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        try:
            await _answer(site, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            talks.discard(task)
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    servers = [server, *[await asyncio.start_server(talk, host, site.port) for host in also_at]]
    try:
        yield site
    finally:
        for one in servers:
            one.close()
        for task in talks:
            task.cancel()


async def _answer(site: Site, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    path = first.split(" ")[1]
    site.asked.append((path, headers))
    site.times.append((path, time.time()))

    async def write(data: bytes) -> None:
        writer.write(data)
        await writer.drain()

    await site.pages.get(path, page(b"not here", "404 Not Found"))(write, headers)
