"""Signals as one exception, and none once the end is under way."""

import os
import signal

import pytest

from services.cli.supervise.interrupts import Interrupts, StopAsked


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_asks_for_the_stop(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Interrupts(), pytest.raises(StopAsked, match=number.name):
        os.kill(os.getpid(), number)
        signal.pause()
    assert signal.getsignal(number) == before


def test_when_told_to_ignore_them_it_does() -> None:
    with Interrupts() as interrupts:
        interrupts.ignore()
        os.kill(os.getpid(), signal.SIGINT)
