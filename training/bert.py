"""The encoder's layers, plain BERT: ids in, a vector a piece out."""

import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from training.base import FEED, HEADS, HIDDEN

EPSILON = 1e-12


class Layer(nn.Module):
    """Attention, then a feed-forward net; each is added to its input and normalised after."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.norm1 = nn.LayerNorm(HIDDEN, EPSILON)
        self.up = nn.Linear(HIDDEN, FEED)
        self.down = nn.Linear(FEED, HIDDEN)
        self.norm2 = nn.LayerNorm(HIDDEN, EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` [B, T, H]; `mask` [B, 1, 1, T], 0 where a piece is and very small where none is.

        Attention is spelt out: on a CPU the fused one is several times slower backwards in 16 bits.
        """
        q, k, v = self.qkv(x).unflatten(-1, (3, HEADS, HIDDEN // HEADS)).permute(2, 0, 3, 1, 4)
        share = (q @ k.transpose(-1, -2) * (HIDDEN // HEADS) ** -0.5 + mask).softmax(-1)
        x = self.norm1(x + self.out((share.to(v.dtype) @ v).transpose(1, 2).flatten(2)))
        out: Tensor = self.norm2(x + self.dropout(self.down(functional.gelu(self.up(x)))))
        return out


class Bert(nn.Module):
    """The encoder. Its word rows are frozen: they stay what the base's few bits say, in all languages alike."""

    def __init__(self, vocabulary: int, positions: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Parameter(torch.zeros(positions, HIDDEN))
        self.norm = nn.LayerNorm(HIDDEN, EPSILON)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(layers))
        self.dropout = nn.Dropout(dropout)
        self.words.weight.requires_grad = False

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """`ids` and `mask` [B, T]; gives [B, T, H]."""
        x: Tensor = self.dropout(self.norm(self.words(ids) + self.positions[: ids.shape[1]]))
        seen = (1 - mask[:, None, None].float()) * -1e4
        for layer in self.layers:
            x = layer(x, seen)
        return x

    def stack(self) -> list[Layer]:
        """The layers, the lowest first."""
        return [layer for layer in self.layers if isinstance(layer, Layer)]


def build(weights: dict[str, Tensor], layers: tuple[int, ...], dropout: float) -> Bert:
    """An encoder of the layers named, from a base's weights."""
    vocabulary, positions = len(weights["words.weight"]), len(weights["positions"])
    chosen = {k: v for k, v in weights.items() if not k.startswith("layers.")}
    for new, old in enumerate(layers):
        here = f"layers.{old}."
        chosen |= {
            f"layers.{new}.{k.removeprefix(here)}": v for k, v in weights.items() if k.startswith(here)
        }
    bert = Bert(vocabulary, positions, len(layers), dropout)
    bert.load_state_dict(chosen)
    return bert
