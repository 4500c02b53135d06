"""Who runs here: a lock that a running `tocsin up` holds, and `run.json` beside it, which tells of its processes."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from schemas.base import Model, UtcDatetime
from services.cli.errors import CliError

LOCK, RECORD = "run.lock", "run.json"


class Member(Model):
    """One part of a running Tocsin."""

    name: str
    pid: int | None
    """None: a broker or cache that was given, or that is not running now."""
    port: int | None
    log: str | None = None
    pages: bool = False
    """Whether /readyz is there to ask."""


class RunRecord(Model):
    """A running Tocsin, as its supervisor tells of it."""

    supervisor_pid: int
    started_at: UtcDatetime
    bootstrap_servers: str
    members: tuple[Member, ...] = ()


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the folder. Raises `CliError` where a running Tocsin does; the kernel ends a dead one's hold."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("ab") as lock:
        if not _taken_soon(lock):
            raise CliError(_busy(folder))
        try:
            yield
        finally:
            (folder / RECORD).unlink(missing_ok=True)


def running(folder: Path) -> bool:
    """Whether a Tocsin runs on this folder."""
    try:
        with (folder / LOCK).open("rb") as lock:
            return not _taken(lock)
    except FileNotFoundError:
        return False


def write(folder: Path, record: RunRecord) -> None:
    """Replace `run.json` as a whole: a reader never sees half of it."""
    aside = folder / f"{RECORD}.new"
    aside.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
    aside.replace(folder / RECORD)


def read(folder: Path) -> RunRecord | None:
    """What runs on the folder; None where nothing does, or where a start has not come so far."""
    if not running(folder):
        return None
    try:
        return RunRecord.model_validate_json((folder / RECORD).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def _taken_soon(lock: IO[bytes]) -> bool:
    """`tocsin status` takes the lock for a moment, to see whether it is free: that is no running Tocsin."""
    for _ in range(10):
        if _taken(lock):
            return True
        time.sleep(0.03)
    return False


def _taken(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy(folder: Path) -> str:
    record = read(folder)
    who = f" (pid {record.supervisor_pid}, since {record.started_at:%H:%M:%S} UTC)" if record else ""
    return (
        f"Tocsin runs on {folder} already{who}. `tocsin status` shows it and `tocsin down` stops it; to run a second "
        "one, set TOCSIN_DATA to another folder and give it other ports."
    )
