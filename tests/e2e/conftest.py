"""One pipeline for all end-to-end tests, on a broker and a Redis of its own: what other tests break is not theirs."""

from collections.abc import Iterator

import pytest

from services.cli.receiver import Receiver
from services.cli.stack.kafka_server import KafkaServer
from services.cli.stack.redis_server import RedisServer
from tests.conftest import make_kafka, make_redis
from tests.e2e.pipeline import SECRET, Pipeline


@pytest.fixture(scope="package")
def own_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """The broker of the end-to-end tests."""
    server = make_kafka(tmp_path_factory.mktemp("e2e-kafka"), heap="400m")
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="package")
def own_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """The Redis of the end-to-end tests."""
    server = make_redis(tmp_path_factory.mktemp("e2e-redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="package")
def pipeline(
    own_kafka: KafkaServer, own_redis: RedisServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pipeline]:
    """All four services, ready, and a receiver."""
    folder = tmp_path_factory.mktemp("e2e")
    with Receiver([SECRET], raw_log=folder / "requests.jsonl").on_thread() as receiver:
        made = Pipeline(own_kafka.bootstrap, own_redis.url, folder, receiver)
        try:
            yield made.start()
        finally:
            made.stop()
