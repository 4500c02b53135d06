"""Endpoints that fail: spared by a breaker, given up after a 410 or a stated time; and what an operator sends again."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from schemas.alert import Pending
from schemas.delivery import Delivery, DeliveryOutcome
from schemas.failure import FailureReason
from schemas.topics import DELIVERY
from services.alerting.attempts import AttemptSettings
from services.alerting.breaker import BreakerSettings
from services.alerting.outcome import Outcome, Schedule
from tests.factories import NOON, event, incident
from tests.unit.alerting.build import Service, alert, endpoint, pending, service

OFTEN = Schedule(delays=(0, *[1] * 200), jitter=0)


def many(count: int) -> list[Pending]:
    return [pending(incident(event(number))) for number in range(1, count + 1)]


def deliveries(worker: Service) -> list[Delivery]:
    return [out.value for out in worker.writer.of(DELIVERY) if isinstance(out.value, Delivery)]


class Recovering:
    """Fails until a time."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.worker: Service | None = None

    def __call__(self, *_: object) -> int:
        assert self.worker is not None
        return 204 if self.worker.clock.now() >= self.until else 503


async def test_an_endpoint_that_fails_is_spared_and_no_attempt_is_used_up_meanwhile() -> None:
    answer = Recovering(NOON + timedelta(seconds=120))
    breaker = BreakerSettings(failures=5, first_pause=10, longest_pause=40, jitter=0)
    worker = service(answer, attempts=AttemptSettings(OFTEN, breaker), concurrency=4)
    answer.worker = worker
    worker.outbox.load(3, many(20))
    await worker.clock.advance(119)
    # five to open it and those under way with them, then one at 10, 30 and 70 seconds later
    assert len(worker.sender.sent) <= 5 + 4 + 4
    assert max(delivery.attempt for delivery in deliveries(worker)) <= 6
    await worker.clock.advance(40)
    assert worker.outbox.waiting == 0
    assert not worker.writer.buried
    assert sum(delivery.outcome is DeliveryOutcome.DELIVERED for delivery in deliveries(worker)) == 20


async def test_a_breaker_of_one_endpoint_holds_up_no_other() -> None:
    worker = service(
        lambda to, *_: 503 if to.id == "bad" else 204,
        endpoint("bad"),
        endpoint("good"),
        attempts=AttemptSettings(OFTEN, BreakerSettings(jitter=0)),
    )
    mine = [pending(incident(event(n)), name) for n in range(1, 31) for name in ("bad", "good")]
    worker.outbox.load(3, mine)
    await worker.clock.advance(0)
    good = [delivery for delivery in deliveries(worker) if delivery.subscription_id == "good"]
    assert len(good) == 30
    assert {delivery.attempted_at for delivery in good} == {NOON}


async def test_what_one_alert_is_told_of_the_rate_holds_for_all() -> None:
    limited = Outcome(DeliveryOutcome.RETRYING, FailureReason.RATE_LIMITED, 429, 30.0)
    worker = service(
        lambda *_: limited if worker.clock.now() < NOON + timedelta(seconds=30) else 204, concurrency=1
    )
    worker.outbox.load(3, many(5))
    await worker.clock.advance(29)
    assert len(worker.sender.sent) == 1
    await worker.clock.advance(10)
    assert worker.outbox.waiting == 0


async def test_a_trial_that_is_cut_off_leaves_the_way_free() -> None:
    answer = Recovering(NOON + timedelta(seconds=30))
    worker = service(
        answer, attempts=AttemptSettings(OFTEN, BreakerSettings(failures=2, first_pause=10, jitter=0))
    )
    answer.worker = worker
    waiting = many(3)
    worker.outbox.load(3, waiting[:2])
    worker.outbox.load(4, waiting[2:])
    await worker.clock.advance(5)
    worker.sender.takes_seconds = 60
    await worker.clock.advance(10)
    await worker.outbox.revoke(3)
    worker.sender.takes_seconds = None
    await worker.clock.advance(300)
    assert any(delivery.outcome is DeliveryOutcome.DELIVERED for delivery in deliveries(worker))


SwitchedOff = list[tuple[str, str]]


def switching(answer: Callable[..., int | Outcome], patience: timedelta) -> tuple[Service, SwitchedOff]:
    off: SwitchedOff = []

    async def switch_off(subscription_id: str, why: str) -> None:
        off.append((subscription_id, why))

    settings = AttemptSettings(OFTEN, BreakerSettings(jitter=0), patience)
    return service(answer, attempts=settings, switch_off=switch_off), off


async def test_a_410_switches_the_subscription_off_once() -> None:
    worker, off = switching(lambda *_: 410, timedelta(hours=24))
    worker.outbox.load(3, many(3))
    await worker.clock.advance(60)
    assert off == [("desk", "the endpoint answered 410 Gone")]
    assert [reason for _, reason, _ in worker.writer.buried] == [FailureReason.GONE] * 3


