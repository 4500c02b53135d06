"""How far each file was sent, kept in a file: an interrupted `tocsin ingest` goes on where it was."""

import hashlib
from collections import Counter
from pathlib import Path

from pydantic import BaseModel, ValidationError

from services.cli.errors import CliError
from services.cli.reports import STDIN

HEAD_BYTES = 64 * 1024


class _Mark(BaseModel):
    head: str
    """Hash of the file's beginning: another file of the same name begins anew."""
    settled: int


class _Marks(BaseModel):
    files: dict[str, _Mark] = {}


class Bookmarks:
    """The marks of one file of marks; none are kept where there is no such file."""

    def __init__(self, path: Path | None) -> None:
        """Raises `CliError` where the file holds something else."""
        self._path = path
        self._marks = _read(path) if path else _Marks()
        self._heads: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def settled(self, name: str) -> int:
        """How many reports of the file were settled before."""
        mark = self._marks.files.get(_key(name))
        if self._path is None or name == STDIN or mark is None or mark.head != self._head(name):
            return 0
        return mark.settled

    def skip(self, name: str, count: int) -> None:
        """Count those that were settled before."""
        self._counts[name] = count

    def settle(self, name: str) -> None:
        """One report more."""
        self._counts[name] += 1

    def save(self) -> None:
        """Write the marks, whole or not at all."""
        if self._path is None:
            return
        for name, count in self._counts.items():
            if count and name != STDIN:
                self._marks.files[_key(name)] = _Mark(head=self._head(name), settled=count)
        beside = self._path.with_name(self._path.name + ".new")
        beside.write_text(self._marks.model_dump_json(), encoding="utf-8")
        beside.replace(self._path)

    def _head(self, name: str) -> str:
        """Of the first line, or of so much of it: a file that has grown at its end is the same file."""
        if name not in self._heads:
            with Path(name).open("rb") as file:
                self._heads[name] = hashlib.sha256(file.readline(HEAD_BYTES)).hexdigest()
        return self._heads[name]


def _key(name: str) -> str:
    return str(Path(name).resolve())


def _read(path: Path) -> _Marks:
    try:
        return _Marks.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return _Marks()
    except (OSError, ValidationError) as error:
        raise CliError(
            f"{path} holds no marks of an earlier run ({type(error).__name__}): name another file with --resume, "
            "or remove it to begin anew."
        ) from None
