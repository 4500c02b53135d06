"""Makes one attempt: an endpoint and an alert in, a signed POST over the network, its outcome out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from schemas.failure import FailureReason
from services.alerting import outcome
from services.alerting.clock import Clock
from services.alerting.endpoint import Endpoint
from services.alerting.formats import FORMATS, Message
from services.alerting.outcome import Outcome
from services.alerting.render import CONTENT_TYPE
from services.alerting.signing import sign
from services.common.retry_after import parse_retry_after
from services.common.ssrf import ForbiddenAddressError, GuardedTransport

USER_AGENT = "tocsin-webhooks/1"


@dataclass(frozen=True, slots=True)
class SenderSettings:
    """Limits of an attempt."""

    connect_seconds: float = 5.0
    total_seconds: float = 15.0
    """From the first packet to the answer's headers. Standard Webhooks recommends 15 to 30 s."""
    drain_seconds: float = 0.5
    max_response_bytes: int = 16 * 1024
    """What is read of an answer's body, so that a connection can be used again; no more, and never kept."""
    allow_http: bool = False
    allow_private: bool = False


class Sender:
    """Posts alerts. Only the status of an answer counts; it is in hand when the headers are."""

    def __init__(
        self, settings: SenderSettings, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._client = httpx.AsyncClient(
            transport=transport
            or GuardedTransport(allow_private=settings.allow_private, allow_http=settings.allow_http),
            follow_redirects=False,
            trust_env=False,
            # endpoints on one host may belong to different people: no state goes from one to the other
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=httpx.Timeout(settings.total_seconds, connect=settings.connect_seconds),
        )

    async def send(self, endpoint: Endpoint, message: Message) -> Outcome:
        """One attempt. Raises nothing that an endpoint could cause."""
        request = self._request(endpoint, message)
        try:
            async with asyncio.timeout(self._settings.total_seconds):
                response = await self._client.send(request, stream=True)
        except ForbiddenAddressError as error:
            return Outcome.dead(FailureReason.FORBIDDEN_ADDRESS, str(error))
        except (TimeoutError, httpx.TimeoutException) as error:
            return Outcome.retrying(FailureReason.TIMEOUT, f"no answer in time ({type(error).__name__})")
        except (httpx.TransportError, OSError) as error:
            return Outcome.retrying(FailureReason.CONNECTION_ERROR, f"no connection ({type(error).__name__})")
        async with _closing(response):
            await self._drain(response)
        retry_after = parse_retry_after(response.headers.get("retry-after"), self._clock.now())
        return outcome.classify(response.status_code, retry_after)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    def _request(self, endpoint: Endpoint, message: Message) -> httpx.Request:
        target = endpoint.subscription.target
        form = FORMATS[target.format]
        body = form.body(message)
        headers = {name: value.get_secret_value() for name, value in endpoint.headers}
        headers |= {"content-type": CONTENT_TYPE, "user-agent": USER_AGENT}
        if form.signed:
            headers |= sign(message.id, self._clock.now(), body, endpoint.secrets)
        return self._client.build_request("POST", target.url, content=body, headers=headers)

    async def _drain(self, response: httpx.Response) -> None:
        """Read a short body, as sent and not unpacked; a long or slow one is cut off with its connection."""
        read = 0
        try:
            async with asyncio.timeout(self._settings.drain_seconds):
                async for chunk in response.aiter_raw():
                    read += len(chunk)
                    if read > self._settings.max_response_bytes:
                        return
        except (TimeoutError, httpx.HTTPError):
            # the status is what counts, and it was read
            return


@asynccontextmanager
async def _closing(response: httpx.Response) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await response.aclose()
