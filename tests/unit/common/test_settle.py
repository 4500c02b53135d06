"""One record settled: decided again where it must be, waited for, tried again, or dead-lettered with its reason."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from schemas.base import Record
from schemas.envelope import Envelope, Headers
from schemas.failure import FailureReason
from schemas.topics import Topic
from services.common.dead_letter import REASON, DeadLetterLimit
from services.common.health import Health
from services.common.message import Message, Out, Stages
from services.common.projection import StaleProjectionError
from services.common.retry import OutageError, RetryLater, Unprocessable
from services.common.settle import Limits, Raw, Settler
from services.common.waiting import Waiter
from services.common.writer import NotAssignedError, Writer


class Ping(Record):
    """A record."""

    id: str


IN = Topic("test.in.v1", "key", Ping, "in")
OUT = Topic("test.out.v1", "key", Ping, "out", max_bytes=1000)
GOOD = Envelope(id="1", source="/t", type="t", subject="k").to_headers()


def raw(value: bytes | None = b'{"id":"1"}', headers: Headers = GOOD) -> Raw:
    return Raw(IN, 4, 7, b"k", value, headers, 0.0)


class Broker:
    """Keeps what is sent; fails as often as told."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, int | None, dict[str, bytes]]] = []
        self.failures = 0

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, partition: int | None, headers: Headers
    ) -> Awaitable[tuple[int, int]]:
        if self.failures:
            self.failures -= 1
            raise OutageError("broker", "down")
        self.sent.append((topic, partition, dict(headers)))
        placed: asyncio.Future[tuple[int, int]] = asyncio.get_running_loop().create_future()
        placed.set_result((partition or 0, len(self.sent)))
        return placed


class Guard:
    """Every record is fresh, or none."""

    def __init__(self, fresh: bool = True) -> None:
        self.fresh = fresh

    async def begin(self, record: str) -> bool:
        return self.fresh

    async def finish(self, record: str) -> None:
        pass


class Switch:
    """Counts what died; a limit that is never reached."""

    def __init__(self) -> None:
        self.limit = DeadLetterLimit(100, 1.0, 100)
        self.died = 0

    async def record(self, died: bool) -> bool:
        self.died += died
        return False

    async def stopped(self) -> str | None:
        return None

    async def resumed(self) -> None:
        pass


class FakeProjection:
    """Counts how often it was read again."""

    def __init__(self) -> None:
        self.refreshed: list[int] = []

    async def refresh(self, partition: int) -> None:
        self.refreshed.append(partition)


class Bench:
    """A settler over fakes; `behaviours` are what the handler does, one a call."""

    def __init__(self, *behaviours: BaseException | None, fresh: bool = True, owned: bool = True) -> None:
        self.broker, self.projection, self.switch = Broker(), FakeProjection(), Switch()
        self.behaviours = deque(behaviours)
        self.slept: list[float] = []
        self.now = 0.0
        self.duration = 0.0
        self.calls = 0
        self.written_calls = 0
        self.big = False
        self.health = Health()
        writer = Writer("test", self.broker, lambda partition: owned)
        self.settler = Settler(
            service="test",
            step=self,
            writer=writer,
            producer=self.broker,
            projections=[self.projection],  # type: ignore[list-item]
            guard=Guard(fresh),  # type: ignore[arg-type]
            switch=self.switch,  # type: ignore[arg-type]
            waiter=Waiter(self.health, sleep=self._sleep),
            limits=Limits(max_retries=2, watchdog_seconds=30, lease_seconds=5),
            clock=lambda: self.now,
        )

    topic = IN

    def decode(self, value: bytes | None) -> Ping:
        return Ping.from_bytes(value or b"")

    async def handle(self, message: Message[Ping]) -> Stages:
        self.calls += 1
        self.now += self.duration
        behaviour = self.behaviours.popleft() if self.behaviours else None
        if behaviour is not None:
            raise behaviour
        text = "x" * 2000 if self.big else "1"
        return [[Out(OUT, "k", Ping(id=text), "1", message.partition)]]

    async def written(self, message: Message[Ping], stages: Stages) -> None:
        self.written_calls += 1

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def topics(self) -> list[str]:
        return [topic for topic, _, _ in self.broker.sent]

    def reason(self) -> bytes:
        return self.broker.sent[-1][2][REASON]


