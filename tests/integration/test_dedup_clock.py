"""The clock of a truce on the wall clock: a real broker and cache, the service killed in between, two at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from kafka import KafkaProducer

from schemas.envelope import Envelope
from schemas.event import Assertion, ConflictEvent, Kind, Phase, ReportRef
from schemas.ids import digest
from schemas.incident import ChangeType, Incident, LinkType
from schemas.topics import ALL_TOPICS, EVENT, INCIDENT, PARTITIONS
from services.cli.records import TopicView, decoded
from services.cli.stack.ports import free_port
from services.common.kafka import create_topics
from services.common.partition import partition_of
from tests.factories import IDLIB_GOVERNORATE, event, minute, named, report_ref
from tests.processes import ServiceProcess, eventually

pytestmark = pytest.mark.broker


def now() -> datetime:
    return datetime.now(UTC)


class Bench:
    """Events in, incidents out, dedup between them."""

    def __init__(self, bootstrap: str, redis_url: str, folder: Path) -> None:
        self._bootstrap, self._folder = bootstrap, folder
        self._producer = KafkaProducer(bootstrap_servers=bootstrap)
        self._env = {
            "KAFKA_BOOTSTRAP_SERVERS": bootstrap,
            "REDIS_URL": redis_url,
            "KAFKA_SESSION_TIMEOUT_SECONDS": "6",
            "KAFKA_HEARTBEAT_SECONDS": "1",
        }
        self.theatre = f"theatre-{folder.name}"
        self.partition = partition_of(self.theatre, PARTITIONS)
        self.workers: list[ServiceProcess] = []

    def worker(self) -> ServiceProcess:
        """A worker, ready."""
        port = free_port()
        log = self._folder / f"dedup{len(self.workers)}.log"
        self.workers.append(
            ServiceProcess("services.dedup", port, {**self._env, "HTTP_PORT": str(port)}, log)
        )
        return self.workers[-1].start().ready()

    def id_of(self, told: ConflictEvent) -> str:
        """The event's id on the topic, which all tests share: another bench's of the same number is no repeat."""
        return "evt_" + digest(self.theatre, told.id)

    def _report_of(self, told: ConflictEvent) -> ReportRef:
        """Its report, which is no later revision of another test's."""
        return told.report.model_copy(update={"id": "rep_" + digest(self.theatre, told.report.id)})

    def tell(self, *events: ConflictEvent, theatre: str = "") -> None:
        """Write events as nlp does; returns when the broker has them. `theatre` is added to the bench's own."""
        key = self.theatre + theatre
        place, sent = partition_of(key, PARTITIONS), []
        for told in events:
            ours = {"id": self.id_of(told), "theatre": key, "report": self._report_of(told)}
            mine = told.model_copy(update=ours)
            envelope = Envelope(id=mine.id, source="/test", type="org.tocsin.event.v1", subject=key)
            value, headers = mine.to_bytes(), envelope.to_headers()
            sent.append(
                self._producer.send(
                    EVENT.name, key=key.encode(), value=value, headers=headers, partition=place
                )
            )
        for future in sent:
            future.get(30)

    def versions(self) -> list[Incident]:
        """All records of our theatres, repeats included."""
        with TopicView(self._bootstrap, INCIDENT) as view:
            values = [decoded(seen) for seen in view.stored()]
        return [v for v in values if isinstance(v, Incident) and v.theatre.startswith(self.theatre)]

    def changes(self) -> list[ChangeType]:
        """What the versions of the truce changed, each version once."""
        truce = {v.version: v for v in self.versions() if v.kind is Kind.CEASEFIRE}
        return [truce[number].change.type for number in sorted(truce)]

    def wait_for(self, *changes: ChangeType, within: float = 60.0) -> None:
        """Until the truce has exactly these versions."""
        eventually(lambda: self.changes() == list(changes), within=within, what=f"{changes}")

    def close(self) -> None:
        """End what was started."""
        for worker in self.workers:
            worker.kill()
        self._producer.close()


@pytest.fixture
def bench(bootstrap_servers: str, redis_url: str, tmp_path: Path) -> Iterator[Bench]:
    """A bench with its topics."""
    create_topics(bootstrap_servers, ALL_TOPICS, 1)
    made = Bench(bootstrap_servers, redis_url, tmp_path)
    yield made
    made.close()


def truce(begins: datetime, ends: datetime) -> ConflictEvent:
    """Agreed now."""
    return event(
        1,
        kind=Kind.CEASEFIRE,
        phase=Phase.AGREED,
        assertion=Assertion.PLANNED,
        place=IDLIB_GOVERNORATE,
        actor=named("Army"),
        target=named("Rebels"),
        effective_from=begins,
        effective_until=ends,
        report=report_ref(1, fetched_at=now()),
    )


CREATED, BEGAN, BROKEN = ChangeType.CREATED, ChangeType.TOOK_EFFECT, ChangeType.VIOLATION_REPORTED


def test_a_truce_takes_force_is_broken_and_expires_though_the_service_is_killed_in_between(
    bench: Bench, redis_url: str
) -> None:
    bench.worker()
    begins, ends = now() + timedelta(seconds=8), now() + timedelta(seconds=40)
    bench.tell(truce(begins, ends))
    bench.wait_for(CREATED)
    assert now() < begins, "this machine is too slow for the test's times"
    bench.workers[0].kill()
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    eventually(lambda: now() > begins, what="it fell due while nobody was there")
    assert bench.changes() == [CREATED]
    bench.workers[0].start().ready()
    bench.wait_for(CREATED, BEGAN)

    strike = event(2, occurred=minute(now()), actor=named("Army"), report=report_ref(2, fetched_at=now()))
    bench.tell(strike)
    bench.wait_for(CREATED, BEGAN, BROKEN)
    bench.wait_for(CREATED, BEGAN, BROKEN, ChangeType.EXPIRED)
    assert now() >= ends

    told = bench.versions()
    assert len(told) == len({(v.id, v.version) for v in told}), "a version was written twice"
    by_kind = {v.kind: v for v in told}
    broken, attack = by_kind[Kind.CEASEFIRE], by_kind[Kind.AIR_STRIKE]
    assert [(link.type, link.incident_id) for link in attack.links] == [(LinkType.VIOLATION_OF, broken.id)]
    assert (broken.took_effect_at, broken.expired_at, broken.phase) == (begins, ends, Phase.AGREED)


def test_it_takes_force_at_its_second_and_once_with_two_workers(bench: Bench) -> None:
    bench.worker()
    begins = now() + timedelta(seconds=12)
    bench.tell(truce(begins, begins + timedelta(days=1)))
    bench.worker()
    bench.wait_for(CREATED, BEGAN)
    assert timedelta(0) <= now() - begins < timedelta(seconds=10)
    told = [v.to_bytes() for v in bench.versions() if v.version == 2]
    assert len(set(told)) == 1
    for worker in bench.workers:
        worker.ready()
        assert "Traceback" not in worker.log.read_text()
