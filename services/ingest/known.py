"""What must be known of reports: what the broker has acknowledged in, the current revision of each report out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from schemas.report import Report


@dataclass(frozen=True, slots=True)
class Written:
    """A report that the broker has acknowledged, and where it stands; -1 where the broker does not say."""

    report: Report
    partition: int
    offset: int


class KnownReports(Protocol):
    """Remembers the current revision of reports."""

    async def current(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The current revision of each id that is known.

        Raises `UnavailableError` while the report topic must be read first.
        """
        ...

    async def remember(self, written: Sequence[Written]) -> None:
        """Note what the broker has acknowledged."""
        ...

    def doubt(self) -> None:
        """Records may stand on the topic that were not acknowledged: it is read before the next decision."""
        ...
