"""The training loop: a base and labelled sentences in, a trained reader out."""

import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from torch import Tensor, nn

from services.nlp.pieces import Pieces
from training.bert import Bert
from training.data import Labelled
from training.examples import Batch, batches, collate, epoch, example
from training.losses import ClassWeights, class_weights, losses
from training.model import Reader


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a reader is trained; the rates are those that learn (higher ones collapse)."""

    epochs: int = 6
    batch: int = 16
    seed: int = 0
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    decay: float = 0.92
    """Each layer learns this much slower than the one above it."""
    warm_up: float = 0.1
    dropout: float = 0.05
    minutes: float | None = None
    """No longer than this: the rates fall faster where the machine is slow. A run that it cuts cannot be repeated."""


def train(
    bert: Bert, pieces: Pieces, sentences: Sequence[Labelled], recipe: Recipe, checkpoint: Path
) -> Reader:
    """Train and return a reader; its state is written to `checkpoint` after each epoch.

    The same data and recipe give nearly the same reader: on a machine with other work to do sums are rounded otherwise,
    and after some hundred steps two runs part by as much as two seeds do.
    """
    torch.manual_seed(recipe.seed)
    random = Random(recipe.seed)
    model = Reader(bert, recipe.dropout)
    _standardise(model, pieces, sentences)
    weights = class_weights(sentences)
    optimiser = torch.optim.AdamW(_groups(model, recipe), betas=(0.9, 0.98), fused=True)
    rates = [float(group["lr"]) for group in optimiser.param_groups]
    steps = recipe.epochs * -(-len(sentences) // recipe.batch)
    meter = _Meter(recipe.epochs)
    began, step = time.monotonic(), 0
    for number in range(recipe.epochs):
        model.train()
        passed = batches(epoch(sentences, pieces, random), recipe.batch, random)
        steps = max(steps, step + len(passed) * (recipe.epochs - number))
        for i, chosen in enumerate(passed):
            spent = (time.monotonic() - began) / 60 / recipe.minutes if recipe.minutes else 0.0
            if (done := max(step / steps, spent)) >= 1:
                break
            factor = _factor(done, recipe.warm_up)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * factor
            told = _step(model, collate(chosen, pieces.special.pad), weights, optimiser)
            meter.tell(number, i + 1, len(passed), told)
            step += 1
        torch.save(model.state_dict(), checkpoint)
    return model.eval()


def _step(
    model: Reader, batch: Batch, weights: ClassWeights, optimiser: torch.optim.Optimizer
) -> dict[str, float]:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = losses(model, batch, model.read(batch.ids, batch.mask, batch.sentence), weights)
    torch.stack(list(found.values())).sum().backward()  # type: ignore[no-untyped-call]
    norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    optimiser.zero_grad()
    return {name: loss.item() for name, loss in found.items()} | {"gradient": norm.item()}


def _factor(done: float, warm_up: float) -> float:
    """The share of its rate that a parameter learns with: up for a while, then down to nothing."""
    return min(done / warm_up + 1e-3, max(0.0, (1 - done) / (1 - warm_up)))


def _groups(model: Reader, recipe: Recipe) -> list[dict[str, list[Tensor] | float]]:
    """Parameters with their rates: the heads fastest, the lowest layer slowest; no decay of biases and norms."""
    layers = len(model.bert.layers)
    rated: dict[tuple[float, float], list[Tensor]] = defaultdict(list)
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        rate = recipe.head_rate
        if name.startswith("bert."):
            below = layers - 1 - int(name.split(".")[2]) if name.startswith("bert.layers.") else layers
            rate = recipe.encoder_rate * recipe.decay**below
        rated[rate, 0.01 if parameter.ndim > 1 else 0.0].append(parameter)
    return [{"params": found, "lr": rate, "weight_decay": decay} for (rate, decay), found in rated.items()]


@torch.no_grad()
def _standardise(model: Reader, pieces: Pieces, sentences: Sequence[Labelled]) -> None:
    model.eval()
    hidden = []
    for i in range(0, min(len(sentences), 256), 32):
        batch = collate([example(s, pieces) for s in sentences[i : i + 32]], pieces.special.pad)
        hidden.append(model.bert(batch.ids, batch.mask)[batch.mask.bool()])
    model.standardise(torch.cat(hidden))


class _Meter:
    """Tells how far the training is, every fifty batches and at the end of each epoch."""

    def __init__(self, epochs: int) -> None:
        self._epochs = epochs
        self._began = time.monotonic()
        self._sums: dict[str, float] = defaultdict(float)

    def tell(self, number: int, batch: int, of: int, told: dict[str, float]) -> None:
        for name, value in told.items():
            self._sums[name] += value
        if batch % 50 and batch != of:
            return
        spent = time.monotonic() - self._began
        left = spent / (number * of + batch) * (self._epochs * of) - spent
        means = " ".join(f"{name} {value / batch:.3f}" for name, value in self._sums.items())
        sys.stdout.write(
            f"train: epoch {number + 1}/{self._epochs}, batch {batch}/{of}, {spent / 60:.1f} min, "
            f"about {left / 60:.0f} min left: {means}\n"
        )
        sys.stdout.flush()
        if batch == of:
            self._sums.clear()
