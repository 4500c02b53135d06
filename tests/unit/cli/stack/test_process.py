"""A server process: its end is noticed, its last words are shown, and a paused one can be stopped."""

import sys
import threading
from pathlib import Path

import pytest

from services.cli.stack.errors import StackError
from services.cli.stack.process import ServerProcess


def python(tmp_path: Path, code: str) -> ServerProcess:
    return ServerProcess("Siren", [sys.executable, "-c", code], tmp_path / "siren.log")


def test_an_early_end_shows_exit_code_and_last_lines(tmp_path: Path) -> None:
    process = python(tmp_path, "print('no such horn'); raise SystemExit(3)")
    process.start()
    with pytest.raises(StackError, match=r"Siren ended while starting \(exit code 3\)(.|\n)*no such horn"):
        process.wait_ready(lambda: False, timeout_s=10)


def test_a_deadline_that_passes_is_an_error(tmp_path: Path) -> None:
    process = python(tmp_path, "import time; time.sleep(60)")
    process.start()
    try:
        with pytest.raises(StackError, match="Siren was not ready within 0 s"):
            process.wait_ready(lambda: False, timeout_s=0)
    finally:
        process.kill()


def test_a_paused_process_can_be_stopped(tmp_path: Path) -> None:
    process = python(tmp_path, "import time; time.sleep(60)")
    process.start()
    process.pause()
    process.stop()
    assert not process.running


def test_one_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    code = f"import signal, time, pathlib; signal.signal(15, signal.SIG_IGN); pathlib.Path({str(ready)!r}).touch()"
    process = python(tmp_path, code + "; time.sleep(60)")
    process.start()
    process.wait_ready(ready.exists, timeout_s=10)
    process.stop(timeout_s=0.2)
    assert not process.running


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    process = ServerProcess("Siren", ["/no/such/program"], tmp_path / "siren.log")
    with pytest.raises(StackError, match="Siren cannot be started: /no/such/program: No such file"):
        process.start()


def test_what_does_not_run_cannot_be_paused(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="Siren is not running"):
        python(tmp_path, "").pause()


@pytest.mark.skipif(sys.platform != "linux", reason="the rule is Linux's")
def test_a_start_off_the_main_thread_is_refused(tmp_path: Path) -> None:
    process = python(tmp_path, "")
    errors: list[RuntimeError] = []

    def start() -> None:
        try:
            process.start()
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(errors[0])


def test_the_environment_is_the_given_one_and_the_exit_code_is_told(tmp_path: Path) -> None:
    code = "import os, sys; sys.exit(int(os.environ['SIREN']))"
    process = ServerProcess("Siren", [sys.executable, "-c", code], tmp_path / "siren.log", {"SIREN": "7"})
    assert process.exit_code is None
    process.start()
    with pytest.raises(StackError, match="exit code 7"):
        process.wait_ready(lambda: False, timeout_s=10)
    assert process.exit_code == 7
