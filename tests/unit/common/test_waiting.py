"""Waiting for what cannot be reached: told while it lasts, and not longer."""

import pytest

from services.common.health import Health
from services.common.retry import OutageError
from services.common.waiting import Waiter


class Away:
    """Cannot be reached for so many attempts."""

    def __init__(self, attempts: int) -> None:
        self._left = attempts

    async def __call__(self) -> str:
        self._left -= 1
        if self._left >= 0:
            raise OutageError("projection", "another worker moves the mark")
        return "reached"


async def test_an_outage_is_told_until_it_is_over() -> None:
    health, told = Health(), []

    async def sleep(_: float) -> None:
        told.append(dict(health.problems))

    assert await Waiter(health, sleep=sleep).through_outages(Away(2)) == "reached"
    assert len(told) == 2 and all("projection" in problems for problems in told)
    assert "projection" not in health.problems


async def test_who_stops_waiting_is_held_up_no_more() -> None:
    """A rebalance began meanwhile: the partition, and what it waited for, are another worker's."""
    health = Health()

    async def rebalanced(_: float) -> None:
        raise RuntimeError("a rebalance began")

    with pytest.raises(RuntimeError):
        await Waiter(health, sleep=rebalanced).through_outages(Away(9))
    assert "projection" not in health.problems
