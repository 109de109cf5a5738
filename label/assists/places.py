"""Which of a detector's boxes stand for new objects. Pure, no Django; boxes are (N, 4) xyxy pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from science.geometry.boxes import iou

Boxes = NDArray[np.float32]

ONE_PLACE = 0.8  # IoU from which boxes of two classes stand for one object: the more certain one stays
THERE = 0.5  # IoU with a label from which a box is of an object that is labelled already
STEPS = 20  # of the scores in a preview


def new_places(boxes: Boxes, scores: NDArray[np.floating], present: Boxes) -> NDArray[np.intp]:
    """The rows to propose, by falling score: not on a present label, and each place once."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    if len(present) and len(boxes):
        order = order[iou(boxes[order], present).max(axis=1) < THERE]
    alike = iou(boxes[order], boxes[order]) >= ONE_PLACE
    kept: list[int] = []
    for row in range(len(order)):
        if not alike[row, kept].any():
            kept.append(row)
    return order[kept]


def counts_from(scores: NDArray[np.floating]) -> list[int]:
    """How many scores are at least 0, .05 … .95."""
    edges = np.arange(STEPS) / STEPS
    return [int(np.count_nonzero(np.asarray(scores, np.float64) >= edge - 1e-9)) for edge in edges]
