"""A YAML file of feeds in, the feeds of this worker's shard out."""

import hashlib
import re
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, ValidationError

from schemas.base import describe


class FullText(StrEnum):
    """Whether an item's page is fetched for its text."""

    AUTO = "auto"  # where the feed gives a summary only
    ALWAYS = "always"
    NEVER = "never"


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
ONE_MINUTE, ONE_DAY = 60.0, 86_400.0


class Feed(BaseModel):
    """One feed of the list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    """The `source` of its reports, and the key on `conflict.source.v1`."""
    url: HttpUrl
    """May hold a credential, so it is never logged or shown."""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = None
    publisher: str | None = None
    family: str | None = None
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    """Of the publisher."""
    tier: Annotated[int, Field(ge=1, le=4)] = 2
    """Reliability: 1 agency or official record, 2 established newsroom, 3 partisan or state outlet, 4 unverified."""
    interval_seconds: Annotated[float, Field(ge=1, le=ONE_DAY)] = 300
    """Between two looks; longer where the server asks for it."""
    full_text: FullText = FullText.AUTO

    @property
    def address(self) -> str:
        """The URL as it is fetched."""
        return str(self.url)

    @property
    def host(self) -> str:
        """The host of the URL."""
        return self.url.host or ""

    @property
    def tags(self) -> tuple[str, ...]:
        """What its reports carry on of it."""
        return (f"tier:{self.tier}", *([f"country:{self.country}"] if self.country else []))


class FeedListError(ValueError):
    """The list cannot be used. The text names file, feed, reason and remedy, and repeats no URL."""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    feeds: list[Feed]


class Shard(BaseModel):
    """`1/3`: the first of three workers' shares."""

    model_config = ConfigDict(frozen=True)

    number: int
    of: int

    @classmethod
    def parse(cls, told: str) -> "Shard":
        """Raises `ValueError` with the remedy."""
        found = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", told.strip())
        if not found or int(found[1]) > int(found[2]):
            raise ValueError("must be like 1/3: this worker's number, and how many workers there are")
        return cls(number=int(found[1]), of=int(found[2]))

    def holds(self, feed_id: str) -> bool:
        """Whether the feed is this worker's. The same for all who count the same number of workers."""
        spread = int.from_bytes(hashlib.sha256(feed_id.encode()).digest()[:8])
        return spread % self.of == self.number - 1


def load_feeds(path: Path) -> tuple[Feed, ...]:
    """All feeds of the file. Raises `FeedListError`."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FeedListError(f"{path} cannot be read: {error.strerror}. INGEST_FEEDS names it.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FeedListError(f"{path} is no YAML in UTF-8: {type(error).__name__}{_place(error)}.") from None
    try:
        feeds = _File.model_validate(told).feeds
    except ValidationError as error:
        raise FeedListError(f"{path}: {describe(error)}. deploy/feeds.yaml shows the form.") from None
    _refuse_repeats(path, [feed.id for feed in feeds])
    return tuple(feeds)


def _refuse_repeats(path: Path, ids: Sequence[str]) -> None:
    repeated = sorted({one for one in ids if ids.count(one) > 1})
    if repeated:
        raise FeedListError(
            f"{path}: the id {repeated[0]} stands there twice; each feed needs one of its own."
        )


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" in line {mark.line + 1}" if mark else ""
