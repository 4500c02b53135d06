"""Holding back for corroboration: sent at once when it comes, as it is when it does not, never twice, over restarts."""

from datetime import timedelta
from typing import Any

import pytest

from schemas.alert import Alert
from schemas.incident import ChangeType, Status
from schemas.subscription import Rules
from schemas.topics import ALERT, PENDING
from services.alerting.endpoint import Endpoint
from services.alerting.ledger import unsettled
from tests.factories import NOON, band
from tests.unit.alerting.build import Service, endpoint, service, version

HOLD = 600


def patient(**filters: Any) -> Endpoint:
    made = endpoint(**filters)
    subscription = made.subscription.model_copy(update={"rules": Rules(hold_seconds=HOLD)})
    return Endpoint(subscription, made.secrets)


def worker(**filters: Any) -> Service:
    made = service(lambda *_: 204, patient(**filters))
    made.outbox.load(3, [])
    return made


def sent(told: Service) -> list[tuple[float, int, str, int | None]]:
    """Seconds after noon, version, type, previous version."""
    return [
        ((at - NOON).total_seconds(), alert.incident_version, alert.type, alert.previous_version)
        for at, alert in told.sender.sent
    ]


SECOND = version(2, ChangeType.CORROBORATED, status=Status.CORROBORATED)


async def test_corroborated_in_time_it_goes_at_once_and_once_as_the_first_alert() -> None:
    bench = worker()
    await bench.deliver(version(1))
    await bench.clock.advance(100)
    assert sent(bench) == []
    await bench.deliver(SECOND)
    await bench.clock.advance(2 * HOLD)
    assert sent(bench) == [(100, 2, "incident.corroborated", None)]
    assert await unsettled(bench.writer.pending[3]) == []
    assert bench.outbox.waiting == 0


async def test_not_corroborated_it_goes_when_the_time_is_over() -> None:
    bench = worker()
    await bench.deliver(version(1))
    await bench.clock.advance(HOLD - 1)
    assert sent(bench) == []
    await bench.clock.advance(1)
    assert sent(bench) == [(HOLD, 1, "incident.created", None)]
    await bench.deliver(SECOND)
    await bench.clock.advance(0)
    assert sent(bench)[1:] == [(HOLD, 2, "incident.corroborated", 1)]


async def test_what_is_corroborated_from_the_first_does_not_wait() -> None:
    bench = worker()
    await bench.deliver(version(1, status=Status.CORROBORATED))
    await bench.clock.advance(0)
    assert len(sent(bench)) == 1


async def test_a_version_between_takes_its_place_and_the_time_goes_on() -> None:
    bench = worker()
    await bench.deliver(version(1))
    await bench.clock.advance(400)
    await bench.deliver(version(2, ChangeType.CASUALTIES_RAISED, killed=band(9)))
    await bench.clock.advance(HOLD)
    assert sent(bench) == [(HOLD, 2, "incident.casualties_raised", None)]
    assert await unsettled(bench.writer.pending[3]) == []


@pytest.mark.parametrize(
    "moot",
    [
        version(2, ChangeType.RETRACTED, status=Status.RETRACTED),
        version(2, ChangeType.CORRECTED, killed=band(1, 1)),
        version(2, ChangeType.CORRECTED, alert_worthy=False),
    ],
)
async def test_what_is_no_alert_any_more_is_not_sent(moot: Any) -> None:
    bench = worker(min_killed=3)
    await bench.deliver(version(1))
    await bench.deliver(moot)
    await bench.clock.advance(2 * HOLD)
    assert sent(bench) == []
    assert await unsettled(bench.writer.pending[3]) == []
    assert bench.outbox.waiting == 0


async def test_a_restart_holds_back_as_long_as_was_left() -> None:
    bench = worker()
    await bench.deliver(version(1))
    await bench.outbox.revoke(3)
    again = service(lambda *_: 204, patient(), writer=bench.writer)
    again.outbox.load(3, await unsettled(bench.writer.pending[3]))
    await again.clock.advance(HOLD - 1)
    assert sent(again) == []
    await again.deliver(SECOND)
    await again.clock.advance(5)
    assert [each[1:] for each in sent(again)] == [(2, "incident.corroborated", None)]


async def test_a_crash_after_the_replacement_was_written_and_before_the_end_of_the_replaced_sends_one() -> (
    None
):
    bench = worker()
    await bench.deliver(version(1))
    bench.writer.owned = {3}
    await bench.deliver(SECOND)  # its records stand, and nothing of what its senders write
    await bench.outbox.revoke(3)
    both = [out.value for out in bench.writer.of(PENDING) if out.value is not None]
    again = service(lambda *_: 204, patient(), writer=bench.writer)
    again.outbox.load(3, both)  # type: ignore[arg-type]
    await again.clock.advance(2 * HOLD)
    assert [each[1] for each in sent(again)] == [2]
    alerts = [out.value for out in bench.writer.of(ALERT) if isinstance(out.value, Alert)]
    assert [one.replaces for one in alerts] == [None, alerts[0].id]


async def test_an_old_report_is_not_held_longer_than_its_time() -> None:
    bench = worker()
    await bench.clock.advance(HOLD + timedelta(hours=1).total_seconds())
    await bench.deliver(version(1))
    await bench.clock.advance(0)
    assert len(sent(bench)) == 1
