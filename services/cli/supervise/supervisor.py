"""Starts everything, watches it, and stops it in order: settings in, a running Tocsin and its exit out.

All processes are started on the main thread, which then watches them. Two other threads run meanwhile: the
receiver, which prints cards, and the one that feeds the samples.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from schemas.topics import ALL_TOPICS
from services.cli.cards import AlertBody
from services.cli.errors import CliError
from services.cli.stack import LocalStack, ServerProcess, StackError
from services.cli.supervise import run_file
from services.cli.supervise.data import begin_anew
from services.cli.supervise.flow import wake_groups
from services.cli.supervise.interrupts import Interrupts, StopAsked
from services.cli.supervise.local_receiver import (
    Inbox,
    alerting_environment,
    fresh_secret,
    make_receiver,
)
from services.cli.supervise.members import members
from services.cli.supervise.ports import check_ports
from services.cli.supervise.printer import Printer
from services.cli.supervise.readying import Readying
from services.cli.supervise.run_file import RunRecord
from services.cli.supervise.services import STOP_TIMEOUT_S, Service, make_services
from services.cli.supervise.settings import SERVICES, UpSettings
from services.common.kafka import create_topics

BROKEN_STOP_TIMEOUT_S = 3.0
"""Without their broker or cache the services have nothing to bring to an end."""
EARLIER_THAN_ALERTING = SERVICES[:-1]
"""They stop side by side: what is on its way between them stays on the topics."""
_LOOK_S = 0.1


@dataclass
class Supervisor:
    """One run of `tocsin up`."""

    settings: UpSettings
    printer: Printer
    interrupts: Interrupts
    secret: str = field(default_factory=fresh_secret)
    clock: Callable[[], float] = time.monotonic
    services: tuple[Service, ...] = ()
    stack: LocalStack | None = None

    def __post_init__(self) -> None:
        self.inbox = Inbox(lambda alert, came: self._card(alert, came.received_at), self.printer.step)
        self.first_alert_after: float | None = None
        self.killed = False
        self._began = datetime.now(UTC)

    @contextmanager
    def running(self, *, keep_data: bool) -> Iterator[None]:
        """Everything up and ready inside; on leaving, stopped in order. Main thread only.

        Raises `CliError` (another one runs on this folder) and `StackError`, with nothing left running.
        """
        settings = self.settings
        with run_file.exclusive(settings.tocsin_data):
            check_ports(settings.wanted_ports())
            self._data(keep_data)
            settings.logs.mkdir(parents=True, exist_ok=True)
            with make_receiver(settings, self.secret, self.inbox).on_thread() as receiver:
                self.printer.step(f"receiver: webhooks come to {receiver.url}")
                try:
                    self._start()
                    yield
                finally:
                    self._stop()

    def watch(self, until: Callable[[], bool]) -> None:
        """Return when `until` is true; meanwhile start a service again that died.

        Raises `StackError` where that does not help, or where broker or cache ended.
        """
        while not until():
            if self.printer.gone:
                raise CliError("nobody reads what is printed here any more")
            self._look()
            time.sleep(_LOOK_S)

    def _data(self, keep: bool) -> None:
        settings = self.settings
        if settings.kafka_bootstrap_servers or settings.redis_url:
            self.printer.step("data: whatever the given broker or cache holds")
        elif keep:
            self.printer.step(f"data: goes on with what is in {settings.tocsin_data}")
        elif begin_anew(settings.tocsin_data):
            self.printer.step(
                f"data: begins empty; the last run's is kept in {settings.tocsin_data}/previous"
            )

    def _start(self) -> None:
        """The services first: their imports take as long as the broker's start, for which they wait by themselves."""
        extra = {"alerting": alerting_environment(self.settings, self.secret, os.environ)}
        self.services = make_services(self.settings, extra, self.clock)
        for service in self.services:
            service.process.start()
        self._record()
        self.printer.step(f"services: {', '.join(s.name for s in self.services)} are starting")
        self.stack = LocalStack.start(self.printer.step, self.settings)
        self._record()
        wake_groups(self.stack.bootstrap)
        created = create_topics(self.stack.bootstrap, ALL_TOPICS)
        self.printer.step(f"topics: {len(created)} created, {len(ALL_TOPICS) - len(created)} were there")
        self._ready()

    def _ready(self) -> None:
        """Tell each service's readiness as it comes. Raises `StackError` where one is not ready in time."""
        waiting = Readying(self.services, self.printer.step, self.clock)
        self.watch(waiting.over)

    def _look(self) -> None:
        for service in self.services:
            if told := service.died():
                self.printer.step(told.split("\n")[0], style="bold red")
                self.printer.lines("\n".join(told.split("\n")[1:]))
                service.start_again()
                self._record()
                self.printer.step(f"{service.name} is started again")
        for server in self._servers():
            if not server.running:
                self.printer.step(f"{server.name} has ended; nothing runs without it", style="bold red")
                end = "\n  ".join(server.last_lines(12))
                raise StackError(f"{server.name} has ended (exit code {server.exit_code}).\n  {end}")

    def _servers(self) -> list[ServerProcess]:
        """Cache, then broker, as far as they were started here: the order of their stop."""
        if self.stack is None:
            return []
        return [server.process for server in (self.stack.redis, self.stack.kafka) if server]

    def _card(self, alert: AlertBody, received_at: datetime) -> None:
        if self.first_alert_after is None:
            self.first_alert_after = self.printer.elapsed
        self.printer.card(alert, received_at)

    def _record(self) -> None:
        """Tell `tocsin status` and `tocsin down` of what runs."""
        record = RunRecord(
            supervisor_pid=os.getpid(),
            started_at=self._began,
            bootstrap_servers=self.settings.bootstrap,
            members=members(self.settings, self.services, self.stack),
        )
        run_file.write(self.settings.tocsin_data, record)

    def _stop(self) -> None:
        """Alerting after the other services, so that what it has begun is delivered; then cache, then broker."""
        processes = [*(service.process for service in self.services), *self._servers()]
        left = [process for process in processes if process.running]
        if not left:
            return
        self.printer.step("stopping; Ctrl-C again kills")
        try:
            broken = not all(server.running for server in self._servers())
            for process in left:
                if broken or process.name in EARLIER_THAN_ALERTING:
                    process.terminate()
            for process in left:
                process.stop(BROKEN_STOP_TIMEOUT_S if broken else STOP_TIMEOUT_S)
                killed = " (killed: it did not end in time)" if process.exit_code == -9 else ""
                self.printer.step(f"stopped: {process.name}{killed}")
        except StopAsked:
            self.interrupts.ignore()
            self.killed = True
            for process in left:
                process.kill()
            self.printer.step("killed what was left")
