"""Which of an image's new boxes is which of its known objects, so that objects keep their ids from import to import."""

import numpy as np
from numpy.typing import NDArray

from science.geometry.boxes import iou

SAME_CLASS_IOU = 0.5
OTHER_CLASS_IOU = 0.7
STILL = 0.01  # pixels: less is no move, but another rounding

Ids = NDArray[np.int64]
Boxes = NDArray[np.float32]


def match(old_classes: Ids, old_boxes: Boxes, new_classes: Ids, new_boxes: Boxes) -> list[tuple[int, int]]:
    """Pairs (old, new) of places, each used once: equal boxes first, then by overlap, best first.

    A pair needs an IoU of 0.5 within a class and of 0.7 across classes; within a class goes before across.
    """
    pairs = equal_pairs(old_classes, old_boxes, new_classes, new_boxes)
    old_left = np.setdiff1d(np.arange(len(old_classes)), [old for old, _ in pairs])
    new_left = np.setdiff1d(np.arange(len(new_classes)), [new for _, new in pairs])
    if not len(old_left) or not len(new_left):
        return pairs
    overlap = iou(old_boxes[old_left], new_boxes[new_left])  # (M, N)
    same = old_classes[old_left][:, None] == new_classes[new_left][None, :]
    score = np.where(same & (overlap >= SAME_CLASS_IOU), overlap + 1, np.where(overlap >= OTHER_CLASS_IOU, overlap, 0))
    rows, columns = np.nonzero(score)
    used_old: set[int] = set()
    used_new: set[int] = set()
    for place in np.argsort(-score[rows, columns], kind="stable").tolist():
        old, new = int(old_left[rows[place]]), int(new_left[columns[place]])
        if old not in used_old and new not in used_new:
            used_old.add(old)
            used_new.add(new)
            pairs.append((old, new))
    return pairs


def equal_pairs(old_classes: Ids, old_boxes: Boxes, new_classes: Ids, new_boxes: Boxes) -> list[tuple[int, int]]:
    """Pairs of equal class and box; boxes that stand twice are paired one by one."""
    waiting: dict[tuple[int, bytes], list[int]] = {}
    for old in reversed(range(len(old_classes))):
        waiting.setdefault((int(old_classes[old]), old_boxes[old].tobytes()), []).append(old)
    keys = enumerate(zip(new_classes.tolist(), (box.tobytes() for box in new_boxes), strict=True))
    return [(alike.pop(), new) for new, key in keys if (alike := waiting.get(key))]


def is_still(old_box: Boxes, new_box: Boxes) -> bool:
    """Whether a box has not been moved."""
    return bool(np.abs(old_box - new_box).max() <= STILL)
