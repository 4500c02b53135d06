"""`conflict.report.v1`: one report, normalised."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Record, UtcDatetime

MAX_TEXT_BYTES = 256 * 1024
"""A report's text after normalising, in UTF-8 (DESIGN section 1)."""

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class TimeProvenance(StrEnum):
    """Where a publication time comes from, or why there is none."""

    GIVEN = "given"
    MISSING = "missing"
    CLAMPED = "clamped"  # it lay in the future, so the time of fetching stands in its place


class Report(Record):
    """One report as it was fetched. `id` names the article; `revision` what it said at `fetched_at`."""

    id: str
    revision: str
    """Hash of title and text. `fetched_at` orders the revisions of one report."""
    revises: str | None = None
    """The revision before this one, where it is known."""
    text: str
    title: str | None = None
    url: str | None = None
    """Canonical: no fragment, no tracking parameters."""
    source: str
    """Who handed the report on, as told: a feed, an outlet, a channel."""
    publisher: str | None = None
    publisher_family: str | None = None
    """Outlets of one house count as one origin."""
    language: str | None = None
    """BCP 47, two letters; none where unknown."""
    published_at: UtcDatetime | None = None
    published_at_provenance: TimeProvenance = TimeProvenance.GIVEN
    fetched_at: UtcDatetime
    tags: tuple[str, ...] = Field(default=(), max_length=50)
