"""Builds reports for the tests of reading."""

from datetime import UTC, datetime

from schemas.event import ConflictEvent
from schemas.ids import content_hash
from schemas.report import Report
from services.nlp.handle import read_report
from services.nlp.reader import ReportReader

FRIDAY = datetime(2019, 8, 30, 18, tzinfo=UTC)


def report(text: str, title: str | None = None, at: datetime = FRIDAY, revises: str | None = None) -> Report:
    return Report(
        id="rep_test", revision=content_hash(title, text), revises=revises, text=text, title=title, source="Test Wire",
        published_at=at, fetched_at=at,
    )  # fmt: skip


def events(reader: ReportReader, text: str, title: str | None = None) -> list[ConflictEvent]:
    return list(read_report(report(text, title), reader).events)


def ringing(reader: ReportReader, text: str, title: str | None = None) -> list[ConflictEvent]:
    return [event for event in events(reader, text, title) if event.alert_worthy]
