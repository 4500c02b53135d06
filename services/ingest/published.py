"""When a report was published: a string as told in, an instant with its provenance out."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.report import TimeProvenance

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s?([Zz]|[+-]\d{2}:?\d{2})?")


class TimeError(ValueError):
    """Not a time that can be read without guessing."""


@dataclass(frozen=True, slots=True)
class Published:
    """The instant, where it comes from, and what was read into it."""

    at: datetime | None
    provenance: TimeProvenance
    note: str | None = None


def read_published(told: str | None, fetched_at: datetime) -> Published:
    """Read an RFC 3339 time, the same without a zone (read as UTC and noted), or a date (its first instant, noted).

    A time after `fetched_at` is clamped to it. Raises `TimeError` for everything else.
    """
    if told is None or not told.strip():
        return Published(None, TimeProvenance.MISSING, "missing, and left so")
    at, note = _read(told.strip())
    if at > fetched_at:
        return Published(
            fetched_at, TimeProvenance.CLAMPED, "lay in the future, so the time of fetching stands"
        )
    return Published(at, TimeProvenance.GIVEN, note)


def _read(told: str) -> tuple[datetime, str | None]:
    note = None
    if _DATE.fullmatch(told):
        note = "a date without a time: read as 00:00 UTC"
    elif not _TIME.fullmatch(told):
        raise TimeError("is neither an RFC 3339 time (2019-08-30T18:00:00Z) nor a date (2019-08-30)")
    try:
        at = datetime.fromisoformat(told.upper().replace(" ", "T", 1).replace(" ", "").replace(",", "."))
        if at.tzinfo is not None:
            return at.astimezone(UTC), note
    except (ValueError, OverflowError):
        raise TimeError("is no time that exists") from None
    return at.replace(tzinfo=UTC), note or "a time without a zone: read as UTC"
