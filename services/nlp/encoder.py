"""The trained reader: sentences with their predecessors in, events with probabilities and spans out."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from services.nlp.encoder_decode import EventReading, Outputs, Reading, decode
from services.nlp.encoder_files import (
    GRAPH,
    TOKENIZER,
    Manifest,
    ModelBrokenError,
    ModelError,
    ModelMissingError,
    read_manifest,
)
from services.nlp.pieces import Encoded, Limits, Pieces, Special

__all__ = ["Encoder", "EventReading", "ModelBrokenError", "ModelError", "ModelMissingError", "Reading"]

FOLDER = Path(__file__).parent / "model"
"""The reader that Tocsin ships."""

OUTPUTS = ("kind", "assertion", "novelty", "phase", "spans", "live", "trigger")
_BATCH = 16
_PIECES = 800
"""Pieces of a batch, padding included: larger ones are no faster on one thread, and take memory."""
_SLACK = 8
"""Pieces of padding that a sentence of a batch may have, beside a quarter of its length."""


class Encoder:
    """One loaded model. Stateless between calls; each call runs on one thread."""

    def __init__(self, manifest: Manifest, pieces: Pieces, session: ort.InferenceSession) -> None:
        self.version = manifest.version
        self.manifest = manifest
        self._pieces = pieces
        self._session = session

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Encoder":
        """Load a model from its folder, verifying every file.

        Raises `ModelMissingError` where a file is not there and `ModelBrokenError` where one is damaged.
        """
        manifest = read_manifest(folder)
        try:
            tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            session = open_session(folder / GRAPH)
        except Exception as error:  # both libraries raise bare exceptions of their own
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelBrokenError(f"{folder}: {reason}; train anew (make train)") from None
        special = Special(manifest.cls, manifest.sep, manifest.pad)
        limits = Limits(manifest.previous_pieces, manifest.sentence_pieces)
        return cls(manifest, Pieces(tokenizer, special, limits), session)

    def read(self, pairs: Sequence[tuple[str | None, str]]) -> list[Reading]:
        """The readings of pairs (sentence before or None, sentence), in the same order. Any text will do."""
        encoded = [self._pieces.encode(previous, sentence) for previous, sentence in pairs]
        readings: dict[int, Reading] = {}
        for bucket in buckets([len(e.ids) for e in encoded]):
            outputs = run(self._session, [encoded[i] for i in bucket], self.manifest.pad)
            for i, out in zip(bucket, outputs, strict=True):
                readings[i] = decode(encoded[i], pairs[i][1], out, self.manifest)
        return [readings[i] for i in range(len(pairs))]


def open_session(path: Path) -> ort.InferenceSession:
    """A session of one thread that gives memory back between runs of different lengths."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def buckets(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices in batches of similar length, the shortest first, so that little is spent on padding."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if batch and _full(len(batch), lengths[batch[0]], lengths[i]):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _full(size: int, shortest: int, longest: int) -> bool:
    """Whether a batch of `size` sentences takes none of `longest` pieces any more."""
    return size == _BATCH or (size + 1) * longest > _PIECES or longest > 1.25 * shortest + _SLACK


def run(session: ort.InferenceSession, batch: Sequence[Encoded], pad: int) -> list[Outputs]:
    """The graph's outputs for a batch, one sentence each."""
    longest = max(len(e.ids) for e in batch)
    ids = np.full((len(batch), longest), pad, np.int64)
    mask = np.zeros_like(ids)
    sentence = np.zeros_like(ids)
    for row, e in enumerate(batch):
        ids[row, : len(e.ids)] = e.ids
        mask[row, : len(e.ids)] = 1
        sentence[row, e.first : e.first + len(e.offsets)] = 1
    found = session.run(list(OUTPUTS), {"ids": ids, "mask": mask, "sentence": sentence})
    return [Outputs(*(part[row] for part in found)) for row in range(len(batch))]
