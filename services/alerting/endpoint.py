"""A subscription with what must stay secret: kept apart from the record, shown nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from schemas.subscription import Subscription
from services.alerting.match import Matcher, compiled


@dataclass(frozen=True)
class Endpoint:
    """Where a subscription's alerts go, in memory only."""

    subscription: Subscription
    secrets: tuple[SecretStr, ...] = field(repr=False)
    """Signing secrets; several during a rotation."""
    headers: tuple[tuple[str, SecretStr], ...] = field(default=(), repr=False)
    """Further request headers; values may be credentials."""
    locked: str | None = None
    """Why it cannot be sent to for now; None for one that can."""

    @cached_property
    def wants(self) -> Matcher:
        """Whether an incident is what its filters ask for."""
        return compiled(self.subscription.filters)

    @property
    def id(self) -> str:
        """The subscription's id."""
        return self.subscription.id

    @property
    def host(self) -> str:
        """All of the URL that may be logged: paths of webhooks are often credentials."""
        return urlsplit(self.subscription.target.url).hostname or ""

    def __repr__(self) -> str:
        return f"Endpoint({self.id!r}, host={self.host!r})"


class Endpoints(Protocol):
    """The subscriptions as they stand now."""

    def all(self) -> Sequence[Endpoint]:
        """All of them, disabled ones included."""
        ...

    def get(self, subscription_id: str) -> Endpoint | None:
        """One of them."""
        ...
