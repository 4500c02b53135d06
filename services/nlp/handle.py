"""The step of the service: a report in, the records of `conflict.event.v1` out. Pure; no Kafka in sight."""

from schemas.event import ConflictEvent, Superseded
from schemas.ids import digest
from schemas.report import Report
from schemas.topics import EVENT, PARTITIONS
from services.common.message import Out
from services.common.partition import partition_of
from services.nlp.reader import Reading, ReportReader


def read_report(report: Report, reader: ReportReader) -> Reading:
    """The events of a report; places and sources of its whole text are left out."""
    return reader.read(report)


def handle(report: Report, reader: ReportReader) -> list[Out]:
    """The records that a report gives rise to.

    Each event goes to the partition of its theatre. Where the report revises another, one `superseded` record
    follows on every partition, since the older events may lie on any.
    """
    events = read_report(report, reader).events
    return [*map(event_out, events), *superseded_outs(report, events)]


def event_out(event: ConflictEvent) -> Out:
    """An event's record, keyed by theatre and pinned to its theatre's partition."""
    return Out(EVENT, event.theatre, event, event.id, partition_of(event.theatre))


def superseded_outs(report: Report, events: tuple[ConflictEvent, ...]) -> list[Out]:
    """What withdraws the events of older revisions; nothing where none is known."""
    if report.revises is None:
        return []
    record_id = "sup_" + digest("superseded", report.id, report.revision)
    record = Superseded(
        id=record_id, report_id=report.id, revision=report.revision, fetched_at=report.fetched_at,
        events=tuple(event.id for event in events),
    )  # fmt: skip
    return [Out(EVENT, report.id, record, record_id, partition) for partition in range(PARTITIONS)]
