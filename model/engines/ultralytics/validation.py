"""A fast mAP between epochs, to watch and to pick the best epoch by. What people are told comes from the evaluator."""

from __future__ import annotations

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from ultralytics.utils.metrics import ap_per_class

from model.engines.types import EVERY_CLASS, LabelledImage, PredictSettings, TrainSettings
from model.engines.ultralytics.ignoring import MOSTLY
from model.engines.ultralytics.networks import Network
from model.engines.ultralytics.prediction import run

THRESHOLDS = np.linspace(0.5, 0.95, 10)


def fast_map(
    network: Network, images: tuple[LabelledImage, ...], settings: TrainSettings, device: torch.device
) -> dict[str, float]:
    """mAP and mAP50 of a network, which is left as it was."""
    options = PredictSettings(imgsz=settings.imgsz, batch=max(16, settings.batch), half=settings.half)
    index, classes, boxes, scores = run(copy.deepcopy(network), [i.path for i in images], options, device)
    each = [_hits(boxes[index == i], classes[index == i], image) for i, image in enumerate(images)]
    hits = np.concatenate(each or [np.zeros((0, 10), bool)])
    judged = hits.any(axis=1) | ~np.concatenate(
        [_ignored(boxes[index == i], classes[index == i], image) for i, image in enumerate(images)]
        or [np.zeros(0, bool)]
    )
    hits, scores, classes = hits[judged], scores[judged], classes[judged]
    truth = np.concatenate([image.classes for image in images])
    if not len(truth) or not len(hits):
        return {"mAP": 0.0, "mAP50": 0.0}
    ap = ap_per_class(hits, scores, classes.astype(float), truth.astype(float))[5]
    return {"mAP": float(ap.mean()), "mAP50": float(ap[:, 0].mean())}


def _hits(boxes: NDArray[np.float32], classes: NDArray[np.int32], image: LabelledImage) -> NDArray[np.bool_]:
    """(K, 10) for the predictions of one image, by falling score: matched at each threshold."""
    found = np.zeros((len(boxes), len(THRESHOLDS)), bool)
    if not len(boxes) or not len(image.boxes):
        return found
    low, high = (
        np.maximum(boxes[:, None, :2], image.boxes[None, :, :2]),
        np.minimum(boxes[:, None, 2:], image.boxes[None, :, 2:]),
    )
    shared = np.clip(high - low, 0, None).prod(axis=2)
    iou = shared / (_areas(boxes)[:, None] + _areas(image.boxes)[None] - shared)  # (K, N)
    iou[classes[:, None] != image.classes[None]] = 0
    for column, threshold in enumerate(THRESHOLDS):
        free = np.ones(len(image.boxes), bool)
        for row in range(len(boxes)):
            candidates = np.where(free, iou[row], 0)
            best = int(candidates.argmax())
            if candidates[best] >= threshold:
                found[row, column], free[best] = True, False
    return found


def _ignored(boxes: NDArray[np.float32], classes: NDArray[np.int32], image: LabelledImage) -> NDArray[np.bool_]:
    """(K,) whether half or more of a prediction lies in an ignored box of its class, or of every class."""
    low = np.maximum(boxes[:, None, :2], image.ignored[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], image.ignored[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)  # (K, R)
    concerns = (image.ignored_classes == classes[:, None]) | (image.ignored_classes == EVERY_CLASS)
    found: NDArray[np.bool_] = ((shared >= MOSTLY * _areas(boxes)[:, None]) & concerns).any(axis=1)
    return found


def _areas(boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
