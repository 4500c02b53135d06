"""At most so many an hour, and the rest in one digest: none dropped, none twice, over failures and restarts."""

import json
from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alert import Alert, Severity
from schemas.delivery import Delivery, DeliveryOutcome
from schemas.incident import ChangeType
from schemas.subscription import Rules
from schemas.topics import DELIVERY
from services.alerting import digest, slack
from services.alerting.digest import Digest
from services.alerting.endpoint import Endpoint
from services.alerting.ledger import unsettled
from services.alerting.limiter import HOUR, MemoryLimiter
from services.alerting.outcome import Schedule
from tests.factories import NOON, band, event, incident
from tests.fakes import FakeClock
from tests.unit.alerting.build import Service, alert, endpoint, service, version


def limited(most: int, name: str = "desk") -> Endpoint:
    made = endpoint(name)
    subscription = made.subscription.model_copy(update={"rules": Rules(max_per_hour=most)})
    return Endpoint(subscription, made.secrets)


async def told(worker: Service, *numbers: int, versions: int = 1) -> None:
    for number in numbers:
        for at in range(1, versions + 1):
            change = ChangeType.CREATED if at == 1 else ChangeType.CASUALTIES_RAISED
            await worker.deliver(version(at, change, incident(event(number))))


def settled(worker: Service) -> Counter[str]:
    """How often each alert was settled, by its delivery records."""
    made = [out.value for out in worker.writer.of(DELIVERY) if isinstance(out.value, Delivery)]
    return Counter(one.alert_id for one in made if one.outcome is not DeliveryOutcome.RETRYING)


async def test_beyond_the_limit_the_rest_comes_in_one_digest_when_the_hour_is_over() -> None:
    worker = service(lambda *_: 204, limited(3))
    worker.outbox.load(3, [])
    await told(worker, *range(1, 11))
    await worker.clock.advance(HOUR - 1)
    assert len(worker.sender.sent) == 3
    assert worker.sender.digests == []
    await worker.clock.advance(120)
    [(at, made)] = worker.sender.digests
    assert len(made.alerts) == 7
    assert timedelta(0) <= at - NOON - timedelta(seconds=HOUR) <= timedelta(seconds=60)
    assert set(settled(worker).values()) == {1}
    assert len(settled(worker)) == 10
    assert await unsettled(worker.writer.pending[3]) == []
    in_digest = [out.value for out in worker.writer.of(DELIVERY) if getattr(out.value, "digest_id", None)]
    assert {one.digest_id for one in in_digest} == {made.id}  # type: ignore[union-attr]


async def test_all_versions_of_an_incident_that_wait_are_in_the_same_digest() -> None:
    worker = service(lambda *_: 204, limited(1))
    worker.outbox.load(3, [])
    await told(worker, 1)
    await told(worker, 2, versions=4)
    await worker.clock.advance(HOUR + 60)
    [(_, made)] = worker.sender.digests
    assert [one.incident_version for one in made.alerts] == [1, 2, 3, 4]
    assert len(worker.sender.sent) == 1


async def test_one_alert_alone_is_no_digest() -> None:
    worker = service(lambda *_: 204, limited(1))
    worker.outbox.load(3, [])
    await told(worker, 1, 2)
    await worker.clock.advance(HOUR + 60)
    assert worker.sender.digests == []
    assert len(worker.sender.sent) == 2


async def test_a_limit_of_one_subscription_holds_up_no_other() -> None:
    worker = service(lambda *_: 204, limited(1), endpoint("free"))
    worker.outbox.load(3, [])
    await told(worker, *range(1, 6))
    await worker.clock.advance(0)
    assert Counter(one.subscription_id for _, one in worker.sender.sent) == {"desk": 1, "free": 5}


async def test_a_retry_of_an_alert_counts_once() -> None:
    worker = service(
        lambda _, __, number: 204 if number == 3 else 503, limited(2), schedule=Schedule(jitter=0)
    )
    worker.outbox.load(3, [])
    await told(worker, 1, 2)
    await worker.clock.advance(120)
    assert len(settled(worker)) == 2


