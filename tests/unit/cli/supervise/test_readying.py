"""Waiting for services: each told once, long waits told with their reason, and not for ever."""

from pathlib import Path

import pytest

from services.cli.stack import ServerProcess, StackError
from services.cli.supervise.probe import Readiness
from services.cli.supervise.readying import PATIENCE_S, TIMEOUT_S, Readying
from services.cli.supervise.services import Service


class World:
    """A clock and the readiness of ports, as a test sets them."""

    def __init__(self, folder: Path) -> None:
        self.now, self.ready, self.told = 0.0, set[int](), list[str]()
        names = {"nlp": 18002, "dedup": 18003}
        self.services = [
            Service(name, port, ServerProcess(name, ["true"], folder / f"{name}.log"), self.clock)
            for name, port in names.items()
        ]
        self.waiting = Readying(self.services, self.told.append, self.clock, self.probe)

    def clock(self) -> float:
        return self.now

    def probe(self, port: int) -> Readiness:
        return Readiness(port in self.ready, "start: starting")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_each_is_told_once_as_it_comes(world: World) -> None:
    assert not world.waiting.over()
    world.ready.add(18003)
    assert not world.waiting.over()
    world.ready.add(18002)
    assert world.waiting.over()
    assert [line.split(",")[0] for line in world.told] == ["ready: dedup", "ready: nlp"]


def test_a_long_wait_is_told_now_and_then_with_its_reason(world: World) -> None:
    world.ready.add(18003)
    for second in range(int(2.5 * PATIENCE_S)):
        world.now = float(second)
        world.waiting.over()
    waits = [
        line for line in world.told if line.startswith("still waiting for nlp (start: starting; its log is ")
    ]
    assert len(waits) == 2


def test_it_ends_with_an_error_that_names_who_is_late_and_where_to_look(world: World) -> None:
    world.now = TIMEOUT_S + 1
    with pytest.raises(StackError, match=r"nlp \(start: starting; its log is .*nlp\.log\), dedup"):
        world.waiting.over()
