"""100,000 reports as NDJSON while the broker is restarted twice: every 202 is on the topic, each once by id.

    python -m benchmarks.ingest_restarts [COUNT]

Exit code 1 where one that was acknowledged is missing, or stands there twice: what is answered 503 is sent again, and
its first copy may have been on its way.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import psutil

from schemas.topics import ALL_TOPICS, REPORT
from services.cli.records import TopicView
from services.cli.stack.ports import free_port
from services.common.kafka import create_topics
from tests.conftest import make_kafka, make_redis
from tests.processes import ServiceProcess, eventually

BATCH, SENDERS = 200, 4
RESTARTS_AT = (0.3, 0.6)
TEXT = "An air strike hit a market in the district, killing seven people, medics said. " * 5


@dataclass
class Sending:
    """What was acknowledged, and what the door asked to send again."""

    url: str
    acknowledged: list[str] = field(default_factory=list)
    refusals: Counter[int] = field(default_factory=Counter)

    def send(self, first: int) -> None:
        """One batch, again and again until it is acknowledged."""
        lines = (
            {"text": f"{TEXT}Report {number}.", "id": str(number), "source": "bench"}
            for number in range(first, first + BATCH)
        )
        body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        headers = {"content-type": "application/x-ndjson"}
        while True:
            answer = httpx.post(f"{self.url}/v1/reports", content=body, headers=headers, timeout=60)
            if answer.status_code == httpx.codes.ACCEPTED:
                self.acknowledged += [receipt["id"] for receipt in answer.json()["reports"]]
                return
            self.refusals[answer.status_code] += 1
            time.sleep(float(answer.headers.get("retry-after", 1)))


def main() -> int:
    """Measure once, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    reports = parser.parse_args().count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kafka, redis = make_kafka(folder / "kafka"), make_redis(folder / "redis")
        environment = {"HTTP_PORT": str(free_port()), "KAFKA_BOOTSTRAP_SERVERS": kafka.bootstrap}
        environment |= {"REDIS_URL": redis.url, "INGEST_ACK_TIMEOUT_SECONDS": "5"}
        ingest = ServiceProcess("services.ingest", int(environment["HTTP_PORT"]), environment, folder / "log")
        try:
            kafka.start()
            redis.start()
            create_topics(kafka.bootstrap, ALL_TOPICS)
            ingest.start().ready()
            sending = Sending(ingest.url)
            memory = run(sending, reports, kafka.restart, ingest)
            return verdict(sending, kafka.bootstrap, memory)
        finally:
            ingest.kill()
            redis.kill()
            kafka.kill()


def run(sending: Sending, reports: int, restart: object, ingest: ServiceProcess) -> list[int]:
    """Send all, restarting the broker on the way; the service's memory in MB at every tenth of the way."""
    assert ingest._process is not None and callable(restart)
    process = psutil.Process(ingest._process.pid)
    memory: list[int] = []
    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as pool:
        sent = [pool.submit(sending.send, first) for first in range(0, reports, BATCH)]
        for tenth in range(1, 11):
            goal = reports * tenth // 10
            eventually(partial(reached, sending, goal, sent), within=600, what=f"{goal} acknowledged")
            memory.append(process.memory_info().rss // 2**20)
            if tenth / 10 in RESTARTS_AT:
                restart()
        for one in sent:
            one.result()
    print(f"{reports / (time.monotonic() - began):.0f} reports a second, two restarts included")
    return memory


def reached(sending: Sending, goal: int, sent: "list[Future[None]]") -> bool:
    """Whether so many are acknowledged. Raises what a sender raised."""
    for one in sent:
        if one.done():
            one.result()
    return len(sending.acknowledged) >= goal


def verdict(sending: Sending, bootstrap: str, memory: list[int]) -> int:
    """Hold the topic against what was acknowledged."""
    with TopicView(bootstrap, REPORT) as view:
        stored = Counter(seen.key.decode() for seen in view.stored() if seen.key)
    acknowledged = set(sending.acknowledged)
    lost = acknowledged - set(stored)
    twice = [key for key, times in stored.items() if times > 1]
    print(f"acknowledged {len(acknowledged)}; lost {len(lost)}; on the topic more than once {len(twice)}")
    print(f"asked to come back: {dict(sending.refusals)}; memory in MB by tenths: {memory}")
    return 1 if lost or twice else 0


if __name__ == "__main__":
    sys.exit(main())
