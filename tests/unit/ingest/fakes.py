"""Stand-ins for ingest's broker and for what is known of reports."""

import asyncio
from collections.abc import Mapping, Sequence

from schemas.report import Report
from services.ingest.known import Written
from services.ingest.producer import Handed, Outgoing, Placed, UnavailableError


class FakeBroker:
    """Keeps all it is handed. Acknowledges at once, but where a test closes the gate or has it keep silent."""

    def __init__(self) -> None:
        self.records: list[Outgoing] = []
        self.down = False
        self.room = 10**6
        self.silent_after = 10**6
        """Of one request, the records beyond are taken without a word until `speak`."""
        self.gate = asyncio.Event()
        self.gate.set()
        self.silent: list[tuple[Handed, int]] = []

    @property
    def reports(self) -> list[Report]:
        return [Report.from_bytes(record.value) for record in self.records]

    def hand(self, records: Sequence[Outgoing]) -> list[Handed]:
        if self.down and records:
            raise UnavailableError("no broker")
        if len(self.records) + len(records) > self.room:
            raise UnavailableError("full")
        handed = []
        for number, record in enumerate(records):
            one: Handed = asyncio.get_running_loop().create_future()
            if number < self.silent_after:
                one.set_result(Placed(0, len(self.records)))
            else:
                self.silent.append((one, len(self.records)))
            self.records.append(record)
            handed.append(one)
        return handed

    async def placed(self, handed: Sequence[Handed]) -> list[Placed | None]:
        await self.gate.wait()
        return [one.result() if one.done() and not one.exception() else None for one in handed]

    def speak(self, error: Exception | None = None) -> None:
        """Acknowledge what was taken without a word, or have the client give it up."""
        for one, offset in self.silent:
            if error:
                one.set_exception(error)
            else:
                one.set_result(Placed(0, offset))
        self.silent.clear()


class FakeKnown:
    """What is known, in memory. Read again from the topic where it was doubted, as the real one is."""

    def __init__(self, topic: FakeBroker | None = None) -> None:
        self.revisions: dict[str, str] = {}
        self.topic = topic
        self.doubts = 0
        self._doubted = False

    async def current(self, ids: Sequence[str]) -> Mapping[str, str]:
        if self._doubted and self.topic:
            self._doubted = False
            self.revisions = {report.id: report.revision for report in self.topic.reports}
        return {one: self.revisions[one] for one in ids if one in self.revisions}

    async def remember(self, written: Sequence[Written]) -> None:
        self.revisions |= {one.report.id: one.report.revision for one in written}

    def doubt(self) -> None:
        self.doubts += 1
        self._doubted = True


class Ignorant(FakeKnown):
    """Knows nothing, ever."""

    async def remember(self, written: Sequence[Written]) -> None:
        return None
