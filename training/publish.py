"""Writes the files of a model: a trained reader in; graph, tokenizer, manifest, card, curve and checksums out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch

from services.nlp.encoder import open_session
from services.nlp.encoder_decode import Reading
from services.nlp.encoder_files import GRAPH, MANIFEST, SUMS, TOKENIZER, Heads, Manifest, Thresholds, sums_of
from services.nlp.pieces import Pieces
from training import calibrate, curve
from training.base import Base
from training.data import Labelled
from training.examples import collate, example
from training.export import export
from training.labels import ASSERTIONS, KINDS, NOVELTIES, PHASES, SPANS
from training.measure import Raw, milliseconds, outputs, readings
from training.model import Reader
from training.prepare import LIMITS, Material
from training.quantise import quantise
from training.score import Figures, score

_READ = 160
"""Pieces of a sentence that are read at run time: rather more than it was trained on."""
_FLOOR = 0.1
_TOLERANCE = 2e-3


class ExportError(Exception):
    """The exported graph does not say what the trained reader says."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures by set of development sentences (`own:ar` is a language within a set), before and after quantising."""

    float32: Mapping[str, Figures]
    int8: Mapping[str, Figures]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the card tells of a model."""

    version: str
    base: str
    sheet: Sheet
    difference: float
    """The largest difference of an output between torch and the graph in 32 bits."""
    megabytes: dict[str, float]
    milliseconds: dict[int, float]
    calibration: dict[str, tuple[float, float]]
    """Expected calibration error before and after, for `kind` and `live`."""
    manifest: Manifest
    trained_on: Mapping[str, int]


def publish(model: Reader, given: Material, version: str, folder: Path, docs: Path, work: Path) -> Measured:
    """Export, compare, quantise, calibrate, measure, and write everything but the card and the checksums."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / TOKENIZER).write_text(given.base.tokenizer, encoding="utf-8")
    exported, full = export(model, given.base.rows), work / "reader.float32.onnx"
    onnx.save(exported, str(full))
    quantise(exported, folder / GRAPH)
    whole, small = open_session(full), open_session(folder / GRAPH)
    some = [s for found in given.dev.values() for s in found][::20]
    difference = equal(model, whole, given.pieces, some)
    before, after = (
        {name: outputs(session, given.pieces, found) for name, found in given.dev.items()}
        for session in (whole, small)
    )
    manifest, calibration = _calibrated(given, after, version, docs)
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return Measured(
        version, given.base.name, Sheet(*(_figures(given, raw, manifest) for raw in (before, after))), difference,
        {"graph": _megabytes(folder / GRAPH), "tokenizer": _megabytes(folder / TOKENIZER),
         "graph in 32 bits": _megabytes(full)},
        milliseconds(small, given.base.special.pad, len(given.base.weights["words.weight"])), calibration, manifest,
        {language: len(_of(given.train, language)) for language in _languages(given.train)},
    )  # fmt: skip


def _calibrated(
    given: Material, after: Mapping[str, Sequence[Raw]], version: str, docs: Path
) -> tuple[Manifest, dict[str, tuple[float, float]]]:
    """The manifest with temperatures and thresholds, and the calibration errors; the curve is written to `docs`."""
    dev = [s for found in given.dev.values() for s in found]
    raw = [r for name in given.dev for r in after[name]]
    plain = manifest_of(version, given.base, Heads(), Thresholds(kind=dict.fromkeys(KINDS, 0.5), live=0.5))
    warm = plain.model_copy(update={"temperature": calibrate.temperatures(dev, raw)})
    read = readings(raw, dev, warm)
    _curves(dev, read, docs)
    errors = [_errors(dev, readings(raw, dev, plain)), _errors(dev, read)]
    manifest = warm.model_copy(update={"thresholds": calibrate.thresholds(dev, read)})
    return manifest, {name: (errors[0][name], errors[1][name]) for name in errors[0]}


