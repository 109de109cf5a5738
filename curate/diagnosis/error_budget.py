"""How much average precision each type of error costs: TIDE (Bolya et al. 2020), equal to its authors' program.

One type after another is repaired as by an oracle, and what AP gains is that type's cost. The gains do not add up to
what is missing, as one repair changes what the next would gain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curate.diagnosis.explaining import Explained, Image, explain_images
from curate.diagnosis.judging import BACKGROUND, BOTH, CLASS, DUPLICATE, LOCALISATION, MISSED, NONE
from curate.diagnosis.ordering import by_falling_score, counting_sort
from curate.diagnosis.threads import side_by_side
from curate.diagnosis.types import Detections, GroundTruth
from curate.diagnosis.verdicts import BACKGROUND_IOU, ErrorType
from geometry.compiled import compiled

MAX_DETECTIONS = 100  # per image, of all classes together, as in TIDE
SPECIAL = FALSE_POSITIVE, FALSE_NEGATIVE = "false_positive", "false_negative"
POINTS = np.arange(101) / 100  # recall 0, 0.01 … 1
REPAIRED = (CLASS, LOCALISATION, BOTH, DUPLICATE, BACKGROUND, MISSED)
NAMES = {
    CLASS: ErrorType.CLASS.value, LOCALISATION: ErrorType.LOCALISATION.value, BOTH: ErrorType.BOTH.value,
    DUPLICATE: ErrorType.DUPLICATE.value, BACKGROUND: ErrorType.BACKGROUND.value, MISSED: ErrorType.MISSED.value,
}  # fmt: skip

Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ErrorBudget:
    """What each type of error costs at one IoU, over all confidences; AP and gains in [0, 1].

    ``delta_ap`` has the six types, and what perfect precision (``false_positive``) or recall (``false_negative``) would
    gain. The type of every detection and box is kept, so that a bar opens what it was made from.
    """

    iou: float
    ap: float  # before any repair, mean over the classes that have a box or a detection
    delta_ap: dict[str, float]
    counts: dict[str, int]  # errors of each type
    class_delta_ap: dict[str, Float64s]  # (C,) the same for each class; NaN where it has neither box nor detection
    class_ap: Float64s  # (C,)
    explained: Explained


def error_budget(
    truth: GroundTruth,
    detections: Detections,
    *,
    classes: int,
    iou: float = 0.5,
    background_iou: float = BACKGROUND_IOU,
    max_detections: int = MAX_DETECTIONS,
) -> ErrorBudget:
    """Return the cost of each type of error.

    A class with detections and no box counts with AP 0, as in TIDE and other than in COCO.
    """
    order, explained = explain(truth, detections, iou, background_iou, max_detections)
    scores = detections.scores.astype(np.float64)
    state = _State.of(truth, detections, explained, classes)
    whole = np.array([0, len(order)], np.int64)
    wrong_first = np.concatenate([order[explained.error[order] != NONE], order[explained.error[order] == NONE]])
    # Ties as TIDE has them: by image, and where something is repaired the wrong ones first.
    first, then = side_by_side(lambda rows: by_falling_score(rows, scores, whole), (order, wrong_first))
    _average_precisions.compile()  # type: ignore[attr-defined]
    base = state.scored(first)
    repaired = side_by_side(lambda kind: state.repaired(kind, explained).scored(then), REPAIRED)
    special = state.without_false_positives(first), state.without_false_negatives(explained, classes).scored(then)
    fixed = dict(zip([*(NAMES[kind] for kind in REPAIRED), FALSE_POSITIVE, FALSE_NEGATIVE], [*repaired, *special],
                     strict=True))  # fmt: skip
    ap = _mean(base)
    gains = {name: float(np.nan_to_num(_mean(scored) - ap)) for name, scored in fixed.items()}
    return ErrorBudget(
        iou=iou,
        ap=ap,
        delta_ap={name: gain if name in SPECIAL else max(gain, 0) for name, gain in gains.items()},
        counts=explained.counts(),
        class_delta_ap={name: np.nan_to_num(scored) - base for name, scored in fixed.items()},
        class_ap=base,
        explained=explained,
    )


def explain(
    truth: GroundTruth, detections: Detections, iou: float, background_iou: float, max_detections: int
) -> tuple[NDArray[np.int32], Explained]:
    """Return the detections that count, by image and falling score, and why each one and each box is right or wrong."""
    det_order, det_bounds = _by_image(detections.image_index, truth.images)
    det_order = by_falling_score(det_order, detections.scores.astype(np.float64), det_bounds)
    gt_order, gt_bounds = _by_image(truth.image_index, truth.images)
    explained = Explained.unknown(len(detections), len(truth))
    dets = Image.of(det_order, det_bounds, detections.class_index, detections.boxes, detections.box_area, None)
    gts = Image.of(gt_order, gt_bounds, truth.class_index, truth.boxes, truth.box_area, truth.crowd)
    explain_images.compile()  # type: ignore[attr-defined]
    cuts = np.linspace(0, truth.images, 9 if len(detections) > 10_000 else 2).astype(np.int64)
    side_by_side(
        lambda k: explain_images(
            cuts[k], cuts[k + 1], dets, gts, detections.scores, iou, background_iou, max_detections, explained.columns()
        ),
        range(len(cuts) - 1),
    )
    return det_order[explained.error[det_order] >= NONE], explained


def _by_image(image_index: NDArray[np.int64], images: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    order = counting_sort(image_index, np.arange(len(image_index), dtype=np.int32), images)
    return order, np.concatenate([[0], np.cumsum(np.bincount(image_index, minlength=images))]).astype(np.int64)


def _mean(scored: Float64s) -> float:
    present = scored[~np.isnan(scored)]
    return float(present.sum() / len(present)) if len(present) else float("nan")


class _State(NamedTuple):
    """Which class each detection counts for, and as what: 1 right, 0 wrong, -1 left out."""

    class_index: NDArray[np.int64]  # (M,)
    counts_as: NDArray[np.int8]  # (M,)
    boxes: NDArray[np.int64]  # (C,) to be found
    gt_class: NDArray[np.int64]  # (N,)

    @classmethod
    def of(cls, truth: GroundTruth, detections: Detections, explained: Explained, classes: int) -> _State:
        counts_as = np.where(explained.error == NONE, 1, 0).astype(np.int8)
        counts_as[explained.on_crowd | (explained.error < NONE)] = -1
        boxes = np.bincount(truth.class_index[~truth.crowd], minlength=classes).astype(np.int64)
        return cls(detections.class_index, counts_as, boxes, truth.class_index)

    def repaired(self, kind: int, explained: Explained) -> _State:
        """Return the state in which all errors of a type are repaired."""
        if kind == MISSED:
            missed = np.bincount(self.gt_class[explained.box_error == MISSED], minlength=len(self.boxes))
            return self._replace(boxes=self.boxes - missed)
        rows = np.flatnonzero(explained.error == kind)
        counts_as = self.counts_as.copy()
        counts_as[rows] = -1
        if kind not in (CLASS, LOCALISATION):
            return self._replace(counts_as=counts_as)
        box = explained.box[rows]
        mended = explained.best[box] == rows  # one detection per box, the best; the others are taken away
        counts_as[rows[mended]] = 1
        class_index = self.class_index.copy()
        class_index[rows[mended]] = self.gt_class[box[mended]]
        return self._replace(counts_as=counts_as, class_index=class_index)

    def without_false_negatives(self, explained: Explained, classes: int) -> _State:
        missed = self.gt_class[explained.box_error > NONE]
        return self._replace(boxes=self.boxes - np.bincount(missed, minlength=classes))

    def without_false_positives(self, order: NDArray[np.int32]) -> Float64s:
        """Return AP where every wrong detection stands below every right one."""
        right = np.where(self.counts_as == 1, self.counts_as, -1).astype(np.int8)
        there = ~np.isnan(self.scored(order))
        return np.where(there, np.nan_to_num(self._replace(counts_as=right).scored(order)), np.nan)

    def scored(self, order: NDArray[np.int32]) -> Float64s:
        """Return (C,) average precision; NaN for a class without box and detection."""
        scored: Float64s = _average_precisions(order, self.class_index, self.counts_as, self.boxes, POINTS)
        return scored


@compiled
def _average_precisions(
    order: NDArray[np.int32],
    class_index: NDArray[np.int64],
    counts_as: NDArray[np.int8],
    boxes: NDArray[np.int64],
    points: Float64s,
) -> Float64s:
    """Walk up from the lowest score, all classes at once; see ``average_precision._curves``."""
    classes = len(boxes)
    kept, right = np.zeros(classes, np.int64), np.zeros(classes, np.int64)
    best, total = np.zeros(classes), np.zeros(classes)
    place = np.full(classes, len(points) - 1)
    for row in order:
        if counts_as[row] >= 0:
            kept[class_index[row]] += 1
            right[class_index[row]] += counts_as[row]
    some = (kept > 0) | (boxes > 0)
    for c in range(classes):
        while boxes[c] and place[c] >= 0 and points[place[c]] > right[c] / boxes[c]:
            place[c] -= 1
    for k in range(len(order) - 1, -1, -1):
        row = order[k]
        c = class_index[row]
        if counts_as[row] < 0 or not boxes[c]:
            continue
        if counts_as[row] == 1:
            best[c] = max(best[c], right[c] / kept[c])
            right[c] -= 1
            while place[c] >= 0 and points[place[c]] > right[c] / boxes[c]:
                total[c] += best[c]
                place[c] -= 1
        kept[c] -= 1
    result = np.full(classes, np.nan)
    for c in range(classes):
        if some[c]:
            result[c] = (total[c] + best[c]) / len(points)
    return result
