"""The data of a run: an empty broker and cache for each, the run before kept aside, unless asked to go on."""

import shutil
from pathlib import Path

from services.cli.stack.kafka_server import FORMATTED_BY, KAFKA_VERSION

PARTS = ("kafka", "redis")
PREVIOUS = "previous"

_FORMAT = ("data/meta.properties", "data/bootstrap.checkpoint", FORMATTED_BY)
"""What Kafka's storage tool writes into an empty folder, and the broker never changes."""


def begin_anew(folder: Path) -> bool:
    """Move the last run's data to `previous/`, in place of what was there. True where there was any.

    Broker and cache go together: the cache holds what was read from that broker.
    """
    there = [folder / part for part in PARTS if (folder / part).exists()]
    if not there:
        return False
    previous = folder / PREVIOUS
    shutil.rmtree(previous, ignore_errors=True)
    previous.mkdir(parents=True, exist_ok=True)
    for path in there:
        path.replace(previous / path.name)
    _format_like(previous / "kafka", folder / "kafka")
    return True


def _format_like(old: Path, new: Path) -> None:
    """Give the new broker the empty storage that the old one began with: the tool takes a JVM's start to write it."""
    if not all((old / name).is_file() for name in _FORMAT):
        return
    if (old / FORMATTED_BY).read_text() != KAFKA_VERSION:
        return
    (new / "data").mkdir(parents=True)
    for name in _FORMAT:
        shutil.copyfile(old / name, new / name)
