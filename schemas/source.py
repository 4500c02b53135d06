"""`conflict.source.v1`: the health of one source. No news is not calm."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from schemas.base import Record, UtcDatetime


class SilenceReason(StrEnum):
    """Why a source counts as silent."""

    NO_ANSWER = "no_answer"  # it cannot be reached or read
    NO_NEW_ITEM = "no_new_item"  # it answers, and has told nothing new for longer than it usually takes


class SourceHealth(Record):
    """One source as ingest last saw it."""

    id: str
    version: Annotated[int, Field(ge=1)]
    last_success_at: UtcDatetime | None = None
    last_new_item_at: UtcDatetime | None = None
    error_streak: Annotated[int, Field(ge=0)] = 0
    last_error: str | None = None
    """What the last look failed of, from ingest's closed list; none after a success."""
    expected_interval_seconds: float | None = None
    """Between two new items, as learnt; none before it is known."""
    silent: bool = False
    silent_reason: SilenceReason | None = None
    changed_at: UtcDatetime | None = None
    """When it fell silent or was heard of again."""
    stamps_items: bool = False
    """It gives all items the time of its own making, so their publication times are left out."""
