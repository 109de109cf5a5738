"""Overlap suppression, class by class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def kept_of_overlapping(
    boxes: NDArray[np.float32], classes: NDArray[np.int32], iou: float, most: int
) -> NDArray[np.int64]:
    """Places of the boxes (K, 4) that survive, which stand by falling score, at most so many.

    A box goes where one of its class before it, that itself stays, overlaps it by more than `iou`.
    """
    left = np.arange(len(boxes))
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    kept: list[int] = []
    while len(left) and len(kept) < most:
        first, left = left[0], left[1:]
        kept.append(int(first))
        left = left[~((_overlaps(boxes, areas, first, left) > iou) & (classes[left] == classes[first]))]
    return np.array(kept, np.int64)


def _overlaps(
    boxes: NDArray[np.float32], areas: NDArray[np.float32], one: int, others: NDArray[np.int64]
) -> NDArray[np.float32]:
    """(N,) intersection over union of one box with others."""
    low, high = np.maximum(boxes[one, :2], boxes[others, :2]), np.minimum(boxes[one, 2:], boxes[others, 2:])
    sides = np.maximum(high - low, 0)
    shared = sides[:, 0] * sides[:, 1]
    union = areas[one] + areas[others] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
