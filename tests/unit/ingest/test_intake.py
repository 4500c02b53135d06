"""New and revised reports go out and are known once acknowledged; known ones do not go out again."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from schemas.envelope import Envelope
from schemas.report import Report
from services.ingest.intake import Intake, ReceiptStatus, outgoing
from services.ingest.normalise import normalise
from services.ingest.producer import Outgoing, UnavailableError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACCEPTED, KNOWN = ReceiptStatus.ACCEPTED, ReceiptStatus.KNOWN


def report(text: str, name: str = "a") -> Report:
    return normalise({"text": text, "id": name, "source": "test"}, NOW).report


class Known:
    """What is known, in memory."""

    def __init__(self) -> None:
        self.revisions: dict[str, str] = {}

    async def current(self, ids: Sequence[str]) -> Mapping[str, str]:
        return {one: self.revisions[one] for one in ids if one in self.revisions}

    async def remember(self, revisions: Mapping[str, str]) -> None:
        self.revisions.update(revisions)


class Broker:
    """Acknowledges what it is told to; waits while `gate` is closed."""

    def __init__(self) -> None:
        self.records: list[Report] = []
        self.acknowledges = True
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, records: Sequence[Outgoing]) -> list[bool]:
        await self.gate.wait()
        self.records += [Report.from_bytes(record.value) for record in records]
        return [self.acknowledges or place == 0 for place in range(len(records))]


async def test_a_repeat_is_known_and_a_revision_says_what_it_revises() -> None:
    broker, known = Broker(), Known()
    intake = Intake(broker, known)
    first, second = report("one"), report("two")
    assert await intake.take([first]) == [ACCEPTED]
    assert await intake.take([first]) == [KNOWN]
    assert await intake.take([second]) == [ACCEPTED]
    # back to the earlier wording is a revision too
    assert await intake.take([first]) == [ACCEPTED]
    assert [one.revises for one in broker.records] == [None, first.revision, second.revision]


async def test_repeats_and_revisions_within_one_batch() -> None:
    broker = Broker()
    first, second = report("one"), report("two")
    statuses = await Intake(broker, Known()).take([first, first, second])
    assert statuses == [ACCEPTED, KNOWN, ACCEPTED]
    assert [one.revises for one in broker.records] == [None, first.revision]


async def test_what_was_not_acknowledged_is_not_known() -> None:
    broker, known = Broker(), Known()
    broker.acknowledges = False
    with pytest.raises(UnavailableError, match="1 of 2"):
        await Intake(broker, known).take([report("one"), report("two", "b")])
    assert known.revisions == {report("one").id: report("one").revision}


async def test_two_revisions_at_once_take_their_turn() -> None:
    broker = Broker()
    broker.gate.clear()
    intake = Intake(broker, Known())
    first, second, other = report("one"), report("two"), report("three", "b")
    takes = [asyncio.create_task(intake.take([one])) for one in (first, second, other)]
    await asyncio.sleep(0)
    broker.gate.set()
    await asyncio.gather(*takes)
    revises = {one.revision: one.revises for one in broker.records}
    assert revises == {first.revision: None, second.revision: first.revision, other.revision: None}


async def test_a_failed_report_is_let_go() -> None:
    class Full:
        async def send(self, records: Sequence[Outgoing]) -> list[bool]:
            raise UnavailableError("full")

    intake = Intake(Full(), Known())
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await asyncio.wait_for(intake.take([report("one")]), timeout=5)


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
