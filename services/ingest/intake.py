"""Normalised reports in, receipts out: what is new or revised goes to the topic, and is known once acknowledged."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol

from schemas.envelope import Envelope, event_type
from schemas.report import Report
from schemas.topics import REPORT
from services.common import tracing
from services.ingest.known import KnownReports, Written
from services.ingest.producer import Handed, Outgoing, Placed, UnavailableError

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

    def hand(self, records: Sequence[Outgoing]) -> list[Handed]:
        """Give them to the broker's client. Raises `UnavailableError` where none was sent."""
        ...

    async def placed(self, handed: Sequence[Handed]) -> list[Placed | None]:
        """Wait a bounded time: for each where it stands, None where it is not acknowledged."""
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
        self._in_flight: dict[str, Handed] = {}
        """By report: the newest copy that the broker may yet take, though its sender was told to come back."""

    async def take(self, reports: Sequence[Report], traceparent: str | None = None) -> list[ReceiptStatus]:
        """Returns once the broker has acknowledged every report that was not known.

        Raises `UnavailableError` where it has not; those that it did acknowledge are known from then on, and those
        that it may yet take are waited for before any of them is taken again.
        """
        ids = list({report.id: None for report in reports})
        async with self._held(set(ids)):
            await self._landed(ids)
            decisions = decide(reports, await self._known.current(ids))
            new = [one.report for one in decisions if one.status is ReceiptStatus.ACCEPTED]
            safe = await self._write(new, traceparent)
        if safe < len(new):
            raise UnavailableError(
                f"the broker has acknowledged {safe} of {len(new)} reports in time; send them again"
            )
        return [one.status for one in decisions]

    async def _write(self, reports: Sequence[Report], traceparent: str | None) -> int:
        """How many of them the broker has acknowledged."""
        handed = self._sender.hand([outgoing(report, traceparent) for report in reports])
        written: list[Written] = []
        try:
            places = await self._sender.placed(handed)
            told = zip(reports, places, strict=True)
            written = [Written(report, *place) for report, place in told if place is not None]
            await self._known.remember(written)
        finally:
            if len(written) < len(reports):
                self._leave(reports, handed)
        return len(written)

    def _leave(self, reports: Sequence[Report], handed: Sequence[Handed]) -> None:
        """The broker has not spoken of all in time, or their sender is gone: what comes of them is on the topic."""
        self._known.doubt()
        for report, one in zip(reports, handed, strict=True):
            if not one.done():
                self._in_flight[report.id] = one
                one.add_done_callback(partial(self._settle, report.id))

    def _settle(self, report_id: str, handed: Handed) -> None:
        self._known.doubt()
        if self._in_flight.get(report_id) is handed:
            del self._in_flight[report_id]

    async def _landed(self, ids: Sequence[str]) -> None:
        """Wait for earlier copies. Raises `UnavailableError` where the broker has not spoken of one by then."""
        earlier = [self._in_flight[one] for one in ids if one in self._in_flight]
        if earlier:
            await self._sender.placed(earlier)
        if not all(one.done() for one in earlier):
            raise UnavailableError("an earlier copy still waits for the broker's acknowledgement")

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
