"""Stand-ins for the world, with the protocols of the real ones: a clock that tests turn, a broker that keeps all."""

import asyncio
import heapq
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count

from schemas.alert import Alert, Pending
from schemas.failure import FailureReason
from schemas.topics import ALERT, PENDING
from services.alerting.digest import Digest
from services.alerting.endpoint import Endpoint
from services.alerting.ledger import reduce_alert, reduce_pending
from services.alerting.outcome import Outcome, classify
from services.common.message import Out, Stages
from services.common.store import MemoryStore
from services.common.writer import NotAssignedError


async def run_until_idle(turns: int = 50) -> None:
    """Let every task that can go on do so: enough for tasks that wait for each other, and no wall-clock time."""
    for _ in range(turns):
        await asyncio.sleep(0)


class FakeClock:
    """Stands still until a test moves it; sleepers wake in the order of their times."""

    def __init__(self, now: datetime) -> None:
        self._start = self._now = now
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._tie = count()

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), next(self._tie), woken))
        await woken

    async def advance(self, seconds: float) -> None:
        """Move on, waking each sleeper at its own time."""
        end = self._now + timedelta(seconds=seconds)
        await run_until_idle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self._now, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
                await run_until_idle()
        self._now = end
        await run_until_idle()


class FakeEndpoints:
    """The subscriptions of a test."""

    def __init__(self, *endpoints: Endpoint) -> None:
        self.by_id = {endpoint.id: endpoint for endpoint in endpoints}

    def all(self) -> Sequence[Endpoint]:
        return tuple(self.by_id.values())

    def get(self, subscription_id: str) -> Endpoint | None:
        return self.by_id.get(subscription_id)


class FakeSender:
    """Answers each attempt as the test says: `answer(endpoint, alert, number of this alert's attempt)`."""

    def __init__(self, clock: FakeClock, answer: Callable[[Endpoint, Alert, int], int | Outcome]) -> None:
        self._clock = clock
        self._answer = answer
        self.sent: list[tuple[datetime, Alert]] = []
        self.digests: list[tuple[datetime, Digest]] = []
        self.in_flight: dict[str, int] = defaultdict(int)
        self.most_in_flight: dict[str, int] = defaultdict(int)
        self.takes_seconds: float | None = None

    async def send(self, endpoint: Endpoint, alert: Alert | Digest) -> Outcome:
        if isinstance(alert, Digest):
            self.digests.append((self._clock.now(), alert))
            alert = alert.alerts[0]
            return self._said(self._answer(endpoint, alert, len(self.digests)))
        self.sent.append((self._clock.now(), alert))
        number = sum(alert.id == each.id for _, each in self.sent)
        self.in_flight[endpoint.id] += 1
        self.most_in_flight[endpoint.id] = max(self.most_in_flight[endpoint.id], self.in_flight[endpoint.id])
        try:
            if self.takes_seconds is not None:
                await self._clock.sleep(self.takes_seconds)
        finally:
            self.in_flight[endpoint.id] -= 1
        return self._said(self._answer(endpoint, alert, number))

    @staticmethod
    def _said(answer: int | Outcome) -> Outcome:
        return classify(answer) if isinstance(answer, int) else answer


class FakeWriter:
    """The broker and alerting's two projections, in memory. Fails where the test says."""

    def __init__(self) -> None:
        self.written: list[Out] = []
        self.buried: list[tuple[Alert, FailureReason, str]] = []
        self.owned: set[int] = set(range(12))
        self.fail: Callable[[Out], Exception | None] = lambda out: None
        self.lose_acknowledgement: Callable[[Out], Exception | None] = lambda out: None
        self.ledger: Mapping[int, MemoryStore] = defaultdict(MemoryStore)
        self.pending: Mapping[int, MemoryStore] = defaultdict(MemoryStore)

    async def write(self, partition: int, stages: Stages) -> None:
        for out in (out for stage in stages for out in stage):
            await asyncio.sleep(0)
            self._refuse_unowned(partition)
            if problem := self.fail(out):
                raise problem
            assert out.partition == partition
            self.written.append(out)
            self._apply(partition, out)
            if problem := self.lose_acknowledgement(out):
                raise problem

    async def bury(self, partition: int, pending: Pending, reason: FailureReason, text: str) -> None:
        await asyncio.sleep(0)
        self._refuse_unowned(partition)
        self.buried.append((pending.alert, reason, text))

    def of(self, topic: object) -> list[Out]:
        """What was written to a topic."""
        return [out for out in self.written if out.topic is topic]

    def _refuse_unowned(self, partition: int) -> None:
        if partition not in self.owned:
            raise NotAssignedError(f"partition {partition} is not ours any more")

    def _apply(self, partition: int, out: Out) -> None:
        value = out.value.to_bytes() if out.value else None
        if out.topic is ALERT:
            self.ledger[partition].apply(reduce_alert(out.key, value))
        if out.topic is PENDING:
            self.pending[partition].apply(reduce_pending(out.key, value))


class EmptyReader:
    """Reads topics without records."""

    async def end(self, topic: str, partition: int) -> int:
        return 0

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes | None]]:
        for nothing in ():
            yield nothing
