"""A network's raw answer into boxes: which candidates count, and which of them survive overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.serving.facts import GRID, KEPT, FormFacts
from model.serving.suppression import kept_of_overlapping

CANDIDATES = 3000  # boxes per picture, by score, that enter suppression; as engines do
Boxes = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int32]]  # (K, 4) xyxy, scores (K,), classes (K,)


@dataclass(frozen=True, slots=True)
class BoxesWanted:
    """Which boxes are wanted."""

    floor: float = 0.25  # scores above it
    iou: float = 0.7  # of two boxes of a class that overlap more, the lower scored one is dropped
    most: int = 300  # of a picture


def boxes_of_output(raw: NDArray[np.float32], facts: FormFacts, wanted: BoxesWanted, side: tuple[int, int]) -> Boxes:
    """The boxes of one picture in pixels of an input of this width and height, by falling score."""
    if facts.output == KEPT:
        return _boxes_of_kept(raw, wanted)
    if facts.output == GRID:
        scores, centred = raw[4:], raw[:4]
    else:
        scores, centred = raw[:, 4:].T, raw[:, :4].T * np.array([*side, *side], np.float32)[:, None]
    boxes, values, classes = _best(scores, centred, wanted.floor, CANDIDATES if facts.nms else wanted.most)
    if not facts.nms:
        return boxes, values, classes
    kept = kept_of_overlapping(boxes, classes, wanted.iou, wanted.most)
    return boxes[kept], values[kept], classes[kept]


def _boxes_of_kept(raw: NDArray[np.float32], wanted: BoxesWanted) -> Boxes:
    """(K, 6), whose overlaps the network has suppressed itself."""
    rows = raw[raw[:, 4] > wanted.floor]
    rows = rows[np.argsort(-rows[:, 4], kind="stable")][: wanted.most]
    return rows[:, :4], rows[:, 4], rows[:, 5].astype(np.int32)


def _best(scores: NDArray[Any], centred: NDArray[Any], floor: float, limit: int) -> Boxes:
    """Every class of every place counts by itself; `scores` (C, A), `centred` (4, A) centre, width, height."""
    found = np.flatnonzero(scores > floor)
    classes, places = np.divmod(found, scores.shape[1])
    values = scores[classes, places]
    order = np.argsort(-values, kind="stable")[:limit]
    places = places[order]
    middle, half = centred[:2, places], centred[2:, places] / 2
    boxes = np.concatenate([middle - half, middle + half]).T
    return np.ascontiguousarray(boxes, np.float32), values[order], classes[order].astype(np.int32)
