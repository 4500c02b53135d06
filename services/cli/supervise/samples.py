"""The sample reports: a file of invented reports in, dated as of now and posted to ingest one by one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import JsonValue, ValidationError

from schemas.base import Model, describe, iso_utc
from services.cli.errors import CliError
from services.cli.post import Poster
from services.cli.reports import Told
from services.cli.stack.layout import LOCAL

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HAPPENED = timedelta(hours=4)
SAMPLES = LOCAL / "samples" / "reports.jsonl"


class Sample(Model):
    """One report of the file; its times are made when it is fed.

    `{day}` in the text becomes the name of the weekday `HAPPENED` before: one day for all, where "this morning" in two
    reports of one event would be two days around midnight.
    """

    title: str
    text: str
    url: str
    source: str
    publisher: str
    language: str = "en"
    minutes_ago: int
    """How long before being fed it was published."""
    trap: str | None = None
    """What it only seems to tell of; None for a report that tells of an event."""

    def report(self, now: datetime) -> dict[str, JsonValue]:
        """The report as ingest takes it."""
        told = self.model_dump(exclude={"minutes_ago", "trap"})
        text = self.text.replace("{day}", DAYS[(now - HAPPENED).weekday()])
        published = now - timedelta(minutes=self.minutes_ago)
        return {**told, "text": text, "published_at": iso_utc(published)}


def read_samples(path: Path = SAMPLES) -> tuple[Sample, ...]:
    """All samples, in the order of the file. Raises `CliError` naming the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CliError(
            f"{path} cannot be read: {error.strerror}; `git checkout {path}` brings it back"
        ) from None
    return tuple(_sample(path, number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _sample(path: Path, number: int, line: str) -> Sample:
    try:
        return Sample.model_validate_json(line)
    except ValidationError as error:
        raise CliError(f"{path}:{number}: {describe(error)}") from None


@dataclass
class Fed:
    """What became of the samples."""

    accepted: list[Sample] = field(default_factory=list)
    known: list[Sample] = field(default_factory=list)
    refused: list[Sample] = field(default_factory=list)

    @property
    def count(self) -> int:
        """All that were sent."""
        return len(self.accepted) + len(self.known) + len(self.refused)


def feed(
    samples: Sequence[Sample],
    poster: Poster,
    now: Callable[[], datetime],
    pause: Callable[[], bool],
    fed: Fed,
) -> Iterator[tuple[Sample, str]]:
    """Post each; yields it before it goes out with "", and again with what became of it where it is not accepted.

    pause: waits a moment between two, so that a reader can follow; true ends the feeding.
    fed: takes what became of each. Raises `CliError`.
    """
    for sample in samples:
        yield sample, ""
        (result,) = poster.post([Told(sample.url, sample.report(now()))])
        getattr(fed, result.outcome).append(sample)
        if result.outcome != "accepted":
            yield sample, result.reason or result.outcome
        if pause():
            return
