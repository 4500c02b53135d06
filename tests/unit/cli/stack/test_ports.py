"""Ports: a free one is free, a taken one is named with its holder and the setting that changes it."""

import errno
import os
import socket

import pytest

from services.cli.stack import ports
from services.cli.stack.errors import StackError
from services.cli.stack.ports import accepts, free_port, require_free


def test_a_free_port_can_be_bound() -> None:
    require_free(free_port(), "Kafka", "KAFKA_PORT")


def test_a_port_in_use_names_port_user_holder_and_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StackError) as caught:
            require_free(port, "Kafka", "KAFKA_PORT")
    message = str(caught.value)
    assert message.startswith(f"Kafka needs port {port}, which is in use by pid {os.getpid()} (")
    assert message.endswith("Stop that process, or set KAFKA_PORT to another port.")


def test_a_port_that_may_not_be_used_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_bind_error", lambda port: errno.EACCES)  # root may use every port
    with pytest.raises(
        StackError, match=r"Redis cannot use port 1 \(EACCES\)\. Set REDIS_PORT to another port\."
    ):
        require_free(1, "Redis", "REDIS_PORT")


def test_accepts_tells_a_listening_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert accepts(port)
    assert not accepts(port)
