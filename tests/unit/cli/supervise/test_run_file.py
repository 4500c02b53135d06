"""One Tocsin a folder: the lock, and the record of what runs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.cli.errors import CliError
from services.cli.supervise import run_file
from services.cli.supervise.run_file import Member, RunRecord

RECORD = RunRecord(
    supervisor_pid=4711,
    started_at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
    bootstrap_servers="127.0.0.1:19092",
    members=(Member(name="nlp", pid=4712, port=18002, log="nlp.log", pages=True),),
)


def test_nothing_runs_on_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert not run_file.running(tmp_path / "none")
    assert run_file.read(tmp_path / "none") is None


def test_what_runs_is_read_back_as_written(tmp_path: Path) -> None:
    with run_file.exclusive(tmp_path):
        assert run_file.running(tmp_path)
        assert run_file.read(tmp_path) is None  # a start that has not come so far
        run_file.write(tmp_path, RECORD)
        assert run_file.read(tmp_path) == RECORD
    assert not run_file.running(tmp_path)
    assert run_file.read(tmp_path) is None


def test_a_second_one_is_refused_with_the_pid_of_the_first(tmp_path: Path) -> None:
    with run_file.exclusive(tmp_path):
        run_file.write(tmp_path, RECORD)
        refused = pytest.raises(CliError, match=r"already \(pid 4711, since 12:30:00 UTC\).*tocsin down")
        with refused, run_file.exclusive(tmp_path):
            pass
        assert run_file.read(tmp_path) == RECORD  # the refused one took nothing away


def test_the_record_of_one_that_crashed_counts_for_nothing(tmp_path: Path) -> None:
    run_file.write(tmp_path, RECORD)
    assert run_file.read(tmp_path) is None
    with run_file.exclusive(tmp_path):
        pass
