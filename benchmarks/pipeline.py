"""The whole pipeline on a real broker: how many reports a second pass through, each to a webhook of its own."""

import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.cli.receiver import Receiver
from tests.conftest import make_kafka, make_redis
from tests.e2e.pipeline import SECRET, Pipeline
from tests.processes import eventually

REPORTS, BATCH = 2000, 100
TOWNS = ("Kharkiv, Ukraine", "Idlib, Syria", "Khartoum, Sudan", "Goma, DR Congo", "Sanaa, Yemen")


def report(number: int) -> dict[str, Any]:
    """Each a happening of its own: another town or another day."""
    day = datetime(2018, 1, 1, tzinfo=UTC) + timedelta(days=number // len(TOWNS))
    town = TOWNS[number % len(TOWNS)]
    text = f"An air strike hit a market in {town}, on {day:%d %B %Y}, killing seven people, medics said."
    return {
        "url": f"https://wire.example/bench/{number}",
        "source": "Wire",
        "text": text,
        "published_at": day.isoformat(),
        "language": "en",
    }


def main() -> None:
    """Measure once, and print a line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kafka, redis = make_kafka(folder / "kafka", heap="400m"), make_redis(folder / "redis")
        try:
            kafka.start()
            redis.start()
            with Receiver([SECRET]).on_thread() as receiver:
                measure(Pipeline(kafka.bootstrap, redis.url, folder, receiver))
        finally:
            redis.kill()
            kafka.kill()


def measure(pipeline: Pipeline) -> None:
    """Post all reports as fast as they are taken, and wait for the last webhook."""
    try:
        pipeline.start()
        began = time.monotonic()
        for first in range(0, REPORTS, BATCH):
            pipeline.accept([report(number) for number in range(first, first + BATCH)])
        taken = time.monotonic() - began
        eventually(lambda: len(pipeline.receiver.requests) >= REPORTS, within=300, what="all webhooks")
        through = time.monotonic() - began
    finally:
        pipeline.stop()
    print(
        f"ingest took {REPORTS / taken:.0f} reports a second; {REPORTS / through:.0f} a second to the webhook"
    )


if __name__ == "__main__":
    main()
