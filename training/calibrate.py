"""Makes probabilities frequencies, and chooses thresholds: outputs on development sentences in, both out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.nlp.encoder_decode import Reading, softmax
from services.nlp.encoder_files import Heads, Thresholds
from training.data import Labelled
from training.examples import IGNORED, Target, targets_of
from training.labels import KINDS
from training.measure import Raw
from training.score import Count

_TEMPERATURES = np.geomspace(0.5, 3.0, 60)
_GRID = [round(0.02 * i, 2) for i in range(5, 46)]
_ENOUGH = 40
"""A kind with fewer labels than this takes the threshold of all kinds together."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Point:
    """Precision and recall at one threshold."""

    threshold: float
    precision: float
    recall: float
    f1: float


def temperatures(sentences: Sequence[Labelled], raw: Sequence[Raw]) -> Heads:
    """What each head's logits should be divided by, so that its probabilities fit the labels best."""
    targets = [targets_of(s, encoded) for s, (encoded, _) in zip(sentences, raw, strict=True)]
    pairs = [(out, t) for (_, out), found in zip(raw, targets, strict=True) for t in found]
    kinds = np.stack([out.kind for _, out in raw])
    there = np.array([[k in {t.kind for t in found} for k in range(len(KINDS))] for found in targets])
    phases = [(out.phase[t.kind], t.phase) for out, t in pairs if t.phase != IGNORED]
    return Heads(
        kind=_binary(kinds.ravel(), there.ravel()),
        live=_binary(np.array([out.live for _, out in raw]), np.array([s.live for s in sentences])),
        assertion=_choice([(out.assertion[t.kind], t.assertion) for out, t in pairs]),
        novelty=_choice([(out.novelty[t.kind], t.novelty) for out, t in pairs]),
        phase=_choice(phases),
        spans=_choice([pair for r, found in zip(raw, targets, strict=True) for pair in _tags(r, found)]),
    )


def _tags(raw: Raw, targets: Sequence[Target]) -> list[tuple[Floats, int]]:
    encoded, out = raw
    pieces = range(encoded.first, encoded.first + len(encoded.offsets))
    return [
        (out.spans[t.kind, i, s], int(t.tags[i, s]))
        for t in targets
        for i in pieces
        for s in range(t.tags.shape[1])
    ]


def _best(loss: Callable[[float], float]) -> float:
    return round(float(min(_TEMPERATURES, key=lambda t: loss(float(t)))), 3)


def _binary(logits: Floats, true: npt.NDArray[np.bool_]) -> float:
    sign = np.where(true, 1, -1)
    return _best(lambda t: float(np.log1p(np.exp(-sign * logits / t)).mean()))


def _choice(pairs: Sequence[tuple[Floats, int]]) -> float:
    if not pairs:
        return 1.0
    logits, true = np.stack([logits for logits, _ in pairs]), np.array([answer for _, answer in pairs])
    rows = np.arange(len(true))
    return _best(lambda t: float(-np.log(softmax(logits / t)[rows, true] + 1e-9).mean()))


def thresholds(sentences: Sequence[Labelled], read: Sequence[Reading]) -> Thresholds:
    """For each kind, and for live, the threshold of the best F1."""
    common = max(_GRID, key=lambda t: kinds_at(sentences, read, t).f1)
    return Thresholds(
        kind={k: _of_kind(sentences, read, i, common) for i, k in enumerate(KINDS)},
        live=max(_GRID, key=lambda t: live_at(sentences, read, t).f1),
    )


def _of_kind(sentences: Sequence[Labelled], read: Sequence[Reading], i: int, common: float) -> float:
    kind = KINDS[i]
    said = [next((e.probability for e in r.events if e.kind is kind), 0.0) for r in read]
    true = [any(e.kind is kind for e in s.events) for s in sentences]
    if sum(true) < _ENOUGH:
        return common
    return max(_GRID, key=lambda t: (_point(t, [p > t for p in said], true).f1, -abs(t - common)))


def kinds_at(sentences: Sequence[Labelled], read: Sequence[Reading], threshold: float) -> Point:
    """All kinds together."""
    said = [
        e.probability > threshold for r in read for e in sorted(r.events, key=lambda e: KINDS.index(e.kind))
    ]
    true = [k in {e.kind for e in s.events} for s in sentences for k in KINDS]
    return _point(threshold, said, true)


def live_at(sentences: Sequence[Labelled], read: Sequence[Reading], threshold: float) -> Point:
    """Whether something live is told."""
    return _point(threshold, [r.live > threshold for r in read], [s.live for s in sentences])


def _point(threshold: float, said: Sequence[bool], true: Sequence[bool]) -> Point:
    count = Count()
    for s, t in zip(said, true, strict=True):
        count.tell(s, t)
    precision = count.right / max(count.right + count.wrong, 1)
    return Point(threshold, precision, count.right / max(count.right + count.missed, 1), count.f1)


def expected_error(probabilities: Sequence[float], true: Sequence[bool], bins: int = 10) -> float:
    """How far probabilities are from frequencies, in the mean over ten bins (ECE)."""
    p, t = np.array(probabilities), np.array(true, np.float64)
    which = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [
        abs(p[which == b].mean() - t[which == b].mean()) * (which == b).mean() for b in set(which.tolist())
    ]
    return float(sum(gaps))
