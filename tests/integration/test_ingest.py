"""Ingest as a process, on a real broker and a real Redis: what it acknowledges is on the topic."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import redis

from schemas.envelope import Envelope
from schemas.report import Report
from schemas.topics import ALL_TOPICS, REPORT
from services.cli.records import Seen, TopicView
from services.cli.stack.ports import free_port
from services.common.kafka import create_topics
from tests.servers import Broker, Cache

pytestmark = pytest.mark.broker

START_SECONDS = 30
CHECK_SECONDS = 0.2


class Ingest:
    """A running service."""

    def __init__(self, bootstrap_servers: str, redis_url: str) -> None:
        self.port = free_port()
        environment = os.environ | {
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
            "REDIS_URL": redis_url,
            "HTTP_PORT": str(self.port),
            "INGEST_ACK_TIMEOUT_SECONDS": "2",
            "INGEST_CHECK_SECONDS": str(CHECK_SECONDS),
            "INGEST_PUSHED_SOURCES": "test",
        }
        self.bootstrap_servers = bootstrap_servers
        self.process = subprocess.Popen([sys.executable, "-m", "services.ingest"], env=environment)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)

    def ready(self) -> bool:
        try:
            return self.http.get("/readyz").status_code == 200
        except httpx.HTTPError:
            return False

    def post(self, *reports: dict[str, object]) -> httpx.Response:
        return self.http.post("/v1/reports", json=list(reports))

    def ids(self, *reports: dict[str, object]) -> list[str]:
        response = self.post(*reports)
        assert response.status_code == 202, response.text
        return [receipt["id"] for receipt in response.json()["reports"]]

    def records(self) -> list[Seen]:
        with TopicView(self.bootstrap_servers, REPORT) as view:
            return list(view.stored())

    def stop(self) -> int:
        self.http.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def until(condition: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        threading.Event().wait(0.05)


@pytest.fixture
def ingest(bootstrap_servers: str, redis_url: str) -> Iterator[Ingest]:
    create_topics(bootstrap_servers, ALL_TOPICS)
    service = Ingest(bootstrap_servers, redis_url)
    try:
        until(service.ready, "ingest is ready")
        yield service
    finally:
        if service.process.poll() is None:
            service.stop()


def report(text: str = "Shells hit the port.", **fields: object) -> dict[str, object]:
    return {"text": text, "id": uuid4().hex, "source": "test", **fields}


def test_a_report_is_on_the_topic_once_it_is_acknowledged(ingest: Ingest) -> None:
    trace = f"00-{uuid4().hex}-{'b' * 16}-01"
    response = ingest.http.post("/v1/reports", json=report(), headers={"traceparent": trace})
    (receipt,) = response.json()["reports"]
    (seen,) = (one for one in ingest.records() if one.key == receipt["id"].encode())
    assert seen.value is not None
    written = Report.from_bytes(seen.value)
    envelope = Envelope.from_headers(seen.headers)
    assert (written.id, written.revision, written.revises) == (receipt["id"], receipt["revision"], None)
    assert envelope.id == f"{written.id}:{written.revision}"
    assert envelope.subject == written.id
    assert envelope.traceparent is not None
    assert envelope.traceparent[:35] == trace[:35]
    (source,) = ingest.http.get("/v1/sources").json()["sources"]
    assert source["id"] == "test"
    assert source["last_new_item_at"]


def test_a_repeat_is_known_and_a_revision_follows_on_the_same_partition(ingest: Ingest) -> None:
    first = report("one")
    statuses, ids = [], set()
    for one in (first, first, first | {"text": "two"}, first):
        (receipt,) = ingest.post(one).json()["reports"]
        statuses.append(receipt["status"])
        ids.add(receipt["id"])
    assert statuses == ["accepted", "known", "accepted", "accepted"]
    (name,) = ids
    seen = [one for one in ingest.records() if one.key == name.encode()]
    written = [Report.from_bytes(one.value or b"") for one in seen]
    assert len({one.partition for one in seen}) == 1
    assert [one.text for one in written] == ["one", "two", "one"]
    assert [one.revises for one in written] == [None, written[0].revision, written[1].revision]
    assert written[0].fetched_at < written[1].fetched_at < written[2].fetched_at


def test_a_flushed_cache_forgets_no_report(ingest: Ingest, redis_url: str) -> None:
    one, revised = report("one"), report("two")
    ingest.ids(one, revised, revised | {"text": "three"})
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    again = ingest.post(one, revised | {"text": "three"}, revised)
    assert [told["status"] for told in again.json()["reports"]] == ["known", "known", "accepted"]


def test_without_redis_reports_are_taken_all_the_same(ingest: Ingest, redis_server: Cache) -> None:
    redis_server.stop()
    try:
        ingest.ids(report())
        until(lambda: "Redis does not answer" in ingest.http.get("/readyz").text, "/readyz tells of Redis")
        assert ingest.http.get("/readyz").status_code == 200
        assert (
            'tocsin_cache_requests_total{cache="reports",result="error"}' in ingest.http.get("/metrics").text
        )
    finally:
        redis_server.start()
    until(lambda: ingest.http.get("/readyz").text == "ok\n", "/readyz is well again")


def test_a_broker_that_hangs_gets_503_and_nothing_acknowledged_is_lost(ingest: Ingest, kafka: Broker) -> None:
    before = ingest.ids(report("before"))
    kafka.pause()
    try:
        response = ingest.post(report("during"))
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) > 0
        assert response.headers["content-type"] == "application/problem+json"
        until(lambda: ingest.http.get("/readyz").status_code == 503, "/readyz tells of the broker")
        assert "broker" in ingest.http.get("/readyz").text
        assert ingest.http.get("/healthz").status_code == 200
    finally:
        kafka.resume()
    until(ingest.ready, "ingest is ready again")
    after = ingest.ids(report("after"))
    keys = {one.key.decode() for one in ingest.records() if one.key}
    assert set(before + after) <= keys


def test_every_202_is_on_the_topic_while_the_broker_restarts(ingest: Ingest, kafka: Broker) -> None:
    acknowledged: list[str] = []
    refused: list[int] = []
    done = threading.Event()

    def send() -> None:
        told: tuple[dict[str, object], ...] = ()
        tries_left = 30
        while not done.is_set() or (told and tries_left):
            tries_left -= done.is_set()
            told = told or (report(), report())
            response = ingest.post(*told)
            if response.status_code == 202:
                acknowledged.extend(receipt["id"] for receipt in response.json()["reports"])
                told = ()
            else:
                refused.append(response.status_code)

    with ThreadPoolExecutor(4) as pool:
        senders = [pool.submit(send) for _ in range(4)]
        try:
            until(lambda: len(acknowledged) > 50, "reports flow")
            kafka.kill()
            kafka.start()
            count = len(acknowledged)
            # a client that waits for a broker without end is replaced after 20 s
            until(lambda: len(acknowledged) > count + 50, "reports flow again", seconds=90)
        finally:
            done.set()
        for sender in senders:
            sender.result(timeout=30)
    keys = [one.key.decode() for one in ingest.records() if one.key]
    assert set(acknowledged) <= set(keys)
    assert set(refused) <= {503}
    # none twice, though what was answered 503 was sent again: a copy may have been on its way, or there already
    assert len([key for key in keys if key in set(acknowledged)]) == len(acknowledged)


def test_bad_input_is_refused_and_good_reports_get_through(ingest: Ingest) -> None:
    bad = [
        b"",
        b"{",
        b"\x00\xff" * 100,
        b"[" * 100_000,
        b'{"text": 5}',
        json.dumps({"text": "x" * 10**7}).encode(),
    ]
    for body in bad:
        response = ingest.http.post("/v1/reports", content=body, headers={"content-type": "application/json"})
        assert 400 <= response.status_code < 500
        assert response.json()["detail"]
        ingest.ids(report())


def test_the_command_line_sends_a_file_twice(ingest: Ingest, tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    lines = [json.dumps(report(f"report {number}")) for number in range(250)]
    file.write_text("\n".join([*lines, "nonsense", '{"text": ""}']), encoding="utf-8")
    told = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "services.cli", "ingest", str(file), "--url", str(ingest.http.base_url)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert f"refused {file}:251: is not JSON" in done.stderr
        assert f"refused {file}:252: text must not be empty or blank" in done.stderr
        told.append(done.stdout.strip())
    assert told == ["250 accepted, 0 known already, 2 refused", "0 accepted, 250 known already, 2 refused"]


def test_sigterm_answers_what_is_in_hand_and_ends_with_0(ingest: Ingest, kafka: Broker) -> None:
    ingest.ids(report())  # the producer is connected
    looked_up = 'tocsin_cache_requests_total{cache="reports",result="miss"} 2.0'
    with ThreadPoolExecutor(1) as pool:
        kafka.pause()
        try:
            answer = pool.submit(
                httpx.post, str(ingest.http.base_url.join("/v1/reports")), json=report(), timeout=30
            )
            until(lambda: looked_up in ingest.http.get("/metrics").text, "the report is in hand")
            ingest.process.send_signal(signal.SIGTERM)
        finally:
            kafka.resume()
        assert answer.result(timeout=30).status_code == 202
    assert ingest.process.wait(timeout=30) == 0


def test_a_port_in_use_is_told(ingest: Ingest) -> None:
    environment = os.environ | {"HTTP_PORT": str(ingest.port)}
    done = subprocess.run(
        [sys.executable, "-m", "services.ingest"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "set HTTP_PORT" in done.stderr
    assert "Traceback" not in done.stderr
