"""Makes an exported reader small and fast: a graph in 32 bits in, one in 8 bits out."""

import logging
import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic


def quantise(model: onnx.ModelProto, target: Path) -> None:
    """Write `model` with its matrices in 8 bits, one scale a column; what meets them is scaled as it comes.

    The heads stay in 32 bits: they are small, and rounding them costs rare classes most.
    """
    logging.getLogger().setLevel(logging.ERROR)  # onnxruntime tells of each matrix on the root logger
    nodes = list(model.graph.node)
    last = max(i for i, n in enumerate(nodes) if n.op_type == "SkipLayerNormalization")
    heads = [n.name for i, n in enumerate(nodes) if n.op_type == "MatMul" and i > last]
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        onnx.save(model, str(full))
        quantize_dynamic(
            str(full), str(target), op_types_to_quantize=["MatMul", "Attention"], nodes_to_exclude=heads,
            per_channel=True, weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )  # fmt: skip
