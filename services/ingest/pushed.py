"""The heartbeat of sources that send over HTTP: what the door took in, their health out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.report import Report
from services.common.topic_reader import TopicReader
from services.ingest.heartbeat import Heartbeat
from services.ingest.intake import ReceiptStatus, Sender
from services.ingest.settings import IngestSettings


@dataclass(frozen=True, slots=True)
class PushedSource:
    """A source that nobody looks at: it comes by itself."""

    id: str
    interval_seconds: float = 60.0


class Pushes:
    """Tells the heartbeat of what the door took."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self.heartbeat = heartbeat

    def took(self, reports: Sequence[Report], statuses: Sequence[ReceiptStatus]) -> None:
        """Reports that are safe, and which of them are new."""
        new: dict[str, int] = {}
        for report, status in zip(reports, statuses, strict=True):
            new[report.source] = new.get(report.source, 0) + (status is ReceiptStatus.ACCEPTED)
        for source, count in new.items():
            self.heartbeat.pushed(source, count)


def make_pushes(settings: IngestSettings, sender: Sender, reader: TopicReader) -> Pushes:
    """Of the sources that the settings name; with other workers, since a sender is served by any of them."""
    sources = [PushedSource(name) for name in settings.pushed_sources]
    return Pushes(Heartbeat(sources, sender, reader, lambda: datetime.now(UTC), asyncio.sleep, shared=True))
