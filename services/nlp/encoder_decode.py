"""What the encoder's numbers mean: the graph's outputs for one sentence in, its events with their spans out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from schemas.event import Assertion, Kind, Novelty, Phase
from services.nlp.encoder_files import Manifest
from services.nlp.pieces import Encoded
from services.nlp.text import Span

Floats = npt.NDArray[np.float32]
_Name = TypeVar("_Name")

_TRIGGER_SHARE = 0.3
"""A neighbour of the trigger's strongest piece belongs to it from this share of its attention on."""


@dataclass(frozen=True, slots=True)
class EventReading:
    """One event that a sentence tells. Offsets are characters of the sentence."""

    kind: Kind
    probability: float
    trigger: Span
    assertion: Mapping[Assertion, float]
    novelty: Mapping[Novelty, float]
    phase: Mapping[Phase, float]
    """Of a ceasefire; of other kinds it means nothing."""
    spans: Mapping[str, tuple[Span, ...]]
    """By type: place, actor, target, weapon, killed, injured, time, effective, claimant."""
    confidence: Mapping[str, float]
    """By type of span: the mean probability of its pieces."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder reads in one sentence."""

    live: float
    """How probable it is that something new or going on is told here."""
    events: tuple[EventReading, ...]
    """Those above the manifest's floor, the most probable first; at most one a kind."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The graph's outputs: logits, for one sentence of T pieces (padding included) and K kinds."""

    kind: Floats  # [K]
    assertion: Floats  # [K, 6]
    novelty: Floats  # [K, 3]
    phase: Floats  # [K, 9]
    spans: Floats  # [K, T, 9, 3]: outside, first piece, further piece
    live: Floats  # []
    trigger: Floats  # [K, T]


def softmax(logits: Floats) -> Floats:
    """Probabilities over the last axis."""
    shifted = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(-1, keepdims=True), np.float32)


def sigmoid(logits: Floats) -> Floats:
    """Probabilities of yes; large numbers do not overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * np.asarray(logits, np.float32))), np.float32)


def decode(encoded: Encoded, text: str, out: Outputs, manifest: Manifest) -> Reading:
    """The reading of `text`, whose pieces `encoded` are and whose outputs `out` are."""
    heat = manifest.temperature
    kind = sigmoid(out.kind / heat.kind)
    assertion, novelty = softmax(out.assertion / heat.assertion), softmax(out.novelty / heat.novelty)
    live = _live(float(sigmoid(out.live / heat.live)), kind, assertion, novelty, manifest)
    found = [k for k in np.argsort(-kind, kind="stable") if kind[k] >= manifest.floor and encoded.offsets]
    events = tuple(
        _event(int(k), float(kind[k]), assertion[k], novelty[k], encoded, text, out, manifest) for k in found
    )
    return Reading(live, events)


def _live(head: float, kind: Floats, assertion: Floats, novelty: Floats, manifest: Manifest) -> float:
    """The mean of what the head for it says, and of whether any of the kinds is there and live."""
    told = [manifest.assertions.index(a) for a in (Assertion.ASSERTED, Assertion.ALLEGED)]
    fresh = [manifest.novelties.index(n) for n in (Novelty.NEW, Novelty.UPDATE)]
    live = assertion[:, told].sum(-1) * novelty[:, fresh].sum(-1)
    planned = assertion[:, manifest.assertions.index(Assertion.PLANNED)]
    for k in (manifest.kinds.index(k) for k in (Kind.CEASEFIRE, Kind.EVACUATION_WARNING)):
        live[k] = max(live[k], planned[k])
    return 0.5 * (head + float(1 - np.prod(1 - kind * live)))


def _event(
    k: int, probability: float, assertion: Floats, novelty: Floats,
    encoded: Encoded, text: str, out: Outputs, manifest: Manifest,
) -> EventReading:  # fmt: skip
    pieces = slice(encoded.first, encoded.first + len(encoded.offsets))
    tags = softmax(out.spans[k, pieces] / manifest.temperature.spans)
    chosen = tags.argmax(-1)
    spans: dict[str, tuple[Span, ...]] = {}
    confidence: dict[str, float] = {}
    for i in np.flatnonzero(chosen.any(0)):
        if found := tagged(chosen[:, i], encoded.offsets, text):
            spans[manifest.spans[i]] = found
            confidence[manifest.spans[i]] = float(1 - tags[chosen[:, i] > 0, i, 0].mean())
    phase = softmax(out.phase[k] / manifest.temperature.phase)
    return EventReading(
        manifest.kinds[k], probability, _trigger(softmax(out.trigger[k, pieces]), encoded.offsets, text),
        _named(manifest.assertions, assertion), _named(manifest.novelties, novelty),
        _named(manifest.phases, phase), spans, confidence,
    )  # fmt: skip


def _named(names: tuple[_Name, ...], values: Floats) -> dict[_Name, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _trigger(attention: Floats, offsets: tuple[tuple[int, int], ...], text: str) -> Span:
    first = last = int(attention.argmax())
    least = _TRIGGER_SHARE * attention[first]
    while first > 0 and attention[first - 1] >= least:
        first -= 1
    while last + 1 < len(offsets) and attention[last + 1] >= least:
        last += 1
    return _whole_words(offsets[first][0], offsets[last][1], text)


def tagged(tags: npt.NDArray[np.intp], offsets: tuple[tuple[int, int], ...], text: str) -> tuple[Span, ...]:
    """The spans that tags 0 (outside), 1 (first piece) and 2 (further piece) mark, widened to whole words."""
    runs: list[list[int]] = []
    inside = False
    for tag, (start, end) in zip(tags, offsets, strict=True):
        if tag == 0:
            inside = False
        elif start < end:
            if inside and tag == 2:
                runs[-1][1] = end
            else:
                runs.append([start, end])
            inside = True
    return _joined([_whole_words(a, b, text) for a, b in runs], text)


def _joined(spans: list[Span], text: str) -> tuple[Span, ...]:
    """Spans that overlap or have only space between them as one: labels waver about articles and titles."""
    joined: list[Span] = []
    for span in spans:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return tuple(joined)


def _whole_words(start: int, end: int, text: str) -> Span:
    while start > 0 and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while 0 < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return Span(start, end)
