"""Feeds the samples on a thread of its own, waits until all they caused is done, and tells how it went."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import httpx

from services.cli.errors import CliError
from services.cli.post import Poster
from services.cli.supervise.flow import FlowState, flow_of
from services.cli.supervise.local_receiver import Inbox
from services.cli.supervise.printer import Printer
from services.cli.supervise.samples import Fed, feed, read_samples
from services.cli.supervise.settings import UpSettings
from services.cli.supervise.words import summary
from services.common.kafka import BrokerError

PAUSE_S = 0.25
"""Between two samples: a reader can follow, and an update comes after what it updates."""

SETTLE_TIMEOUT_S = 30.0


@dataclass
class Feeder:
    """`start` it on any thread; `done` is set when all is told, `problem` is why nothing was."""

    settings: UpSettings
    printer: Printer
    inbox: Inbox
    first_alert_after: Callable[[], float | None]
    stop: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    defect: Exception | None = None

    def start(self) -> None:
        """Feed in the background."""
        threading.Thread(target=self._run, name="feeder", daemon=True).start()

    def _run(self) -> None:
        try:
            self._feed_and_tell()
        except (CliError, BrokerError) as error:
            self.printer.step(f"samples: {error}", style="bold red")
        except Exception as error:
            self.defect = error  # raised again on the main thread, where errors are told
        finally:
            self.done.set()

    def _feed_and_tell(self) -> None:
        dead_before = self._dead() if self.settings.kafka_bootstrap_servers else 0
        fed = self._feed()
        state = self._settled()
        if not self.stop.is_set():
            state = replace(state, dead=state.dead - dead_before)
            alerts, urls = len(self.inbox.alerts), self.inbox.urls()
            self.printer.step(summary(fed, alerts, urls, self.first_alert_after(), state), style="bold")

    def _dead(self) -> int:
        """Dead letters that a given broker holds from before."""
        with flow_of(self.settings.bootstrap) as flow:
            return flow.look().dead

    def _feed(self) -> Fed:
        samples = read_samples()
        self.printer.step(f"feeding {len(samples)} sample reports (invented) to ingest")
        fed = Fed()
        with httpx.Client(trust_env=False) as client:
            url = f"http://127.0.0.1:{self.settings.ingest_port}"
            poster = Poster(client, url, waited=self.printer.step)
            for sample, became in feed(samples, poster, lambda: datetime.now(UTC), self._pause, fed):
                trap = f"  [trap: {sample.trap}]" if sample.trap else ""
                self.printer.step(f"{became or 'report'}: {sample.publisher}: {sample.title}{trap}")
        return fed

    def _pause(self) -> bool:
        return self.stop.wait(PAUSE_S)

    def _settled(self) -> FlowState:
        """Wait until nothing waits anywhere; at most `SETTLE_TIMEOUT_S`."""
        deadline = time.monotonic() + SETTLE_TIMEOUT_S
        with flow_of(self.settings.bootstrap) as flow:
            state = flow.look()
            while not state.settled and time.monotonic() < deadline and not self.stop.wait(0.2):
                state = flow.look()
        return state
