"""The bench of the loop's tests: requests in, tallies out, and the proof that none was lost or counted twice."""

from collections import Counter
from pathlib import Path

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from schemas.envelope import Envelope
from schemas.topics import Topic
from services.cli.stack.ports import free_port
from services.common.kafka import admin_client
from tests.integration.tally_service import REQUEST, TALLY, Request, Tally
from tests.processes import ServiceProcess, eventually


def consumer(bootstrap: str, topic: str) -> KafkaConsumer:
    """All partitions of a topic, from the beginning, without a group."""
    reader = KafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    reader.assign([TopicPartition(topic, number) for number in range(REQUEST.partitions)])
    return reader


class Bench:
    """One broker and cache, requests in, tallies out."""

    def __init__(self, bootstrap: str, redis_url: str, folder: Path) -> None:
        self.bootstrap, self.redis_url, self._folder = bootstrap, redis_url, folder
        self._producer = KafkaProducer(bootstrap_servers=bootstrap)
        self._tallies = consumer(bootstrap, TALLY.name)
        self.records: list[Tally] = []
        self.workers: list[ServiceProcess] = []
        self.asked: set[str] = set()
        self.session = f"{folder.name}-"

    def ask(self, count: int, behaviour: str = "ok", keys: int = 7, topic: Topic = REQUEST) -> None:
        """Send requests; returns when the broker has them."""
        for number in range(len(self.asked), len(self.asked) + count):
            name, key = f"{self.session}{number}", f"{self.session}key{number % keys}"
            envelope = Envelope(id=name, source="/test", type="test.request.v1", subject=key)
            value = Request(id=name, behaviour=behaviour).to_bytes()
            self._producer.send(topic.name, key=key.encode(), value=value, headers=envelope.to_headers())
            self.asked.add(name)
        self._producer.flush()

    def send_raw(self, **record: object) -> TopicPartition:
        """Write bytes straight onto the topic; gives where they lie."""
        self.last = self._producer.send(REQUEST.name, **record).get(30)
        return TopicPartition(self.last.topic, self.last.partition)

    def committed(self, place: TopicPartition) -> int:
        """The group's offset."""
        with admin_client(self.bootstrap) as admin:
            offsets = admin.list_group_offsets("tocsin-tally")["tocsin-tally"]
        return offsets[place].offset if place in offsets else 0

    def worker(self, **env: str) -> ServiceProcess:
        """A worker, ready."""
        port = free_port()
        settings = {
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "REDIS_URL": self.redis_url,
            "KAFKA_SESSION_TIMEOUT_SECONDS": "6",
            "KAFKA_HEARTBEAT_SECONDS": "1",
        }
        log = self._folder / f"worker{len(self.workers)}.log"
        process = ServiceProcess(
            "tests.integration.tally_service", port, {**settings, **env}, log, [str(port)]
        )
        self.workers.append(process)
        return process.start().ready()

    def read(self) -> list[Tally]:
        """All tallies of this bench so far."""
        for batch in self._tallies.poll(timeout_ms=200).values():
            fresh = [Tally.from_bytes(record.value) for record in batch]
            self.records += [tally for tally in fresh if tally.id.startswith(self.session)]
        return self.records

    def settled(self) -> bool:
        """Whether every request has its tally."""
        return {tally.caused_by for tally in self.read()} >= self.asked

    def prove(self, within: float = 90.0) -> int:
        """Nothing lost, no version twice with two causes; the count of records told again."""
        eventually(self.settled, within=within, what="every request tallied")
        self.read()
        causes: dict[tuple[str, int], set[str]] = {}
        for tally in self.records:
            causes.setdefault((tally.id, tally.version), set()).add(tally.caused_by)
        assert all(len(names) == 1 for names in causes.values()), "a version with two contents"
        by_cause = Counter(next(iter(names)) for names in causes.values())
        assert not [name for name, count in by_cause.items() if count > 1], "a request tallied twice"
        for key in {key for key, _ in causes}:
            versions = sorted(version for name, version in causes if name == key)
            assert versions == list(range(1, len(versions) + 1)), "a gap in the versions"
        return len(self.records) - len(causes)

    def dead(self, topic: Topic = REQUEST) -> list[tuple[bytes | None, bytes | None, dict[str, bytes]]]:
        """Dead letters: key, value, headers."""
        reader = consumer(self.bootstrap, topic.dead_letters)
        ends = reader.end_offsets(reader.assignment())
        found = []
        while any(reader.position(place) < end for place, end in ends.items()):
            found += [r for batch in reader.poll(timeout_ms=500).values() for r in batch]
        reader.close()
        return [(r.key, r.value, dict(r.headers)) for r in found]

    def close(self) -> None:
        """End what was started; cleanly where it still runs, so that the group does not wait for the dead."""
        for process in self.workers:
            process.leave()
        self._producer.close()
        self._tallies.close()
