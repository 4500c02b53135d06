"""Builds an ONNX graph node by node: tensors and operators in, a model out."""

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

MICROSOFT = "com.microsoft"
"""The domain of onnxruntime's fused operators."""
_OPSET, _IR = 18, 9

Array = npt.NDArray[np.generic]


class Graph:
    """A graph under construction. Values are known by their names."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, value: Array | float | list[int], kind: type = np.float32) -> str:
        """The name of a constant: an array as it is, a number or a list as `kind`."""
        array = value if isinstance(value, np.ndarray) else np.array(value, kind)
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def weight(self, value: Tensor) -> str:
        """The name of a parameter's value."""
        return self.constant(value.detach().float().numpy())

    def op(
        self,
        kind: str,
        *inputs: str,
        out: str | None = None,
        domain: str = "",
        **attributes: int | float | str | list[int],
    ) -> str:
        """Add an operator; returns the name of its output."""
        name = f"{kind}_{len(self._nodes)}"
        node = helper.make_node(kind, list(inputs), [out or name], name=name, domain=domain)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self._nodes.append(node)
        return out or name

    def linear(self, x: str, layer: nn.Linear, out: str | None = None) -> str:
        """`x` through a linear layer."""
        if layer.bias is None:
            return self.op("MatMul", x, self.weight(layer.weight.T), out=out)
        return self.op(
            "Add", self.op("MatMul", x, self.weight(layer.weight.T)), self.weight(layer.bias), out=out
        )

    def axis(self, x: str, *axes: int) -> str:
        """`x` with axes of length one put in."""
        return self.op("Unsqueeze", x, self.constant(list(axes), np.int64))

    def numbers(self, x: str) -> str:
        """`x` as 32-bit floats."""
        return self.op("Cast", x, to=TensorProto.FLOAT)

    def model(self, inputs: dict[str, list[str]], outputs: dict[str, list[str | int]]) -> onnx.ModelProto:
        """The finished model; inputs are integers, outputs floats, of the shapes given."""
        given = [helper.make_tensor_value_info(n, TensorProto.INT64, s) for n, s in inputs.items()]
        told = [helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in outputs.items()]
        graph = helper.make_graph(self._nodes, "reader", given, told, self._constants)
        sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=sets)
        model.ir_version = _IR
        return model
