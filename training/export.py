"""Writes a trained reader as an ONNX graph, with onnxruntime's fused operators where they fit."""

import math

import numpy as np
import onnx
from onnx import TensorProto
from torch import nn

from training.base import HEADS, HIDDEN, Rows
from training.bert import EPSILON, Bert, Layer
from training.graph import MICROSOFT, Graph
from training.labels import ASSERTIONS, KINDS, NOVELTIES, PHASES, SPANS
from training.model import ATTENTION, NEVER, Reader

POSITIONS = 224
"""Pieces of the longest input."""
_SMALLEST = 0.2
"""The least that a piece is divided by: a little more than gelu's lowest value, so that all stays within 1."""
_INPUTS = ("ids", "mask", "sentence")


def export(model: Reader, rows: Rows | None) -> onnx.ModelProto:
    """The graph, in 32 bits but for the word rows: those stay in the base's 4 bits, unpacked as they are read.

    Its outputs are those of `training.model.Answers`.
    """
    g = Graph()
    x = _encoder(g, model.bert, rows)
    h = g.op("Div", g.op("Sub", x, g.weight(model.mean)), g.weight(model.scale))
    within = g.numbers("sentence")
    events, centre, places, first = _events(g, model, h, within)
    _answers(g, model, events)
    _tags(g, model, h, events, g.op("Sub", places, centre))
    _live(g, model, h, first, within)
    k = len(KINDS)
    outputs: dict[str, list[str | int]] = {
        "kind": ["B", k], "assertion": ["B", k, len(ASSERTIONS)], "novelty": ["B", k, len(NOVELTIES)],
        "phase": ["B", k, len(PHASES)], "spans": ["B", k, "T", len(SPANS), 3], "live": ["B"],
        "trigger": ["B", k, "T"],
    }  # fmt: skip
    return g.model({name: ["B", "T"] for name in _INPUTS}, outputs)


def _encoder(g: Graph, bert: Bert, rows: Rows | None) -> str:
    words = _packed_words(g, rows) if rows else _byte_words(g, bert)
    length = g.op("Gather", g.op("Shape", "ids"), g.constant([1], np.int64))
    positions = g.op("Slice", g.weight(bert.positions[:POSITIONS]), g.constant([0], np.int64), length)
    x = g.op(
        "LayerNormalization", g.op("Add", words, positions), g.weight(bert.norm.weight), g.weight(bert.norm.bias),
        epsilon=EPSILON, axis=-1,
    )  # fmt: skip
    mask = g.op("Cast", "mask", to=TensorProto.INT32)
    for layer in bert.stack():
        x = _layer(g, layer, x, mask)
    return x


def _packed_words(g: Graph, rows: Rows) -> str:
    count, blocks, half = rows.packed.shape
    packed = g.op("Gather", g.constant(rows.packed.reshape(count, blocks * half)), "ids")
    packed = g.op("Reshape", packed, g.constant([0, 0, blocks, half], np.int64))
    low = g.op("BitwiseAnd", packed, g.constant(15, np.uint8))
    high = g.op("BitShift", packed, g.constant(4, np.uint8), direction="RIGHT")
    numbers = g.op("Sub", g.numbers(g.op("Concat", low, high, axis=3)), g.constant(8.0))
    scale = g.axis(g.numbers(g.op("Gather", g.constant(rows.scale), "ids")), 3)
    return g.op("Reshape", g.op("Mul", numbers, scale), g.constant([0, 0, HIDDEN], np.int64))


def _byte_words(g: Graph, bert: Bert) -> str:
    words = bert.words.weight.detach().float().numpy()
    scale = np.maximum(np.abs(words).max(1, keepdims=True) / 127, 1e-9).astype(np.float32)
    numbers = g.numbers(g.op("Gather", g.constant(np.rint(words / scale).astype(np.int8)), "ids"))
    return g.op("Mul", numbers, g.op("Gather", g.constant(scale), "ids"))


def _layer(g: Graph, layer: Layer, x: str, mask: str) -> str:
    qkv = g.weight(layer.qkv.weight.T), g.weight(layer.qkv.bias)
    seen = g.op("Attention", x, *qkv, mask, domain=MICROSOFT, num_heads=HEADS)
    x = _added(g, g.op("MatMul", seen, g.weight(layer.out.weight.T)), x, layer.norm1, layer.out)
    up = g.op("MatMul", x, g.weight(layer.up.weight.T))
    up = g.op("BiasGelu", up, g.weight(layer.up.bias), domain=MICROSOFT)
    return _added(g, _evenly(g, up, layer.down), x, layer.norm2, layer.down)


