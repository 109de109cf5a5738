"""ONNX export, with the output that YOLO's has."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from model.engines.types import EngineError, ExportRequest
from model.engines.yolov6.checkpoints import load_network
from model.engines.yolov6.folding import folded
from model.engines.yolov6.head import boxes_of
from model.engines.yolov6.network import YoloV6


class DecodedYoloV6(nn.Module):
    """Images to (B, 4 + C, A): centre, width and height in pixels of the input, then the scores."""

    def __init__(self, network: YoloV6) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        raw = self.network(images)
        low, high = boxes_of(raw, self.network.size.bins).chunk(2, -1)
        return torch.cat([(low + high) / 2, high - low, raw.scores.sigmoid()], -1).transpose(1, 2)


def export(request: ExportRequest) -> Path:
    """Write the network as ONNX: input (batch, 3, imgsz, imgsz) RGB 0..1, sides multiples of 64."""
    network, _ = load_network(request.weights)
    decoded = DecodedYoloV6(folded(network))
    example = torch.zeros(1, 3, request.imgsz, request.imgsz)
    try:
        torch.onnx.export(
            decoded, (example,), str(request.destination), input_names=["images"], output_names=["output"], dynamo=False
        )
    except ModuleNotFoundError as error:
        raise EngineError(f"ONNX export needs the package {error.name}, which is not installed.") from error
    return request.destination
