"""What the reader is taught by: a batch and what was read of it in, a loss for each head out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as functional
from torch import Tensor

from training.data import Labelled
from training.examples import IGNORED, Batch
from training.labels import ASSERTIONS, NOVELTIES, PHASES
from training.model import NEVER, Read, Reader

_OWN_TRIGGER = 0.3
"""How often an event is pooled over its own trigger's pieces alone; always where its kind is told twice."""
_TAGS = torch.tensor([1.0, 2.0, 1.5])
_WEIGHTS = {"live": 0.5, "phase": 0.5, "spans": 4.0, "trigger": 0.2}


@dataclass(frozen=True, slots=True)
class ClassWeights:
    """How much a rare answer counts more than a frequent one."""

    assertion: Tensor
    novelty: Tensor
    phase: Tensor


def class_weights(sentences: Sequence[Labelled]) -> ClassWeights:
    """The square root of how much rarer an answer is than the most frequent one, 5 at most."""
    events = [e for s in sentences for e in s.events]
    return ClassWeights(
        _weights([ASSERTIONS.index(e.assertion) for e in events], len(ASSERTIONS)),
        _weights([NOVELTIES.index(e.novelty) for e in events], len(NOVELTIES)),
        _weights([PHASES.index(e.phase) for e in events if e.phase], len(PHASES)),
    )


def _weights(answers: Sequence[int], size: int) -> Tensor:
    counts = Counter(answers)
    most = max(counts.values(), default=1)
    return torch.tensor([min(5.0, (most / max(counts[i], 1)) ** 0.5) for i in range(size)])


def losses(model: Reader, batch: Batch, read: Read, weights: ClassWeights) -> dict[str, Tensor]:
    """The loss of each head, weighted; their sum is what is minimised."""
    found = {
        "kind": functional.binary_cross_entropy_with_logits(read.kind.float(), batch.kinds, reduction="sum")
        / len(batch.ids),
        "live": functional.binary_cross_entropy_with_logits(read.live.float(), batch.live),
    }
    if len(batch.row):
        found |= _of_events(model, batch, read, weights)
    return {name: loss * _WEIGHTS.get(name, 1.0) for name, loss in found.items()}


def _of_events(model: Reader, batch: Batch, read: Read, weights: ClassWeights) -> dict[str, Tensor]:
    h, attention = read.pieces[batch.row], read.trigger[batch.row, batch.kind]
    has = batch.trigger.sum(-1) > 0
    own = has & (batch.twice | (torch.rand(len(has)) < _OWN_TRIGGER))
    share = attention.masked_fill(own[:, None] & (batch.trigger == 0), NEVER).softmax(-1)
    event, centre = model.event_at(h, share, batch.kind)
    tags = model.tags(h, event, centre).float().reshape(-1, 3)
    found = {
        "assertion": functional.cross_entropy(
            model.assertion(event).float(), batch.assertion, weights.assertion
        ),
        "novelty": functional.cross_entropy(model.novelty(event).float(), batch.novelty, weights.novelty),
        "spans": functional.cross_entropy(tags, batch.tags.reshape(-1), _TAGS),
    }
    if (batch.phase != IGNORED).any():
        found["phase"] = functional.cross_entropy(model.phase(event).float(), batch.phase, weights.phase)
    if has.any():
        likelihood = (attention.log_softmax(-1) * batch.trigger).sum(-1) / batch.trigger.sum(-1).clamp(min=1)
        found["trigger"] = -likelihood[has].mean()
    return found
