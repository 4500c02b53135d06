"""Services as processes of their own, for tests that stop, kill and freeze them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import httpx

T = TypeVar("T")

ROOT = Path(__file__).parent.parent


def eventually(probe: Callable[[], T], *, within: float = 60.0, every: float = 0.1, what: str = "") -> T:
    """The first true result of `probe`; fails with its last result after `within` seconds."""
    deadline = time.monotonic() + within
    while True:
        result = probe()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:.0f} s: {what or probe} (last: {result!r})")
        time.sleep(every)


class ServiceProcess:
    """`python -m MODULE ARGUMENTS` with an environment, its output in a file; has health pages on `port`."""

    def __init__(
        self, module: str, port: int, env: Mapping[str, str], log: Path, arguments: Sequence[str] = ()
    ) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self._command = [sys.executable, "-m", module, *arguments]
        self._env = {**os.environ, **env}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "ServiceProcess":
        """Start it, or start it anew after its end."""
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._env, stdout=out, stderr=subprocess.STDOUT
            )
        return self

    def ready(self, within: float = 60.0) -> "ServiceProcess":
        """Wait until `/readyz` says so."""
        eventually(self._answers, within=within, what=f"{self._command[2]} ready; see {self.log}")
        return self

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"ended with {self._process.returncode}:\n{self.tail()}")
        return self.readyz() == 200

    def readyz(self) -> int:
        """Its status; 0 where nothing answers."""
        try:
            return httpx.get(self.url + "/readyz", timeout=2.0).status_code
        except httpx.TransportError:
            return 0

    def problems(self) -> str:
        """Why it is not ready."""
        return httpx.get(self.url + "/readyz", timeout=2.0).text

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's series that carry the labels."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        lines = httpx.get(self.url + "/metrics", timeout=5.0).text.splitlines()
        mine = [line for line in lines if line.split("{")[0].split(" ")[0] == name]
        return sum(float(line.rsplit(" ", 1)[1]) for line in mine if all(w in line for w in wanted))

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def ended(self) -> bool:
        """Whether it ended of its own accord."""
        return self._process is not None and self._process.poll() is not None

    def kill(self) -> None:
        """End it as a crash does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait(10)

    def leave(self, within: float = 10.0) -> None:
        """End it cleanly, or else as a crash does."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()

    def terminate(self, within: float = 30.0) -> int:
        """End it as an operator does; the exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(within)

    def tail(self, lines: int = 40) -> str:
        """The end of its output."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
