"""A local webhook receiver: signed requests in, each verified, told apart from repeats, kept and logged."""

import asyncio
import base64
import json
import socket
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from standardwebhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.common.health import EmbeddedServer, http_server

MAX_BODY_BYTES = 1024 * 1024
KEPT_REQUESTS = 10_000
KEPT_IDS = 100_000


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    received_at: datetime
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    problem: str | None
    """Why it cannot be accepted; None for a good signature."""
    repeat: bool = False
    """Whether an accepted request with this `webhook-id` came before."""
    status: int = 0
    """The answer."""

    @property
    def webhook_id(self) -> str:
        """The alert's id, stable over attempts; empty where the header is missing."""
        return self.headers.get("webhook-id", "")

    def to_json(self) -> str:
        """One line for the raw log: nothing left out, so that signatures can be checked again."""
        try:
            body = {"body": self.body.decode()}
        except UnicodeDecodeError:
            body = {"body_base64": base64.b64encode(self.body).decode()}
        told = {
            "problem": self.problem,
            "repeat": self.repeat,
            "status": self.status,
            "headers": dict(self.headers),
        }
        return json.dumps({"received_at": self.received_at.isoformat(), **told, **body}, ensure_ascii=False)


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> str | None:
    """Why the request is not accepted; None where a secret fits (several during a rotation)."""
    problem = "no secret to verify with"
    for secret in secrets:
        try:
            Webhook(secret).verify(body, dict(headers), json_parse=False)
        except WebhookVerificationError as error:
            problem = str(error)
        except ValueError:
            problem = "malformed signature header or body"
        else:
            return None
    return problem


class Receiver:
    """A webhook endpoint on this machine, as a context manager in a loop, or on a thread of its own.

    `answer` may overrule the status for a request that would be accepted: for tests of what senders do then.
    """

    def __init__(
        self,
        secrets: Sequence[str],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        raw_log: Path | None = None,
        on_request: Callable[[Received], None] | None = None,
        answer: Callable[[Received], int] | None = None,
    ) -> None:
        """`port` 0 takes a free one."""
        self._secrets = tuple(secrets)
        self._host, self._port = host, port
        self._raw_log = raw_log
        self._on_request = on_request
        self._answer = answer
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._socket: socket.socket | None = None
        self._server: EmbeddedServer | None = None
        self._task: asyncio.Task[None] | None = None
        self.requests: deque[Received] = deque(maxlen=KEPT_REQUESTS)
        """All requests, in the order of their arrival; the oldest give way."""

    @property
    def accepted(self) -> list[Received]:
        """Requests that were answered with 2xx, without repeats."""
        return [request for request in list(self.requests) if _good(request.status) and not request.repeat]

    @property
    def url(self) -> str:
        """Where to send, once it is bound."""
        return f"http://{self._host}:{self._port}/"

    def bind(self) -> None:
        """Take the port; raises `OSError` where it is in use."""
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # with the protocol named, asyncio sets TCP_NODELAY: else an answer waits 40 ms for a delayed acknowledgement
        bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((self._host, self._port))
        except OSError:
            bound.close()
            raise
        self._port = bound.getsockname()[1]
        self._socket = bound

    async def serve(self) -> None:
        """Answer until `stop`, or until cancelled."""
        if self._socket is None:
            self.bind()
        assert self._socket is not None  # noqa: S101 - bind has set it
        app = Starlette(routes=[Route("/{path:path}", self._receive, methods=["POST"])])
        self._server = http_server(app, self._host, self._port)
        try:
            await self._server.serve(sockets=[self._socket])
        finally:
            self._socket.close()
            self._socket = None

    def stop(self) -> None:
        """Let the requests in hand end, then no more."""
        if self._server is not None:
            self._server.should_exit = True

    async def __aenter__(self) -> Self:
        self.bind()
        self._task = asyncio.create_task(self.serve())
        while self._server is None or not self._server.started:
            if self._task.done():
                await self._task
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task

    @contextmanager
    def on_thread(self) -> Iterator[Self]:
        """The same for callers without a loop."""
        self.bind()
        thread = threading.Thread(target=lambda: asyncio.run(self.serve()), name="receiver", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stop()
            thread.join(timeout=10)

    async def _receive(self, request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return PlainTextResponse("the body is larger than 1 MiB\n", 413)
        received = self._judge(dict(request.headers), body)
        status = 401 if received.problem else self._answer(received) if self._answer else 204
        received = replace(received, status=status)
        self._keep(self._remember(received) if _good(status) else received)
        return PlainTextResponse(f"{received.problem}\n" if received.problem else "", status)

    def _judge(self, headers: Mapping[str, str], body: bytes) -> Received:
        problem = verify(headers, body, self._secrets)
        return Received(datetime.now(UTC), headers, body, problem)

    def _remember(self, received: Received) -> Received:
        """Only what was accepted is remembered: a request that was turned away may come again."""
        if received.webhook_id in self._seen:
            return replace(received, repeat=True)
        self._seen[received.webhook_id] = None
        if len(self._seen) > KEPT_IDS:
            self._seen.popitem(last=False)
        return received

    def _keep(self, received: Received) -> None:
        self.requests.append(received)
        if self._raw_log is not None:
            with self._raw_log.open("a", encoding="utf-8") as log:
                log.write(received.to_json() + "\n")
        if self._on_request is not None:
            self._on_request(received)


def _good(status: int) -> bool:
    return 200 <= status < 300
