"""Prints what `tocsin up` does, a line at a time, from several threads; cards on a terminal, plain text elsewhere."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.text import Text

from services.cli.cards import AlertBody, show
from services.cli.output import printable


class Printer:
    """Each line carries the seconds since the start; nothing is wrapped, moved or coloured without a terminal."""

    def __init__(self, console: Console, started: float, clock: Callable[[], float] = time.time) -> None:
        """started: when the command began, on `clock`."""
        self._console, self._started, self._clock = console, started, clock
        self._lock = threading.RLock()
        self.gone = False
        """Nobody reads our lines any more."""

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self._clock() - self._started

    def step(self, text: str, style: str = "") -> None:
        """One step, as it happens."""
        self._print(Text(f"{self.elapsed:7.1f} s  ", style="dim"), Text(printable(text), style=style))

    def lines(self, text: str) -> None:
        """Lines without a time: what to try next, the end of a log."""
        for line in text.splitlines():
            self._print(Text(printable(line)))

    def card(self, alert: AlertBody, received_at: datetime) -> None:
        """An alert that came."""
        with self._writing():
            show(self._console, alert, received_at)

    def _print(self, *parts: Text) -> None:
        with self._writing():
            self._console.print(Text.assemble(*parts), soft_wrap=True, highlight=False)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One writer at a time; a reader who has gone is noted, and ends nothing half-way."""
        with self._lock:
            try:
                yield
            except (OSError, SystemExit):  # rich makes a SystemExit of a broken pipe
                self.gone = True
                _silence()


def _silence() -> None:
    """What is still buffered would fail again at the interpreter's end: let it go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
