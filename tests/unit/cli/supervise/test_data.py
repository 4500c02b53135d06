"""Each run begins empty, and the last one's data is kept aside."""

from pathlib import Path

from services.cli.stack.kafka_server import KAFKA_VERSION
from services.cli.supervise.data import begin_anew


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _used(folder: Path, mark: str, version: str = KAFKA_VERSION) -> None:
    for name in ("data/meta.properties", "data/bootstrap.checkpoint", "data/conflict.report.v1-0/0.log"):
        _write(folder / "kafka" / name, f"{mark} {name}")
    _write(folder / "kafka" / "formatted-by", version)
    _write(folder / "redis" / "appendonly", mark)


def test_a_first_run_has_nothing_to_keep(tmp_path: Path) -> None:
    assert not begin_anew(tmp_path)
    assert not (tmp_path / "previous").exists()


def test_the_last_runs_data_replaces_what_was_kept_before(tmp_path: Path) -> None:
    for mark in ("first", "second"):
        _used(tmp_path, mark)
        assert begin_anew(tmp_path)
    assert (tmp_path / "previous/redis/appendonly").read_text() == "second"
    assert (tmp_path / "previous/kafka/data/conflict.report.v1-0/0.log").exists()
    assert not (tmp_path / "redis").exists()


def test_the_new_broker_has_the_format_of_the_old_one_and_no_record_of_it(tmp_path: Path) -> None:
    _used(tmp_path, "old")
    begin_anew(tmp_path)
    files = {
        str(path.relative_to(tmp_path / "kafka"))
        for path in (tmp_path / "kafka").rglob("*")
        if path.is_file()
    }
    assert files == {"data/meta.properties", "data/bootstrap.checkpoint", "formatted-by"}


def test_the_format_of_another_kafka_is_not_taken_over(tmp_path: Path) -> None:
    _used(tmp_path, "old", version="3.9.0")
    begin_anew(tmp_path)
    assert not (tmp_path / "kafka").exists()
