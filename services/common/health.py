"""`/healthz`, `/readyz` and `/metrics`: whether a service lives, whether it can work, and its figures."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


@dataclass
class Health:
    """What a service knows of itself. `problems` are why it is not ready, by name; empty means ready."""

    stall_seconds: float = 60.0
    """The loop not turning for so long means that the process is dead in all but name."""
    clock: Callable[[], float] = time.monotonic
    problems: dict[str, str] = field(default_factory=lambda: {"start": "starting"})
    remarks: dict[str, str] = field(default_factory=dict)
    """What is amiss without keeping the service from its work, by name; shown beside `ok`."""
    _last_turn: float | None = None

    def turned(self) -> None:
        """The loop turned."""
        self._last_turn = self.clock()

    def ready(self, name: str) -> None:
        """One problem less."""
        self.problems.pop(name, None)

    def not_ready(self, name: str, why: str) -> None:
        """One problem more."""
        self.problems[name] = why

    @property
    def alive(self) -> bool:
        """False when the loop stopped turning. Asks no dependency."""
        return self._last_turn is None or self.clock() - self._last_turn < self.stall_seconds


def health_routes(health: Health) -> list[Route]:
    """The three pages, for any Starlette or FastAPI application."""

    async def healthz(_: Request) -> Response:
        return PlainTextResponse(
            "ok\n" if health.alive else "the loop stands still\n", 200 if health.alive else 503
        )

    async def readyz(_: Request) -> Response:
        problems = [f"{name}: {why}\n" for name, why in health.problems.items()]
        remarks = [f"{name}: {what}\n" for name, what in health.remarks.items()]
        return PlainTextResponse("".join(problems or ["ok\n"]) + "".join(remarks), 503 if problems else 200)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


class EmbeddedServer(uvicorn.Server):
    """Uvicorn inside a loop that somebody else owns: leaves the signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Captures none: the service's worker has them."""
        yield


def http_server(app: object, host: str, port: int) -> EmbeddedServer:
    """A server for `app`; run it with `await server.serve()`, end it with `server.should_exit = True`."""
    config = uvicorn.Config(
        app,  # type: ignore[arg-type]
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    return EmbeddedServer(config)


def health_app(health: Health) -> Starlette:
    """An application with the three pages alone."""
    return Starlette(routes=list(health_routes(health)))
