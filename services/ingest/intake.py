"""Normalised reports in, receipts out: what is new or revised goes to the topic, and is known once acknowledged."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from schemas.envelope import Envelope, event_type
from schemas.report import Report
from schemas.topics import REPORT
from services.common import tracing
from services.ingest.known import KnownReports
from services.ingest.producer import Outgoing, UnavailableError

SOURCE = "/tocsin/ingest"


class ReceiptStatus(StrEnum):
    """What became of a report."""

    ACCEPTED = "accepted"  # on the topic, acknowledged by the broker
    KNOWN = "known"  # this very revision is on the topic already


@dataclass(frozen=True, slots=True)
class Decision:
    """One report, and whether it is to be written."""

    report: Report
    status: ReceiptStatus


class Sender(Protocol):
    """Writes records to the broker."""

    async def send(self, records: Sequence[Outgoing]) -> list[bool]:
        """For each, whether it is acknowledged. Raises `UnavailableError` where none was sent."""
        ...


def decide(reports: Sequence[Report], known: Mapping[str, str]) -> list[Decision]:
    """Compare each report with its current revision: the one known, or the one before it among `reports`."""
    current = dict(known)
    decisions = []
    for report in reports:
        before = current.get(report.id)
        if before == report.revision:
            decisions.append(Decision(report, ReceiptStatus.KNOWN))
            continue
        decisions.append(Decision(report.model_copy(update={"revises": before}), ReceiptStatus.ACCEPTED))
        current[report.id] = report.revision
    return decisions


def outgoing(report: Report, traceparent: str | None) -> Outgoing:
    """The record of a report: keyed by its id, so that its revisions stay in order."""
    envelope = Envelope(
        id=f"{report.id}:{report.revision}",
        source=SOURCE,
        type=event_type(REPORT.entity),
        subject=report.id,
        time=report.fetched_at,
        traceparent=tracing.child(traceparent),
    )
    return Outgoing(REPORT.name, report.id.encode(), report.to_bytes(), envelope.to_headers())


class Intake:
    """Takes reports from any door."""

    def __init__(self, sender: Sender, known: KnownReports) -> None:
        self._sender = sender
        self._known = known
        self._in_hand: set[str] = set()
        self._released = asyncio.Condition()

    async def take(self, reports: Sequence[Report], traceparent: str | None = None) -> list[ReceiptStatus]:
        """Returns once the broker has acknowledged every report that was not known.

        Raises `UnavailableError` where it has not; those that it did acknowledge are known from then on.
        """
        async with self._held({report.id for report in reports}):
            known = await self._known.current(list({report.id: None for report in reports}))
            decisions = decide(reports, known)
            new = [one.report for one in decisions if one.status is ReceiptStatus.ACCEPTED]
            acknowledged = await self._sender.send([outgoing(report, traceparent) for report in new])
            safe = [report for report, is_safe in zip(new, acknowledged, strict=True) if is_safe]
            await self._known.remember({report.id: report.revision for report in safe})
        if len(safe) < len(new):
            raise UnavailableError(
                f"the broker has acknowledged {len(safe)} of {len(new)} reports in time; send them again"
            )
        return [one.status for one in decisions]

    @asynccontextmanager
    async def _held(self, ids: set[str]) -> AsyncIterator[None]:
        """One request at a time has a report in hand: two revisions at once would not know of each other."""
        async with self._released:
            await self._released.wait_for(lambda: self._in_hand.isdisjoint(ids))
            self._in_hand |= ids
        try:
            yield
        finally:
            async with self._released:
                self._in_hand -= ids
                self._released.notify_all()
