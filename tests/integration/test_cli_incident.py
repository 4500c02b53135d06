"""`tocsin incident` against a real broker, with dedup behind it: shown, merged, retracted; and refused in words."""

import subprocess
import sys
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition

from schemas.incident import Status
from schemas.topics import ALL_TOPICS, CORRECTION
from services.common.kafka import create_topics
from tests.factories import SARAQIB, event
from tests.integration.test_dedup_clock import Bench
from tests.processes import ROOT, eventually

pytestmark = pytest.mark.broker


def tocsin(bootstrap: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *arguments],
        cwd=ROOT,
        env={"KAFKA_BOOTSTRAP_SERVERS": bootstrap, "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_an_operator_shows_merges_and_retracts(
    bootstrap_servers: str, redis_url: str, tmp_path: Path
) -> None:
    create_topics(bootstrap_servers, ALL_TOPICS, 1)
    bench = Bench(bootstrap_servers, redis_url, tmp_path)
    try:
        worker = bench.worker()
        bench.tell(event(1))
        bench.tell(event(2, place=SARAQIB))
        first, second = eventually(lambda: (found := bench.versions()) and len(found) == 2 and found)

        asked = tocsin(bootstrap_servers, "incident", "merge", first.id, second.id, "--reason", "one strike")
        assert asked.returncode == 0, asked.stderr
        eventually(lambda: len(bench.versions()) == 4, what="merged")
        pointer = next(v for v in bench.versions() if v.merged_into)
        assert (pointer.id, pointer.merged_into) == (first.id, second.id)

        again = tocsin(bootstrap_servers, "incident", "retract", first.id, "--reason", "false")
        assert (again.returncode, again.stdout) == (1, "")
        assert f"was merged into {second.id}" in again.stderr
        assert tocsin(bootstrap_servers, "incident", "show", "inc_x").returncode == 1
        assert tocsin(bootstrap_servers, "incident", "merge", "a", "a", "--reason", "x").returncode == 2

        assert (
            tocsin(bootstrap_servers, "incident", "retract", second.id, "--reason", "false").returncode == 0
        )
        eventually(lambda: bench.versions()[-1].status is Status.RETRACTED, what="retracted")
        shown = tocsin(bootstrap_servers, "incident", "show", second.id)
        assert "version 2: merged, corroborated: an operator merged" in shown.stdout
        assert "version 3: retracted: an operator retracted it: false" in shown.stdout
        assert worker.metric("tocsin_dead_letters_total") == 0
        _the_command_lies_on_the_partition_of_its_incident(bootstrap_servers, bench)
    finally:
        bench.close()


def _the_command_lies_on_the_partition_of_its_incident(bootstrap: str, bench: Bench) -> None:
    reader = KafkaConsumer(
        bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    reader.assign([TopicPartition(CORRECTION.name, bench.partition)])
    keys = [record.key for batch in reader.poll(timeout_ms=5000).values() for record in batch]
    reader.close()
    assert keys == [bench.theatre.encode()] * 2
