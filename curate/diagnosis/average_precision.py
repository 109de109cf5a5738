"""COCO's average precision and recall from matches; equal to pycocotools.

Figures are in [0, 1]. A figure that does not exist (no box of that class or size) is NaN here and in every array;
pycocotools writes -1 for the same, and so does ``Accumulated.as_coco``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curate.diagnosis.matching import AREAS, Matches
from geometry.compiled import compiled

Float64s = NDArray[np.float64]

FIGURES: tuple[str, ...] = (
    "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl",
)  # fmt: skip
RECALL_POINTS: Float64s = np.linspace(0.0, 1.0, 101)
EPSILON = float(np.spacing(1.0))  # COCO's guard against 0 / 0
DETECTION_LIMITS = (1, 10, 100)  # detections per image and class that AR1, AR10 and AR100 look at


@dataclass(frozen=True)
class ClassFigures:
    """The figures of one class; NaN where it has no countable box."""

    class_index: int
    boxes: int
    detections: int
    ap: float
    ap50: float
    ap75: float
    ar100: float


@dataclass(frozen=True, eq=False)
class Accumulated:
    """Precision and recall of every class, size and threshold: the arrays behind all figures.

    ``precision[t, r, c, a]`` is the best precision at recall >= ``recall_points[r]``; NaN where a class has no box.
    """

    iou_thresholds: Float64s  # (T,)
    recall_points: Float64s  # (101,)
    precision: Float64s  # (T, 101, C, 4)
    score: Float64s  # (T, 101, C, 4) the score at which that recall is reached; 0 = never
    recall: Float64s  # (T, C, 4, 3) for at most 1, 10, 100 detections per image
    boxes: NDArray[np.int64]  # (C, 4) countable boxes of each class and size
    detections: NDArray[np.int64]  # (C,)

    def figures(self) -> dict[str, float]:
        """Return the twelve COCO figures by the names in ``FIGURES``; NaN where none exists."""
        at50, at75 = self._at(0.5), self._at(0.75)
        values = [_mean(self.precision[:, :, :, 0]), _mean(at50[:, :, 0]), _mean(at75[:, :, 0])]
        values += [_mean(self.precision[:, :, :, a]) for a in (1, 2, 3)]
        values += [_mean(self.recall[:, :, 0, limit]) for limit in range(len(DETECTION_LIMITS))]
        values += [_mean(self.recall[:, :, a, -1]) for a in (1, 2, 3)]
        return dict(zip(FIGURES, values, strict=True))

    def as_coco(self) -> Float64s:
        """Return the twelve figures in COCO's order, -1 where none exists: ``COCOeval.stats``."""
        values = np.array(list(self.figures().values()))
        return np.where(np.isnan(values), -1.0, values)

    def per_class(self) -> list[ClassFigures]:
        """Return AP, AP50, AP75, AR100 and the number of boxes of each class, in class order."""
        at50, at75 = self._at(0.5), self._at(0.75)
        return [
            ClassFigures(
                class_index=c,
                boxes=int(self.boxes[c, 0]),
                detections=int(self.detections[c]),
                ap=_mean(self.precision[:, :, c, 0]),
                ap50=_mean(at50[:, c, 0]),
                ap75=_mean(at75[:, c, 0]),
                ar100=_mean(self.recall[:, c, 0, -1]),
            )
            for c in range(len(self.boxes))
        ]

    def _at(self, iou: float) -> Float64s:
        """Return the (101, C, 4) precision at one IoU threshold; NaN where it was not matched at."""
        position = np.flatnonzero(np.abs(self.iou_thresholds - iou) < 1e-9)
        return self.precision[position[0]] if len(position) else np.full(self.precision.shape[1:], np.nan)


def accumulate(matches: Matches, weights: NDArray[np.generic] | None = None) -> Accumulated:
    """Score all images, or each image as many times as ``weights`` (I,) says (0 leaves it out)."""
    weight = np.ones(matches.images) if weights is None else np.asarray(weights, np.float64)
    if weight.shape != (matches.images,):
        raise ValueError(f"weights must have the shape ({matches.images},), not {weight.shape}")
    boxes = _boxes_per_class(matches, weight)
    dets = _Ranked(matches.det_image, matches.det_score, matches.det_rank, matches.hit, matches.ignored)
    steps = len(matches.iou_thresholds)
    precision, score, recall = _accumulate(weight, matches.class_bounds(), dets, boxes, steps, RECALL_POINTS)
    return Accumulated(
        iou_thresholds=matches.iou_thresholds,
        recall_points=RECALL_POINTS,
        precision=precision,
        score=score,
        recall=recall,
        boxes=boxes.astype(np.int64),
        detections=np.bincount(matches.det_class, weight[matches.det_image], minlength=matches.classes).astype(
            np.int64
        ),
    )


