"""The step of the loop: a report in; its events, and then what withdraws those of its older revisions, out."""

from schemas.event import ConflictEvent
from schemas.report import Report
from schemas.topics import REPORT
from services.common.message import Message, Stages
from services.common.metrics import EVENTS_READ, UNSUPPORTED_REPORTS
from services.nlp.handle import event_out, read_report, superseded_outs
from services.nlp.reader import ReportReader


class NlpStep:
    """Reads one report."""

    topic = REPORT

    def __init__(self, reader: ReportReader) -> None:
        self._reader = reader

    def decode(self, value: bytes | None) -> Report:
        """Raises `UndecodableError`; reports are never removed, so a null value is no record of this topic."""
        return Report.from_bytes(value or b"")

    async def handle(self, message: Message[Report]) -> Stages:
        """Events first; what withdraws the older ones only after they are acknowledged."""
        reading = read_report(message.value, self._reader)
        if not reading.supported:
            UNSUPPORTED_REPORTS.inc()
        events = [event_out(event) for event in reading.events]
        rest = superseded_outs(message.value, reading.events)
        return [stage for stage in (events, rest) if stage]

    async def written(self, message: Message[Report], stages: Stages) -> None:
        """Count what was read."""
        for out in (out for stage in stages for out in stage):
            if isinstance(out.value, ConflictEvent):
                EVENTS_READ.labels(out.value.kind.value, str(out.value.alert_worthy).lower()).inc()
