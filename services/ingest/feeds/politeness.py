"""One request at a time to a host, and a pause between two: a host in, the turn at it out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

GAP_SECONDS = 1.0
FORGET_AT = 2_000
"""Hosts. Beyond it those that nobody asks are forgotten."""


@dataclass
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    waiting: int = 0


@dataclass
class Hosts:
    """All hosts that this worker asks."""

    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    gap_seconds: float = GAP_SECONDS
    _hosts: dict[str, _Host] = field(default_factory=dict)

    @asynccontextmanager
    async def turn(self, host: str, gap_seconds: float | None = None) -> AsyncIterator[None]:
        """Wait for it, then have it. `gap_seconds` is longer where a robots.txt asks for it."""
        self._forget_idle()
        known = self._hosts.setdefault(host, _Host())
        known.waiting += 1
        try:
            async with known.turn:
                if (wait := known.free_at - self.monotonic()) > 0:
                    await self.sleep(wait)
                try:
                    yield
                finally:
                    known.free_at = self.monotonic() + max(self.gap_seconds, gap_seconds or 0.0)
        finally:
            known.waiting -= 1

    def _forget_idle(self) -> None:
        if len(self._hosts) >= FORGET_AT:
            now = self.monotonic()
            self._hosts = {name: one for name, one in self._hosts.items() if one.waiting or one.free_at > now}
