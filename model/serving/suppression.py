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
    left, top, right, bottom = np.ascontiguousarray(boxes.T)
    areas = (right - left) * (bottom - top)
    gone = np.zeros(len(boxes), np.bool_)
    kept: list[int] = []
    for one in range(len(boxes)):
        if gone[one]:
            continue
        kept.append(one)
        if len(kept) == most:
            break
        after = slice(one + 1, None)
        width = np.minimum(right[one], right[after]) - np.maximum(left[one], left[after])
        height = np.minimum(bottom[one], bottom[after]) - np.maximum(top[one], top[after])
        shared = np.maximum(width, 0) * np.maximum(height, 0)
        overlaps = shared > np.float32(iou) * (areas[one] + areas[after] - shared)
        gone[after] |= overlaps & (classes[after] == classes[one])
    return np.array(kept, np.int64)
