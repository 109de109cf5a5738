"""A checkpoint as other runtimes read it, with the output that YOLO's has."""

from __future__ import annotations

import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from model.engines.exporting import ExportableNetwork, write_form
from model.engines.transformers.checkpoints import Detector, load_detector
from model.engines.transformers.prediction import input_side
from model.engines.types import ExportRequest
from model.serving.facts import LETTERBOX, STRETCH, FormFacts


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
    """Write the network in the form that is asked for.

    What a trace takes for constants hangs on the size of the input, so that is a square of one size: pictures that are
    not stretched to it get borders up to it. Torch warns of each such constant, and that its exporter is the older one.
    """
    detector, header = load_detector(request.weights)
    input_side(detector, request.imgsz)
    family = detector.family
    family.fix_side(detector.module, request.imgsz)
    facts = FormFacts(
        class_names=header.class_names,
        imgsz=request.imgsz,
        stride=family.stride if family.stretched else request.imgsz,
        fit=STRETCH if family.stretched else LETTERBOX,
        nms=family.nms,
        architecture=header.architecture,
    )
    with warnings.catch_warnings():
        for kind in (torch.jit.TracerWarning, DeprecationWarning):
            warnings.simplefilter("ignore", kind)
        return write_form(ExportableNetwork(Decoded(detector), facts, one_size=True), request)
