"""What is printed without a terminal: plain lines, at once, nothing of others' control characters."""

import io

import pytest
from rich.console import Console

from services.cli.supervise.printer import Printer


def test_lines_are_plain_and_never_wrapped() -> None:
    out = io.StringIO()
    printer = Printer(Console(file=out), started=100.0, clock=lambda: 103.25)
    printer.step("broker: " + "x" * 300, style="bold red")
    printer.lines("two\n[bold]lines\x1b[2J")
    assert out.getvalue() == "    3.2 s  broker: " + "x" * 300 + "\ntwo\n[bold]lines [2J\n"


class _Flushed(io.StringIO):
    flushes = 0

    def flush(self) -> None:
        self.flushes += 1


def test_each_line_is_flushed() -> None:
    out = _Flushed()
    printer = Printer(Console(file=out), started=0.0, clock=lambda: 0.0)
    for number in range(3):
        printer.step(str(number))
    assert out.flushes >= 3


def test_a_reader_that_went_away_is_noted_and_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(5, "the terminal is gone")

    monkeypatch.setattr("services.cli.supervise.printer._silence", lambda: None)
    printer = Printer(Console(file=Broken()), started=0.0, clock=lambda: 0.0)
    printer.step("one")
    printer.step("two")
    assert printer.gone
