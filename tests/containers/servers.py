"""Kafka and Redis in Docker, with what tests do to a server: a pinned image in, an answering server out.

Type-checked only: written where no Docker runs, so not verified against one.
"""

import time
from collections.abc import Callable

import docker
import pytest
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer

from services.cli.stack.kafka_server import broker_answers
from services.cli.stack.redis_server import redis_answers

KAFKA_IMAGE = "apache/kafka:4.3.1"
REDIS_IMAGE = "redis:7-alpine"
READY_TIMEOUT_S = 90.0
_KAFKA_PORT, _REDIS_PORT = 9092, 6379


def require_docker() -> None:
    """Fail the test, saying why, where no Docker answers."""
    try:
        docker.from_env().ping()
    except DockerException as error:
        pytest.fail(f"TOCSIN_TEST_CONTAINERS=1 needs a running Docker: {error}", pytrace=False)


class InDocker:
    """A container on a fixed host port, with the calls of `tests.servers.Server`."""

    def __init__(self, container: DockerContainer, answers: Callable[[], bool]) -> None:
        """container: configured, not started.  answers: whether the server in it answers a request."""
        self._container = container
        self._answers = answers
        self._created = False

    def start(self) -> None:
        """Start the container, for the first time or again on its data; return when the server answers."""
        if not self._created:
            self._container.start()
            self._created = True
        elif not self._answers():
            self._container.get_wrapped_container().start()
        deadline = time.monotonic() + READY_TIMEOUT_S
        while not self._answers():
            if time.monotonic() > deadline:
                out, errors = self._container.get_logs()
                raise TimeoutError(
                    f"no answer in {READY_TIMEOUT_S:.0f} s:\n{(out + errors)[-2000:].decode()}"
                )
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop the container (SIGTERM), keeping its data."""
        self._container.get_wrapped_container().stop()

    def kill(self) -> None:
        """End the container's process (SIGKILL)."""
        self._container.get_wrapped_container().kill()

    def restart(self) -> None:
        """Stop and start again, on the same data and port."""
        self.stop()
        self.start()

    def pause(self) -> None:
        """Freeze the container."""
        self._container.get_wrapped_container().pause()

    def resume(self) -> None:
        """Let a paused container go on."""
        self._container.get_wrapped_container().unpause()

    def remove(self) -> None:
        """Remove the container with its data."""
        self._container.stop()


class KafkaInDocker(InDocker):
    """One KRaft node of the official image. testcontainers' own class needs another vendor's image."""

    def __init__(self, port: int) -> None:
        self.bootstrap = f"127.0.0.1:{port}"
        container = (
            DockerContainer(KAFKA_IMAGE).with_bind_ports(_KAFKA_PORT, port).with_envs(**_kafka_settings(port))
        )
        super().__init__(container, lambda: broker_answers(self.bootstrap))


class RedisInDocker(InDocker):
    """A Redis with the settings of the local stack."""

    def __init__(self, port: int) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        options = ["--appendonly", "yes", "--maxmemory", "256mb", "--maxmemory-policy", "noeviction"]
        container = DockerContainer(REDIS_IMAGE).with_bind_ports(_REDIS_PORT, port)
        super().__init__(container.with_command(["redis-server", *options]), lambda: redis_answers(self.url))


def _kafka_settings(port: int) -> dict[str, str]:
    """The full set: the image leaves its defaults as soon as one setting is given."""
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:29093",
        "KAFKA_LISTENERS": f"CONTROLLER://:29093,PLAINTEXT://:{_KAFKA_PORT}",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_INTER_BROKER_LISTENER_NAME": "PLAINTEXT",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS": "1000",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_MESSAGE_MAX_BYTES": "3407872",
        "KAFKA_REPLICA_FETCH_MAX_BYTES": "3407872",
        "KAFKA_BROKER_HEARTBEAT_INTERVAL_MS": "500",
        "KAFKA_BROKER_SESSION_TIMEOUT_MS": "3000",
        "KAFKA_HEAP_OPTS": "-Xmx256m",
    }
