"""The four services as processes: the settings in, processes with their environment, log and restarts out."""

import os
import sys
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from services.cli.stack import ServerProcess, StackError
from services.cli.supervise.settings import SERVICES, UpSettings

RESTARTS, RESTARTS_WITHIN_S = 3, 120.0
"""A service that ends more often than so in so long will not come right by itself: everything stops."""

WRONG_SETTING = 2
"""A service's exit code for a setting that it cannot use: starting it again changes nothing."""

STOP_TIMEOUT_S = 20.0


@dataclass
class Service:
    """One service, started again when it dies, a few times."""

    name: str
    port: int
    process: ServerProcess
    clock: Callable[[], float]
    deaths: deque[float] = field(default_factory=deque)

    def died(self) -> str | None:
        """What to tell of a process that has ended, with the last lines of its log; None for one that runs."""
        if self.process.running:
            return None
        end = "".join(f"\n    {line}" for line in self.process.last_lines(12))
        told = f". The end of {self.process.log_file}:{end}" if end else ", and its log is empty."
        return f"{self.name} has ended ({_ending(self.process.exit_code)}){told}"

    def start_again(self) -> None:
        """Start it anew; its log goes on under `<name>.log`, the former one is kept as `<name>.1.log`.

        Raises StackError where it has died too often, or for a reason that a new start does not mend.
        """
        if self.process.exit_code == WRONG_SETTING:
            raise StackError(f"{self.name} cannot use a setting (see above); nothing runs without it.")
        self._count(self.clock())
        log = self.process.log_file
        log.replace(log.with_suffix(f".1{log.suffix}"))
        self.process.start()

    def _count(self, now: float) -> None:
        self.deaths.append(now)
        while now - self.deaths[0] > RESTARTS_WITHIN_S:
            self.deaths.popleft()
        if len(self.deaths) > RESTARTS:
            raise StackError(
                f"{self.name} has ended {len(self.deaths)} times within {RESTARTS_WITHIN_S:.0f} s."
            )


def make_services(
    settings: UpSettings, extra: Mapping[str, Mapping[str, str]], clock: Callable[[], float]
) -> tuple[Service, ...]:
    """The four, not started. extra: what single services get in their environment beyond what all get."""
    return tuple(_service(name, settings, extra.get(name, {}), clock) for name in SERVICES)


def _service(
    name: str, settings: UpSettings, extra: Mapping[str, str], clock: Callable[[], float]
) -> Service:
    port = settings.port_of(name)
    environ = environment(settings, port, os.environ) | dict(extra)
    command = [sys.executable, "-m", f"services.{name}"]
    process = ServerProcess(name, command, settings.logs / f"{name}.log", environ)
    return Service(name, port, process, clock)


def environment(settings: UpSettings, port: int, ours: Mapping[str, str]) -> dict[str, str]:
    """A service's whole environment: ours, where it finds the rest, and what is quicker or clearer on one machine."""
    preferred = {
        "LOG_FORMAT": "text",  # the logs are read by a person
        "KAFKA_SESSION_TIMEOUT_SECONDS": "6",  # a killed worker's partitions are free again after so long
        "KAFKA_HEARTBEAT_SECONDS": "1",
        "INGEST_CHECK_SECONDS": "1",
    }
    fixed = {
        "HTTP_HOST": "127.0.0.1",
        "HTTP_PORT": str(port),
        "KAFKA_BOOTSTRAP_SERVERS": settings.bootstrap,
        "REDIS_URL": settings.cache_url,
    }
    return {**preferred, **ours, **fixed}


def _ending(code: int | None) -> str:
    return f"killed by signal {-code}" if code is not None and code < 0 else f"exit code {code}"
