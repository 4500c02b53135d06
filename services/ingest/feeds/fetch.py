"""One URL of a stranger in, what it answers out: bounded in size, in time and in redirects, never a private address."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from services.common.retry_after import parse_retry_after
from services.common.ssrf import ForbiddenAddressError, GuardedTransport
from services.ingest.inflate import BrokenError, Inflater, TooLargeError

NOT_MODIFIED = 304
PACKED = frozenset({"gzip", "x-gzip", "deflate"})


class FetchProblem(StrEnum):
    """Why there is no answer to read: a closed list, for logs, metrics and `/v1/sources` alike."""

    TIMEOUT = "timeout"
    CONNECTION = "connection_error"
    FORBIDDEN_ADDRESS = "forbidden_address"
    TOO_LARGE = "too_large"
    REDIRECTS = "too_many_redirects"
    BAD_ANSWER = "bad_answer"
    RATE_LIMITED = "rate_limited"
    GONE = "gone"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"


class FetchError(Exception):
    """No answer to read. The text names nothing of the URL, which may hold a credential."""

    def __init__(self, problem: FetchProblem, text: str, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.problem = problem
        self.retry_after = retry_after
        """Seconds that the server asks us to stay away."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one fetch."""

    connect_seconds: float = 5.0
    total_seconds: float = 20.0
    """With all redirects, to the last byte of the body: who sends a byte a second is cut off then."""
    max_bytes: int = 5 * 1024 * 1024
    """Of the body, unpacked."""
    max_redirects: int = 5


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer."""

    status: int
    """200, or 304 where nothing changed since the time before."""
    url: str
    """Where it came from, after redirects."""
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None

    @property
    def is_modified(self) -> bool:
        """Whether there is a body to read."""
        return self.status != NOT_MODIFIED


def guarded_transport(verify: ssl.SSLContext, allow_private: bool) -> httpx.AsyncBaseTransport:
    """The way out, to public addresses alone."""
    return GuardedTransport(allow_http=True, allow_private=allow_private, verify=verify)


@dataclass(frozen=True)
class Fetcher:
    """Fetches. Nothing passes from one fetch to the next: no cookie, no connection."""

    user_agent: str
    now: Callable[[], datetime]
    allow_private: bool = False
    limits: Limits = Limits()
    verify: ssl.SSLContext = field(default_factory=httpx.create_ssl_context)

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> Fetched:
        """Raises `FetchError`, and nothing else that a server could cause."""
        try:
            async with asyncio.timeout(self.limits.total_seconds), self._client() as client:
                return await self._follow(client, url, dict(headers or {}))
        except ForbiddenAddressError:
            raise FetchError(
                FetchProblem.FORBIDDEN_ADDRESS, "leads to an address that is not public"
            ) from None
        except (TimeoutError, httpx.TimeoutException) as error:
            raise FetchError(FetchProblem.TIMEOUT, f"no whole answer in time ({_name(error)})") from None
        except (
            httpx.InvalidURL,
            httpx.UnsupportedProtocol,
            httpx.RemoteProtocolError,
            UnicodeError,
        ) as error:
            raise FetchError(FetchProblem.BAD_ANSWER, f"answers what is no HTTP ({_name(error)})") from None
        except (httpx.TransportError, OSError) as error:
            raise FetchError(FetchProblem.CONNECTION, f"no connection ({_name(error)})") from None

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=guarded_transport(self.verify, self.allow_private),
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=httpx.Timeout(self.limits.total_seconds, connect=self.limits.connect_seconds),
            headers={"user-agent": self.user_agent, "accept-encoding": "gzip, deflate"},
        )

    async def _follow(self, client: httpx.AsyncClient, url: str, headers: dict[str, str]) -> Fetched:
        """Redirects are followed here, since the library would read a redirect's body whole."""
        request = client.build_request("GET", url, headers=headers)
        for _ in range(self.limits.max_redirects + 1):
            async with _sent(client, request) as response:
                if response.next_request is None:
                    return await self._read(response)
                request = response.next_request
        raise FetchError(FetchProblem.REDIRECTS, f"redirects more than {self.limits.max_redirects} times")

    async def _read(self, response: httpx.Response) -> Fetched:
        told = response.headers
        if response.status_code != NOT_MODIFIED and response.status_code != httpx.codes.OK:
            raise _refused(response, self.now())
        body = b"" if response.status_code == NOT_MODIFIED else await self._body(response)
        return Fetched(
            response.status_code,
            str(response.url),
            body,
            told.get("content-type", ""),
            told.get("etag"),
            told.get("last-modified"),
        )

    async def _body(self, response: httpx.Response) -> bytes:
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in PACKED | {"identity", ""}:
            raise FetchError(FetchProblem.BAD_ANSWER, "answers in an encoding that it was not asked for")
        inflater = Inflater(self.limits.max_bytes) if encoding in PACKED else None
        body = bytearray()
        try:
            async for chunk in response.aiter_raw():
                body += inflater.feed(chunk) if inflater else chunk
                if len(body) > self.limits.max_bytes:
                    raise TooLargeError(f"is larger than {self.limits.max_bytes} bytes")
            if inflater and body:
                inflater.close()
        except TooLargeError as error:
            raise FetchError(FetchProblem.TOO_LARGE, str(error)) from None
        except BrokenError as error:
            raise FetchError(FetchProblem.BAD_ANSWER, str(error)) from None
        return bytes(body)


@asynccontextmanager
async def _sent(client: httpx.AsyncClient, request: httpx.Request) -> AsyncIterator[httpx.Response]:
    response = await client.send(request, stream=True)
    try:
        yield response
    finally:
        await response.aclose()


def _refused(response: httpx.Response, now: datetime) -> FetchError:
    status = response.status_code
    retry_after = parse_retry_after(response.headers.get("retry-after"), now)
    return FetchError(_meaning(status), f"answers {status}", retry_after)


def _meaning(status: int) -> FetchProblem:
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return FetchProblem.RATE_LIMITED
    if status == httpx.codes.GONE:
        return FetchProblem.GONE
    if 400 <= status < 500:
        return FetchProblem.CLIENT_ERROR
    return FetchProblem.SERVER_ERROR if status >= 500 else FetchProblem.BAD_ANSWER


def _name(error: Exception) -> str:
    return type(error).__name__
