"""A real Prometheus scrapes the four services by the committed configuration, and its figures are the topics'."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from kafka import KafkaProducer

from schemas.topics import EVENT, INCIDENT, REPORT, Topic
from services.cli.receiver import Receiver
from services.cli.stack.layout import PROJECT
from services.cli.stack.ports import free_port
from tests.conftest import make_kafka, make_redis
from tests.e2e.pipeline import SECRET, SERVICES, Pipeline
from tests.processes import eventually

pytestmark = [pytest.mark.broker, pytest.mark.slow]

FOLDER = PROJECT / "deploy" / "prometheus"
SCRAPE = "1s"
STRIKES = ("Idlib", "Kharkiv", "Rafah", "Aleppo")


@pytest.fixture(scope="module")
def executable() -> str:
    found = shutil.which("prometheus")
    if not found and os.environ.get("CI") == "true":
        pytest.fail("prometheus is missing, and CI must scrape with it: apt-get install prometheus")
    if not found:
        pytest.skip("prometheus is missing: on Debian, apt-get install prometheus brings it")
    return found


@pytest.fixture(scope="module")
def pipeline(executable: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    """A pipeline of this module's own: its counters begin at 0 and no process is killed."""
    folder = tmp_path_factory.mktemp("pipeline")
    kafka, redis = make_kafka(folder / "kafka"), make_redis(folder / "redis")
    kafka.start()
    redis.start()
    try:
        with Receiver([SECRET]).on_thread() as receiver:
            made = Pipeline(kafka.bootstrap, redis.url, folder, receiver)
            try:
                yield made.start()
            finally:
                made.stop()
    finally:
        redis.stop()
        kafka.stop()


class Prometheus:
    """A Prometheus of the test's own, asked over its HTTP API."""

    def __init__(self, executable: str, configuration: dict[str, Any], folder: Path) -> None:
        self.url = f"http://127.0.0.1:{free_port()}"
        self.log = folder / "prometheus.log"
        file = folder / "prometheus.yml"
        file.write_text(yaml.safe_dump(configuration), encoding="utf-8")
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                [executable, f"--config.file={file}", f"--storage.tsdb.path={folder / 'data'}",
                 f"--web.listen-address={self.url.removeprefix('http://')}"],
                stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/-/ready", timeout=2).status_code == 200
        except httpx.TransportError:
            assert self._process.poll() is None, self.log.read_text(encoding="utf-8")
            return False

    def query(self, expression: str) -> dict[str, float]:
        """An instant query: the value by the labels' values, joined."""
        answer = httpx.get(f"{self.url}/api/v1/query", params={"query": expression}, timeout=5).json()
        assert answer["status"] == "success", answer
        series = answer["data"]["result"]
        return {
            "/".join(v for k, v in sorted(one["metric"].items())): float(one["value"][1]) for one in series
        }

    def rules(self) -> list[dict[str, Any]]:
        answer = httpx.get(f"{self.url}/api/v1/rules", timeout=5).json()
        return [rule for group in answer["data"]["groups"] for rule in group["rules"]]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture(scope="module")
def prometheus(
    executable: str, pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prometheus]:
    """By the committed configuration, with this pipeline's ports and a shorter interval."""
    configuration = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    configuration["global"] |= {
        "scrape_interval": SCRAPE,
        "scrape_timeout": SCRAPE,
        "evaluation_interval": SCRAPE,
    }
    configuration["rule_files"] = [str(FOLDER / name) for name in configuration["rule_files"]]
    for one in configuration["scrape_configs"][0]["static_configs"]:
        one["targets"] = [pipeline.services[one["labels"]["service"]].url.removeprefix("http://")]
    made = Prometheus(executable, configuration, tmp_path_factory.mktemp("prometheus"))
    try:
        eventually(made.ready, within=30, what="prometheus ready")
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def worked_off(pipeline: Pipeline, prometheus: Prometheus) -> None:
    """Reports, and one record that is none, have gone through the pipeline, and were scraped."""
    now = datetime.now(UTC).isoformat()
    pipeline.accept([
        {
            "url": f"https://news.example/{place.lower()}",
            "source": "news.example",
            "title": f"Air strike in {place}",
            "text": f"An air strike hit a market in {place} on Tuesday, killing at least {number} people, medics said.",
            "published_at": now,
        }
        for number, place in enumerate(STRIKES, start=3)
    ])  # fmt: skip
    with KafkaProducer(bootstrap_servers=pipeline.bootstrap) as producer:
        producer.send(REPORT.name, key=b"rep_poison", value=b"\xff not a report").get(timeout=20)
    pipeline.drained()
    for topic in (REPORT, EVENT, INCIDENT):
        # one more scrape, after the last record
        expected = float(len(pipeline.records(topic)))
        eventually(
            lambda topic=topic, expected=expected: settled(prometheus, topic) >= expected,  # type: ignore[misc]
            within=20, what=f"prometheus has seen {expected} records of {topic.name}",
        )  # fmt: skip


def settled(prometheus: Prometheus, topic: Topic) -> float:
    """Records of a topic settled, summed over all outcomes that settle one."""
    found = prometheus.query(
        f'sum(tocsin_messages_processed_total{{topic="{topic.name}", outcome!="retry"}})'
    )
    return sum(found.values())


def test_all_four_services_are_scraped_under_their_names(pipeline: Pipeline, prometheus: Prometheus) -> None:
    eventually(
        lambda: sum(prometheus.query("up").values()) == len(SERVICES), within=20, what="four targets up"
    )
    assert set(prometheus.query("sum by (service) (up)")) == set(SERVICES)


@pytest.mark.usefixtures("worked_off")
@pytest.mark.parametrize("topic", [REPORT, EVENT, INCIDENT], ids=lambda topic: topic.name)
def test_records_settled_are_the_topics_records_and_the_counted_repeats(
    pipeline: Pipeline, prometheus: Prometheus, topic: Topic
) -> None:
    records = len(pipeline.records(topic))
    taken = sum(prometheus.query(f'sum(tocsin_messages_consumed_total{{topic="{topic.name}"}})').values())
    repeats = taken - records
    assert records > 0
    assert repeats >= 0
    assert settled(prometheus, topic) == records + repeats


@pytest.mark.usefixtures("worked_off")
def test_every_alert_out_was_counted(pipeline: Pipeline, prometheus: Prometheus) -> None:
    delivered = 'sum(tocsin_alert_deliveries_total{outcome="delivered"})'
    eventually(
        lambda: sum(prometheus.query(delivered).values()) == len(pipeline.receiver.accepted),
        within=20, what="deliveries counted",
    )  # fmt: skip
    assert pipeline.receiver.accepted


@pytest.mark.usefixtures("worked_off")
def test_the_record_that_is_no_report_raises_the_dead_letter_alert_alone(prometheus: Prometheus) -> None:
    assert {rule["health"] for rule in prometheus.rules()} == {"ok"}
    assert len(prometheus.rules()) == 5
    # what is only pending rings nobody: a lag is looked at for two minutes, and this one was just worked off
    firing = prometheus.query('count by (alertname, service, reason) (ALERTS{alertstate="firing"})')
    assert set(firing) <= {"TocsinDeadLetters/decode_error/nlp", "TocsinDeadLetters/envelope_error/nlp"}
    dead = prometheus.query('sum by (service) (tocsin_dead_letters_total{topic="conflict.report.v1"})')
    assert dead["nlp"] == 1
