"""Sources that fall silent are told to those who ask for it: once, and their end to whoever was told."""

import json
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from schemas.envelope import Envelope, Headers
from schemas.notice import Notice, NoticeState
from schemas.source import SilenceReason, SourceHealth
from schemas.topics import NOTICE, SOURCE
from services.alerting.digest import Digest
from services.alerting.endpoint import Endpoint
from services.alerting.formats import FORMATS, Message
from services.alerting.limiter import MemoryLimiter
from services.alerting.notices import asks, notice_of
from services.alerting.outcome import Outcome, Schedule, classify
from services.alerting.source_desk import SourceDesk
from services.common.partition import partition_of
from services.common.retry import OutageError
from tests.factories import NOON
from tests.fakes import FakeClock, FakeEndpoints, run_until_idle
from tests.unit.alerting.build import endpoint, subscription

MAX_AGE = timedelta(hours=72)


def health(name: str = "wire", minutes: float = 0, silent: bool = True, **changes: Any) -> SourceHealth:
    """Silent, or heard of again, so many minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    told: dict[str, Any] = {
        "last_success_at": at - timedelta(minutes=40),
        "last_new_item_at": at - timedelta(hours=2),
        "silent": silent,
        "silent_reason": SilenceReason.NO_ANSWER if silent else None,
        "last_error": "timeout" if silent else None,
        "changed_at": at,
    }
    return SourceHealth(id=name, version=1, **(told | changes))


class Topics:
    """Both topics, in memory."""

    def __init__(self) -> None:
        self.records: defaultdict[str, list[tuple[str, bytes | None, Headers]]] = defaultdict(list)
        self.out = False

    async def end(self, topic: str, partition: int) -> int:
        self._reachable()
        return len(self.records[topic])

    async def read(
        self, topic: str, partition: int, start: int, end: int
    ) -> AsyncIterator[tuple[int, str, bytes | None]]:
        for offset in range(start, end):
            key, value, _ = self.records[topic][offset]
            yield offset, key, value

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, partition: int | None, headers: Headers
    ) -> Awaitable[tuple[int, int]]:
        self._reachable()
        assert key is not None
        self.records[topic].append((key.decode(), value, headers))
        return self._placed(len(self.records[topic]) - 1)

    async def _placed(self, offset: int) -> tuple[int, int]:
        return 0, offset

    def _reachable(self) -> None:
        if self.out:
            raise OutageError("broker", "a test")

    @property
    def states(self) -> list[NoticeState]:
        return [Notice.from_bytes(value or b"").state for _, value, _ in self.records[NOTICE.name]]


class World:
    """Workers over the topics. `answer` is what endpoints say to the so-manieth message."""

    def __init__(self, *endpoints: Endpoint, answer: Callable[[int], int] = lambda number: 204) -> None:
        self.topics = Topics()
        self.clock = FakeClock(NOON)
        self.endpoints = FakeEndpoints(*(endpoints or (endpoint(silent_sources=True),)))
        self.sent: list[tuple[str, Notice]] = []
        self.answer = answer
        self.limiter = MemoryLimiter(self.clock)
        self.desk = self.worker()

    def worker(self, *owned: int) -> SourceDesk:
        return SourceDesk(
            self.topics,
            self.topics,
            self.endpoints,
            self,
            self.limiter,
            self.clock,
            random.Random(1),
            Schedule(),
            MAX_AGE,
            owned=lambda: owned or range(12),
        )

    async def send(self, endpoint: Endpoint, message: Message) -> Outcome:
        assert isinstance(message, Notice)
        self.sent.append((endpoint.id, message))
        return classify(self.answer(len(self.sent)))

    async def tell(self, *healths: SourceHealth) -> None:
        for one in healths:
            self.topics.records[SOURCE.name].append((one.id, one.to_bytes(), []))
        await self.look()

    async def look(self, seconds: float = 0) -> None:
        await self.clock.advance(seconds)
        await self.desk.look()
        await run_until_idle()

    @property
    def told(self) -> list[str]:
        return [notice.type for _, notice in self.sent]


async def test_a_silence_is_told_once_and_so_is_its_end() -> None:
    world = World()
    await world.tell(health(silent=False, changed_at=None))
    assert world.told == []
    await world.tell(health())
    await world.tell(health(error_streak=12))
    assert world.told == ["source.silent"]
    await world.tell(health(minutes=90, silent=False))
    await world.look()
    assert world.told == ["source.silent", "source.recovered"]
    (_, silent), (_, again) = world.sent
    assert silent.headline == "Source wire is silent: it cannot be read for 40 min (timeout)"
    assert again.headline == "Source wire is heard of again after 90 min"
    assert silent.id != again.id
    await world.tell(health(minutes=200))
    assert world.told[2:] == ["source.silent"]


async def test_only_who_asks_hears_and_of_the_sources_that_are_named() -> None:
    world = World(
        endpoint("all", silent_sources=True),
        endpoint("none"),
        endpoint("one", silent_sources=True, sources={"WIRE"}),
        endpoint("others", silent_sources=True, sources_denied={"wire"}),
    )
    world.clock._now += timedelta(minutes=5)
    await world.tell(health("wire"), health("daily", minutes=1))
    assert sorted((name, notice.source.id) for name, notice in world.sent) == [
        ("all", "daily"),
        ("all", "wire"),
        ("one", "wire"),
        ("others", "daily"),
    ]
    off = subscription(silent_sources=True).model_copy(update={"enabled": False})
    assert not asks(off, "wire")


async def test_a_recovery_is_no_news_to_who_never_heard_of_the_silence() -> None:
    world = World()
    await world.tell(health(silent=False))
    assert world.told == []


async def test_an_old_silence_rings_no_bell() -> None:
    asker = subscription(silent_sources=True)
    assert notice_of(health(), asker, None, MAX_AGE, NOON + MAX_AGE) is not None
    assert notice_of(health(), asker, None, MAX_AGE, NOON + MAX_AGE + timedelta(seconds=1)) is None


async def test_a_failing_endpoint_is_tried_again_by_the_schedule() -> None:
    world = World(answer=lambda number: 204 if number == 3 else 503)
    await world.tell(health())
    await world.look(1)
    assert len(world.sent) == 1
    await world.look(6)
    await world.look(40)
    await world.look(4_000)
    assert len(world.sent) == 3
    assert len({notice.id for _, notice in world.sent}) == 1
    assert world.topics.states[-1] is NoticeState.DELIVERED


async def test_what_cannot_be_delivered_is_given_up_and_its_end_is_not_told() -> None:
    world = World(answer=lambda number: 404)
    await world.tell(health())
    await world.tell(health(minutes=50, silent=False))
    assert world.told == ["source.silent"]
    assert world.topics.states == [NoticeState.PENDING, NoticeState.FAILED]


async def test_a_silence_that_ends_before_it_could_be_told_is_not_told() -> None:
    world = World(answer=lambda number: 503)
    await world.tell(health())
    await world.tell(health(minutes=50, silent=False))
    await world.look(3_600)
    assert world.told == ["source.silent"]
    assert world.topics.states[-1] is NoticeState.MOOT


async def test_another_worker_goes_on_where_one_ended() -> None:
    world = World(answer=lambda number: 204 if number > 1 else 503)
    await world.tell(health())
    world.desk = world.worker()
    await world.look(1)
    assert len(world.sent) == 1
    await world.look(10)
    assert len(world.sent) == 2
    world.desk = world.worker()
    await world.look(10)
    assert len(world.sent) == 2


async def test_each_source_is_told_by_the_worker_that_owns_its_number() -> None:
    world = World()
    mine = partition_of("wire")
    world.desk = world.worker((mine + 1) % 12)
    await world.tell(health())
    assert world.told == []
    world.desk = world.worker(mine)
    await world.look()
    assert world.told == ["source.silent"]


async def test_an_outage_is_waited_for() -> None:
    world = World()
    await world.tell()
    world.topics.records[SOURCE.name].append(("wire", health().to_bytes(), []))
    world.topics.out = True
    with pytest.raises(OutageError):
        await world.desk.look()
    world.topics.out = False
    await world.look()
    assert world.told == ["source.silent"]


async def test_the_subscription_s_hourly_limit_holds_for_notices_too() -> None:
    desk = endpoint(silent_sources=True)
    rules = desk.subscription.rules.model_copy(update={"max_per_hour": 2})
    world = World(Endpoint(desk.subscription.model_copy(update={"rules": rules}), desk.secrets))
    await world.tell(*(health(name) for name in ("a", "b", "c")))
    assert len(world.sent) == 2
    await world.look(1_800)
    assert len(world.sent) == 2
    await world.look(1_900)
    assert len(world.sent) == 3


@pytest.mark.parametrize("name", FORMATS)
async def test_each_format_has_a_body_for_it(name: str) -> None:
    notice = notice_of(health("a<b&c"), subscription(silent_sources=True), None, MAX_AGE, NOON)
    assert notice
    body = json.loads(FORMATS[name].body(notice))
    if name == "standard":
        assert (body["type"], body["data"]["alert_id"]) == ("source.silent", notice.id)
        assert body["data"]["source"]["silent_reason"] == "no_answer"
    else:
        assert "a&lt;b&amp;c" in body["text"]


async def test_the_record_is_a_cloud_event() -> None:
    world = World()
    await world.tell(health())
    key, value, headers = world.topics.records[NOTICE.name][0]
    envelope = Envelope.from_headers(headers)
    notice = Notice.from_bytes(value or b"")
    assert key == envelope.subject == "desk/wire"
    assert (envelope.type, envelope.id) == ("org.tocsin.notice.v1", f"{notice.id}-pending-0")
    assert not isinstance(notice, Digest)
