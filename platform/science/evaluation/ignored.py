"""How much of a box lies in what is not judged: COCO's rule for crowds, for one box at a time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from science.evaluation.types import Bools, Floats, GroundTruth, Ints
from science.geometry.boxes import areas, intersections, iou

MOSTLY = 0.5  # of a box inside an ignored label: from here on nothing is said of it


def part_ignored(
    truth: GroundTruth, image_index: Ints, boxes: Floats, class_index: Ints | None = None
) -> NDArray[np.float64]:
    """Return (K,) the largest part of each box (K, 4) inside one ignored label of its image, 0 … 1.

    With ``class_index`` (K,) inside one of that class.
    """
    found = np.zeros(len(boxes))
    crowds = np.flatnonzero(truth.crowd)
    for image in np.unique(truth.image_index[crowds]).tolist():
        there, here = crowds[truth.image_index[crowds] == image], np.flatnonzero(image_index == image)
        inside = intersections(boxes[here].astype(np.float64), truth.boxes[there].astype(np.float64))
        if class_index is not None:
            inside = inside * (class_index[here][:, None] == truth.class_index[there][None])
        found[here] = inside.max(axis=1, initial=0.0) / np.maximum(areas(boxes[here]), 1e-9)
    return found


def not_to_be_judged(truth: GroundTruth, image_index: Ints, boxes: Floats, class_index: Ints, *, found: float) -> Bools:
    """Return (K,) which detections lie mostly in an ignored label of their class and fit no label that counts.

    One that overlaps such a label by an IoU of ``found`` or more speaks of that.
    """
    ignored: Bools = part_ignored(truth, image_index, boxes, class_index) >= MOSTLY
    for row in np.flatnonzero(ignored).tolist():
        labels = truth.boxes[(truth.image_index == image_index[row]) & ~truth.crowd]
        if iou(boxes[row : row + 1], labels).max(initial=0.0) >= found:
            ignored[row] = False
    return ignored
