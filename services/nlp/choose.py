"""Which reader reads the sentences: a setting and the model's folder in, the fused reader or the rules alone out."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

from services.nlp.encoder import FOLDER, Encoder, ModelError
from services.nlp.fusion import FusedReader, SentenceEncoder
from services.nlp.read import RuleReader, SentenceReader

Mode = Literal["auto", "model", "rules"]


class Choice(NamedTuple):
    """A reader, and why no model reads with it; empty where one does or where none was asked for."""

    reader: SentenceReader
    problem: str


def choose(
    mode: Mode = "auto", folder: Path = FOLDER, load: Callable[[Path], SentenceEncoder] = Encoder.load
) -> Choice:
    """The reader of a mode: `rules` alone, `model` with them, or `auto`, the model where it can be loaded.

    Raises `ModelError` under `model` only: under `auto` a missing or broken model leaves the rules, and the reason.
    """
    if mode == "rules":
        return Choice(RuleReader(), "")
    try:
        return Choice(FusedReader(load(folder)), "")
    except ModelError as error:
        if mode == "model":
            raise
        return Choice(RuleReader(), str(error))
