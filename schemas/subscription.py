"""`conflict.subscription.v1`: who wants to hear of what, and where the alerts go."""

from typing import Annotated, TypeVar

from pydantic import Field, PlainSerializer, StringConstraints

from schemas.base import Model, Record, UtcDatetime
from schemas.event import Kind, Phase
from schemas.incident import ChangeType, Status

CountryCode = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]

T = TypeVar("T", bound=str)
Set = Annotated[frozenset[T], PlainSerializer(sorted, when_used="json")]
"""Written in order: Python's own changes from run to run, and the same record must give the same bytes."""

DEFAULT_CHANGES = frozenset(ChangeType) - {ChangeType.SOURCE_ADDED}
"""A copy adds a source; by default that alerts nobody (DESIGN section 5)."""


class Target(Model):
    """Where alerts go, and how they are signed."""

    url: str
    format: str = "standard"
    """`standard`: Standard Webhooks 1.0.0; `slack`: a Slack incoming webhook."""
    secrets_encrypted: tuple[str, ...] = ()
    """Signing secrets, encrypted; several during a rotation. Never in clear on a topic."""
    headers: dict[str, str] = Field(default_factory=dict)


class Filters(Model):
    """All that are given must hold; an empty one lets everything through."""

    kinds: Set[Kind] = frozenset()
    phases: Set[Phase] = frozenset()
    countries: Set[CountryCode] = frozenset()
    theatres: Set[str] = frozenset()
    min_killed: Annotated[int, Field(ge=0)] = 0
    min_status: Status | None = None
    changes: Set[ChangeType] = DEFAULT_CHANGES
    include_unplaced: bool = True


class Subscription(Record):
    """One subscription. A null value on the topic removes it."""

    id: Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9_-]{0,63}$")]
    version: Annotated[int, Field(ge=1)] = 1
    name: str
    target: Target
    filters: Filters = Filters()
    enabled: bool = True
    disabled_reason: str | None = None
    updated_at: UtcDatetime | None = None
