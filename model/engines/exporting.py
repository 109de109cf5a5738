"""A network in the forms that other runtimes read. An engine says what it is; how it is written is alike for all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from model.engines.types import EngineError, ExportRequest
from model.serving.facts import FormFacts, FormUnreadable, texts_of_facts

OPSET = 17
FACTS = "facts.json"
SCRIPT = "facts"  # the facts' name within a TorchScript file
AT_MOST = 16  # pictures at once, of which a TensorRT plan has to know beforehand
jit: Any = torch.jit  # which has no types
Writer = Callable[["ExportableNetwork", ExportRequest], Path]


@dataclass(frozen=True, slots=True)
class ExportableNetwork:
    """A module from images (B, 3, H, W) float32 RGB 0..1 to one tensor, of which the facts say what it is."""

    module: nn.Module
    facts: FormFacts
    one_size: bool = False  # height and width are imgsz; else any multiples of the stride


def write_form(network: ExportableNetwork, request: ExportRequest) -> Path:
    """Write the form that is asked for and its facts into the folder; gives back the network's file.

    Raises EngineError where it cannot be made: of this network, or on this machine.
    """
    stride = network.facts.stride
    if request.imgsz % stride or request.imgsz < stride:
        raise EngineError(f"The size must be a multiple of {stride} pixels for this network; {request.imgsz} is not.")
    if (request.form, request.precision) not in WRITERS:
        raise EngineError(f"There is no form {request.form} in {request.precision}.")
    request.destination.mkdir(parents=True, exist_ok=True)
    facts = replace(network.facts, imgsz=request.imgsz, precision=request.precision, **request.origin)
    ready = ExportableNetwork(network.module.eval().float(), facts, network.one_size)
    with torch.inference_mode():
        path = WRITERS[request.form, request.precision](ready, request)
    (request.destination / FACTS).write_text(json.dumps(asdict(facts), ensure_ascii=False, indent=1), "utf-8")
    return path


def write_onnx(network: ExportableNetwork, request: ExportRequest) -> Path:
    """model.onnx, with the facts in its metadata."""
    import onnx

    path = request.destination / "model.onnx"
    axes = {0: "batch"} if network.one_size else {0: "batch", 2: "height", 3: "width"}
    torch.onnx.export(
        network.module,
        (_example(network),),
        str(path),
        input_names=["images"],
        output_names=["output"],
        dynamic_axes={"images": axes, "output": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,  # the other exporter needs a package more, and cannot follow ultralytics' heads
    )
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, texts_of_facts(network.facts))
    onnx.save(model, str(path))
    return path


def write_openvino(network: ExportableNetwork, request: ExportRequest) -> Path:
    """model.xml and model.bin, with the facts in `rt_info`.

    By way of ONNX, which OpenVINO reads by itself: its converter for torch tells its makers that it was used.
    """
    from model.serving.openvino import write_ir

    between = write_onnx(network, request)
    try:
        return write_ir(between, request.destination / "model.xml", network.facts)
    except FormUnreadable as error:
        raise EngineError(str(error)) from error
    finally:
        between.unlink()


def write_torchscript(network: ExportableNetwork, request: ExportRequest) -> Path:
    """model.torchscript, with the facts among its extra files."""
    path = request.destination / "model.torchscript"
    traced = jit.trace(network.module, _example(network), check_trace=False)
    jit.save(traced, str(path), _extra_files={SCRIPT: json.dumps(texts_of_facts(network.facts))})
    return path


def write_tensorrt(network: ExportableNetwork, request: ExportRequest) -> Path:
    """model.engine: a plan for the GPU and the TensorRT of this machine, and for no other."""
    from model.engines.tensorrt import write_plan

    between = write_onnx(network, request)
    sides = (request.imgsz,) * 2 if network.one_size else (network.facts.stride, request.imgsz)
    path = write_plan(between, request.destination / "model.engine", sides=sides, most=AT_MOST)
    between.unlink()
    return path


WRITERS: dict[tuple[str, str], Writer] = {
    ("onnx", "f32"): write_onnx,
    ("openvino", "f32"): write_openvino,
    ("openvino", "bf16"): write_openvino,
    ("torchscript", "f32"): write_torchscript,
    ("tensorrt", "f32"): write_tensorrt,
}


def _example(network: ExportableNetwork) -> torch.Tensor:
    """A batch to trace by, small and not square where that may be, so that no side is taken for another."""
    facts = network.facts
    height, width = (facts.imgsz,) * 2 if network.one_size else (2 * facts.stride, 3 * facts.stride)
    return torch.zeros(1, 3, height, width)
