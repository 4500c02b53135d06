"""The whole pipeline as processes of its own, on a real broker and a real Redis, with a receiver in this process."""

import base64
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from kafka import TopicPartition

from schemas.topics import ALL_TOPICS, EVENT, INCIDENT, REPORT, Topic
from services.cli.receiver import Received, Receiver
from services.cli.stack.ports import free_port
from services.common.kafka import admin_client, create_topics, group_free_consumer
from tests.processes import ServiceProcess, eventually

SERVICES = ("ingest", "nlp", "dedup", "alerting")
CONSUMES = {"nlp": REPORT, "dedup": EVENT, "alerting": INCIDENT}
SECRET = "whsec_" + base64.b64encode(b"a secret of the end-to-end tests").decode()
SUBSCRIPTION = "everything"


class Pipeline:
    """Reports in with `post`, webhooks out in `receiver`."""

    def __init__(self, bootstrap: str, redis_url: str, folder: Path, receiver: Receiver) -> None:
        self.bootstrap, self.redis_url, self.folder, self.receiver = bootstrap, redis_url, folder, receiver
        create_topics(bootstrap, ALL_TOPICS, 1)
        self._write_subscriptions()
        self.services = {name: self._process(name) for name in SERVICES}

    def start(self) -> "Pipeline":
        """All services, ready."""
        for process in self.services.values():
            process.start()
        for process in self.services.values():
            process.ready(within=120)
        return self

    def stop(self) -> None:
        """End all services."""
        for process in self.services.values():
            process.kill()

    def post(self, reports: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> httpx.Response:
        """Post one report or a batch."""
        return httpx.post(f"{self.services['ingest'].url}/v1/reports", json=reports, timeout=30.0)

    def accept(self, reports: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> list[str]:
        """Post and be accepted; the report ids."""
        answer = self.post(reports)
        assert answer.status_code == 202, answer.text
        return [item["id"] for item in answer.json()["reports"]]

    def alerts(self, *urls: str) -> list[dict[str, Any]]:
        """Bodies that were accepted, those about any of the reports; all where none is named."""
        bodies = [json.loads(request.body) for request in self.receiver.accepted]
        return [body for body in bodies if not urls or set(urls) & urls_of(body)]

    def drained(self, within: float = 120.0) -> None:
        """Wait until nlp, dedup and alerting have committed all that is on their topics, and nothing is pending."""
        eventually(self._worked_off, within=within, every=0.3, what="the pipeline worked off all records")

    def _worked_off(self) -> bool:
        # in the order of the flow: what is worked off upstream makes no more work downstream
        with admin_client(self.bootstrap) as admin:
            for name, topic in CONSUMES.items():
                committed = admin.list_group_offsets(f"tocsin-{name}")[f"tocsin-{name}"]
                ends = self._ends(topic)
                if any(end and self._committed(committed, place) < end for place, end in ends.items()):
                    return False
        try:
            return self.services["alerting"].metric("tocsin_alerts_pending") == 0
        except httpx.TransportError:
            return False

    def _committed(self, committed: Mapping[TopicPartition, Any], place: TopicPartition) -> int:
        return int(committed[place].offset) if place in committed else 0

    def _ends(self, topic: Topic) -> dict[TopicPartition, int]:
        reader = group_free_consumer(self.bootstrap)
        ends = reader.end_offsets([TopicPartition(topic.name, n) for n in range(topic.partitions)])
        reader.close()
        return dict(ends)

    def records(self, topic: Topic) -> list[Any]:
        """All records of a topic now, in the order of partition and offset."""
        reader = group_free_consumer(self.bootstrap)
        places = [TopicPartition(topic.name, number) for number in range(topic.partitions)]
        reader.assign(places)
        ends = reader.end_offsets(places)
        for place in places:
            reader.seek_to_beginning(place)
        found: list[Any] = []
        while any(reader.position(place) < ends[place] for place in places):
            for batch in reader.poll(timeout_ms=500).values():
                found += batch
        reader.close()
        return sorted(found, key=lambda record: (record.partition, record.offset))

    def values(self, topic: Topic) -> list[dict[str, Any]]:
        """The records of a topic that are objects; poison that another test wrote is passed over."""
        found = []
        for record in self.records(topic):
            try:
                value = json.loads(record.value or b"null")
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict) and len(value) > 1:
                found.append(value)
        return found

    def _process(self, name: str) -> ServiceProcess:
        port = free_port()
        env = {
            "HTTP_PORT": str(port),
            "KAFKA_BOOTSTRAP_SERVERS": self.bootstrap,
            "REDIS_URL": self.redis_url,
            "KAFKA_SESSION_TIMEOUT_SECONDS": "6",
            "KAFKA_HEARTBEAT_SECONDS": "1",
            "ALERTING_SUBSCRIPTIONS": str(self.folder / "subscriptions.yaml"),
            "ALERTING_ALLOW_HTTP": "true",
            "ALERTING_ALLOW_PRIVATE_ADDRESSES": "true",
        }
        return ServiceProcess(f"services.{name}", port, env, self.folder / f"{name}.log")

    def _write_subscriptions(self) -> None:
        (self.folder / "subscriptions.yaml").write_text(
            "subscriptions:\n"
            f"  - id: {SUBSCRIPTION}\n"
            "    target:\n"
            f"      url: {self.receiver.url}hook\n"
            f"      secret: {SECRET}\n"
        )


def urls_of(body: Mapping[str, Any]) -> set[str]:
    """The URLs of the reports behind an alert."""
    return {source["url"] for source in body["data"]["sources"]}


def by_id(requests: Sequence[Received]) -> dict[str, set[bytes]]:
    """Every body that came under a `webhook-id`."""
    bodies: dict[str, set[bytes]] = {}
    for request in requests:
        bodies.setdefault(request.webhook_id, set()).add(request.body)
    return bodies
