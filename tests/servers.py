"""What tests may do to a broker and a cache, whichever way they came: address, crash, hang, restart."""

from typing import NoReturn, Protocol

import pytest


class Server(Protocol):
    """A server that a test may break. Each call returns when it has taken effect."""

    def start(self) -> None:
        """Start it, where it does not run, on the same data and port; returns when it answers."""

    def stop(self) -> None:
        """Stop it cleanly (SIGTERM)."""

    def kill(self) -> None:
        """End it as a crash does (SIGKILL)."""

    def restart(self) -> None:
        """Stop it and start it again, on the same data and port."""

    def pause(self) -> None:
        """Freeze it (SIGSTOP): it keeps its connections and answers nothing."""

    def resume(self) -> None:
        """Let it go on (SIGCONT)."""


class Broker(Server, Protocol):
    """A Kafka broker."""

    @property
    def bootstrap(self) -> str:
        """Its address, as KAFKA_BOOTSTRAP_SERVERS takes it."""
        ...


class Cache(Server, Protocol):
    """A Redis."""

    @property
    def url(self) -> str:
        """Its address, as REDIS_URL takes it."""
        ...


class GivenServer:
    """A server that somebody else runs, named by an environment variable: used as it is, never stopped."""

    def __init__(self, variable: str, address: str) -> None:
        self._variable = variable
        self.bootstrap = self.url = address

    def _refuse(self) -> NoReturn:
        pytest.skip(f"this test breaks its server, and {self._variable} names somebody else's: unset it")

    def start(self) -> None:
        """It runs already."""

    def stop(self) -> None:
        """Skip the test: its server is not ours to break."""
        self._refuse()

    kill = restart = pause = resume = stop
