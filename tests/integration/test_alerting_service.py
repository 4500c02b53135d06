"""Alerting as a process on a real broker and cache: killed, flushed, its endpoints failing; nothing lost, in order."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from kafka import KafkaProducer

from schemas.envelope import Envelope
from schemas.incident import Change, ChangeType, Incident
from schemas.source import SilenceReason, SourceHealth
from schemas.topics import ALERT, ALL_TOPICS, INCIDENT, PARTITIONS, SOURCE
from services.alerting.clock import SystemClock
from services.cli.receiver import Received, Receiver
from services.cli.stack.ports import free_port
from services.common.kafka import create_topics
from tests.factories import event, incident, report_ref
from tests.integration.tally_bench import consumer
from tests.processes import ServiceProcess, eventually
from tests.servers import Broker, Cache

pytestmark = pytest.mark.broker

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
CHANGES = (ChangeType.CREATED, ChangeType.SOURCE_ADDED, ChangeType.CORROBORATED, ChangeType.CASUALTIES_RAISED)


def story(name: str, number: int) -> list[Incident]:
    """Four versions of one incident, of which three ring."""
    now = SystemClock().now()
    told = event(number, report=report_ref(number, fetched_at=now))
    first = incident(told, id=f"inc_{name}{number}")
    return [
        first.model_copy(update={"version": version, "change": Change(type=change, reason="a test")})
        for version, change in enumerate(CHANGES, start=1)
    ]


class Bench:
    """A broker with our topics, a receiver, and alerting between them."""

    def __init__(self, bootstrap: str, redis_url: str, folder: Path, receiver: Receiver, **env: str) -> None:
        self.bootstrap, self.receiver, self._folder = bootstrap, receiver, folder
        self._producer = KafkaProducer(bootstrap_servers=bootstrap)
        (folder / "subscriptions.yaml").write_text(
            f"subscriptions:\n  - id: {folder.name.strip('_').replace('_', '-')}\n"
            f"    target: {{url: '{receiver.url}', secret: {SECRET}}}\n"
            "    filters: {silent_sources: true}\n"
        )
        self.env = {
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
            "REDIS_URL": redis_url,
            "KAFKA_SESSION_TIMEOUT_SECONDS": "6",
            "KAFKA_HEARTBEAT_SECONDS": "1",
            "HTTP_PORT": str(free_port()),
            "ALERTING_SUBSCRIPTIONS": str(folder / "subscriptions.yaml"),
            "ALERTING_ALLOW_HTTP": "true",
            "ALERTING_ALLOW_PRIVATE_ADDRESSES": "true",
            **env,
        }
        self.service = ServiceProcess(
            "services.alerting", int(self.env["HTTP_PORT"]), self.env, folder / "alerting.log"
        )

    def tell(self, versions: list[Incident]) -> None:
        """Write incident versions as dedup does."""
        for told in versions:
            envelope = Envelope(
                id=f"{told.id}-{told.version}",
                source="/tocsin/dedup",
                type="org.tocsin.incident.v1",
                subject=told.id,
            )
            number = sum(told.id.encode()) % PARTITIONS
            self._producer.send(
                INCIDENT.name,
                told.to_bytes(),
                told.id.encode(),
                partition=number,
                headers=envelope.to_headers(),
            )
        self._producer.flush()

    def heard(self, name: str) -> list[tuple[str, int]]:
        """(incident, version) in the order of their acceptance, of this test's incidents, without repeats."""
        bodies = [json.loads(request.body)["data"].get("incident") for request in self.receiver.accepted]
        return [
            (each["id"], each["version"]) for each in bodies if each and each["id"].startswith(f"inc_{name}")
        ]

    def source(self, health: SourceHealth) -> None:
        """Write the health of a source as ingest does."""
        envelope = Envelope(id="h", source="/tocsin/ingest", type="org.tocsin.source.v1", subject=health.id)
        headers = envelope.to_headers()
        self._producer.send(SOURCE.name, health.to_bytes(), health.id.encode(), headers=headers).get(10)

    def heard_of(self, source: str) -> list[str]:
        """The types of what was accepted about a source."""
        bodies = [json.loads(request.body) for request in self.receiver.accepted]
        return [each["type"] for each in bodies if each["data"].get("source", {}).get("id") == source]

    def dead(self, name: str) -> list[tuple[int, bytes]]:
        """Dead letters of alerts: (version, reason)."""
        reader = consumer(self.bootstrap, ALERT.dead_letters)
        records = [r for batch in reader.poll(timeout_ms=2000).values() for r in batch]
        reader.close()
        mine = [r for r in records if r.key.startswith(f"inc_{name}".encode())]
        return [(json.loads(r.value)["incident_version"], dict(r.headers)["dlt-reason"]) for r in mine]

    def close(self) -> None:
        """End what was started."""
        self.service.kill()
        self._producer.close()


