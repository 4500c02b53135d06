"""New and revised reports go out and are known once acknowledged; known ones do not go out again."""

import asyncio
from datetime import UTC, datetime

import pytest
from kafka.errors import KafkaTimeoutError

from schemas.envelope import Envelope
from schemas.report import Report
from services.ingest.intake import Intake, ReceiptStatus, outgoing
from services.ingest.normalise import normalise
from services.ingest.producer import UnavailableError
from tests.unit.ingest.fakes import FakeBroker, FakeKnown

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACCEPTED, KNOWN = ReceiptStatus.ACCEPTED, ReceiptStatus.KNOWN


def report(text: str, name: str = "a") -> Report:
    return normalise({"text": text, "id": name, "source": "test"}, NOW).report


async def test_a_repeat_is_known_and_a_revision_says_what_it_revises() -> None:
    broker, known = FakeBroker(), FakeKnown()
    intake = Intake(broker, known)
    first, second = report("one"), report("two")
    assert await intake.take([first]) == [ACCEPTED]
    assert await intake.take([first]) == [KNOWN]
    assert await intake.take([second]) == [ACCEPTED]
    # back to the earlier wording is a revision too
    assert await intake.take([first]) == [ACCEPTED]
    assert [one.revises for one in broker.reports] == [None, first.revision, second.revision]


async def test_repeats_and_revisions_within_one_batch() -> None:
    broker = FakeBroker()
    first, second = report("one"), report("two")
    statuses = await Intake(broker, FakeKnown()).take([first, first, second])
    assert statuses == [ACCEPTED, KNOWN, ACCEPTED]
    assert [one.revises for one in broker.reports] == [None, first.revision]


async def test_what_was_not_acknowledged_is_not_known() -> None:
    broker, known = FakeBroker(), FakeKnown()
    broker.silent_after = 1
    with pytest.raises(UnavailableError, match="1 of 2"):
        await Intake(broker, known).take([report("one"), report("two", "b")])
    assert known.revisions == {report("one").id: report("one").revision}


async def test_two_revisions_at_once_take_their_turn() -> None:
    broker = FakeBroker()
    broker.gate.clear()
    intake = Intake(broker, FakeKnown())
    first, second, other = report("one"), report("two"), report("three", "b")
    takes = [asyncio.create_task(intake.take([one])) for one in (first, second, other)]
    await asyncio.sleep(0)
    broker.gate.set()
    await asyncio.gather(*takes)
    revises = {one.revision: one.revises for one in broker.reports}
    assert revises == {first.revision: None, second.revision: first.revision, other.revision: None}


async def test_a_failed_report_is_let_go() -> None:
    broker = FakeBroker()
    broker.down = True
    intake = Intake(broker, FakeKnown())
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await asyncio.wait_for(intake.take([report("one")]), timeout=5)


async def test_a_copy_that_is_still_on_its_way_is_waited_for_and_not_sent_again() -> None:
    broker = FakeBroker()
    known = FakeKnown(broker)
    intake, one = Intake(broker, known), report("one")
    broker.silent_after = 0
    for expected in ("0 of 1", "an earlier copy", "an earlier copy"):
        with pytest.raises(UnavailableError, match=expected):
            await intake.take([one])
    # others do not wait for it
    broker.silent_after = 1
    assert await intake.take([report("three", "b")]) == [ACCEPTED]
    broker.speak()
    await asyncio.sleep(0)
    assert await intake.take([one, report("two")]) == [KNOWN, ACCEPTED]
    assert [record.text for record in broker.reports] == ["one", "three", "two"]
    assert broker.reports[2].revises == one.revision


async def test_a_copy_that_the_client_gave_up_is_looked_for_on_the_topic() -> None:
    broker = FakeBroker()
    intake, one = Intake(broker, FakeKnown(broker)), report("one")
    broker.silent_after = 0
    with pytest.raises(UnavailableError):
        await intake.take([one])
    broker.speak(KafkaTimeoutError("given up"))  # the broker had it, and its word was lost
    await asyncio.sleep(0)
    assert await intake.take([one]) == [KNOWN]
    assert len(broker.records) == 1


async def test_a_sender_that_hangs_up_leaves_no_copy_behind() -> None:
    broker = FakeBroker()
    intake, one = Intake(broker, FakeKnown(broker)), report("one")
    broker.gate.clear()
    taking = asyncio.create_task(intake.take([one]))
    await asyncio.sleep(0.01)
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    broker.gate.set()
    assert await intake.take([one]) == [KNOWN]


def test_the_record_is_a_cloud_event_keyed_by_the_report() -> None:
    one = report("one")
    trace = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    record = outgoing(one, trace)
    envelope = Envelope.from_headers(record.headers)
    assert record.key.decode() == envelope.subject == one.id
    assert envelope.id == f"{one.id}:{one.revision}"
    assert (envelope.source, envelope.type) == ("/tocsin/ingest", "org.tocsin.report.v1")
    assert envelope.time == NOW
    assert envelope.traceparent is not None
    assert envelope.traceparent.split("-")[1] == "a" * 32
    assert envelope.traceparent != trace
