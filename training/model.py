"""The reader: an encoder, and for each kind of event a query that finds it and answers for it."""

import hashlib
import math
from typing import NamedTuple

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from training.base import HIDDEN
from training.bert import Bert
from training.labels import ASSERTIONS, KINDS, NOVELTIES, PHASES, SPANS

EVENT, ATTENTION, TOKEN = 256, 128, 192
"""Sizes: the vector of an event, the key of a piece, the vector of a piece in the tagger."""
NEVER = -1e4


class Read(NamedTuple):
    """What comes of a batch before any event is looked at: B sentences, T pieces, K kinds."""

    pieces: Tensor  # [B, T, H]
    trigger: Tensor  # [B, K, T], logits; NEVER outside of the sentence
    events: Tensor  # [B, K, EVENT]
    centre: Tensor  # [B, K], at which piece the trigger stands
    kind: Tensor  # [B, K], logits
    live: Tensor  # [B], logits


class Answers(NamedTuple):
    """The outputs of the exported graph, in its order (all logits)."""

    kind: Tensor
    assertion: Tensor
    novelty: Tensor
    phase: Tensor
    spans: Tensor
    live: Tensor
    trigger: Tensor


class Reader(nn.Module):
    """Reads `[CLS] previous [SEP] sentence [SEP]`; spans are tagged for each kind, so they belong to its event."""

    mean: Tensor
    scale: Tensor

    def __init__(self, bert: Bert, dropout: float) -> None:
        super().__init__()
        kinds = len(KINDS)
        self.bert = bert
        self.register_buffer("mean", torch.zeros(HIDDEN))
        self.register_buffer("scale", torch.ones(HIDDEN))
        self.key = nn.Linear(HIDDEN, ATTENTION)
        self.query = nn.Parameter(torch.randn(kinds, ATTENTION) * 0.5)
        self.event = nn.Linear(2 * HIDDEN, EVENT)
        self.event_kind = nn.Parameter(torch.randn(kinds, EVENT) * 0.1)
        self.kind_weight = nn.Parameter(torch.randn(kinds, EVENT) * 0.05)
        self.kind_bias = nn.Parameter(torch.full((kinds,), -2.0))
        self.assertion = nn.Linear(EVENT, len(ASSERTIONS))
        self.novelty = nn.Linear(EVENT, len(NOVELTIES))
        self.phase = nn.Linear(EVENT, len(PHASES))
        self.token = nn.Linear(HIDDEN, TOKEN)
        self.token_shift = nn.Linear(EVENT, TOKEN)
        self.token_gate = nn.Linear(EVENT, TOKEN)
        self.token_distance = nn.Linear(3, TOKEN, bias=False)
        self.tag = nn.Linear(TOKEN, 3 * len(SPANS))
        self.live = nn.Linear(2 * HIDDEN, 1)
        self.dropout = nn.Dropout(dropout)

    def standardise(self, hidden: Tensor) -> None:
        """Fix what the heads see to mean 0 and deviation 1/3, after `hidden` [N, H] of training text.

        The deviation has a floor: some bases have dimensions that never move, whose gradients would be infinite.
        """
        deviation = hidden.std(0)
        self.mean.copy_(hidden.mean(0))
        self.scale.copy_(3 * deviation.clamp(min=0.3 * deviation.median().item()))

    def read(self, ids: Tensor, mask: Tensor, sentence: Tensor) -> Read:
        """`ids`, `mask` (pieces) and `sentence` (pieces of the sentence proper), all [B, T]."""
        h = self.dropout((self.bert(ids, mask) - self.mean) / self.scale)
        trigger = torch.einsum("btd,kd->bkt", self.key(h), self.query) / math.sqrt(ATTENTION)
        trigger = trigger.float().masked_fill(sentence[:, None] == 0, NEVER)
        share = trigger.softmax(-1)
        pooled = torch.einsum("bkt,bth->bkh", share.to(h.dtype), h)
        events = self._event(pooled, h[:, :1].expand(-1, len(KINDS), -1), self.event_kind)
        kind = (events * self.kind_weight).sum(-1) + self.kind_bias
        within = sentence.to(h.dtype)[..., None]
        mean = (h * within).sum(1) / within.sum(1).clamp(min=1)
        live = self.live(torch.cat([h[:, 0], mean], -1))[:, 0]
        return Read(h, trigger, events, _centre(share), kind, live)

    def event_at(self, h: Tensor, share: Tensor, kind: Tensor) -> tuple[Tensor, Tensor]:
        """Events of N given kinds that stand where `share` [N, T] says: vectors [N, EVENT], centres [N]."""
        pooled = torch.einsum("nt,nth->nh", share.to(h.dtype), h)
        return self._event(pooled, h[:, 0], self.event_kind[kind]), _centre(share)

    def _event(self, pooled: Tensor, sentence: Tensor, kind: Tensor) -> Tensor:
        joined: Tensor = self.event(torch.cat([pooled, sentence], -1))
        out: Tensor = self.dropout(functional.gelu(joined + kind))
        return out

    def tags(self, h: Tensor, event: Tensor, centre: Tensor) -> Tensor:
        """Logits [..., T, spans, 3] of the pieces h [..., T, H] for events [..., EVENT] at centres [...]."""
        distance = _distance(centre, h.shape[-2]).to(h.dtype)
        z = self.token(h) * (1 + self.token_gate(event)[..., None, :]) + self.token_shift(event)[..., None, :]
        out: Tensor = self.tag(functional.gelu(z + self.token_distance(distance)))
        return out.view(*out.shape[:-1], len(SPANS), 3)

    def forward(self, ids: Tensor, mask: Tensor, sentence: Tensor) -> Answers:
        r = self.read(ids, mask, sentence)
        tags = self.tags(r.pieces[:, None], r.events, r.centre)
        heads = self.assertion(r.events), self.novelty(r.events), self.phase(r.events)
        return Answers(r.kind, *heads, tags, r.live, r.trigger)


def _centre(share: Tensor) -> Tensor:
    return (share.float() * torch.arange(share.shape[-1])).sum(-1)


def _distance(centre: Tensor, length: int) -> Tensor:
    """Where a piece stands to the trigger: near side and far side, and how near; [..., T, 3]."""
    d = torch.arange(length) - centre[..., None]
    return torch.stack([torch.tanh(d / 3), torch.tanh(d / 12), torch.exp(-d.abs() / 6)], -1)


def fingerprint(model: nn.Module) -> str:
    """Six hexadecimal digits that tell the weights of two readers apart."""
    digest = hashlib.sha256()
    for _, weights in sorted(model.state_dict().items()):
        digest.update(weights.detach().float().contiguous().numpy().tobytes())
    return digest.hexdigest()[:6]
