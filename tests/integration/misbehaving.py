"""Ten webhook endpoints on this machine, of which five misbehave, each in its own way."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

Answer = tuple[int, dict[str, str]]
Behaviour = Callable[[str, int], Answer]
"""The answer to the so-many-th attempt (from 1) at a `webhook-id`."""

OK: Answer = (204, {})


@dataclass
class Taken:
    """An alert that was accepted."""

    id: str
    body: bytes
    at: float

    @property
    def incident(self) -> tuple[str, int]:
        """Incident and version."""
        told = json.loads(self.body)["data"]["incident"]
        return told["id"], told["version"]


@dataclass
class Hook:
    """One endpoint: what it was asked, and what it took."""

    name: str
    behave: Behaviour
    taken: list[Taken] = field(default_factory=list)
    attempts: dict[str, int] = field(default_factory=dict)
    unsigned: int = 0
    port: int = 0
    server: ThreadingHTTPServer | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/"

    def come_back(self) -> None:
        """Listen, on the port of the first time."""
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        serve = {"poll_interval": 0.05}
        threading.Thread(target=self.server.serve_forever, kwargs=serve, daemon=True).start()

    def leave(self) -> None:
        """Refuse connections."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def answer(self, headers: dict[str, str], body: bytes) -> Answer:
        """As it behaves; what it accepts is kept with the time."""
        try:
            Webhook(SECRET).verify(body, headers, json_parse=False)
        except Exception:
            self.unsigned += 1
        name = headers["webhook-id"]
        with self.lock:
            number = self.attempts[name] = self.attempts.get(name, 0) + 1
        status, more = self.behave(name, number)
        if 200 <= status < 300:
            with self.lock:
                self.taken.append(Taken(name, body, time.time()))
        return status, more


def healthy(_: str, __: int) -> Answer:
    """Takes all."""
    return OK


def half() -> Behaviour:
    """500 half of the time, by chance that is the same each time; never four times in a row.

    One that fails more often at a stretch is down: by bad luck it would fail each trial until it is given up.
    """
    lock, failed = threading.Lock(), 0

    def behave(name: str, number: int) -> Answer:
        nonlocal failed
        with lock:
            fails = number <= 4 and failed < 3 and sha256(f"{name}{number}".encode()).digest()[0] % 2 == 0
            failed = failed + 1 if fails else 0
        return (500, {}) if fails else OK

    return behave


def limited(most: int) -> Behaviour:
    """Takes so many in any second, and answers 429 to the others."""
    times: list[float] = []

    def behave(_: str, __: int) -> Answer:
        now = time.time()
        times[:] = [at for at in times if at > now - 1]
        if len(times) >= most:
            return 429, {"Retry-After": "1"}
        times.append(now)
        return OK

    return behave


def redirecting(_: str, __: int) -> Answer:
    """Points at a cloud's metadata."""
    return 302, {"Location": "http://169.254.169.254/latest/meta-data/"}


def hanging(ended: threading.Event) -> Behaviour:
    """Never answers in time."""

    def behave(_: str, __: int) -> Answer:
        ended.wait(30)
        return 500, {}

    return behave


@contextmanager
def ten(ended: threading.Event) -> Iterator[list[Hook]]:
    """Five healthy ones, and one of each kind of the others; `away` does not listen until it comes back."""
    hooks = [Hook(f"healthy-{number}", healthy) for number in range(1, 6)]
    hooks += [Hook("half", half()), Hook("limited", limited(4)), Hook("redirect", redirecting)]
    hooks += [Hook("hang", hanging(ended)), Hook("away", healthy)]
    with ExitStack() as stack:
        for hook in hooks:
            stack.enter_context(listening(hook))
        hooks[-1].leave()
        yield hooks
        ended.set()


@contextmanager
def listening(hook: Hook) -> Iterator[None]:
    """Serve it, until the end or until it leaves."""
    hook.come_back()
    try:
        yield
    finally:
        hook.leave()


def _handler(hook: Hook) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, more = hook.answer({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            for name, value in {**more, "Content-Length": "0"}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler
