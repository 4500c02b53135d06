"""`tocsin up` as a user without a terminal runs it: cards, what to try next, Ctrl-C, and nothing left behind."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from services.cli.stack.ports import free_port
from services.cli.supervise.samples import read_samples
from tests.processes import ROOT, eventually

PORTS = ("INGEST", "NLP", "DEDUP", "ALERTING", "RECEIVER", "KAFKA", "REDIS")
GIVEN = ("KAFKA_BOOTSTRAP_SERVERS", "REDIS_URL", "ALERTING_SUBSCRIPTIONS")

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(600)]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Random ports, and a data folder of the test's own."""
    own = {f"{name}_PORT": str(free_port()) for name in PORTS}
    rest = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return {**rest, **own, "TOCSIN_DATA": str(tmp_path / "data"), "KAFKA_HEAP": "256m"}


class Run:
    """One `tocsin up`, its lines read as they come."""

    def __init__(self, environ: dict[str, str], *arguments: str) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "up", *arguments],
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)

    @property
    def text(self) -> str:
        """All that was printed so far."""
        return "".join(self.lines)

    def shows(self, pattern: str, within: float = 150.0) -> str:
        """Wait for a line; the first that fits."""

        def look() -> str | None:
            assert self.process.poll() is None, self.text
            return next((line for line in [*self.lines] if re.search(pattern, line)), None)

        return eventually(look, within=within, what=f"{pattern!r} is shown") or ""

    def ends(self, within: float = 90.0) -> int:
        """Its exit code, all its output read."""
        code = self.process.wait(within)
        self._reader.join(10)
        return code


@pytest.fixture
def runs(environ: dict[str, str]) -> Iterator[list[Run]]:
    """Takes every run of a test; none outlives it."""
    made: list[Run] = []
    yield made
    for run in made:
        if run.process.poll() is None:
            children = psutil.Process(run.process.pid).children(recursive=True)
            for process in [*children, run.process]:
                process.kill()


def _started(run: Run) -> list[psutil.Process]:
    return psutil.Process(run.process.pid).children(recursive=True)


def test_twice_in_a_row_cards_come_and_ctrl_c_leaves_nothing_behind(
    environ: dict[str, str], runs: list[Run]
) -> None:
    for _ in range(2):
        run = Run(environ)
        runs.append(run)
        run.shows(r"^ALERT \w+ incident\.created ")
        run.shows("Try next")
        children = _started(run)
        assert len(children) == 6, [child.cmdline() for child in children]
        run.process.send_signal(signal.SIGINT)
        assert run.ends() == 0, run.text
        assert not [child for child in children if child.is_running()], run.text
        assert "\x1b" not in run.text
        assert "Traceback" not in run.text
        _tells_of_the_samples(run.text)


def _tells_of_the_samples(text: str) -> None:
    samples = read_samples()
    assert f"{len(samples)} reports fed: " in text
    assert "traps stayed silent" in text, text
    assert text.index("stopped: ingest") < text.index("stopped: alerting") < text.index("stopped: Redis")


def test_while_it_runs_it_is_seen_refuses_a_second_one_and_can_be_stopped_from_elsewhere(
    environ: dict[str, str], runs: list[Run]
) -> None:
    run = Run(environ, "--no-samples")
    runs.append(run)
    run.shows("Try next")
    children = _started(run)

    status = _tocsin(environ, "status")
    assert status.returncode == 0, status.stdout + status.stderr
    assert re.search(rf"nlp +\d+ +{environ['NLP_PORT']} +yes", status.stdout)

    second = _tocsin(environ, "up")
    assert second.returncode == 1
    assert f"runs on {environ['TOCSIN_DATA']} already (pid {run.process.pid}" in second.stderr

    elsewhere = _tocsin({**environ, "TOCSIN_DATA": environ["TOCSIN_DATA"] + "-2"}, "up")
    assert elsewhere.returncode == 1
    assert f"ingest needs port {environ['INGEST_PORT']}, which is in use" in elsewhere.stderr
    assert "INGEST_PORT" in elsewhere.stderr

    nlp = next(child for child in children if "services.nlp" in child.cmdline())
    nlp.kill()
    run.shows(r"nlp has ended \(killed by signal 9\)")
    run.shows("nlp is started again")
    eventually(
        lambda: _tocsin(environ, "status").returncode == 0, within=60, every=1.0, what="nlp is ready again"
    )

    down = _tocsin(environ, "down")
    assert (down.returncode, down.stderr) == (0, "")
    assert run.ends() == 0, run.text
    assert not [child for child in children if child.is_running()]
    assert _tocsin(environ, "status").returncode == 1
    assert "nothing runs" in _tocsin(environ, "down").stdout


def test_ctrl_c_during_the_start_leaves_nothing_behind(environ: dict[str, str], runs: list[Run]) -> None:
    run = Run(environ)
    runs.append(run)
    run.shows("cache: ")
    children = _started(run)
    run.process.send_signal(signal.SIGINT)
    assert run.ends() == 0, run.text
    assert not [child for child in children if child.is_running()]
    assert "Traceback" not in run.text


def _tocsin(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.cli", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=False
    )