async def test_a_good_record_is_written_once_on_its_partition() -> None:
    bench = Bench()
    await bench.settler.settle(raw())
    assert [(topic, partition) for topic, partition, _ in bench.broker.sent] == [(OUT.name, 4)]
    assert bench.written_calls == 1


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (raw(value=b"no json"), b"decode_error"),
        (raw(value=b'{"id": 1}'), b"decode_error"),
        (raw(value=None), b"decode_error"),
        (raw(headers=[]), b"envelope_error"),
        (raw(headers=[("ce_id", b"\xff")]), b"envelope_error"),
    ],
)
async def test_poison_goes_to_the_dead_letters_with_its_reason(record: Raw, reason: bytes) -> None:
    bench = Bench()
    await bench.settler.settle(record)
    assert bench.topics() == [IN.dead_letters]
    assert bench.broker.sent[0][1] == 4
    assert bench.reason() == reason
    assert bench.switch.died == 1


async def test_a_decoder_that_raises_is_a_dead_letter_too() -> None:
    bench = Bench()
    bench.decode = lambda value: 1 // 0  # type: ignore[method-assign,assignment,return-value]
    await bench.settler.settle(raw())
    assert bench.reason() == b"handler_error"


async def test_a_failure_that_passes_is_tried_again() -> None:
    bench = Bench(RetryLater(FailureReason.TIMEOUT), None)
    await bench.settler.settle(raw())
    assert bench.topics() == [OUT.name]
    assert len(bench.slept) == 1


async def test_a_failure_that_stays_is_dead_after_bounded_tries() -> None:
    bench = Bench(*[ValueError("defect")] * 5)
    await bench.settler.settle(raw())
    assert bench.calls == 3
    assert bench.reason() == b"handler_error"


async def test_what_will_never_succeed_is_dead_at_once() -> None:
    bench = Bench(Unprocessable(FailureReason.TOO_LARGE, "big"))
    await bench.settler.settle(raw())
    assert bench.calls == 1
    assert bench.reason() == b"too_large"


async def test_a_result_over_the_limit_is_dead_not_tried_for_ever() -> None:
    bench = Bench()
    bench.big = True
    await bench.settler.settle(raw())
    assert bench.reason() == b"too_large"


async def test_an_outage_is_waited_for_and_nothing_dies() -> None:
    bench = Bench(*[OutageError("cache", "down")] * 20)
    bench.broker.failures = 5
    await bench.settler.settle(raw())
    assert bench.topics() == [OUT.name]
    assert bench.switch.died == 0
    assert "cache" not in bench.health.problems


async def test_a_stale_projection_is_read_again_and_the_decision_made_anew() -> None:
    bench = Bench(StaleProjectionError(), StaleProjectionError(), None)
    await bench.settler.settle(raw())
    assert bench.projection.refreshed == [4, 4]
    assert bench.topics() == [OUT.name]


async def test_a_worker_that_was_paused_decides_again_once() -> None:
    bench = Bench()
    bench.duration = 60.0
    await bench.settler.settle(raw())
    assert bench.calls == 2
    assert bench.projection.refreshed == [4]
    assert bench.topics() == [OUT.name]


async def test_nothing_is_written_for_a_partition_of_another_worker() -> None:
    bench = Bench(owned=False)
    with pytest.raises(NotAssignedError):
        await bench.settler.settle(raw())
    assert bench.broker.sent == []


async def test_a_record_in_hand_at_three_starts_is_dead() -> None:
    bench = Bench(fresh=False)
    await bench.settler.settle(raw())
    assert bench.calls == 0
    assert bench.reason() == b"stuck"


async def test_a_trace_goes_on_with_a_new_span() -> None:
    bench = Bench()
    trace = "0af7651916cd43dd8448eb211c80319c"
    parent = ("traceparent", f"00-{trace}-b7ad6b7169203331-01".encode())
    await bench.settler.settle(raw(headers=[*GOOD, parent]))
    told = bench.broker.sent[0][2]["traceparent"].decode()
    assert told.split("-")[1] == trace
    assert told.split("-")[2] != "b7ad6b7169203331"


def test_the_loop_standing_still_ends_liveness() -> None:
    now = [0.0]
    clock: Callable[[], float] = lambda: now[0]  # noqa: E731
    health = Health(clock=clock)
    health.turned()
    assert health.alive
    now[0] = 61.0
    assert not health.alive


def test_readiness_tells_its_problems() -> None:
    health = Health()
    assert health.problems == {"start": "starting"}
    health.ready("start")
    health.not_ready("broker", f"down since {datetime(2026, 1, 1, tzinfo=UTC):%F}")
    assert health.problems == {"broker": "down since 2026-01-01"}
