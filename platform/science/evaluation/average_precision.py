"""COCO's average precision and recall from matches; equal to pycocotools.

Figures are in [0, 1]. A figure that does not exist (no box of that class or size) is NaN here and in every array;
pycocotools writes -1 for the same, and so does ``Accumulated.as_coco``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.matching import Matches
from science.evaluation.threads import FEW_ROWS, cores, side_by_side
from science.geometry.compiled import compiled

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


def accumulate(
    matches: Matches, weights: NDArray[np.generic] | None = None, *, sizes: int | None = None
) -> Accumulated:
    """Score all images, or each image as many times as ``weights`` (I,) says (0 leaves it out).

    With ``sizes`` only the first object sizes are scored, of which the first is all; of the others all is NaN.
    """
    weight = np.ones(matches.images) if weights is None else np.asarray(weights, np.float64)
    if weight.shape != (matches.images,):
        raise ValueError(f"weights must have the shape ({matches.images},), not {weight.shape}")
    boxes = _boxes_per_class(matches.gt_class, matches.gt_image, matches.gt_ignored, weight, matches.classes)
    rows, bounds = _rows_drawn(matches, weight, all_drawn=weights is None)
    dets = _RankedDetections(rows, matches.det_image, matches.det_score, matches.det_rank, matches.hit, matches.ignored)
    steps, (classes, all_sizes) = len(matches.iou_thresholds), boxes.shape
    filled = _Filled(
        np.full((steps, len(RECALL_POINTS), classes, all_sizes), np.nan),
        np.full((steps, len(RECALL_POINTS), classes, all_sizes), np.nan),
        np.full((steps, classes, all_sizes, len(DETECTION_LIMITS)), np.nan),
        np.zeros(classes),
    )
    _accumulate.compile()  # type: ignore[attr-defined]
    side_by_side(
        lambda work: _accumulate(work, weight, bounds, dets, boxes, steps, RECALL_POINTS, filled),
        _shares(np.diff(bounds), all_sizes if sizes is None else sizes),
    )
    return Accumulated(
        iou_thresholds=matches.iou_thresholds,
        recall_points=RECALL_POINTS,
        precision=filled.precision,
        score=filled.reached,
        recall=filled.recall,
        boxes=boxes.astype(np.int64),
        detections=filled.detections.astype(np.int64),
    )


def _rows_drawn(matches: Matches, weight: Float64s, *, all_drawn: bool) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the positions of the detections on images that count, and where each class begins among them."""
    if all_drawn:
        return np.arange(len(matches.det_image), dtype=np.int32), matches.class_bounds()
    rows = np.flatnonzero((weight > 0)[matches.det_image]).astype(np.int32)
    return rows, np.searchsorted(rows, matches.class_bounds()).astype(np.int64)


def _shares(detections: NDArray[np.int64], sizes: int) -> list[NDArray[np.int64]]:
    """Return for each core the (K, 2) classes and sizes that it walks, the largest handed out first."""
    work = [(c, a) for c in np.argsort(-detections, kind="stable").tolist() for a in range(sizes)]
    cut = cores() if detections.sum() >= FEW_ROWS else 1
    return [np.array(work[k::cut], np.int64).reshape(-1, 2) for k in range(cut)]


@compiled
def _boxes_per_class(
    gt_class: NDArray[np.int32], gt_image: NDArray[np.int32], ignored: NDArray[np.bool_], weight: Float64s, classes: int
) -> Float64s:
    """Return the (C, A) weighted number of boxes that count."""
    counts = np.zeros((classes, len(ignored)))
    for j in range(len(gt_class)):
        for a in range(len(ignored)):
            if not ignored[a, j]:
                counts[gt_class[j], a] += weight[gt_image[j]]
    return counts


def _mean(values: Float64s) -> float:
    """Return the mean of what is not NaN, summed in the order of COCO's own mean; NaN where nothing is left."""
    present = values[~np.isnan(values)]
    return float(np.mean(present)) if present.size else float("nan")


class _RankedDetections(NamedTuple):
    """The detections by class and falling score: which of them count, and the columns of ``Matches``."""

    rows: NDArray[np.int32]  # (K,) positions of those on images that count
    image: NDArray[np.int32]
    score: Float64s
    rank: NDArray[np.int32]
    hit: NDArray[np.uint16]  # (A, D)
    ignored: NDArray[np.uint16]  # (A, D)


