"""Reads labelled sentences: JSON lines in, sentences with located events out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, Field, ValidationError

from schemas.base import Model, describe
from schemas.event import Assertion, Kind, Novelty, Phase
from training.labels import SPANS

Range = tuple[int, int]
"""Characters of a sentence: start and end."""


class DataError(Exception):
    """A file of labelled sentences is not as it should be. The message names file, line, reason and remedy."""


@dataclass(frozen=True, slots=True)
class Event:
    """One labelled happening; `spans` by type, in the order of their labels."""

    kind: Kind
    phase: Phase | None
    assertion: Assertion
    novelty: Novelty
    trigger: Range | None
    spans: Mapping[str, tuple[Range, ...]]

    @property
    def live(self) -> bool:
        """Whether it is news: told as fact or claim, and new; or a truce or a warning that is about to come."""
        told = self.assertion in (Assertion.ASSERTED, Assertion.ALLEGED)
        if told and self.novelty is not Novelty.BACKGROUND:
            return True
        return self.assertion is Assertion.PLANNED and self.kind in (Kind.CEASEFIRE, Kind.EVACUATION_WARNING)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One sentence with its events, those that are news first."""

    id: str
    language: str
    dev: bool
    previous: str | None
    text: str
    events: tuple[Event, ...]

    @property
    def live(self) -> bool:
        return any(e.live for e in self.events)


class _EventLine(Model):
    model_config = ConfigDict(extra="allow")
    kind: Kind
    phase: Phase | None = None
    assertion: Assertion
    novelty: Novelty
    trigger: str = ""
    place: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    weapon: tuple[str, ...] = ()
    killed: tuple[str, ...] = ()
    injured: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    effective: tuple[str, ...] = ()
    claimant: tuple[str, ...] = ()


class _Line(Model):
    id: str
    split: str = "train"
    lang: str = "en"
    previous: str | None = None
    text: str = Field(min_length=1)
    events: tuple[_EventLine, ...] = ()


def read(path: Path) -> list[Labelled]:
    """All sentences of a file, in its order. Raises `DataError`."""
    if not path.is_file():
        raise DataError(
            f"{path}: there is no such file; give the path of a JSON Lines file of labelled sentences"
        )
    return list(_lines(path))


def _lines(path: Path) -> Iterator[Labelled]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield _labelled(_Line.model_validate(json.loads(line)))
            except ValidationError as error:
                raise DataError(f"{path}:{number}: {describe(error)}; mend the line") from None
            except json.JSONDecodeError as error:
                raise DataError(f"{path}:{number}: no JSON ({error.msg}); mend the line") from None


def _labelled(line: _Line) -> Labelled:
    events = sorted((_event(line.text, e) for e in line.events), key=lambda e: not e.live)
    return Labelled(line.id, line.lang, line.split == "dev", line.previous, line.text, tuple(events))


def _event(text: str, line: _EventLine) -> Event:
    start = text.find(line.trigger) if line.trigger else -1
    trigger = (start, start + len(line.trigger)) if start >= 0 else None
    values: dict[str, tuple[str, ...]] = {name: getattr(line, name) for name in SPANS}
    spans = {name: _located(text, found, max(start, 0)) for name, found in values.items() if found}
    return Event(line.kind, line.phase, line.assertion, line.novelty, trigger, spans)


def _located(text: str, parts: tuple[str, ...], near: int) -> tuple[Range, ...]:
    """Where the parts stand; of a part that stands at several places, the one nearest to the trigger."""
    places = ((_nearest(text, part, near), len(part)) for part in parts if part)
    return tuple((at, at + length) for at, length in places if at is not None)


def _nearest(text: str, part: str, near: int) -> int | None:
    starts = [i for i in range(len(text)) if text.startswith(part, i)]
    return min(starts, key=lambda i: abs(i - near), default=None)
