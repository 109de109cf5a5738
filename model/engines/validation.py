"""A fast mAP between epochs by the platform's own evaluator, to watch and to pick the best epoch by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.engines.fitting import MOSTLY, Found
from model.engines.types import EVERY_CLASS, LabelledImage
from science.evaluation.average_precision import accumulate
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth


def fast_map(found: Found, images: tuple[LabelledImage, ...], class_count: int) -> dict[str, float]:
    """mAP and mAP50 of what was found in the images."""
    index, classes, boxes, scores = found
    ignored = [in_ignored(boxes[index == i], classes[index == i], one) for i, one in enumerate(images)]
    detections = Detections.of(
        image_index=index,
        class_index=classes,
        boxes=boxes,
        scores=scores,
        optional=np.concatenate([np.zeros(0, bool), *ignored]),
    )
    figures = accumulate(match(truth_of_images(images), detections, classes=class_count)).figures()
    return {"mAP": float(np.nan_to_num(figures["AP"])), "mAP50": float(np.nan_to_num(figures["AP50"]))}


def truth_of_images(images: tuple[LabelledImage, ...]) -> GroundTruth:
    """The labels that count, for the evaluator."""
    return GroundTruth.of(
        image_ids=np.arange(len(images)),
        image_index=np.repeat(np.arange(len(images)), [len(one.boxes) for one in images]),
        class_index=np.concatenate([np.zeros(0, np.int32), *(one.classes for one in images)]),
        boxes=np.concatenate([np.zeros((0, 4), np.float32), *(one.boxes.reshape(-1, 4) for one in images)]),
    )


def in_ignored(boxes: NDArray[np.float32], classes: NDArray[np.int32], image: LabelledImage) -> NDArray[np.bool_]:
    """(K,) whether half or more of a prediction lies in an ignored box of its class, or of every class."""
    low = np.maximum(boxes[:, None, :2], image.ignored[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], image.ignored[None, :, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=2)  # (K, R)
    concerns = (image.ignored_classes == classes[:, None]) | (image.ignored_classes == EVERY_CLASS)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    found: NDArray[np.bool_] = ((shared >= MOSTLY * area[:, None]) & concerns).any(axis=1)
    return found
