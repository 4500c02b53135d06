"""The files of a trained reader: a folder in, its manifest out, each file checked against its checksum."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from schemas.base import Model, describe
from schemas.event import Assertion, Kind, Novelty, Phase

GRAPH, TOKENIZER, MANIFEST, SUMS = "reader.onnx", "tokenizer.json", "reader.json", "SHA256SUMS"
FILES = (GRAPH, TOKENIZER, MANIFEST)
_REMEDY = "restore the folder from the repository (git checkout), or train anew (make train)"


class ModelError(Exception):
    """The reader cannot be loaded. The message names the file, the reason and the remedy."""


class ModelMissingError(ModelError):
    """A file of the reader is not there."""


class ModelBrokenError(ModelError):
    """A file of the reader is not what its checksum or its manifest says."""


class Heads(Model):
    """One number for each of the encoder's answers."""

    kind: float = 1.0
    live: float = 1.0
    assertion: float = 1.0
    novelty: float = 1.0
    phase: float = 1.0
    spans: float = 1.0


class Thresholds(Model):
    """From which probability an answer counts as yes; chosen on the development split."""

    kind: Mapping[Kind, float]
    live: float


class Manifest(Model):
    """`reader.json`: what the graph's outputs mean, and how sure to be of them."""

    version: str
    base: str
    kinds: tuple[Kind, ...]
    assertions: tuple[Assertion, ...]
    novelties: tuple[Novelty, ...]
    phases: tuple[Phase, ...]
    spans: tuple[str, ...]
    cls: int
    sep: int
    pad: int
    previous_pieces: int
    sentence_pieces: int
    floor: float
    """Events less probable than this are not told at all."""
    temperature: Heads
    """What the logits are divided by, so that probabilities are frequencies."""
    thresholds: Thresholds


def read_manifest(folder: Path) -> Manifest:
    """The manifest, after every file has been verified.

    Raises `ModelMissingError` and `ModelBrokenError`.
    """
    _verify(folder)
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except ValidationError as error:
        raise ModelBrokenError(f"{folder / MANIFEST}: {describe(error)}; {_REMEDY}") from None


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sums_of(folder: Path) -> str:
    """The text of `SHA256SUMS`, in the format of `sha256sum`."""
    return "".join(f"{sha256_of(folder / name)}  {name}\n" for name in FILES)


def _verify(folder: Path) -> None:
    for name in (SUMS, *FILES):
        if not (folder / name).is_file():
            raise ModelMissingError(f"{folder / name}: there is no such file; {_REMEDY}")
    told = _told_sums(folder / SUMS)
    for name in FILES:
        if told.get(name) != sha256_of(folder / name):
            raise ModelBrokenError(f"{folder / name}: its SHA-256 is not the one in {SUMS}; {_REMEDY}")


def _told_sums(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    pairs = [line.split(maxsplit=1) for line in lines if line.strip()]
    return {pair[1].lstrip("*"): pair[0] for pair in pairs if len(pair) == 2}
