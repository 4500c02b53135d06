"""The outbox: attempts and their records, retries on a fake clock, order, outages, revocation."""

import asyncio
import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alert import Alert, Pending
from schemas.delivery import Delivery, DeliveryOutcome
from schemas.failure import FailureReason
from schemas.incident import ChangeType, Incident
from schemas.topics import ALERT, DELIVERY, PENDING
from services.alerting import ledger
from services.alerting.endpoint import Endpoint
from services.alerting.outcome import Outcome, Schedule, classify
from services.common.message import Out
from services.common.retry import OutageError
from services.common.retry_after import parse_retry_after
from tests.factories import NOON, event, incident
from tests.fakes import FakeWriter, run_until_idle
from tests.unit.alerting.build import Service, endpoint, pending, service, subscription, version

EXACT = Schedule(jitter=0)


async def started(worker: Service, *waiting: Pending) -> Service:
    worker.outbox.load(3, waiting)
    await worker.clock.advance(0)
    return worker


def deliveries(worker: Service) -> list[Delivery]:
    return [out.value for out in worker.writer.of(DELIVERY) if isinstance(out.value, Delivery)]


async def test_a_delivery_is_recorded_before_the_pending_record_goes() -> None:
    worker = await started(service(), pending())
    [first, second] = worker.writer.written
    assert (first.topic, second.topic, second.value) == (DELIVERY, PENDING, None)
    assert (first.id, second.id) == (f"{pending().alert_id}-1", f"{pending().alert_id}-settled")
    assert first.partition == second.partition == 3
    [made] = deliveries(worker)
    assert (made.outcome, made.attempt, made.status_code) == (DeliveryOutcome.DELIVERED, 1, 204)
    assert worker.outbox.waiting == 0


async def test_failures_follow_the_schedule_and_end_in_the_dead_letters() -> None:
    worker = await started(service(lambda *_: 503, schedule=EXACT), pending())
    await worker.clock.advance(2 * 3600)
    after = [(at - NOON).total_seconds() for at, _ in worker.sender.sent]
    assert after == [0, 5, 35, 155, 755, 4355]
    made = deliveries(worker)
    assert [d.outcome for d in made] == [DeliveryOutcome.RETRYING] * 5 + [DeliveryOutcome.DEAD]
    assert {d.reason for d in made} == {FailureReason.SERVER_ERROR}
    assert [d.next_attempt_at for d in made][:2] == [
        NOON + timedelta(seconds=5),
        NOON + timedelta(seconds=35),
    ]
    [(buried, reason, text)] = worker.writer.buried
    assert buried == pending().alert
    assert (reason, text) == (
        FailureReason.ATTEMPTS_EXHAUSTED,
        "6 attempts failed, the last with server_error: the endpoint answered 503",
    )
    assert worker.writer.of(PENDING)[-1].value is None


async def test_jitter_stays_within_a_fifth() -> None:
    rng = random.Random(7)
    waits = [(Schedule().next_due(1, None, NOON, rng) or NOON) - NOON for _ in range(500)]
    assert timedelta(seconds=4) <= min(waits) < timedelta(seconds=4.2)
    assert timedelta(seconds=5.8) < max(waits) <= timedelta(seconds=6)


async def test_a_failure_is_on_the_topic_with_its_attempt_and_due_time() -> None:
    worker = await started(service(lambda *_: 500, schedule=EXACT), pending())
    [waiting] = await ledger.unsettled(_applied(worker.writer, pending()))
    assert (waiting.attempt, waiting.due_at) == (1, NOON + timedelta(seconds=5))
    assert waiting.alert == pending().alert
    await worker.outbox.close()


def _applied(writer: FakeWriter, *before: Pending) -> object:
    return writer.pending[3]


async def test_a_restart_goes_on_where_the_schedule_was() -> None:
    before = await started(service(lambda *_: 500, schedule=EXACT), pending())
    await before.clock.advance(5)
    await before.outbox.close()
    waiting = await ledger.unsettled(before.writer.pending[3])
    after = service(lambda *_: 204, schedule=EXACT, writer=before.writer)
    await after.clock.advance(5)
    await started(after, *waiting)
    assert after.sender.sent == []
    await after.clock.advance(30)
    assert [d.attempt for d in deliveries(after)] == [1, 2, 3]


