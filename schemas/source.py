"""`conflict.source.v1`: the health of one source. No news is not calm."""

from typing import Annotated

from pydantic import Field

from schemas.base import Record, UtcDatetime


class SourceHealth(Record):
    """One source as ingest last saw it."""

    id: str
    version: Annotated[int, Field(ge=1)]
    last_success_at: UtcDatetime | None = None
    last_new_item_at: UtcDatetime | None = None
    error_streak: Annotated[int, Field(ge=0)] = 0
    expected_interval_seconds: float | None = None
    silent: bool = False
