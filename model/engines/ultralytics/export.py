"""A checkpoint as other runtimes read it."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from model.engines.exporting import ExportableNetwork, write_form
from model.engines.types import ExportRequest
from model.engines.ultralytics import networks
from model.engines.ultralytics.networks import Network
from model.serving.facts import GRID, KEPT, LETTERBOX, STRETCH, FormFacts
from model.serving.letterbox import STRIDE


class CornersOfTransformer(nn.Module):
    """RT-DETR with boxes as corners in pixels: (B, K, 6) x1, y1, x2, y2, score, class."""

    def __init__(self, network: Network, side: int) -> None:
        super().__init__()
        self.network, self.side = network, side

    def forward(self, images: Tensor) -> Tensor:
        found = self.network(images)
        middle, half, rest = found[..., :2], found[..., 2:4] / 2, found[..., 4:]
        return torch.cat([(middle - half) * self.side, (middle + half) * self.side, rest], -1)


def export(request: ExportRequest) -> Path:
    """Write the network in the form that is asked for."""
    network, header = networks.load(request.weights)
    stretched = networks.is_transformer(network)
    if not stretched:
        network = network.fuse(verbose=False)
    head, kept = network.model[-1], stretched or bool(getattr(network, "end2end", False))
    head.export, head.dynamic = True, not stretched
    facts = FormFacts(
        class_names=header.class_names,
        imgsz=request.imgsz,
        stride=STRIDE,
        fit=STRETCH if stretched else LETTERBOX,
        output=KEPT if kept else GRID,
        nms=not kept,
        architecture=header.architecture,
    )
    module = CornersOfTransformer(network, request.imgsz) if stretched else network
    return write_form(ExportableNetwork(module, facts, one_size=stretched), request)
