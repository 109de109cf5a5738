"""The mAP that ultralytics would print for the same boxes, and why it is another.

Its rules, as of version 8.4: at most 300 detections per image, of all classes together; crowds are ordinary boxes; the
curve is joined by straight lines and integrated by trapezoids over 101 points of recall.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from science.evaluation.matching import Matches, match
from science.evaluation.types import Detections, GroundTruth

MAX_DETECTIONS = 300
POINTS = np.linspace(0, 1, 101)

Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class UltralyticsFigures:
    """mAP as ultralytics counts it, in [0, 1]; NaN where there is no box."""

    map50: float
    map: float  # mean over the ten IoU thresholds
    classes: Float64s  # (C, T); NaN for a class without a box
    crowds: int  # boxes that it would count and COCO does not
    beyond: int  # detections past its limit

    def why(self, coco: float) -> str:
        """Say in a sentence why this is not COCO's mAP."""
        if np.isnan(coco) or np.isnan(self.map):
            return "Without a labelled box neither has a figure."
        reasons = ["it joins the precision-recall curve by straight lines and integrates by trapezoids"]
        if self.crowds:
            reasons.append(f"it takes {self.crowds} crowds for ordinary boxes")
        if self.beyond:
            reasons.append(f"it leaves out {self.beyond} detections beyond {MAX_DETECTIONS} per image")
        word = "above" if self.map > coco else "below" if self.map < coco else "equal to"
        return f"That is {abs(self.map - coco):.4f} {word} COCO's AP, because {', and '.join(reasons)}."


def ultralytics_figures(truth: GroundTruth, detections: Detections, *, classes: int) -> UltralyticsFigures:
    """Return what ultralytics would print."""
    kept = _best_of_each_image(detections)
    ordinary = replace(truth, crowd=np.zeros(len(truth), np.bool_))
    everything = (0.0, np.inf)
    matches = match(
        ordinary, kept, classes=classes, max_detections=MAX_DETECTIONS, area_ranges=(everything,)
    )  # fmt: skip
    boxes = np.bincount(truth.class_index, minlength=classes)
    scored = np.array([_of_class(matches, c, int(boxes[c])) for c in range(classes)]).reshape(classes, -1)
    means = scored[boxes > 0].mean(axis=0) if boxes.any() else np.full(len(matches.iou_thresholds), np.nan)
    return UltralyticsFigures(
        map50=float(means[0]),
        map=float(means.mean()),
        classes=scored,
        crowds=int(np.count_nonzero(truth.crowd)),
        beyond=len(detections) - len(kept),
    )


def _best_of_each_image(detections: Detections) -> Detections:
    counts = np.bincount(detections.image_index)
    if counts.max(initial=0) <= MAX_DETECTIONS:
        return detections
    order = np.lexsort((-detections.scores, detections.image_index))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    return detections.take(np.sort(order[rank < MAX_DETECTIONS]))


def _of_class(matches: Matches, c: int, boxes: int) -> Float64s:
    """Return (T,) AP of a class."""
    steps = len(matches.iou_thresholds)
    if not boxes:
        return np.full(steps, np.nan)
    low, high = matches.class_bounds()[c : c + 2]
    if low == high:
        return np.zeros(steps)
    hits = matches.hit[0, low:high]
    numbers = np.arange(1, high - low + 1)
    return np.array([_trapezoids(np.cumsum((hits >> t) & 1), numbers, boxes) for t in range(steps)])


def _trapezoids(right: NDArray[np.integer], numbers: NDArray[np.integer], boxes: int) -> float:
    recall, precision = right / boxes, right / numbers
    x = np.concatenate([[0.0], recall, [recall[-1], 1.0]])
    y = np.concatenate([[1.0], precision, [0.0, 0.0]])
    best = np.maximum.accumulate(y[::-1])[::-1]
    return float(np.trapezoid(np.interp(POINTS, x, best), POINTS))
