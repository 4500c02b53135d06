"""What a training run starts from: options in, the base with its pieces, and the sentences, out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from services.nlp.pieces import Limits, Pieces
from training import base as bases
from training.base import Base
from training.data import Labelled, read
from training.vocabulary import pruned

OWN = Path(__file__).parent / "data"
LIMITS = Limits(previous=32, sentence=120)
"""Pieces that the reader learns from; at run time it may read a longer sentence."""


@dataclass(frozen=True, slots=True)
class Material:
    """A base fit for the sentences that it is trained on."""

    base: Base
    pieces: Pieces
    train: list[Labelled]
    dev: dict[str, list[Labelled]]
    """The development sentences by the name of their file."""


def files(more: Path | None) -> list[Path]:
    """The files of labelled sentences: the project's own, and `more`."""
    return [*sorted(OWN.glob("*.jsonl")), *([more] if more else [])]


def sentences(more: Path | None) -> tuple[list[Labelled], dict[str, list[Labelled]]]:
    """Sentences to train on, and development ones by file: the project's own, and those of `more`."""
    by_file = {path.stem: read(path) for path in files(more)}
    dev = {name: [s for s in found if s.dev] for name, found in by_file.items()}
    return [s for found in by_file.values() for s in found if not s.dev], {k: v for k, v in dev.items() if v}


def material(base: str, more: Path | None, cache: Path) -> Material:
    """Everything that training needs. Raises `DataError` and `BaseModelError`."""
    train, dev = sentences(more)
    fit = pruned(bases.load(base, cache), _texts(train))
    tokenizer = Tokenizer.from_str(fit.tokenizer)
    return Material(fit, Pieces(tokenizer, fit.special, LIMITS), train, dev)


def _texts(train: list[Labelled]) -> Iterator[str]:
    for sentence in train:
        yield from filter(None, (sentence.text, sentence.previous))
