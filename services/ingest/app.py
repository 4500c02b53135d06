"""Ingest's wiring: HTTP in, `conflict.report.v1` out."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from schemas.source import SourceHealth
from services.common import cache, metrics
from services.common.api_keys import parse_keys
from services.common.health import Health, health_routes
from services.common.logging import get_logger
from services.common.openapi import tell_problems
from services.common.topic_reader import KafkaTopicReader
from services.ingest.clock import FetchClock
from services.ingest.door import DOOR, OUTCOMES, Door
from services.ingest.feeds.wiring import Feeds, make_feeds
from services.ingest.idempotency import RedisRequests
from services.ingest.intake import Intake
from services.ingest.keys import Gate
from services.ingest.known_projection import KnownProjection
from services.ingest.problems import RequestError, problem_response
from services.ingest.producer import Producer, connect
from services.ingest.pushed import make_pushes
from services.ingest.settings import IngestSettings
from services.ingest.source_pages import sources_router
from services.ingest.watch import turn, watch

log = get_logger(__name__)


def create_app(settings: IngestSettings) -> FastAPI:
    """The whole service; broker and cache are reached for when it starts. Raises `FeedListError`."""
    health, redis = Health(), cache.connect(settings.redis_url)
    producer = Producer(
        lambda: connect(settings.kafka_bootstrap_servers),
        max_outstanding_bytes=settings.ingest_max_outstanding_bytes,
        ack_timeout_seconds=settings.ingest_ack_timeout_seconds,
    )
    reports, sources = (KafkaTopicReader(settings.kafka_bootstrap_servers) for _ in range(2))
    known = KnownProjection(redis, reports, lambda: datetime.now(UTC))
    intake, clock = Intake(producer, known), FetchClock()
    feeds = make_feeds(settings, intake, producer, redis, clock)
    pushes = make_pushes(settings, producer, sources)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        metrics.initialise()
        for outcome in OUTCOMES:
            metrics.REPORTS_RECEIVED.labels(DOOR, outcome)
        producer.start()
        every = settings.ingest_check_seconds
        work = [watch(health, settings.kafka_bootstrap_servers, redis, every), turn(health)]
        work += [known.keep(health, every), *([_reading(feeds, health)] if feeds else [])]
        work += [pushes.heartbeat.run()] if settings.pushed_sources else []
        tasks = [asyncio.create_task(one) for one in work]
        yield
        for task in tasks:
            task.cancel()
        # what was in hand of a feed is found again; its processes end with it
        await asyncio.gather(*tasks, return_exceptions=True)
        await producer.stop()
        await asyncio.gather(reports.close(), sources.close(), redis.aclose())

    def healths() -> list[SourceHealth]:
        told = [*(feeds.heartbeat.all() if feeds else ()), *pushes.heartbeat.all()]
        return sorted(told, key=lambda one: (not one.silent, one.id))

    gate = Gate(parse_keys(settings.ingest_api_keys), settings.ingest_reports_per_minute, time.monotonic)
    door = Door(intake, clock, gate=gate, requests=RedisRequests(redis), took=pushes.took)
    return door_app(door, health, lifespan, healths)


async def _reading(feeds: Feeds, health: Health) -> None:
    """The feeds, until cancelled. A defect that ends them is told by `/readyz`: it must not look like calm."""
    try:
        await feeds.run()
    except Exception as error:
        log.error("feeds_ended", exc_info=error)
        health.not_ready("feeds", "reading them has ended by a defect; see the log, and restart")


def door_app(
    door: Door, health: Health, lifespan: object = None, sources: Callable[[], list[SourceHealth]] = list
) -> FastAPI:
    """The HTTP side alone: the door, the health pages, and every error as a problem document."""
    app = FastAPI(
        title="Tocsin ingest",
        description="Takes reports, and answers once they are safe on `conflict.report.v1`.",
        version="1",
        lifespan=lifespan,  # type: ignore[arg-type]
    )
    app.include_router(door.router())
    app.include_router(sources_router(sources, door.gate))
    app.router.routes.extend(health_routes(health))
    app.add_exception_handler(RequestError, _told)
    app.add_exception_handler(RequestValidationError, _bad_parameter)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _defect)
    tell_problems(app)
    return app


async def _told(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)  # noqa: S101 - the handler is registered for it alone
    return problem_response(error)


async def _bad_parameter(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    names = ", ".join(sorted({str(one["loc"][-1]) for one in error.errors()}))
    detail = f"The parameter {names} has a value that cannot be read: use true or false."
    return problem_response(RequestError(HTTPStatus.UNPROCESSABLE_ENTITY, detail))


async def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    detail = (
        "Reports go to POST /v1/reports; the pages are /docs, /v1/sources, /healthz, /readyz and /metrics."
    )
    return problem_response(RequestError(status, detail, headers=error.headers))


async def _defect(_: Request, error: Exception) -> Response:
    """The framework logs the error after this."""
    log.error("request_failed", error=type(error).__name__)
    return problem_response(RequestError(HTTPStatus.INTERNAL_SERVER_ERROR, "A defect of ours; see the log."))