@pytest.mark.parametrize("asked", [17.0, 3600.0])
async def test_retry_after_is_honoured_to_the_second(asked: float) -> None:
    def answer(_: Endpoint, __: Alert, number: int) -> Outcome:
        return classify(429, asked) if number == 1 else classify(204)

    worker = await started(service(answer), pending())
    await worker.clock.advance(asked)
    assert [(at - NOON).total_seconds() for at, _ in worker.sender.sent] == [0, asked]


def test_retry_after_is_bounded_and_read_in_both_forms() -> None:
    rng = random.Random(1)
    assert Schedule().next_due(1, 86400, NOON, rng) == NOON + timedelta(hours=1)
    assert Schedule().next_due(1, 0, NOON, rng) == NOON + timedelta(seconds=1)
    assert parse_retry_after("120", NOON) == 120
    assert parse_retry_after("Wed, 04 Mar 2026 12:01:30 GMT", NOON) == 90
    assert parse_retry_after("Wed, 04 Mar 2026 11:00:00 GMT", NOON) == 0
    assert [parse_retry_after(bad, NOON) for bad in (None, "", "soon", "-5", "1e9", "Wed, 99 Foo")] == [
        None
    ] * 6


@pytest.mark.parametrize(
    ("status", "outcome", "reason"),
    [
        (200, DeliveryOutcome.DELIVERED, None),
        (204, DeliveryOutcome.DELIVERED, None),
        (301, DeliveryOutcome.DEAD, FailureReason.REDIRECT),
        (307, DeliveryOutcome.DEAD, FailureReason.REDIRECT),
        (400, DeliveryOutcome.DEAD, FailureReason.CLIENT_ERROR),
        (404, DeliveryOutcome.DEAD, FailureReason.CLIENT_ERROR),
        (410, DeliveryOutcome.DEAD, FailureReason.GONE),
        (429, DeliveryOutcome.RETRYING, FailureReason.RATE_LIMITED),
        (500, DeliveryOutcome.RETRYING, FailureReason.SERVER_ERROR),
        (504, DeliveryOutcome.RETRYING, FailureReason.SERVER_ERROR),
        (100, DeliveryOutcome.RETRYING, FailureReason.SERVER_ERROR),
        (999, DeliveryOutcome.RETRYING, FailureReason.SERVER_ERROR),
    ],
)
def test_what_a_status_means(status: int, outcome: DeliveryOutcome, reason: FailureReason | None) -> None:
    assert (classify(status).outcome, classify(status).reason) == (outcome, reason)


async def test_what_cannot_pass_is_dead_at_once() -> None:
    worker = await started(service(lambda *_: 404), pending())
    assert [d.outcome for d in deliveries(worker)] == [DeliveryOutcome.DEAD]
    [(_, reason, _)] = worker.writer.buried
    assert reason is FailureReason.CLIENT_ERROR
    assert worker.outbox.waiting == 0


async def test_an_endpoint_that_is_gone_is_left_alone_until_its_entry_changes() -> None:
    worker = await started(service(lambda *_: 410), pending(), pending(incident(event(2))))
    worker.outbox.enqueue(3, pending(incident(event(3))))
    await worker.clock.advance(60)
    attempts = len(worker.sender.sent)
    assert attempts <= 2
    assert [reason for _, reason, _ in worker.writer.buried] == [FailureReason.GONE] * 3
    worker.endpoints.by_id["desk"] = endpoint(url="https://desk.example/new")
    worker.outbox.enqueue(3, pending(incident(event(4))))
    await worker.clock.advance(60)
    assert len(worker.sender.sent) == attempts + 1


async def test_alerts_of_no_subscription_and_of_no_use_are_set_aside_without_an_attempt() -> None:
    removed = await started(service(), pending(subscription_id="removed"))
    assert removed.writer.buried[0][1] is FailureReason.UNKNOWN_SUBSCRIPTION
    silent = Endpoint(subscription().model_copy(update={"enabled": False}), ())
    disabled = await started(service(lambda *_: 204, silent), pending())
    assert disabled.writer.buried[0][1] is FailureReason.UNKNOWN_SUBSCRIPTION
    late = service()
    await late.clock.advance(73 * 3600)
    await started(late, pending())
    assert late.writer.buried[0][1] is FailureReason.EXPIRED
    assert removed.sender.sent == disabled.sender.sent == late.sender.sent == []


