"""Runs an exported graph over labelled sentences as the service would: graph and sentences in, readings out."""

import statistics
import time
from collections.abc import Sequence

import numpy as np
import onnxruntime as ort

from services.nlp.encoder import buckets, run
from services.nlp.encoder_decode import Outputs, Reading, decode
from services.nlp.encoder_files import Manifest
from services.nlp.pieces import Encoded, Pieces
from training.data import Labelled

Raw = tuple[Encoded, Outputs]
"""A sentence's pieces and what the graph says of them."""
_PIECES = 40
_BEFORE = 8


def outputs(session: ort.InferenceSession, pieces: Pieces, sentences: Sequence[Labelled]) -> list[Raw]:
    """The graph's outputs for each sentence, in their order."""
    encoded = [pieces.encode(s.previous, s.text) for s in sentences]
    found: dict[int, Outputs] = {}
    for bucket in buckets([len(e.ids) for e in encoded]):
        batch = [encoded[i] for i in bucket]
        found |= dict(zip(bucket, run(session, batch, pieces.special.pad), strict=True))
    return [(e, found[i]) for i, e in enumerate(encoded)]


def readings(raw: Sequence[Raw], sentences: Sequence[Labelled], manifest: Manifest) -> list[Reading]:
    """What the outputs mean, every kind told however improbable."""
    every = manifest.model_copy(update={"floor": 0.0})
    return [decode(e, s.text, out, every) for (e, out), s in zip(raw, sentences, strict=True)]


def milliseconds(session: ort.InferenceSession, pad: int, words: int) -> dict[int, float]:
    """Median processor time a sentence of 40 pieces, by how many are read at once.

    `words` is the size of the vocabulary. The time of the processor, since other work may go on beside.
    """
    offsets = tuple((i, i + 1) for i in range(_PIECES - _BEFORE))
    ids = tuple(int(i) for i in np.random.default_rng(0).integers(0, words, _PIECES))
    one = Encoded(ids, _BEFORE, offsets)
    return {size: _median(session, [one] * size, pad) for size in (1, 4, 16)}


def _median(session: ort.InferenceSession, batch: list[Encoded], pad: int) -> float:
    spent = []
    for _ in range(4 + 160 // len(batch)):
        began = time.thread_time()
        run(session, batch, pad)
        spent.append(time.thread_time() - began)
    return round(1000 * statistics.median(spent[4:]) / len(batch), 2)
