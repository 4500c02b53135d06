"""A service that dies: told with the end of its log, started again, and not for ever."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from services.cli.stack import ServerProcess, StackError
from services.cli.supervise.services import RESTARTS, RESTARTS_WITHIN_S, Service, environment
from services.cli.supervise.settings import load
from tests.processes import eventually


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def _service(folder: Path, code: str, clock: Callable[[], float]) -> Service:
    process = ServerProcess("nlp", [sys.executable, "-c", code], folder / "nlp.log")
    process.start()
    return Service("nlp", 18002, process, clock)


def _ended(service: Service) -> str:
    return eventually(lambda: service.died() or "", within=20, every=0.01)


def test_a_service_that_runs_has_nothing_to_tell(tmp_path: Path) -> None:
    service = _service(tmp_path, "import time; time.sleep(60)", Clock())
    try:
        assert service.died() is None
    finally:
        service.process.kill()
    assert "killed by signal 9" in (service.died() or "")


def test_a_death_is_told_with_the_end_of_the_log_which_is_kept(tmp_path: Path) -> None:
    service = _service(tmp_path, "print('the reason'); raise SystemExit(1)", Clock())
    told = _ended(service)
    assert told.startswith("nlp has ended (exit code 1)")
    assert "the reason" in told
    service.start_again()
    _ended(service)
    assert "the reason" in (tmp_path / "nlp.1.log").read_text()


def test_it_is_started_again_only_so_often_in_so_long(tmp_path: Path) -> None:
    clock = Clock()
    service = _service(tmp_path, "raise SystemExit(1)", clock)
    for _ in range(RESTARTS):
        _ended(service)
        service.start_again()
    _ended(service)
    with pytest.raises(StackError, match=f"nlp has ended {RESTARTS + 1} times"):
        service.start_again()
    clock.now = RESTARTS_WITHIN_S + 1  # the deaths of long ago are forgiven
    service.start_again()
    _ended(service)


def test_a_wrong_setting_is_not_tried_again(tmp_path: Path) -> None:
    service = _service(tmp_path, "raise SystemExit(2)", Clock())
    _ended(service)
    with pytest.raises(StackError, match="cannot use a setting"):
        service.start_again()


def test_the_environment_fixes_addresses_and_leaves_the_rest_to_the_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    settings = load({"kafka_port": 19092, "nlp_port": 18002})
    ours = {"LOG_FORMAT": "json", "HTTP_PORT": "1", "PATH": "/bin"}
    made = environment(settings, settings.nlp_port, ours)
    assert (made["HTTP_PORT"], made["KAFKA_BOOTSTRAP_SERVERS"]) == ("18002", "127.0.0.1:19092")
    assert (made["LOG_FORMAT"], made["PATH"]) == ("json", "/bin")
    assert environment(settings, 18002, {})["LOG_FORMAT"] == "text"
