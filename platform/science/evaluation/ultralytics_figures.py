"""The mAP that ultralytics would print for the same boxes, and why it is another.

Its rules, as of version 8.4: at most 300 detections per image, of all classes together; crowds are ordinary boxes; the
curve is joined by straight lines and integrated by trapezoids over 101 points of recall. Which of the three makes the
difference is computed: each is taken away alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from science.evaluation.average_precision import accumulate
from science.evaluation.matching import Matches, match
from science.evaluation.types import Detections, GroundTruth

MAX_DETECTIONS = 300
POINTS = np.linspace(0, 1, 101)
EVERYTHING = ((0.0, np.inf),)
RULES = CURVE, CROWDS, LIMIT = "curve", "crowds", "limit"
SHARE = 0.1  # of the largest effect, from which on a rule is named as a cause
SAME = 5e-5  # a difference in mAP below this is no difference

Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class UltralyticsFigures:
    """mAP as ultralytics counts it, in [0, 1]; NaN where there is no box."""

    map50: float
    map: float  # mean over the ten IoU thresholds
    classes: Float64s  # (C, T); NaN for a class without a box
    crowds: int  # boxes that it would count and COCO does not
    beyond: int  # detections past its limit
    effects: dict[str, float] = field(default_factory=dict)  # rule -> what it adds to its mAP, if it alone is COCO's

    @property
    def causes(self) -> list[str]:
        """The rules that make the difference, the largest effect first; none where there is no difference."""
        found = {rule: abs(effect) for rule, effect in self.effects.items() if abs(effect) >= SAME}
        least = SHARE * max(found.values(), default=0.0)
        return sorted((rule for rule in found if found[rule] >= least), key=lambda rule: -found[rule])

    def why(self, coco: float) -> str:
        """Say in a sentence why this is not COCO's mAP."""
        if np.isnan(coco) or np.isnan(self.map):
            which = "neither" if np.isnan(coco) and np.isnan(self.map) else "only one of the two"
            return f"Without a labelled box {which} has a figure."
        if abs(self.map - coco) < SAME and not self.causes:
            return "That is COCO's AP: nothing in which the two differ matters here."
        said = {
            CURVE: "it joins the precision-recall curve by straight lines and integrates by trapezoids",
            CROWDS: f"it takes {self.crowds} crowds for ordinary boxes",
            LIMIT: f"it judges up to {MAX_DETECTIONS} detections per image, of all classes together,"
            f" and leaves {self.beyond} out; COCO judges up to 100 of each class",
        }
        reasons = [f"{said[rule]} ({self.effects[rule]:+.4f})" for rule in self.causes]
        reasons = reasons or ["its rules make it together: none does alone"]
        word = "above" if self.map > coco else "below" if self.map < coco else "equal to"
        return f"That is {abs(self.map - coco):.4f} {word} COCO's AP, because {', and '.join(reasons)}."


def ultralytics_figures(truth: GroundTruth, detections: Detections, *, classes: int) -> UltralyticsFigures:
    """Return what ultralytics would print, and what each of its rules does to it."""
    kept = _best_of_each_image(detections)
    ordinary = replace(truth, crowd=np.zeros(len(truth), np.bool_))
    matches = _matched(ordinary, kept, classes)
    scored = _by_trapezoids(matches)
    means = _mean_of_classes(scored)
    each = float(means.mean())
    without = {CURVE: _as_coco(matches)}
    if truth.crowd.any():
        without[CROWDS] = _mean_of_classes(_by_trapezoids(_matched(truth, kept, classes))).mean()
    coco = _matched(ordinary, detections, classes, most=100)
    if len(kept) < len(detections) or len(coco.det_row) < len(detections):
        without[LIMIT] = _mean_of_classes(_by_trapezoids(coco)).mean()
    return UltralyticsFigures(
        map50=float(means[0]),
        map=each,
        classes=scored,
        crowds=int(np.count_nonzero(truth.crowd)),
        beyond=len(detections) - len(kept),
        effects={rule: float(np.nan_to_num(each - other)) for rule, other in without.items()},
    )


def _matched(truth: GroundTruth, detections: Detections, classes: int, most: int = MAX_DETECTIONS) -> Matches:
    return match(truth, detections, classes=classes, max_detections=most, area_ranges=EVERYTHING)


def _as_coco(matches: Matches) -> float:
    """Return mAP by COCO's integration."""
    precision = accumulate(matches).precision
    present = precision[~np.isnan(precision)]
    return float(present.mean()) if present.size else float("nan")


def _mean_of_classes(scored: Float64s) -> Float64s:
    """Return (T,) over the classes that have a box; NaN where none has."""
    there = ~np.isnan(scored[:, :1]).ravel()
    return scored[there].mean(axis=0) if there.any() else np.full(scored.shape[1], np.nan)


def _best_of_each_image(detections: Detections) -> Detections:
    counts = np.bincount(detections.image_index)
    if counts.max(initial=0) <= MAX_DETECTIONS:
        return detections
    order = np.lexsort((-detections.scores, detections.image_index))
    rank = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    return detections.take(np.sort(order[rank < MAX_DETECTIONS]))


def _by_trapezoids(matches: Matches) -> Float64s:
    """Return (C, T) AP; NaN for a class without a box that counts."""
    boxes = np.bincount(matches.gt_class[~matches.gt_ignored[0]], minlength=matches.classes)
    found = [_of_class(matches, c, int(boxes[c])) for c in range(matches.classes)]
    return np.array(found).reshape(matches.classes, len(matches.iou_thresholds))


def _of_class(matches: Matches, c: int, boxes: int) -> Float64s:
    """Return (T,) AP of a class."""
    steps = len(matches.iou_thresholds)
    if not boxes:
        return np.full(steps, np.nan)
    low, high = matches.class_bounds()[c : c + 2]
    if low == high:
        return np.zeros(steps)
    hits, ignored = matches.hit[0, low:high], matches.ignored[0, low:high]
    return np.array([_trapezoids(((hits >> t) & 1)[((ignored >> t) & 1) == 0], boxes) for t in range(steps)])


def _trapezoids(hit: NDArray[np.integer], boxes: int) -> float:
    """Return AP of detections (D,) by falling score, right or wrong."""
    if not len(hit):
        return 0.0
    right = np.cumsum(hit)
    recall, precision = right / boxes, right / np.arange(1, len(hit) + 1)
    x = np.concatenate([[0.0], recall, [recall[-1], 1.0]])
    y = np.concatenate([[1.0], precision, [0.0, 0.0]])
    best = np.maximum.accumulate(y[::-1])[::-1]
    return float(np.trapezoid(np.interp(POINTS, x, best), POINTS))
