"""Makes an exported reader small and fast: a graph in 32 bits in, one in 8 bits out."""

import logging
import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

_BLOCK = 32
_INTEGERS = 4
"""The accuracy level at which blocks are multiplied as 8-bit integers."""


def quantise(model: onnx.ModelProto, target: Path) -> None:
    """Write `model` in 8 bits: matrices per channel, the second of each feed-forward net in blocks of 32.

    The inputs of those second ones have outliers that one scale for all would drown. The heads stay in 32 bits:
    they are small, and rounding them costs rare classes most.
    """
    logging.getLogger().setLevel(logging.WARNING)  # onnxruntime tells of each matrix on the root logger
    nodes = list(model.graph.node)
    last = max(i for i, n in enumerate(nodes) if n.op_type == "SkipLayerNormalization")
    after_gelu = {n.output[0] for n in nodes[:last] if n.op_type == "BiasGelu"}
    products = [(i, n) for i, n in enumerate(nodes) if n.op_type == "MatMul"]
    second = {n.name for _, n in products if n.input[0] in after_gelu}
    heads = [n.name for i, n in products if i > last]
    blocks = MatMulNBitsQuantizer(
        model, bits=8, block_size=_BLOCK, is_symmetric=True, accuracy_level=_INTEGERS,
        nodes_to_exclude=[n.name for _, n in products if n.name not in second],
    )  # fmt: skip
    blocks.process()
    with tempfile.TemporaryDirectory() as folder:
        half = Path(folder) / "half.onnx"
        onnx.save(blocks.model.model, str(half))
        quantize_dynamic(
            str(half), str(target), op_types_to_quantize=["MatMul", "Attention"], nodes_to_exclude=heads,
            per_channel=True, weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip
