"""Plans of TensorRT, written and run. Needs an NVIDIA GPU and the package `tensorrt`, which Halfday does not install.

Not run by any test: no machine that Halfday was built on had both.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from model.engines.types import EngineError
from model.serving.facts import FormFacts, facts_of_values

WORKSPACE = 4 << 30  # bytes that the builder may take of the GPU


def library() -> Any:
    """The package. Raises EngineError with what is missing."""
    if not torch.cuda.is_available():
        raise EngineError("TensorRT needs an NVIDIA GPU, and the machine that makes the form has none.")
    try:
        return import_module("tensorrt")
    except ModuleNotFoundError as error:
        raise EngineError("TensorRT needs the package tensorrt in the worker's environment.") from error


def write_plan(source: Path, destination: Path, *, sides: tuple[int, int], most: int) -> Path:
    """A plan in float32 from a file in ONNX, for sides between these (pixels) and up to `most` pictures at once."""
    trt = library()
    builder = trt.Builder(trt.Logger(trt.Logger.WARNING))
    network, config = builder.create_network(0), builder.create_builder_config()
    parser = trt.OnnxParser(network, builder.logger)
    if not parser.parse(source.read_bytes()):
        raise EngineError(f"TensorRT cannot read the network: {parser.get_error(0).desc()}")
    config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, WORKSPACE)
    config.clear_flag(trt.BuilderFlag.TF32)  # whose ten bits are not float32
    low, high = sides
    profile = builder.create_optimization_profile()
    profile.set_shape("images", (1, 3, low, low), (1, 3, high, high), (most, 3, high, high))
    config.add_optimization_profile(profile)
    plan = builder.build_serialized_network(network, config)
    if plan is None:
        raise EngineError("TensorRT could not make a plan; the log says why.")
    destination.write_bytes(plan)
    return destination


class PlanNetwork:
    """A network of a plan, with the facts beside it: pixels (B, H, W, 3) uint8 RGB to its raw output."""

    def __init__(self, path: Path) -> None:
        trt = library()
        self._runtime = trt.Runtime(trt.Logger(trt.Logger.WARNING))
        engine = self._runtime.deserialize_cuda_engine(path.read_bytes())
        if engine is None:
            raise EngineError("This plan was made for another GPU or another version of TensorRT. Export it anew.")
        self._engine, self._context = engine, engine.create_execution_context()
        self.facts: FormFacts = facts_of_values(json.loads(path.with_name("facts.json").read_text("utf-8")))

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        images = (torch.from_numpy(pixels).cuda().permute(0, 3, 1, 2).float() / 255).contiguous()
        self._context.set_input_shape("images", tuple(images.shape))
        output = torch.empty(tuple(self._context.get_tensor_shape("output")), device="cuda")
        self._context.set_tensor_address("images", images.data_ptr())
        self._context.set_tensor_address("output", output.data_ptr())
        stream = torch.cuda.current_stream()
        self._context.execute_async_v3(stream.cuda_stream)
        stream.synchronize()
        answer: NDArray[np.float32] = output.cpu().numpy()
        return answer
