"""The records that a report gives rise to."""

from schemas.event import ConflictEvent, Superseded
from schemas.topics import EVENT, PARTITIONS
from services.common.partition import partition_of
from services.nlp.handle import handle
from services.nlp.reader import ReportReader
from tests.unit.nlp.reports import report

TEXT = (
    "An air strike killed four people in Khan Younis on Thursday. A car bomb killed two in Kabul on Friday."
)


def test_events_lie_on_the_partition_of_their_theatre(reader: ReportReader) -> None:
    outs = handle(report(TEXT), reader)
    assert {out.key for out in outs} == {"levant", "south-asia"}
    for out in outs:
        assert isinstance(out.value, ConflictEvent)
        assert (out.topic, out.id, out.partition) == (EVENT, out.value.id, partition_of(out.key))


def test_the_same_report_makes_the_same_bytes(reader: ReportReader) -> None:
    first, second = handle(report(TEXT), reader), handle(report(TEXT), reader)
    assert [o.value.to_bytes() for o in first if o.value] == [o.value.to_bytes() for o in second if o.value]


def test_a_revision_withdraws_older_events_on_every_partition(reader: ReportReader) -> None:
    outs = handle(report(TEXT, revises="before"), reader)
    withdrawn = [out for out in outs if isinstance(out.value, Superseded)]
    assert [out.partition for out in withdrawn] == list(range(PARTITIONS))
    assert len({out.id for out in withdrawn}) == 1
    assert isinstance(withdrawn[0].value, Superseded)
    assert set(withdrawn[0].value.events) == {out.id for out in outs if isinstance(out.value, ConflictEvent)}


def test_a_revision_that_tells_nothing_withdraws_all(reader: ReportReader) -> None:
    outs = handle(report("The market was calm.", revises="before"), reader)
    assert len(outs) == PARTITIONS
    assert all(isinstance(out.value, Superseded) and not out.value.events for out in outs)