async def test_a_defect_of_ours_sets_one_alert_aside_and_the_next_goes_on() -> None:
    def answer(_: Endpoint, alert: Alert, __: int) -> int:
        if alert.incident_version == 1:
            raise ZeroDivisionError
        return 204

    worker = await started(service(answer), pending(), pending(version(2, ChangeType.CORROBORATED)))
    assert [(a.incident_version, reason) for a, reason, _ in worker.writer.buried] == [
        (1, FailureReason.HANDLER_ERROR)
    ]
    assert [d.incident_version for d in deliveries(worker) if d.outcome is DeliveryOutcome.DELIVERED] == [2]


async def test_later_alerts_of_an_incident_wait_behind_its_retry_and_other_incidents_do_not() -> None:
    other = incident(event(2))
    worker = await started(
        service(lambda _, a, n: 500 if a.incident_id != other.id and n == 1 else 204, schedule=EXACT),
        pending(),
    )
    worker.outbox.enqueue(3, pending(version(2, ChangeType.CORROBORATED)))
    worker.outbox.enqueue(3, pending(other))
    await worker.clock.advance(4)
    assert [d.incident_id for d in deliveries(worker)] == [incident().id, other.id]
    await worker.clock.advance(1)
    sent = [a.incident_version for _, a in worker.sender.sent if a.incident_id == incident().id]
    assert sent == [1, 1, 2]


async def test_an_alert_that_is_queued_is_not_queued_twice() -> None:
    worker = service(lambda *_: 500)
    worker.outbox.load(3, [pending()])
    worker.outbox.enqueue(3, pending())
    await run_until_idle()
    assert worker.outbox.waiting == 1
    await worker.outbox.close()


async def test_no_more_attempts_at_once_than_the_endpoint_bears_and_a_slow_one_holds_up_no_other() -> None:
    worker = service(lambda *_: 204, endpoint("slow"), endpoint("quick"), concurrency=2)
    worker.sender.takes_seconds = 10
    slow = [pending(incident(event(n)), "slow") for n in range(6)]
    await started(worker, *slow, pending(subscription_id="quick"))
    assert worker.sender.in_flight == {"slow": 2, "quick": 1}
    await worker.clock.advance(30)
    assert worker.sender.most_in_flight["slow"] == 2
    assert len(deliveries(worker)) == 7


async def test_an_outage_of_the_broker_keeps_the_attempt_and_tries_to_record_it_without_end() -> None:
    worker = service()
    worker.writer.fail = lambda out: OutageError("broker", "gone")
    await started(worker, pending())
    await worker.clock.advance(120)
    assert len(worker.sender.sent) == 1
    worker.writer.fail = lambda out: None
    await worker.clock.advance(15)
    assert len(worker.sender.sent) == 1
    assert [d.attempted_at for d in deliveries(worker)] == [NOON]
    assert worker.outbox.waiting == 0


async def test_after_a_revocation_nothing_is_written_and_nothing_runs() -> None:
    worker = service(lambda *_: 500)
    worker.sender.takes_seconds = 10
    await started(worker, pending(), pending(incident(event(2))))
    worker.outbox.enqueue(3, pending(version(2, ChangeType.CORROBORATED)))
    await worker.outbox.revoke(3)
    assert worker.writer.written == []
    assert worker.outbox.waiting == 0
    worker.outbox.enqueue(3, pending(incident(event(4))))
    await worker.clock.advance(3600)
    assert worker.writer.written == []
    assert [task for task in asyncio.all_tasks() if task.get_name().startswith("lane")] == []


async def test_an_attempt_in_flight_may_end_within_the_grace() -> None:
    worker = service()
    worker.sender.takes_seconds = 1
    await started(worker, pending(), pending(version(2, ChangeType.CORROBORATED)))
    revoking = asyncio.create_task(worker.outbox.revoke(3))
    await worker.clock.advance(1)
    await revoking
    assert [d.incident_version for d in deliveries(worker)] == [1]
    assert [out.value for out in worker.writer.of(PENDING)] == [None]


