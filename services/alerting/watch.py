"""Keeps the subscriptions current: file changes in, the newest list that was good out."""

from collections.abc import Callable, Mapping
from pathlib import Path

from services.alerting.clock import Clock
from services.alerting.endpoint import Endpoint
from services.alerting.subscriptions import SubscriptionsError, load, secret_files
from services.common.logging import get_logger

log = get_logger(__name__)

Stamp = tuple[tuple[str, int, int, int], ...]


class SubscriptionFile:
    """The subscriptions of one YAML file, read again when it or a secret's file changes.

    A bad edit changes nothing: the last good list stays, `problem` says what is wrong, and it is logged once.
    """

    def __init__(
        self, path: Path, *, allow_http: bool = False, environment: Mapping[str, str] | None = None
    ) -> None:
        """Reads the file; raises `SubscriptionsError` where there is no good list to begin with."""
        self._path = path
        self._load: Callable[[], tuple[Endpoint, ...]] = lambda: load(
            path, environment, allow_http=allow_http
        )
        self._watched: tuple[Path, ...] = (path,)
        self._stamp = self._look()
        self._by_id = self._read()
        self._watch_secrets()
        self.problem: str | None = None
        """Why the file as it stands is not in use."""

    def all(self) -> tuple[Endpoint, ...]:
        """All subscriptions."""
        return tuple(self._by_id.values())

    def get(self, subscription_id: str) -> Endpoint | None:
        """One subscription."""
        return self._by_id.get(subscription_id)

    def check(self) -> bool:
        """Read the file again if it changed; whether a new list is in use."""
        stamp = self._look()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._by_id = self._read()
        except SubscriptionsError as error:
            self.problem = str(error)
            log.error("subscriptions_refused", problem=self.problem, kept=len(self._by_id))
            return False
        self.problem = None
        self._watch_secrets()
        log.info("subscriptions_loaded", count=len(self._by_id))
        return True

    async def watch(
        self, clock: Clock, changed: Callable[[], None] = lambda: None, every_seconds: float = 0.5
    ) -> None:
        """Look for changes for ever, and tell of each."""
        while True:
            await clock.sleep(every_seconds)
            if self.check():
                changed()

    def _read(self) -> dict[str, Endpoint]:
        return {endpoint.id: endpoint for endpoint in self._load()}

    def _watch_secrets(self) -> None:
        self._watched = (self._path, *secret_files(self._path))
        # only the list's own stamp is of before the reading: a list that changed meanwhile is read again
        self._stamp = (*self._stamp[:1], *self._look()[1:])

    def _look(self) -> Stamp:
        return tuple(_stamp(path) for path in self._watched)


def _stamp(path: Path) -> tuple[str, int, int, int]:
    """Time, size and inode: mounted files are swapped whole, and may keep their time."""
    try:
        seen = path.stat()
    except OSError:
        return (str(path), 0, 0, 0)
    return (str(path), seen.st_mtime_ns, seen.st_size, seen.st_ino)
