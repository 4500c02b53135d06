"""Labelled sentences as numbers: sentences in, examples and batches of tensors out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from services.nlp.pieces import Encoded, Pieces
from training.data import Event, Labelled, Range
from training.labels import ASSERTIONS, FIRST, FURTHER, KINDS, NOVELTIES, PHASES, SPANS

IGNORED = -100
"""The label of what is not to be learnt from."""
_SHARE_WITHOUT_PREVIOUS = 0.1
_JOINED = 0.05
_CHUNK = 24
"""Batches that are sorted by length together."""


@dataclass(frozen=True, slots=True)
class Target:
    """One event as the heads should answer it; T pieces, padding not included."""

    kind: int
    assertion: int
    novelty: int
    phase: int
    trigger: npt.NDArray[np.float32]  # [T]
    tags: npt.NDArray[np.int64]  # [T, spans]
    twice: bool
    """Whether the sentence tells another event of the same kind."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, its pieces and its events."""

    labelled: Labelled
    encoded: Encoded
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """B sentences of T pieces; N events, the n-th of which belongs to sentence `row[n]`."""

    ids: Tensor
    mask: Tensor
    sentence: Tensor
    kinds: Tensor  # [B, K]
    live: Tensor  # [B]
    row: Tensor
    kind: Tensor
    assertion: Tensor
    novelty: Tensor
    phase: Tensor
    trigger: Tensor  # [N, T]
    tags: Tensor  # [N, T, spans]
    twice: Tensor


def example(labelled: Labelled, pieces: Pieces, with_previous: bool = True) -> Example:
    """The numbers of one sentence."""
    encoded = pieces.encode(labelled.previous if with_previous else None, labelled.text)
    return Example(labelled, encoded, targets_of(labelled, encoded))


def targets_of(labelled: Labelled, encoded: Encoded) -> tuple[Target, ...]:
    """What the heads should answer for each event of a sentence that was cut into pieces."""
    often = Counter(e.kind for e in labelled.events)
    return tuple(_target(e, encoded, often[e.kind] > 1) for e in labelled.events)


def _target(event: Event, encoded: Encoded, twice: bool) -> Target:
    length = len(encoded.ids)
    trigger = np.zeros(length, np.float32)
    if event.trigger:
        trigger[_covered(event.trigger, encoded)] = 1
    tags = np.zeros((length, len(SPANS)), np.int64)
    for i, name in enumerate(SPANS):
        for span in event.spans.get(name, ()):
            if covered := _covered(span, encoded):
                tags[covered, i] = FURTHER
                tags[covered[0], i] = FIRST
    phase = PHASES.index(event.phase) if event.phase else IGNORED
    return Target(
        KINDS.index(event.kind), ASSERTIONS.index(event.assertion), NOVELTIES.index(event.novelty), phase,
        trigger, tags, twice,
    )  # fmt: skip


def _covered(span: Range, encoded: Encoded) -> list[int]:
    start, end = span
    return [encoded.first + i for i, (a, b) in enumerate(encoded.offsets) if max(a, start) < min(b, end)]


def epoch(sentences: Sequence[Labelled], pieces: Pieces, random: Random) -> list[Example]:
    """The examples of one pass: some lose the sentence before, and some are joined to a second one."""
    told = [example(s, pieces, random.random() >= _SHARE_WITHOUT_PREVIOUS) for s in sentences]
    return told + [example(s, pieces) for s in _pairs(sentences, random)]


def _pairs(sentences: Sequence[Labelled], random: Random) -> Iterator[Labelled]:
    """Sentences of two events: two short ones of one language whose kinds differ, one after the other.

    So few sentences tell two events that spans would not learn which of them they belong to.
    """
    short = [s for s in sentences if len(s.events) == 1 and len(s.text) < 160]
    for _ in range(int(_JOINED * len(sentences)) if len(short) > 1 else 0):
        first, second = random.sample(short, 2)
        if first.language == second.language and first.events[0].kind != second.events[0].kind:
            yield joined(first, second)


def joined(first: Labelled, second: Labelled) -> Labelled:
    """The second sentence right after the first, with the events of both."""
    shift = len(first.text) + 1
    events = first.events + tuple(_shifted(e, shift) for e in second.events)
    text = f"{first.text} {second.text}"
    return replace(first, id=f"{first.id}+{second.id}", text=text, events=events)


def _shifted(event: Event, by: int) -> Event:
    spans = {name: tuple((a + by, b + by) for a, b in found) for name, found in event.spans.items()}
    trigger = (event.trigger[0] + by, event.trigger[1] + by) if event.trigger else None
    return replace(event, trigger=trigger, spans=spans)


def batches(examples: Sequence[Example], size: int, random: Random) -> list[list[Example]]:
    """Batches of similar length in random order."""
    order = list(examples)
    random.shuffle(order)
    found = []
    for i in range(0, len(order), size * _CHUNK):
        chunk = sorted(order[i : i + size * _CHUNK], key=lambda e: len(e.encoded.ids))
        found += [chunk[j : j + size] for j in range(0, len(chunk), size)]
    random.shuffle(found)
    return found


def collate(examples: Sequence[Example], pad: int) -> Batch:
    """The tensors of a batch."""
    longest = max(len(e.encoded.ids) for e in examples)
    ids = torch.full((len(examples), longest), pad)
    mask, sentence = torch.zeros_like(ids), torch.zeros_like(ids)
    kinds = torch.zeros(len(examples), len(KINDS))
    for row, e in enumerate(examples):
        ids[row, : len(e.encoded.ids)] = torch.tensor(e.encoded.ids)
        mask[row, : len(e.encoded.ids)] = 1
        sentence[row, e.encoded.first : e.encoded.first + len(e.encoded.offsets)] = 1
        kinds[row, [t.kind for t in e.targets]] = 1
    targets = [(row, t) for row, e in enumerate(examples) for t in e.targets]
    trigger, tags = _token_labels(targets, sentence)
    numbers = torch.tensor(
        [(row, t.kind, t.assertion, t.novelty, t.phase, t.twice) for row, t in targets], dtype=torch.long
    ).reshape(-1, 6)
    live = torch.tensor([float(e.labelled.live) for e in examples])
    of, kind, assertion, novelty, phase, twice = numbers.unbind(1)
    return Batch(
        ids, mask, sentence, kinds, live, of, kind, assertion, novelty, phase, trigger, tags, twice.bool()
    )


def _token_labels(targets: Sequence[tuple[int, Target]], sentence: Tensor) -> tuple[Tensor, Tensor]:
    longest = sentence.shape[1]
    trigger = torch.zeros(len(targets), longest)
    tags = torch.full((len(targets), longest, len(SPANS)), IGNORED)
    for i, (row, target) in enumerate(targets):
        length = len(target.trigger)
        trigger[i, :length] = torch.from_numpy(target.trigger)
        tags[i, :length] = torch.from_numpy(target.tags)
        tags[i, sentence[row] == 0] = IGNORED
    return trigger, tags
