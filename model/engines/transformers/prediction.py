"""Boxes for images."""

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
from model.engines.transformers.checkpoints import Detector, load_detector
from model.engines.types import EngineError, Predictions, PredictRequest, PredictSettings, Reporter


def predict(request: PredictRequest, report: Reporter) -> Predictions:
    """All boxes of a checkpoint on a list of images."""
    began = time.monotonic()
    use_threads(request.settings.threads)
    detector, header = load_detector(request.weights)
    found = found_in_images(detector, request.images, request.settings, pick_device(request.settings.device), report)
    return Predictions(*found, class_names=header.class_names, seconds=time.monotonic() - began)


def found_in_images(
    detector: Detector,
    images: Sequence[Path],
    settings: PredictSettings,
    device: torch.device,
    report: Reporter | None = None,
) -> Found:
    """image_index (M,), class_index (M,), boxes (M, 4) xyxy pixels, scores (M,). The network is left as it was."""
    family = detector.family
    side = input_side(detector, settings.imgsz) if family.stretched else settings.imgsz
    detector.module.to(device).to(memory_format=torch.channels_last).eval()
    return rows_in_batches(
        images,
        settings.batch,
        lambda path: fit(path, side, family.stretched, family.stride),
        lambda group: _rows_of_group(detector, group, settings, device),
        report,
    )


def input_side(detector: Detector, imgsz: int) -> int:
    """Of a square input: a multiple of the stride. Raises EngineError where the network has too few places in it."""
    family = detector.family
    side, least = -(-imgsz // family.stride) * family.stride, family.least_side(family.sizes[detector.size])
    if side < least:
        raise EngineError(f"{detector.size} needs images of {least} px or more (imgsz); {imgsz} was asked for.")
    return side


@torch.inference_mode()
def _rows_of_group(
    detector: Detector, group: list[tuple[int, Fitted]], settings: PredictSettings, device: torch.device
) -> list[NDArray[np.float32]]:
    images = input_of_group(group, device)
    with torch.autocast(device.type, torch.bfloat16, enabled=settings.half and prefers_bfloat16(device)):
        answers = detector.family.answers(detector.module, images)
    rows = []
    for (index, fitted), boxes, scores in zip(group, *answers, strict=True):
        some, values, classes = best_of_scores(boxes, scores, settings.conf, CANDIDATES)
        kept = torch.arange(len(values), device=device)
        if detector.family.nms:
            kept = batched_nms(some, values, classes, settings.iou)
        kept = kept[: settings.max_det]
        rows.append(rows_in_image(index, fitted, some[kept], values[kept], classes[kept]))
    return rows