def _boxes_per_class(matches: Matches, weight: Float64s) -> Float64s:
    """Return the (C, 4) weighted number of boxes that count."""
    counts = np.zeros((matches.classes, len(AREAS)))
    for a in range(len(AREAS)):
        real = ~matches.gt_ignored[a]
        counts[:, a] = np.bincount(matches.gt_class[real], weight[matches.gt_image[real]], minlength=matches.classes)
    return counts


def _mean(values: Float64s) -> float:
    """Return the mean of what is not NaN, summed in the order of COCO's own mean; NaN where nothing is left."""
    present = values[~np.isnan(values)]
    return float(np.mean(present)) if present.size else float("nan")


class _Ranked(NamedTuple):
    """The detections of all classes or of one, by falling score; the columns of ``Matches``."""

    image: NDArray[np.int32]
    score: Float64s
    rank: NDArray[np.int32]
    hit: NDArray[np.uint16]  # (4, D), or (D,) of one size
    ignored: NDArray[np.uint16]


@compiled
def _accumulate(
    weight: Float64s, bounds: NDArray[np.int64], dets: _Ranked, boxes: Float64s, steps: int, points: Float64s
) -> tuple[Float64s, Float64s, Float64s]:
    """Return precision and score (T, R, C, 4) and recall (T, C, 4, 3)."""
    classes, sizes = boxes.shape
    precision = np.full((steps, len(points), classes, sizes), np.nan)
    reached = np.full((steps, len(points), classes, sizes), np.nan)
    recall = np.full((steps, classes, sizes, len(DETECTION_LIMITS)), np.nan)
    for c in range(classes):
        rows = slice(bounds[c], bounds[c + 1])
        for a in range(sizes):
            if boxes[c, a] <= 0:
                continue
            mine = _Ranked(
                dets.image[rows], dets.score[rows], dets.rank[rows], dets.hit[a, rows], dets.ignored[a, rows]
            )
            for t in range(steps):
                _curve(weight, mine, t, boxes[c, a], points, precision[t, :, c, a], reached[t, :, c, a])
                for m in range(len(DETECTION_LIMITS)):
                    found = 0.0
                    for d in range(len(mine.image)):
                        if mine.hit[d] & np.uint16(1 << t) and mine.rank[d] < DETECTION_LIMITS[m]:
                            found += weight[mine.image[d]]
                    recall[t, c, a, m] = found / boxes[c, a]
    return precision, reached, recall


@compiled
def _curve(
    weight: Float64s, dets: _Ranked, t: int, boxes: float, points: Float64s, precision: Float64s, reached: Float64s
) -> None:
    """Fill the precision at each recall point (R,) and the score that reaches it, for one class, size and threshold.

    Walks from the lowest score to the highest with the best precision so far, so that only right detections need a
    look: a wrong one lowers precision and leaves recall, hence it never is the best at a recall point.
    """
    precision[:] = 0.0
    reached[:] = 0.0
    bit = np.uint16(1 << t)
    kept = 0.0
    right = 0.0
    first = -1
    for d in range(len(dets.image)):
        w = weight[dets.image[d]]
        if w > 0 and first < 0:
            first = d
        if not dets.ignored[d] & bit:
            kept += w
        if dets.hit[d] & bit:
            right += w
    r = len(points) - 1
    while r >= 0 and points[r] > right / boxes:
        r -= 1
    best = 0.0
    for d in range(len(dets.image) - 1, -1, -1):
        w = weight[dets.image[d]]
        if w == 0 or dets.ignored[d] & bit:
            continue
        if dets.hit[d] & bit:
            best = max(best, right / (kept + EPSILON))
            right -= w
            while r >= 0 and points[r] > right / boxes:
                precision[r] = best
                reached[r] = dets.score[d]
                r -= 1
        kept -= w
    if first >= 0:
        precision[0] = best  # recall 0 is reached by the first detection, right or wrong
        reached[0] = dets.score[first]


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """The raw curve of one class at one IoU threshold, a point per detection in falling score."""

    scores: Float64s  # (P,)
    precision: Float64s  # (P,)
    recall: Float64s  # (P,)


def precision_recall(matches: Matches, class_index: int, iou: float = 0.5) -> PrecisionRecall:
    """Return the curve of a class over all its detections; empty where it has no box."""
    bit = np.uint16(1 << matches.threshold(iou))
    boxes = int(np.count_nonzero((matches.gt_class == class_index) & ~matches.gt_ignored[0]))
    low, high = matches.class_bounds()[class_index : class_index + 2]
    kept = (matches.ignored[0, low:high] & bit) == 0
    if not boxes or not kept.any():
        return PrecisionRecall(np.zeros(0), np.zeros(0), np.zeros(0))
    right = np.cumsum((matches.hit[0, low:high][kept] & bit) > 0)
    return PrecisionRecall(
        scores=matches.det_score[low:high][kept],
        precision=right / np.arange(1, len(right) + 1),
        recall=right / boxes,
    )
