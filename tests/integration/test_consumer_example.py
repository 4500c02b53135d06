"""The example subscriber, as a stranger runs it, against records on a real broker."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from schemas.envelope import Envelope, event_type
from schemas.incident import Incident
from services.cli.stack.layout import PROJECT
from services.cli.stack.ports import free_port
from tests.contract.samples import incident

pytestmark = pytest.mark.broker

EXAMPLE = PROJECT / "examples" / "consumer.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the example outside the project, so that it can import nothing of ours."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "KAFKA_BOOTSTRAP_SERVERS")}
    return subprocess.run(
        [sys.executable, "-P", str(EXAMPLE), *arguments],
        cwd="/", env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


class Writer:
    """Writes incidents to a topic of the test's own."""

    def __init__(self, brokers: str, topic: str) -> None:
        self.topic, self.written = topic, 0
        self._producer = KafkaProducer(bootstrap_servers=brokers)

    def write(self, record: Incident) -> None:
        self.raw(record.id, record.to_bytes(), f"{record.id}/{record.version}")

    def raw(self, key: str, value: bytes | None, ce_id: str) -> None:
        envelope = Envelope(id=ce_id, source="/tocsin/dedup", type=event_type("incident"), subject=key)
        headers = envelope.to_headers(removal=value is None)
        self._producer.send(self.topic, key=key.encode(), value=value, headers=headers).get(timeout=20)
        self.written += 1

    def close(self) -> None:
        self._producer.close()


@pytest.fixture
def writer(bootstrap_servers: str) -> Iterator[Writer]:
    topic = f"test.incident.{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers)
    admin.create_topics({topic: {"num_partitions": 3, "replication_factor": 1}})
    admin.wait_for_topics([topic])
    made = Writer(bootstrap_servers, topic)
    yield made
    made.close()
    admin.delete_topics([topic])
    admin.close()


def _follow(writer: Writer, brokers: str, *more: str) -> subprocess.CompletedProcess[str]:
    return run("--bootstrap-servers", brokers, "--topic", writer.topic, "--max", str(writer.written), *more)


def test_example_keeps_the_highest_version_and_drops_repeats(writer: Writer, bootstrap_servers: str) -> None:
    writer.write(incident("inc_a", 1))
    writer.write(incident("inc_a", 2))
    writer.write(incident("inc_a", 2))
    writer.write(incident("inc_b", 1))
    writer.raw("inc_a", incident("inc_a", 1).to_bytes(), "inc_a/1 written again by another")
    done = _follow(writer, bootstrap_servers, "--json")
    assert done.returncode == 0, done.stderr
    newest = {one["id"]: one["version"] for one in map(json.loads, done.stdout.splitlines())}
    assert newest == {"inc_a": 2, "inc_b": 1}
    assert "3 kept, 1 repeat, 1 older, 0 removed, 0 invalid" in done.stderr


def test_example_forgets_what_is_removed(writer: Writer, bootstrap_servers: str) -> None:
    writer.write(incident("inc_a", 1))
    writer.raw("inc_a", None, "inc_a/2")
    done = _follow(writer, bootstrap_servers)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "inc_a v1 corroborated: air_strike at Idlib, killed 12 to 14 (created)",
        "inc_a removed",
    ]
    assert "0 incidents from 2 records" in done.stderr


def test_example_accepts_what_a_newer_producer_adds(writer: Writer, bootstrap_servers: str) -> None:
    newer = json.loads(incident("inc_a", 1).to_bytes())
    newer["mood"] = "tense"
    newer["kind"] = "naval_blockade"
    writer.raw("inc_a", json.dumps(newer).encode(), "inc_a/1")
    done = _follow(writer, bootstrap_servers)
    assert "naval_blockade at Idlib" in done.stdout, done.stderr


def test_example_skips_what_the_schema_refuses_and_goes_on(writer: Writer, bootstrap_servers: str) -> None:
    wrong = json.loads(incident("inc_a", 1).to_bytes())
    del wrong["status"]
    writer.raw("inc_a", json.dumps(wrong).encode(), "inc_a/1")
    writer.raw("inc_b", b"\xff not JSON", "inc_b/1")
    writer.write(incident("inc_c", 1))
    done = _follow(writer, bootstrap_servers)
    assert done.returncode == 0
    assert done.stdout.startswith("inc_c v1")
    assert "'status' is a required property" in done.stderr
    assert "1 incidents from 3 records: 1 kept, 0 repeat, 0 older, 0 removed, 2 invalid" in done.stderr


def test_example_ends_after_a_silence(writer: Writer, bootstrap_servers: str) -> None:
    writer.write(incident("inc_a", 1))
    done = run("--bootstrap-servers", bootstrap_servers, "--topic", writer.topic, "--timeout", "3")
    assert done.returncode == 0
    assert "1 incidents from 1 records" in done.stderr


def test_example_names_a_topic_that_is_missing(bootstrap_servers: str) -> None:
    done = run("--bootstrap-servers", bootstrap_servers, "--topic", "test.nowhere", "--timeout", "1")
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {bootstrap_servers} has no topic test.nowhere")


def test_example_names_a_broker_that_is_missing() -> None:
    address = f"127.0.0.1:{free_port()}"
    done = run("--bootstrap-servers", address, "--timeout", "1")
    assert done.returncode == 1
    assert f"error: no use of Kafka at {address}" in done.stderr
    assert "Traceback" not in done.stderr


def test_example_names_a_schema_that_is_missing() -> None:
    done = run("--schema", "/nowhere.json")
    assert done.returncode == 1
    assert "error: cannot read the schema /nowhere.json" in done.stderr


def test_example_refuses_a_wrong_command_line() -> None:
    assert run("--max", "many").returncode == 2
