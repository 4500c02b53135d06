"""What commands print with: answers on stdout, everything about them on stderr; nothing that moves the cursor."""

import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH_WITHOUT_TERMINAL = 160


def say(text: str) -> None:
    """One line of the answer, as it is, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def remark(text: str) -> None:
    """One line about the answer."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table; wide enough to lose nothing where no terminal limits it."""
    shown = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        shown.add_row(*(Text(printable(cell)) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL)
    console.print(shown)


def printable(text: str) -> str:
    """Text of others, made harmless to a terminal: no control characters."""
    return "".join(char if char.isprintable() else " " for char in text)


def shortened(text: str, limit: int) -> str:
    """One printable line of at most `limit` characters."""
    line = " ".join(printable(text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