def _evenly(g: Graph, x: str, layer: nn.Linear) -> str:
    """`x` through a layer (without its bias), each piece divided by its largest number before and multiplied after.

    A few pieces have numbers a hundred times those of the rest, and one 8-bit scale for all would drown the rest.
    """
    largest = g.op("ReduceMax", x, g.constant([-1], np.int64), keepdims=1)
    largest = g.op("Max", largest, g.constant(_SMALLEST))
    return g.op("Mul", g.op("MatMul", g.op("Div", x, largest), g.weight(layer.weight.T)), largest)


def _added(g: Graph, y: str, x: str, norm: object, layer: object) -> str:
    weights = [g.weight(w) for w in (norm.weight, norm.bias, layer.bias)]  # type: ignore[attr-defined]
    return g.op("SkipLayerNormalization", y, x, *weights, domain=MICROSOFT, epsilon=EPSILON)


def _events(g: Graph, model: Reader, h: str, within: str) -> tuple[str, str, str, str]:
    """The vectors of the events, where they stand [B, K, 1], the places of pieces [T], the first piece [B, 1, H]."""
    keys = g.op("Transpose", g.linear(h, model.key), perm=[0, 2, 1])
    logits = g.op("MatMul", g.weight(model.query / math.sqrt(ATTENTION)), keys)
    outside = g.op("Mul", g.op("Sub", g.constant(1.0), within), g.constant(NEVER))
    share = g.op("Softmax", g.op("Add", logits, g.axis(outside, 1), out="trigger"), axis=-1)
    length = g.op("Squeeze", g.op("Gather", g.op("Shape", "ids"), g.constant([1], np.int64)))
    places = g.numbers(g.op("Range", g.constant(0, np.int64), length, g.constant(1, np.int64)))
    centre = g.op("MatMul", share, g.axis(places, 1))
    first = g.op("Gather", h, g.constant([0], np.int64), axis=1)
    firsts = g.op("Expand", first, g.constant([1, len(KINDS), 1], np.int64))
    joined = g.linear(g.op("Concat", g.op("MatMul", share, h), firsts, axis=-1), model.event)
    events = g.op("Gelu", g.op("Add", joined, g.weight(model.event_kind)), domain=MICROSOFT)
    return events, centre, places, first


def _answers(g: Graph, model: Reader, events: str) -> None:
    product = g.op("Mul", events, g.weight(model.kind_weight))
    kind = g.op("ReduceSum", product, g.constant([-1], np.int64), keepdims=0)
    g.op("Add", kind, g.weight(model.kind_bias), out="kind")
    g.linear(events, model.assertion, out="assertion")
    g.linear(events, model.novelty, out="novelty")
    g.linear(events, model.phase, out="phase")


def _tags(g: Graph, model: Reader, h: str, events: str, distance: str) -> None:
    features = [
        g.op("Tanh", g.op("Div", distance, g.constant(3.0))),
        g.op("Tanh", g.op("Div", distance, g.constant(12.0))),
        g.op("Exp", g.op("Div", g.op("Abs", distance), g.constant(-6.0))),
    ]
    far = g.op("Concat", *(g.axis(f, 3) for f in features), axis=3)
    gate = g.axis(g.op("Add", g.linear(events, model.token_gate), g.constant(1.0)), 2)
    z = g.op("Mul", g.axis(g.linear(h, model.token), 1), gate)
    z = g.op("Add", z, g.axis(g.linear(events, model.token_shift), 2))
    z = g.op("Gelu", g.op("Add", z, g.linear(far, model.token_distance)), domain=MICROSOFT)
    shape = g.constant([0, 0, 0, len(SPANS), 3], np.int64)
    g.op("Reshape", g.linear(z, model.tag), shape, out="spans")


def _live(g: Graph, model: Reader, h: str, first: str, within: str) -> None:
    one = g.constant([1], np.int64)
    total = g.op("ReduceSum", g.op("Mul", h, g.axis(within, 2)), one, keepdims=0)
    count = g.op("Max", g.op("ReduceSum", within, one, keepdims=1), g.constant(1.0))
    joined = g.op("Concat", g.op("Squeeze", first, one), g.op("Div", total, count), axis=-1)
    g.op("Squeeze", g.linear(joined, model.live), one, out="live")
