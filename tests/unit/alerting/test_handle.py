"""The step: pending before alert, nothing for what the ledger knows, and a crash anywhere in between."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alert import Alert
from schemas.incident import ChangeType
from schemas.topics import ALERT, PENDING
from services.alerting import ledger
from services.common.retry import OutageError
from services.common.store import MemoryStore
from tests.factories import incident
from tests.fakes import FakeWriter, run_until_idle
from tests.unit.alerting.build import alert, endpoint, message, pending, service, version


class Crash(BaseException):
    """The process dies here."""


async def test_pending_records_come_before_the_alerts_on_the_partition_of_the_incident() -> None:
    worker = service(lambda *_: 204, endpoint("one"), endpoint("two"))
    first, second = await worker.step.handle(message(version(1), partition=7))
    assert [out.topic for out in first] == [PENDING, PENDING]
    assert [out.topic for out in second] == [ALERT, ALERT]
    assert {out.partition for out in (*first, *second)} == {7}
    alerts = [out.value for out in second if isinstance(out.value, Alert)]
    assert [out.key for out in first] == [a.id for a in alerts]
    assert {out.key for out in second} == {incident().id}
    ids = [out.id for out in (*first, *second)]
    assert len(set(ids)) == len(ids)


async def test_a_version_in_the_ledger_writes_nothing() -> None:
    worker = service()
    await worker.deliver(version(1))
    assert await worker.step.handle(message(version(1))) == []
    assert len(worker.writer.of(ALERT)) == 1


async def test_the_same_version_and_state_give_the_same_bytes() -> None:
    worker = service()
    first = await worker.step.handle(message(version(1)))
    await worker.clock.advance(3600)
    again = await worker.step.handle(message(version(1)))
    assert _bytes(first) == _bytes(again)


def _bytes(stages: object) -> list[bytes]:
    assert isinstance(stages, list)
    return [out.value.to_bytes() for stage in stages for out in stage]


async def test_a_removal_and_a_worker_without_subscriptions_write_nothing() -> None:
    worker = service()
    assert await worker.step.handle(message(None)) == []
    worker.endpoints.by_id.clear()
    assert await worker.step.handle(message(version(1))) == []


async def test_an_update_names_the_version_last_alerted() -> None:
    worker = service()
    await worker.deliver(version(1))
    await worker.deliver(version(2, ChangeType.SOURCE_ADDED))
    await worker.deliver(version(3, ChangeType.CORROBORATED))
    alerts = [out.value for out in worker.writer.of(ALERT) if isinstance(out.value, Alert)]
    assert [(a.type, a.previous_version) for a in alerts] == [
        ("incident.created", None),
        ("incident.corroborated", 1),
    ]


@pytest.mark.parametrize("dies_at", [PENDING, ALERT])
async def test_a_crash_between_the_stages_repeats_and_loses_nothing(dies_at: object) -> None:
    writer = FakeWriter()
    writer.fail = lambda out: Crash() if out.topic is dies_at else None  # type: ignore[assignment,return-value]
    before = service(writer=writer)
    before.outbox.load(3, [])
    with pytest.raises(Crash):
        await before.deliver(version(1))
    writer.fail = lambda out: None
    after = service(writer=writer)
    after.outbox.load(3, await ledger.unsettled(writer.pending[3]))
    await after.deliver(version(1))
    await after.clock.advance(1)
    assert {sent.id for _, sent in after.sender.sent} == {alert(version(1)).id}
    assert len(writer.of(ALERT)) == 1
    assert await ledger.unsettled(writer.pending[3]) == []


async def test_an_outage_after_the_broker_took_the_alert_does_not_strand_its_delivery() -> None:
    """The loop decides again, and the ledger knows the version already: what is pending must still be sent."""
    worker = service(lambda *_: 204, endpoint("one"), endpoint("two"))
    worker.outbox.load(3, [])
    worker.writer.lose_acknowledgement = lambda out: (
        OutageError("broker", "gone") if out.topic is ALERT else None
    )
    with pytest.raises(OutageError):
        await worker.deliver(version(1))
    worker.writer.lose_acknowledgement = lambda out: None
    await worker.deliver(version(1))
    await worker.clock.advance(1)
    assert sorted(a.subscription_id for _, a in worker.sender.sent) == ["one", "two"]
    await worker.deliver(version(1))
    await worker.clock.advance(1)
    assert len(worker.sender.sent) == 2


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 9)), max_size=20))
def test_the_ledger_keeps_the_highest_version(told: list[tuple[str, int]]) -> None:
    store = MemoryStore()
    highest: dict[str, int] = {}
    for name, number in told:
        made = alert(version(number), subscription_id=name)
        store.apply(ledger.reduce_alert(made.incident_id, made.to_bytes()))
        highest[name] = max(number, highest.get(name, 0))
    known = _run(ledger.last_versions(store, ["a", "b"], incident().id))
    assert known == {"a": highest.get("a"), "b": highest.get("b")}


def _run(coroutine: object) -> object:
    try:
        coroutine.send(None)  # type: ignore[attr-defined]
    except StopIteration as done:
        return done.value
    raise AssertionError("the memory store does not wait")


async def test_pending_is_remembered_until_its_null() -> None:
    store = MemoryStore()
    waiting = pending()
    store.apply(ledger.reduce_pending(waiting.alert_id, waiting.to_bytes()))
    assert await ledger.unsettled(store) == [waiting]
    store.apply(ledger.reduce_pending(waiting.alert_id, None))
    assert await ledger.unsettled(store) == []


@pytest.mark.parametrize("poison", [b"", b"\xff\xfe", b"[]", b'{"id": 1}', b"null"])
def test_poison_on_the_topics_does_not_stop_a_rebuild(poison: bytes) -> None:
    assert ledger.reduce_alert("inc_x", poison) == []
    assert ledger.reduce_pending("alr_x", poison) == []


async def test_a_message_takes_milliseconds_however_the_endpoint_behaves() -> None:
    worker = service()
    worker.outbox.load(3, [])
    worker.sender.takes_seconds = 3600
    await worker.deliver(version(1))
    await run_until_idle()
    assert len(worker.sender.sent) == 1
    await worker.deliver(version(2, ChangeType.CORROBORATED))
    assert len(worker.writer.of(ALERT)) == 2
    await worker.outbox.close()