def flaky(received: Received) -> int:
    """503 at the first attempt at every third incident's first version; 404 for incident 5."""
    data = json.loads(received.body)["data"]
    if "incident" not in data:
        return 200
    number = int(data["incident"]["id"].rsplit("-", 1)[1])
    if number == 5:
        return 404
    attempts = flaky.seen.setdefault(received.webhook_id, [])  # type: ignore[attr-defined]
    attempts.append(received.headers["webhook-timestamp"])
    return 503 if number % 3 == 0 and data["incident"]["version"] == 1 and len(attempts) == 1 else 200


@pytest.fixture
def bench(bootstrap_servers: str, redis_url: str, tmp_path: Path) -> Iterator[Bench]:
    """All topics, and a receiver on a thread."""
    create_topics(bootstrap_servers, ALL_TOPICS, 1)
    flaky.seen = {}  # type: ignore[attr-defined]
    with Receiver([SECRET], answer=flaky).on_thread() as receiver:
        made = Bench(bootstrap_servers, redis_url, tmp_path, receiver)
        yield made
        made.close()


def expected(stories: list[list[Incident]], *, without: str = "") -> set[tuple[str, int]]:
    return {(s[0].id, version) for s in stories for version in (1, 3, 4) if s[0].id != without}


def test_killed_and_flushed_in_the_middle_nothing_is_lost_and_order_holds(
    bench: Bench, redis_url: str
) -> None:
    bench.service.start().ready()
    stories = [story("k-", number) for number in range(1, 31)]
    for number, versions in enumerate(stories):
        bench.tell(versions)
        if number in (9, 19):
            eventually(lambda: bench.heard("k-"), what="first alerts")
            bench.service.kill()
            bench.service.start()
        if number == 14:
            redis.from_url(redis_url).flushall()
    wanted = expected(stories, without="inc_k-5")
    eventually(lambda: set(bench.heard("k-")) >= wanted, within=90, what="every alert")
    heard = bench.heard("k-")
    assert sorted(heard) == sorted(wanted), "an alert under two ids"
    for versions in stories:
        mine = [version for name, version in heard if name == versions[0].id]
        assert mine == sorted(mine)
    bodies: dict[str, set[bytes]] = {}
    for request in bench.receiver.requests:
        bodies.setdefault(request.webhook_id, set()).add(request.body)
    assert {len(each) for each in bodies.values()} == {1}, "an id with two bodies"
    assert all(request.problem is None for request in bench.receiver.requests)
    eventually(lambda: {v for v, _ in bench.dead("k-")} == {1, 3, 4}, what="the dead letters of incident 5")
    assert {reason for _, reason in bench.dead("k-")} == {b"client_error"}


def test_a_stopped_service_records_the_attempts_in_flight_and_repeats_nothing(bench: Bench) -> None:
    bench.service.start().ready()
    bench.tell([versions[0] for versions in (story("s-", number) for number in (1, 2, 4))])
    eventually(lambda: len(bench.heard("s-")) == 3, what="three alerts")
    silent = SourceHealth(
        id=uuid4().hex,
        version=1,
        silent=True,
        silent_reason=SilenceReason.NO_ANSWER,
        changed_at=SystemClock().now(),
    )
    bench.source(silent)
    eventually(lambda: bench.heard_of(silent.id) == ["source.silent"], what="the silence")
    assert bench.service.terminate() == 0
    bench.service.start().ready()
    bench.tell([story("s-", 7)[0]])
    eventually(lambda: len(bench.heard("s-")) == 4, what="the fourth alert")
    bench.source(silent.model_copy(update={"silent": False, "changed_at": SystemClock().now()}))
    eventually(lambda: len(bench.heard_of(silent.id)) == 2, what="the end of the silence")
    assert bench.heard_of(silent.id) == ["source.silent", "source.recovered"]
    assert not [request for request in bench.receiver.requests if request.repeat]
    assert bench.service.metric("tocsin_alerts_pending") == 0
    bench.service.signal(signal.SIGTERM)


def test_outages_of_cache_and_broker_strand_no_alert(
    bench: Bench, redis_server: Cache, kafka: Broker
) -> None:
    bench.service.start().ready()
    stories = [story("o-", number) for number in (1, 2, 4, 7, 8, 10, 11, 13, 14, 16, 17, 19)]
    for number, versions in enumerate(stories):
        bench.tell(versions)
        if number == 3:
            redis_server.kill()
            redis_server.start()
        if number == 7:
            kafka.kill()
            kafka.start()
    eventually(lambda: set(bench.heard("o-")) >= expected(stories), within=120, what="every alert")
    assert sorted(bench.heard("o-")) == sorted(expected(stories))
    eventually(lambda: bench.service.metric("tocsin_alerts_pending") == 0, what="all settled")