async def test_a_lane_revoked_before_it_ever_ran_can_be_loaded_again() -> None:
    worker = service()
    worker.outbox.load(3, [pending()])
    await worker.outbox.revoke(3)
    await started(worker, pending())
    assert len(deliveries(worker)) == 1


async def test_a_partition_lost_in_flight_is_dropped_without_a_write() -> None:
    worker = service()
    worker.sender.takes_seconds = 1
    await started(worker, pending())
    worker.writer.owned.discard(3)
    await worker.clock.advance(1)
    assert worker.writer.written == []
    assert worker.outbox.waiting == 0


def dies_at(topic: object, which: int) -> FakeWriter:
    """A broker that is reached for `which` records of a topic, and then the process dies."""
    writer = FakeWriter()
    seen = iter(range(1000))

    def fail(out: Out) -> Exception | None:
        if out.topic is topic and next(seen) >= which:
            raise asyncio.CancelledError
        return None

    writer.fail = fail
    return writer


@pytest.mark.parametrize("topic", [DELIVERY, PENDING])
@pytest.mark.parametrize("which", [0, 1, 2])
async def test_a_crash_around_any_record_repeats_the_attempt_under_the_same_id(
    topic: object, which: int
) -> None:
    before = service(lambda _, __, n: 500 if n < 3 else 204, schedule=EXACT, writer=dies_at(topic, which))
    _pend(before.writer, pending())
    await started(before, pending())
    await before.clock.advance(60)
    before.writer.fail = lambda out: None
    waiting = await ledger.unsettled(before.writer.pending[3])
    assert [each.alert_id for each in waiting] == [pending().alert_id]
    after = service(writer=before.writer, schedule=EXACT)
    await started(after, *waiting)
    await after.clock.advance(60)
    assert {a.id for _, a in before.sender.sent + after.sender.sent} == {pending().alert_id}
    assert await ledger.unsettled(after.writer.pending[3]) == []
    by_id = [out.id for out in after.writer.of(DELIVERY)]
    assert set(by_id) >= {f"{pending().alert_id}-{number}" for number in range(1, len(set(by_id)) + 1)}


def _pend(writer: FakeWriter, waiting: Pending) -> None:
    writer.pending[3].apply(ledger.reduce_pending(waiting.alert_id, waiting.to_bytes()))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_alerts_of_one_incident_arrive_in_order_whatever_happens(data: st.DataObject) -> None:
    """Several incidents and subscriptions, failures at random, versions trickling in, a revocation in the middle."""
    failing = data.draw(st.sets(st.tuples(st.sampled_from("ab"), st.integers(1, 3), st.integers(1, 4))))
    moves = data.draw(st.lists(st.sampled_from(["next", "wait", "restart"]), min_size=4, max_size=14))
    asyncio.run(_in_order(failing, moves))


async def _in_order(failing: set[tuple[str, int, int]], moves: list[str]) -> None:
    def answer(to: Endpoint, alert: Alert, number: int) -> int:
        return 503 if (to.id, alert.incident_version, number) in failing else 204

    incidents = [incident(event(number)) for number in (1, 2)]
    worker = service(answer, endpoint("a"), endpoint("b"))
    worker.outbox.load(3, [])
    number = 0
    for move in moves:
        if move == "next" and number < 3:
            number += 1
            change = ChangeType.CREATED if number == 1 else ChangeType.CASUALTIES_RAISED
            for told in incidents:
                await worker.deliver(version(number, change, told))
        elif move == "wait":
            await worker.clock.advance(7)
        elif move == "restart":
            await worker.outbox.revoke(3)
            worker.outbox.load(3, await ledger.unsettled(worker.writer.pending[3]))
    await worker.clock.advance(4 * 3600)
    _assert_in_order(worker, incidents, number)


def _assert_in_order(worker: Service, incidents: list[Incident], versions: int) -> None:
    settled = [d for d in deliveries(worker) if d.outcome is not DeliveryOutcome.RETRYING]
    for told in incidents:
        for name in ("a", "b"):
            mine = [
                d.incident_version for d in settled if (d.incident_id, d.subscription_id) == (told.id, name)
            ]
            assert mine == list(range(1, versions + 1))
    assert len(worker.writer.of(ALERT)) == versions * 4
    assert worker.outbox.waiting == 0
