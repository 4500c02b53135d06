"""Fixtures for all tests: a real Kafka and a real Redis, started once a session when first asked for.

They come from KAFKA_BOOTSTRAP_SERVERS and REDIS_URL where set, from Docker where TOCSIN_TEST_CONTAINERS=1,
else from the local stack, on random ports. Where none can be had, the tests that need one fail.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import redis

from services.cli.stack.jars import cache_dir, ensure_jars, read_lock
from services.cli.stack.java import find_java
from services.cli.stack.kafka_server import KafkaServer, broker_answers
from services.cli.stack.layout import JAR_LOCK
from services.cli.stack.ports import free_port
from services.cli.stack.redis_server import RedisServer, find_redis
from tests.servers import Broker, Cache, GivenServer, Server

TEST_HEAP = "256m"


def make_kafka(data_dir: Path, heap: str = TEST_HEAP) -> KafkaServer:
    """Make a broker of one's own (not started) on a free port, for a test that needs one to itself."""
    return KafkaServer(
        find_java(), ensure_jars(read_lock(JAR_LOCK), cache_dir(), print), data_dir, free_port(), heap=heap
    )


def make_redis(data_dir: Path) -> RedisServer:
    """Make a Redis of one's own (not started) on a free port."""
    return RedisServer(find_redis(), data_dir, free_port())


def _in_containers() -> bool:
    return os.environ.get("TOCSIN_TEST_CONTAINERS") == "1"


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The session's broker. A test may break it; `bootstrap_servers` of the next test starts it again."""
    if given := os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        assert broker_answers(given, timeout_ms=10_000), (
            f"no Kafka answers at KAFKA_BOOTSTRAP_SERVERS={given}"
        )
        yield GivenServer("KAFKA_BOOTSTRAP_SERVERS", given)
        return
    if _in_containers():
        from tests.containers.servers import KafkaInDocker, require_docker

        require_docker()
        container = KafkaInDocker(free_port())
        yield from _running(container, container.remove)
    else:
        server = make_kafka(tmp_path_factory.mktemp("kafka"))
        yield from _running(server, server.kill)  # its data is thrown away: no need for a clean stop


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cache]:
    """The session's Redis. A test may break it; `redis_url` of the next test starts it again."""
    if given := os.environ.get("REDIS_URL"):
        with redis.Redis.from_url(given) as client:
            assert client.dbsize() == 0, "REDIS_URL holds data, and tests flush it: name an empty database"
        yield GivenServer("REDIS_URL", given)
        return
    if _in_containers():
        from tests.containers.servers import RedisInDocker, require_docker

        require_docker()
        container = RedisInDocker(free_port())
        yield from _running(container, container.remove)
    else:
        server = make_redis(tmp_path_factory.mktemp("redis"))
        yield from _running(server, server.kill)


S = TypeVar("S", bound=Server)


def _running(server: S, end: Callable[[], None]) -> Iterator[S]:
    """Start a server, hand it out, and end it, also where its start failed half-way."""
    try:
        server.start()
        yield server
    finally:
        end()


@pytest.fixture
def bootstrap_servers(kafka: Broker) -> str:
    """The broker's address. Topics are shared by all tests of a session: give yours a name of its own."""
    kafka.start()  # does nothing, but where the test before left it stopped
    return kafka.bootstrap


@pytest.fixture
def redis_url(redis_server: Cache) -> str:
    """The address of an empty Redis database."""
    redis_server.start()  # does nothing, but where the test before left it stopped
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushdb()
    return redis_server.url
