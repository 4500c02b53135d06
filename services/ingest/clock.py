"""The time of fetching: the clock's, but never the same instant twice, since it orders a report's revisions."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TICK = timedelta(microseconds=1)


class FetchClock:
    """Strictly increasing instants in UTC; safe from several threads."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._last = datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Now, or the next instant after the last one given."""
        with self._lock:
            self._last = max(self._now(), self._last + TICK)
            return self._last