def seal(folder: Path) -> None:
    """Write the checksums; nothing may change after."""
    (folder / SUMS).write_text(sums_of(folder), encoding="ascii")


def manifest_of(version: str, base: Base, temperature: Heads, thresholds: Thresholds) -> Manifest:
    """The manifest of a graph that `training.export` wrote."""
    special = base.special
    return Manifest(
        version=version, base=base.name, kinds=KINDS, assertions=ASSERTIONS, novelties=NOVELTIES, phases=PHASES,
        spans=SPANS, cls=special.cls, sep=special.sep, pad=special.pad, previous_pieces=LIMITS.previous,
        sentence_pieces=_READ, floor=_FLOOR, temperature=temperature, thresholds=thresholds,
    )  # fmt: skip


@torch.no_grad()
def equal(
    model: Reader, session: ort.InferenceSession, pieces: Pieces, sentences: Sequence[Labelled]
) -> float:
    """The largest difference between the reader and its graph. Raises `ExportError` where it is more than rounding."""
    model.eval()
    largest = 0.0
    for sentence in sentences:
        batch = collate([example(sentence, pieces)], pieces.special.pad)
        told = model(batch.ids, batch.mask, batch.sentence)
        ((encoded, out),) = outputs(session, pieces, [sentence])
        inside = slice(encoded.first, encoded.first + len(encoded.offsets))
        graph = replace(out, spans=out.spans[:, inside], trigger=out.trigger[:, inside])
        for name in ("kind", "assertion", "novelty", "phase", "spans", "live", "trigger"):
            here = getattr(told, name)[0].float().numpy()
            here = here[:, inside] if name in ("spans", "trigger") else here
            largest = max(largest, float(np.abs(here - getattr(graph, name)).max()))
    if largest > _TOLERANCE:
        raise ExportError(f"the graph differs from the reader by {largest:.4f}; mend training/export.py")
    return largest


def _languages(sentences: Sequence[Labelled]) -> list[str]:
    return sorted({s.language for s in sentences})


def _of(sentences: Sequence[Labelled], language: str) -> list[Labelled]:
    return [s for s in sentences if s.language == language]


def _figures(given: Material, raw: Mapping[str, Sequence[Raw]], manifest: Manifest) -> dict[str, Figures]:
    found = {}
    for name, sentences in given.dev.items():
        read = readings(raw[name], sentences, manifest)
        found[name] = score(sentences, read)
        for language in _languages(sentences) if len(_languages(sentences)) > 1 else []:
            chosen = [r for s, r in zip(sentences, read, strict=True) if s.language == language]
            found[f"{name}:{language}"] = score(_of(sentences, language), chosen)
    return found


def _errors(dev: Sequence[Labelled], read: Sequence[Reading]) -> dict[str, float]:
    events = [(e, s) for r, s in zip(read, dev, strict=True) for e in r.events]
    kinds = calibrate.expected_error(
        [e.probability for e, _ in events], [e.kind in {t.kind for t in s.events} for e, s in events]
    )
    return {"kind": kinds, "live": calibrate.expected_error([r.live for r in read], [s.live for s in dev])}


def _curves(dev: Sequence[Labelled], read: Sequence[Reading], docs: Path) -> None:
    grid = [0.02 * i for i in range(1, 50)]
    curves: dict[str, Sequence[calibrate.Point]] = {
        "kinds": [calibrate.kinds_at(dev, read, t) for t in grid],
        "live": [calibrate.live_at(dev, read, t) for t in grid],
    }
    best = {name: max(points, key=lambda p: p.f1) for name, points in curves.items()}
    docs.mkdir(parents=True, exist_ok=True)
    rounded = {
        name: [{key: round(value, 3) for key, value in asdict(p).items()} for p in points]
        for name, points in curves.items()
    }
    (docs / "reader-curve.json").write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    (docs / "reader-curve.svg").write_text(curve.svg(curves, best), encoding="utf-8")


def _megabytes(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 1)
