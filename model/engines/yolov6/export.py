"""A checkpoint as other runtimes read it, with the output that YOLO's has."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from model.engines.exporting import ExportableNetwork, write_form
from model.engines.types import ExportRequest
from model.engines.yolov6.checkpoints import load_network
from model.engines.yolov6.folding import folded
from model.engines.yolov6.head import boxes_of
from model.engines.yolov6.network import STRIDE, YoloV6
from model.serving.facts import FormFacts


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
    """Write the network in the form that is asked for."""
    network, header = load_network(request.weights)
    facts = FormFacts(header.class_names, request.imgsz, stride=STRIDE, architecture=header.architecture)
    return write_form(ExportableNetwork(DecodedYoloV6(folded(network)), facts), request)