async def test_failing_for_the_stated_time_switches_it_off_and_says_since_when() -> None:
    worker, off = switching(lambda *_: 503, timedelta(hours=1))
    worker.outbox.load(3, many(3))
    await worker.clock.advance(3500)
    assert off == []
    await worker.clock.advance(600)
    assert off == [("desk", "nothing was delivered since 2026-03-04T12:00:00Z: the endpoint answered 503")]
    await worker.clock.advance(3600)
    assert {reason for _, reason, _ in worker.writer.buried} == {FailureReason.SERVER_ERROR}
    assert worker.outbox.waiting == 0


async def test_what_waits_for_an_endpoint_that_is_given_up_waits_no_longer() -> None:
    off: SwitchedOff = []

    async def switch_off(subscription_id: str, why: str) -> None:
        off.append((subscription_id, why))

    pauses = BreakerSettings(failures=5, first_pause=100, longest_pause=400, jitter=0)
    settings = AttemptSettings(Schedule(delays=(0, *[5] * 200), jitter=0), pauses, timedelta(seconds=250))
    worker = service(lambda *_: 503, attempts=settings, switch_off=switch_off, concurrency=40)
    worker.outbox.load(3, many(20))
    await worker.clock.advance(299)
    while not off:
        await worker.clock.advance(1)
    await worker.clock.advance(1)
    # the pauses of the others are over; the one that was tried last waits for its own time
    assert len(worker.writer.buried) == 19
    await worker.clock.advance(5)
    assert worker.outbox.waiting == 0


async def test_one_success_begins_the_time_anew() -> None:
    def answer(*_: object) -> int:
        return (
            204 if timedelta(hours=1) <= worker.clock.now() - NOON < timedelta(hours=1, minutes=10) else 503
        )

    worker, off = switching(answer, timedelta(hours=2))
    worker.outbox.load(3, many(1))
    await worker.clock.advance(1.5 * 3600)
    assert worker.outbox.waiting == 0
    worker.outbox.enqueue(3, pending(incident(event(9))))
    await worker.clock.advance(1.5 * 3600)
    assert off == []
    await worker.clock.advance(3600)
    assert off[0][1].startswith("nothing was delivered since 2026-03-04T13:30:00Z")


async def test_a_topic_that_cannot_be_written_does_not_hold_up_the_attempt() -> None:
    async def fails(subscription_id: str, why: str) -> None:
        raise ConnectionError("no broker")

    worker = service(lambda *_: 410, switch_off=fails)
    worker.outbox.load(3, many(2))
    await worker.clock.advance(10)
    assert worker.outbox.waiting == 0


def again(made: Pending, at: datetime) -> Pending:
    return made.model_copy(update={"attempt": 0, "due_at": at, "redelivery": at})


async def test_what_was_delivered_is_sent_again_under_its_id_whatever_its_age() -> None:
    worker = service()
    worker.outbox.load(3, [pending()])
    await worker.clock.advance(100 * 3600)
    worker.outbox.adopt(3, again(pending(), worker.clock.now()))
    await worker.clock.advance(0)
    assert [each.id for _, each in worker.sender.sent] == [alert().id] * 2
    ids = [out.id for out in worker.writer.of(DELIVERY)]
    assert len(set(ids)) == 2
    assert worker.outbox.waiting == 0


async def test_what_waits_for_its_next_attempt_is_sent_now() -> None:
    answers = iter([503, 503, 503, 204])
    worker = service(lambda *_: next(answers), schedule=Schedule(jitter=0))
    worker.outbox.load(3, [pending()])
    await worker.clock.advance(40)
    assert len(worker.sender.sent) == 3
    worker.outbox.adopt(3, again(pending(), worker.clock.now()))
    await worker.clock.advance(0)
    assert len(worker.sender.sent) == 4
    assert worker.outbox.waiting == 0


@pytest.mark.parametrize("reason", ["removed", "disabled"])
async def test_an_operator_cannot_send_to_nobody(reason: str) -> None:
    worker = service()
    worker.outbox.load(3, [])
    if reason == "removed":
        worker.endpoints.by_id.clear()
    else:
        off = endpoint().subscription.model_copy(
            update={"enabled": False, "disabled_reason": "it answered 410"}
        )
        worker.endpoints.by_id["desk"] = type(endpoint())(off, endpoint().secrets)
    worker.outbox.adopt(3, again(pending(), NOON))
    await worker.clock.advance(0)
    [(_, why, text)] = worker.writer.buried
    assert why is FailureReason.UNKNOWN_SUBSCRIPTION
    assert "removed" in text or "it answered 410" in text