async def test_a_digest_that_fails_is_tried_again_and_ends_in_the_dead_letters() -> None:
    dead = service(lambda *_: 503, limited(1), schedule=Schedule(delays=(0, 5, 30), jitter=0))
    dead.outbox.load(3, [])
    await told(dead, 1, 2, 3)
    await dead.clock.advance(20 * HOUR)
    assert len(dead.writer.buried) == 3
    assert dead.outbox.waiting == 0
    assert await unsettled(dead.writer.pending[3]) == []


async def test_a_lane_that_is_revoked_leaves_the_digest_to_the_others() -> None:
    worker = service(lambda *_: 204, limited(1))
    worker.outbox.load(3, [])
    worker.outbox.load(4, [])
    await told(worker, 1, 2, 3)
    await worker.deliver(version(1, of=incident(event(4))), partition=4)
    await worker.deliver(version(1, of=incident(event(5))), partition=4)
    await worker.clock.advance(10)
    await worker.outbox.revoke(3)
    await worker.clock.advance(HOUR + 60)
    [(_, made)] = worker.sender.digests
    assert len(made.alerts) == 2
    again = await unsettled(worker.writer.pending[3])
    assert len(again) == 2
    worker.outbox.load(3, again)
    await worker.clock.advance(2 * HOUR)
    assert len(settled(worker)) == 5


@settings(max_examples=40, deadline=None)
@given(
    moves=st.lists(st.sampled_from(["one", "burst", "wait", "restart"]), max_size=12), most=st.integers(1, 4)
)
async def test_never_more_in_an_hour_than_the_limit_and_nothing_lost(moves: list[str], most: int) -> None:
    worker = service(lambda *_: 204, limited(most))
    worker.outbox.load(3, [])
    number = 0
    for move in moves:
        if move in ("one", "burst"):
            more = 1 if move == "one" else 6
            await told(worker, *range(number + 1, number + 1 + more))
            number += more
        elif move == "wait":
            await worker.clock.advance(1500)
        else:
            await worker.outbox.revoke(3)
            worker.outbox.load(3, await unsettled(worker.writer.pending[3]))
    await worker.clock.advance(30 * HOUR)
    assert len(settled(worker)) == number
    assert set(settled(worker).values()) <= {1}
    times = sorted([at for at, _ in worker.sender.sent] + [at for at, _ in worker.sender.digests])
    for first, later in zip(times, times[most:], strict=False):
        assert later - first >= timedelta(seconds=HOUR)


async def test_the_limiter_slides_and_knows_what_it_has_seen() -> None:
    clock = FakeClock(NOON)
    limiter = MemoryLimiter(clock)
    assert await limiter.take("desk", "a", 2) == 0
    await clock.advance(600)
    assert await limiter.take("desk", "b", 2) == 0
    assert await limiter.take("desk", "a", 2) == 0
    assert await limiter.take("desk", "c", 2) == 3000
    assert await limiter.take("night", "c", 2) == 0
    await clock.advance(3000)
    assert await limiter.take("desk", "c", 2) == 0
    assert await limiter.take("desk", "d", 2) == 600


def alerts(count: int) -> list[Alert]:
    return [alert(incident(event(number, killed=band(number)))) for number in range(1, count + 1)]


def test_the_body_tells_the_most_urgent_first_and_counts_all() -> None:
    made = Digest.of(alerts(120))
    body = json.loads(digest.render(made))
    assert body["type"] == "alerts.digest"
    data = body["data"]
    assert (data["alerts_count"], len(data["alerts"]), len(data["further_alert_ids"])) == (120, 100, 20)
    assert data["alerts"][0]["severity"] == Severity.FLASH
    told = {one["alert_id"] for one in data["alerts"]} | set(data["further_alert_ids"])
    assert told == {one.id for one in made.alerts}
    assert "." not in made.id
    assert Digest.of(list(reversed(made.alerts))) == made


def test_slack_gets_it_within_its_limits() -> None:
    body = json.loads(slack.render_digest(Digest.of(alerts(250))))
    assert len(body["blocks"]) <= 50
    texts = [block["text"]["text"] for block in body["blocks"] if block["type"] == "section"]
    assert max(map(len, texts)) <= 3000
    assert len(body["blocks"][0]["text"]["text"]) <= 150
    assert any("and 150 more" in json.dumps(block) for block in body["blocks"])
