"""`conflict.report.v1`: one report, normalised."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Record, UtcDatetime

MAX_TEXT_BYTES = 256 * 1024
"""A report's text after normalising, in UTF-8."""

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class TimeProvenance(StrEnum):
    """Where a publication time comes from, or why there is none."""

    GIVEN = "given"
    FEED = "feed"
    PAGE = "page"  # the article's page says so, in what it tells machines
    TEXT = "text"  # a line of the page that readers see
    MISSING = "missing"
    CLAMPED = "clamped"  # it lay in the future, so the time of fetching stands in its place
    STAMPED = "stamped"  # the feed gives every item the time of its making, which tells nothing: left out


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
    credits: tuple[str, ...] = ()
    """Agencies that the text credits as its source, in a dateline or a credit line."""
    language: str | None = None
    """BCP 47, two letters; none where unknown."""
    published_at: UtcDatetime | None = None
    published_at_provenance: TimeProvenance = TimeProvenance.GIVEN
    fetched_at: UtcDatetime
    tags: tuple[str, ...] = Field(default=(), max_length=50)
