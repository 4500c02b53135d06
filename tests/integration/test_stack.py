"""The local stack, for real: Kafka and Redis start, keep data over a crash, leave nothing running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import redis
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

from services.cli.stack import LocalStack, StackError, StackSettings
from services.cli.stack.layout import PROJECT
from services.cli.stack.ports import accepts, free_port
from tests.conftest import make_kafka, make_redis
from tests.servers import Broker

pytestmark = pytest.mark.broker


def wait_for(condition: Callable[[], bool], timeout_s: float = 15.0) -> bool:
    """Poll until `condition` holds; False at the deadline."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def create_topic(bootstrap: str, name: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    admin.close()


def produce(bootstrap: str, topic: str, value: bytes) -> None:
    producer = KafkaProducer(bootstrap_servers=bootstrap, max_request_size=4_000_000)
    producer.send(topic, value).get(timeout=20)
    producer.close()


def read_all(bootstrap: str, topic: str) -> list[bytes]:
    consumer = KafkaConsumer(bootstrap_servers=bootstrap)
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    consumer.seek_to_beginning(partition)
    end = consumer.end_offsets([partition])[partition]
    values: list[bytes] = []
    deadline = time.monotonic() + 20
    while consumer.position(partition) < end and time.monotonic() < deadline:
        polled = consumer.poll(timeout_ms=500)
        values += [record.value for records in polled.values() for record in records]
    consumer.close()
    return values


def test_a_record_goes_through_the_broker(bootstrap_servers: str) -> None:
    create_topic(bootstrap_servers, "stack.echo")
    produce(bootstrap_servers, "stack.echo", b"siren")
    assert read_all(bootstrap_servers, "stack.echo") == [b"siren"]


def test_a_dead_letter_of_three_mebibytes_fits(bootstrap_servers: str) -> None:
    create_topic(bootstrap_servers, "stack.large")
    produce(bootstrap_servers, "stack.large", os.urandom(3 * 1024 * 1024))
    assert [len(value) for value in read_all(bootstrap_servers, "stack.large")] == [3 * 1024 * 1024]


def test_records_survive_a_crash_of_the_broker(kafka: Broker, bootstrap_servers: str) -> None:
    create_topic(bootstrap_servers, "stack.crash")
    produce(bootstrap_servers, "stack.crash", b"kept")
    kafka.kill()
    kafka.start()
    assert read_all(bootstrap_servers, "stack.crash") == [b"kept"]


def test_redis_keeps_its_data_over_a_restart(tmp_path: Path) -> None:
    server = make_redis(tmp_path)
    server.start()
    try:
        with redis.Redis.from_url(server.url) as client:
            client.set("siren", "on")
            assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        server.restart()
        with redis.Redis.from_url(server.url) as client:
            assert client.get("siren") == b"on"
    finally:
        server.stop()
    assert not server.process.running


def test_a_paused_redis_can_be_stopped(tmp_path: Path) -> None:
    server = make_redis(tmp_path)
    server.start()
    server.pause()
    server.stop()
    assert not server.process.running


def test_each_test_gets_an_empty_redis(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_the_stack_starts_both_tells_so_and_stops_both(tmp_path: Path) -> None:
    settings = StackSettings(
        kafka_bootstrap_servers=None,
        redis_url=None,
        kafka_port=free_port(),
        redis_port=free_port(),
        kafka_heap="256m",
        tocsin_data=tmp_path,
    )
    lines: list[str] = []
    with LocalStack.start(lines.append, settings) as stack:
        create_topic(stack.bootstrap, "stack.own")
    assert lines[-1] == f"broker: real Apache Kafka 4.3.1 (KRaft) on 127.0.0.1:{settings.kafka_port}, started"
    assert f"cache: real Redis on 127.0.0.1:{settings.redis_port}, started" in lines
    assert not accepts(settings.kafka_port)
    assert not accepts(settings.redis_port)


def test_the_stack_uses_what_the_environment_names(bootstrap_servers: str, redis_url: str) -> None:
    lines: list[str] = []
    settings = StackSettings(kafka_bootstrap_servers=bootstrap_servers, redis_url=redis_url)
    with LocalStack.start(lines.append, settings) as stack:
        assert (stack.bootstrap, stack.redis_url) == (bootstrap_servers, redis_url)
    assert f"broker: using KAFKA_BOOTSTRAP_SERVERS={bootstrap_servers}" in lines
    assert accepts(int(bootstrap_servers.rpartition(":")[2]))  # `stop` left it alone


def test_a_named_broker_that_does_not_answer_is_an_error(redis_url: str) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    settings = StackSettings(kafka_bootstrap_servers=nowhere, redis_url=redis_url)
    with pytest.raises(StackError, match=f"No Kafka answers at KAFKA_BOOTSTRAP_SERVERS={nowhere}"):
        LocalStack.start(print, settings)


def test_a_broker_that_cannot_start_shows_the_end_of_its_log(tmp_path: Path) -> None:
    server = make_kafka(tmp_path, heap="1m")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meta.properties").write_text("version=1\ncluster.id=other\nnode.id=7\n")
    with pytest.raises(
        StackError, match=r"Kafka ended while starting \(exit code 1\). The end of .*kafka.log:\n"
    ):
        server.start()
    assert not server.process.running


_PARENT = """
import sys, pathlib
from tests.conftest import make_redis
server = make_redis(pathlib.Path(sys.argv[1]))
server.start()
print(server.process.pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_no_server_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(tmp_path)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    assert wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