class _Filled(NamedTuple):
    """The arrays to fill, NaN where nothing is."""

    precision: Float64s  # (T, R, C, A)
    reached: Float64s  # (T, R, C, A)
    recall: Float64s  # (T, C, A, 3)
    detections: Float64s  # (C,) zeros


@compiled
def _accumulate(
    work: NDArray[np.int64],
    weight: Float64s,
    bounds: NDArray[np.int64],
    dets: _RankedDetections,
    boxes: Float64s,
    steps: int,
    points: Float64s,
    filled: _Filled,
) -> None:
    """Fill in some classes and sizes, (K, 2)."""
    for k in range(len(work)):
        c, a = work[k, 0], work[k, 1]
        rows = dets.rows[bounds[c] : bounds[c + 1]]
        if a == 0:
            for d in rows:
                filled.detections[c] += weight[dets.image[d]]
        if boxes[c, a] > 0:
            _curves(c, a, weight, rows, dets, boxes[c, a], steps, points, filled)


@compiled
def _curves(  # noqa: C901 one walk for all thresholds, in one piece for speed
    c: int,
    a: int,
    weight: Float64s,
    rows: NDArray[np.int32],
    dets: _RankedDetections,
    boxes: float,
    steps: int,
    points: Float64s,
    filled: _Filled,
) -> None:
    """Fill in one class and size, all thresholds in one walk down and one up.

    The walk up goes from the lowest score to the highest with the best precision so far, so that only right detections
    need a look: a wrong one lowers precision and leaves recall, hence it never is the best at a recall point.
    """
    full = np.uint16((1 << steps) - 1)
    limits = len(DETECTION_LIMITS)
    kept, right = np.zeros(steps), np.zeros(steps)  # kept: besides those that count at every threshold
    found = np.zeros((limits + 1, steps))  # by the first limit that their rank is below
    always = 0.0
    for k in range(len(rows)):
        d = rows[k]
        w = weight[dets.image[d]]
        hit, ignored = dets.hit[a, d], dets.ignored[a, d]
        if not ignored:
            always += w
        elif ignored != full:
            for t in range(steps):
                if not ignored & np.uint16(1 << t):
                    kept[t] += w
        if hit:
            below = 0
            while below < limits and dets.rank[d] >= DETECTION_LIMITS[below]:
                below += 1
            for t in range(steps):
                if hit & np.uint16(1 << t):
                    found[below, t] += w
    for t in range(steps):
        for m in range(limits):
            found[m + 1, t] += found[m, t]
        right[t] = found[limits, t]
    best = np.zeros(steps)
    place = np.zeros(steps, np.int64)  # the recall point to be reached next
    near = np.zeros(steps)  # no recall point is passed before ``right`` is below this
    last = len(points) - 1
    for t in range(steps):
        for m in range(limits):
            filled.recall[t, c, a, m] = found[m, t] / boxes
        filled.precision[t, :, c, a] = 0.0
        filled.reached[t, :, c, a] = 0.0
        r = last
        while r >= 0 and points[r] > right[t] / boxes:
            r -= 1
        place[t] = r
        near[t] = points[r] * boxes + 1
    for k in range(len(rows) - 1, -1, -1):
        d = rows[k]
        w = weight[dets.image[d]]
        hit, ignored = dets.hit[a, d], dets.ignored[a, d]
        if hit:
            for t in range(steps):
                if not hit & np.uint16(1 << t):
                    continue
                best[t] = max(best[t], right[t] / (always + kept[t] + EPSILON))
                right[t] -= w
                if right[t] > near[t]:
                    continue
                r = place[t]
                while r >= 0 and points[r] > right[t] / boxes:
                    filled.precision[t, r, c, a] = best[t]
                    filled.reached[t, r, c, a] = dets.score[d]
                    r -= 1
                place[t] = r
                near[t] = points[r] * boxes + 1 if r >= 0 else -1.0
        if not ignored:
            always -= w
        elif ignored != full:
            for t in range(steps):
                if not ignored & np.uint16(1 << t):
                    kept[t] -= w
    if len(rows):
        for t in range(steps):
            filled.precision[t, 0, c, a] = best[t]  # recall 0 is reached by the first detection, right or wrong
            filled.reached[t, 0, c, a] = dets.score[rows[0]]


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
