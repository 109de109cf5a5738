"""ONNX export, with the output that YOLO's has."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from model.engines.transformers.checkpoints import Detector, load_detector
from model.engines.transformers.prediction import input_side
from model.engines.types import EngineError, ExportRequest


class Decoded(nn.Module):
    """Images to (B, 4 + C, Q): centre, width and height in pixels of the input, then the scores."""

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self.module, self.family = detector.module, detector.family

    def forward(self, images: Tensor) -> Tensor:
        boxes, scores = self.family.answers(self.module, images)
        low, high = boxes.chunk(2, -1)
        return torch.cat([(low + high) / 2, high - low, scores], -1).transpose(1, 2)


def export(request: ExportRequest) -> Path:
    """Write the network as ONNX: input (1, 3, imgsz, imgsz) RGB 0..1.""" ""
    detector, _ = load_detector(request.weights)
    side = input_side(detector, request.imgsz)
    try:
        _trace(Decoded(detector).eval(), torch.zeros(1, 3, side, side), request.destination)
    except ModuleNotFoundError as error:
        raise EngineError(f"ONNX export needs the package {error.name}, which is not installed.") from error
    return request.destination


def _trace(network: nn.Module, example: Tensor, destination: Path) -> None:
    """What a trace takes for constants hangs on the size of the input alone, which is fixed; torch warns of each.

    It also warns that this exporter is the older of two.
    """
    with warnings.catch_warnings():
        for kind in (torch.jit.TracerWarning, DeprecationWarning):
            warnings.simplefilter("ignore", kind)
        torch.onnx.export(
            network, (example,), str(destination), input_names=["images"], output_names=["output"], dynamo=False
        )
