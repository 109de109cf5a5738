"""Boxes for images: scores and boxes of every place, overlaps suppressed class by class."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.ops import batched_nms

from model.engines.device import pick_device, prefers_bfloat16, use_threads
from model.engines.fitting import (
    CANDIDATES,
    Fitted,
    Found,
    best_of_scores,
    fit,
    input_of_group,
    rows_in_batches,
    rows_in_image,
)
from model.engines.types import Predictions, PredictRequest, PredictSettings, Reporter
from model.engines.yolov6.checkpoints import load_network
from model.engines.yolov6.folding import folded
from model.engines.yolov6.head import boxes_of
from model.engines.yolov6.network import STRIDE, YoloV6


def predict(request: PredictRequest, report: Reporter) -> Predictions:
    """All boxes of a checkpoint on a list of images."""
    began = time.monotonic()
    use_threads(request.settings.threads)
    network, header = load_network(request.weights)
    found = found_in_images(network, request.images, request.settings, pick_device(request.settings.device), report)
    return Predictions(*found, class_names=header.class_names, seconds=time.monotonic() - began)


def found_in_images(
    network: YoloV6,
    images: Sequence[Path],
    settings: PredictSettings,
    device: torch.device,
    report: Reporter | None = None,
) -> Found:
    """image_index (M,), class_index (M,), boxes (M, 4) xyxy pixels, scores (M,). The network is left as it was."""
    ready = folded(network).to(device).to(memory_format=torch.channels_last)
    return rows_in_batches(
        images,
        settings.batch,
        lambda path: fit(path, settings.imgsz, stretched=False, stride=STRIDE),
        lambda group: _rows_of_group(ready, group, settings, device),
        report,
    )


@torch.inference_mode()
def _rows_of_group(
    network: YoloV6, group: list[tuple[int, Fitted]], settings: PredictSettings, device: torch.device
) -> list[NDArray[np.float32]]:
    with torch.autocast(device.type, torch.bfloat16, enabled=settings.half and prefers_bfloat16(device)):
        raw = network(input_of_group(group, device))
    rows, found = [], zip(boxes_of(raw, network.size.bins), raw.scores.sigmoid(), strict=True)
    for (index, fitted), (boxes, scores) in zip(group, found, strict=True):
        some, values, classes = best_of_scores(boxes, scores, settings.conf, CANDIDATES)
        kept = batched_nms(some, values, classes, settings.iou)[: settings.max_det]
        rows.append(rows_in_image(index, fitted, some[kept], values[kept], classes[kept]))
    return rows
