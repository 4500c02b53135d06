"""Whether a page may be fetched: its URL in, the answer of its host's robots.txt out (RFC 9309)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from services.ingest.feeds.fetch import Fetcher, FetchError, FetchProblem
from services.ingest.feeds.politeness import Hosts

PRODUCT = "tocsin"
KEPT_SECONDS = 86_400.0
KEPT_AFTER_FAILURE_SECONDS = 600.0
MAX_HOSTS = 2_000
MAX_CHARACTERS = 500 * 1024
"""RFC 9309, 2.5: at least so much is read."""
LONGEST_DELAY_SECONDS = 30.0
ALLOW_ALL, ALLOW_NONE = "", "User-agent: *\nDisallow: /"


@dataclass(frozen=True, slots=True)
class _Kept:
    rules: Protego
    until: float


@dataclass(frozen=True, slots=True)
class Permission:
    """What the host says of one URL."""

    allowed: bool
    delay_seconds: float = 0.0


@dataclass
class Robots:
    """Asks each host once a day."""

    fetcher: Fetcher
    hosts: Hosts
    monotonic: Callable[[], float]
    _kept: dict[str, _Kept] = field(default_factory=dict)

    async def permission(self, url: str) -> Permission:
        """No rules where there is no robots.txt; nothing is allowed while it cannot be reached."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        kept = self._kept.get(site)
        if kept is None or kept.until < self.monotonic():
            kept = await self._fetched(site, parts.hostname or "")
        delay = min(kept.rules.crawl_delay(PRODUCT) or 0.0, LONGEST_DELAY_SECONDS)
        return Permission(kept.rules.can_fetch(url, PRODUCT), delay)

    async def _fetched(self, site: str, host: str) -> _Kept:
        async with self.hosts.turn(host):
            text, seconds = await self._text(site)
        if len(self._kept) >= MAX_HOSTS:
            self._kept.clear()
        self._kept[site] = _Kept(Protego.parse(text), self.monotonic() + seconds)
        return self._kept[site]

    async def _text(self, site: str) -> tuple[str, float]:
        try:
            fetched = await self.fetcher.get(f"{site}/robots.txt")
        except FetchError as error:
            if error.problem in (FetchProblem.CLIENT_ERROR, FetchProblem.GONE):
                return ALLOW_ALL, KEPT_SECONDS
            return ALLOW_NONE, KEPT_AFTER_FAILURE_SECONDS
        return fetched.body[:MAX_CHARACTERS].decode(errors="replace"), KEPT_SECONDS
