"""How far the rules and the encoder are believed: what each says of one sentence in, one probability out.

The figures stand in `data/trust.yaml`: how often each rule was right on labelled sentences, and the weights under which
the two together are calibrated on the development split. `python -m training.trust` counts and fits them anew.
"""

import math
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from schemas.base import Model
from schemas.event import Kind
from services.nlp.data_files import read_yaml

Answer = TypeVar("Answer", bound=StrEnum)

_LEAST = 1e-4
_SMOOTH = 3.0
"""Imagined sentences, spread as all are, that each rule's count begins with."""


class KindTrust(Model):
    """A logistic over the encoder's logit and the logit of the rule's precision; `alone` where no rule spoke."""

    slope: float
    rule: float
    bias: float
    alone_slope: float
    alone_bias: float
    unseen: float
    """The encoder's probability of a kind that it does not mention."""
    precision: Mapping[str, float]
    """Of each rule, by its name."""
    few: tuple[Kind, ...] = ()
    """Kinds of which the development split holds too few to doubt a rule by the encoder."""


class FieldTrust(Model):
    """How often a rule's answer stood for which true one; weights of the encoder and of the rule."""

    slope: float
    rule: float
    counts: Mapping[str, Mapping[str, int]]
    """By "rule answer": how many labelled sentences have which true answer."""


class Trust(Model):
    """All figures."""

    source: str
    kind: KindTrust
    assertion: FieldTrust
    novelty: FieldTrust
    phase: FieldTrust

    def kind_probability(self, kind: Kind, rule: str | None, encoder: float | None) -> float:
        """How probable it is that a sentence tells an event of a kind, from the rule that said so and the encoder."""
        seen = logit(self.kind.unseen if encoder is None else encoder)
        if rule is None:
            return sigmoid(self.kind.alone_slope * seen + self.kind.alone_bias)
        weight = logit(self.kind.precision.get(rule, 0.6))
        both = sigmoid(self.kind.slope * seen + self.kind.rule * weight + self.kind.bias)
        return max(both, sigmoid(weight)) if kind in self.kind.few else both


@lru_cache(maxsize=1)
def trust() -> Trust:
    """The figures that Tocsin ships."""
    return Trust.model_validate(read_yaml("trust.yaml"))


def weighed(
    field: FieldTrust, rule: str, said: Answer, encoder: Mapping[Answer, float]
) -> dict[Answer, float]:
    """The probability of each answer: the encoder's times what the rule's answer is evidence for.

    `rule` and `said` are the rule that decided and its answer; a rule that was never counted is no evidence.
    """
    counts = field.counts.get(f"{rule} {said}", {})
    total = _totals(field)
    whole, here = sum(total.values()), sum(counts.values())
    scores = {}
    for answer, probability in encoder.items():
        prior = (total.get(str(answer), 0) + 1) / (whole + len(encoder))
        likely = (counts.get(str(answer), 0) + _SMOOTH * prior) / (here + _SMOOTH)
        scores[answer] = field.slope * math.log(max(probability, _LEAST)) + field.rule * math.log(
            likely / prior
        )
    top = max(scores.values())
    raised = {answer: math.exp(score - top) for answer, score in scores.items()}
    return {answer: value / sum(raised.values()) for answer, value in raised.items()}


def _totals(field: FieldTrust) -> dict[str, int]:
    total: dict[str, int] = {}
    for counts in field.counts.values():
        for answer, count in counts.items():
            total[answer] = total.get(answer, 0) + count
    return total


def logit(probability: float) -> float:
    """The logit, of a probability kept from its ends."""
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))
