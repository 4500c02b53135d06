"""Twenty reports a second for a minute: from the 202 to the webhook's arrival, p99 under a second."""

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.e2e.pipeline import Pipeline, urls_of
from tests.processes import eventually

pytestmark = [pytest.mark.broker, pytest.mark.slow, pytest.mark.timeout(400)]

RATE, SECONDS = 20, 60
TOWNS = (
    "Kharkiv, Ukraine",
    "Idlib, Syria",
    "Khartoum, Sudan",
    "Goma, Democratic Republic of Congo",
    "Sanaa, Yemen",
)


def report(number: int, run: str, year: int) -> dict[str, Any]:
    """Each a happening of its own: another town and another day."""
    day = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=number // len(TOWNS))
    town = TOWNS[number % len(TOWNS)]
    return {
        "url": f"https://wire.example/{run}/{number}",
        "source": "Northern Wire",
        "text": f"An air strike hit a market in {town}, on {day:%d %B %Y}, killing seven people, medics said.",
        "published_at": day.isoformat(),
        "language": "en",
    }


def test_p99_under_a_second(pipeline: Pipeline) -> None:
    """A machine that was busy with something else gets a second chance, and no third."""
    if measure(pipeline, 2020) >= 1.0:
        assert measure(pipeline, 2022) < 1.0


def measure(pipeline: Pipeline, year: int) -> float:
    """The 99th percentile in seconds."""
    run, accepted = f"latency-{time.time_ns()}", dict[str, datetime]()
    with httpx.Client(base_url=pipeline.services["ingest"].url, timeout=10.0) as client:
        began = time.monotonic()
        for number in range(RATE * SECONDS):
            time.sleep(max(0.0, began + number / RATE - time.monotonic()))
            one = report(number, run, year)
            assert client.post("/v1/reports", json=one).status_code == 202
            accepted[one["url"]] = datetime.now(UTC)
    arrived = eventually(lambda: arrivals(pipeline, set(accepted)), within=60, what="every report's alert")
    waits = sorted((arrived[url] - at).total_seconds() for url, at in accepted.items())
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(f"202 to webhook, {len(waits)} reports: p50 {p50:.3f} s, p99 {p99:.3f} s, max {waits[-1]:.3f} s")  # noqa: T201
    return p99


def arrivals(pipeline: Pipeline, urls: set[str]) -> dict[str, datetime] | None:
    """When each report's first alert came; None while one is missing."""
    found: dict[str, datetime] = {}
    for request in list(pipeline.receiver.requests):
        for url in urls_of(json.loads(request.body)) & urls:
            found.setdefault(url, request.received_at)
    return found if len(found) == len(urls) else None
