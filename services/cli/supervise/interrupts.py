"""Signals in, one exception out: a first Ctrl-C asks for the clean stop, a second one breaks it off."""

import signal
from types import FrameType, TracebackType
from typing import Self

_NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(BaseException):
    """Ctrl-C, SIGTERM, or the terminal went away. Raised on the main thread, wherever it is."""


class Interrupts:
    """While it is entered, those signals raise `StopAsked`; main thread only."""

    def __enter__(self) -> Self:
        self._before = {number: signal.getsignal(number) for number in _NUMBERS}
        for number in _NUMBERS:
            signal.signal(number, self._asked)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def ignore(self) -> None:
        """From now on the signals do nothing: what is left to do is short, and must be done."""
        for number in _NUMBERS:
            signal.signal(number, signal.SIG_IGN)

    def _asked(self, number: int, _: FrameType | None) -> None:
        raise StopAsked(signal.Signals(number).name)
