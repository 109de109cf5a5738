"""ONNX export."""

from __future__ import annotations

from pathlib import Path

import torch

from model.engines.types import EngineError, ExportRequest
from model.engines.ultralytics import networks


def export(request: ExportRequest) -> Path:
    """Write the network as ONNX: input (batch, 3, imgsz, imgsz) RGB 0..1, output as the network gives it."""
    network, _ = networks.load(request.weights)
    network.model[-1].export = True
    example = torch.zeros(1, 3, request.imgsz, request.imgsz)
    try:
        torch.onnx.export(
            network, (example,), str(request.destination), input_names=["images"], output_names=["output"], dynamo=False
        )
    except ModuleNotFoundError as error:
        raise EngineError(f"ONNX export needs the package {error.name}, which is not installed.") from error
    return request.destination
