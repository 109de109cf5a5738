"""How precision, recall and F change with the confidence from which on a detection counts."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.evaluation.matching import Matches
from science.evaluation.threads import side_by_side
from science.geometry.compiled import compiled_in_place

Float64s = NDArray[np.float64]

CONFIDENCES: Float64s = np.linspace(0.0, 1.0, 1001)
FALLBACK = 0.25  # where no class has a box to be found


@dataclass(frozen=True, eq=False)
class ConfidenceCurves:
    """Precision, recall and F-beta of each class when only detections at or above a confidence are kept."""

    confidence: Float64s  # (1001,) 0 … 1
    precision: Float64s  # (C, 1001) 1 where nothing is kept; NaN where the class has no box
    recall: Float64s  # (C, 1001)
    f_score: Float64s  # (C, 1001)
    best: float  # the confidence with the highest mean F over the classes that have a box
    best_per_class: Float64s  # (C,) the same for each class; NaN where it has no box


def confidence_curves(
    matches: Matches, iou: float = 0.5, beta: float = 1.0, *, images: NDArray[np.bool_] | None = None
) -> ConfidenceCurves:
    """Return how precision, recall and F change with the confidence threshold, on all images or on some (I,).

    F-beta = (1 + b²) P R / (b² P + R). Greedy matching goes by falling score, so a threshold takes away the lowest
    detections and changes nothing above them: one pass serves all thresholds.
    """
    bit = np.uint16(1 << matches.threshold(iou))
    shown = np.ones(matches.images, np.bool_) if images is None else images
    columns = matches.det_image, matches.det_score, matches.hit[0], matches.ignored[0]
    kept, right = np.zeros((matches.classes, len(CONFIDENCES))), np.zeros((matches.classes, len(CONFIDENCES)))
    bounds = matches.class_bounds()
    _count_from_each.compile()  # type: ignore[attr-defined]
    side_by_side(
        lambda c: _count_from_each(bounds[c], bounds[c + 1], *columns, bit, shown, CONFIDENCES, kept[c], right[c]),
        np.argsort(-np.diff(bounds), kind="stable").tolist(),
    )
    real = ~matches.gt_ignored[0] & shown[matches.gt_image]
    boxes = np.bincount(matches.gt_class[real], minlength=matches.classes)[:, None]
    precision = np.divide(right, kept, out=np.ones_like(right), where=kept > 0)
    recall = np.divide(right, boxes, out=np.full_like(right, np.nan), where=boxes > 0)
    f_score = _f_score(precision, recall, beta)
    return ConfidenceCurves(
        confidence=CONFIDENCES,
        precision=np.where(boxes > 0, precision, np.nan),
        recall=recall,
        f_score=f_score,
        best=_peak(_mean_of_present(f_score)),
        best_per_class=np.array([_peak(row) if boxes[c] else np.nan for c, row in enumerate(f_score)]),
    )


@compiled_in_place
def _count_from_each(
    start: int,
    end: int,
    image: NDArray[np.int32],
    score: Float64s,
    hit: NDArray[np.uint16],
    ignored: NDArray[np.uint16],
    bit: np.uint16,
    shown: NDArray[np.bool_],
    confidences: Float64s,
    kept: Float64s,
    right: Float64s,
) -> None:
    """Fill in (1001,) how many detections of a class have at least each confidence, and how many of them are right."""
    k, all_kept, all_right = len(confidences) - 1, 0, 0
    for d in range(start, end):
        while k >= 0 and score[d] < confidences[k]:
            kept[k], right[k] = all_kept, all_right
            k -= 1
        counted = 1 if shown[image[d]] and not ignored[d] & bit else 0
        all_kept += counted
        all_right += counted if hit[d] & bit else 0
    kept[: k + 1] = all_kept
    right[: k + 1] = all_right


def best_confidence(matches: Matches, iou: float = 0.5) -> float:
    """Return the confidence in [0, 1] at which the mean F1 over the classes is highest (0.25 without any box)."""
    return confidence_curves(matches, iou).best


def _f_score(precision: Float64s, recall: Float64s, beta: float) -> Float64s:
    above, below = (1 + beta**2) * precision * recall, beta**2 * precision + recall
    return np.where(np.isnan(recall), np.nan, np.divide(above, below, out=np.zeros_like(above), where=below > 0))


def _mean_of_present(f_score: Float64s) -> Float64s:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no class has a box: the mean is NaN, as meant
        mean: Float64s = np.nanmean(f_score, axis=0) if len(f_score) else np.full(len(CONFIDENCES), np.nan)
    return mean


def _peak(f_score: Float64s) -> float:
    """Return the middle of the stretch of confidences that shares the highest value, the first stretch at ties."""
    if not np.isfinite(f_score).any() or np.nanmax(f_score) <= 0:
        return FALLBACK
    top = np.flatnonzero(f_score >= np.nanmax(f_score) - 1e-12)
    stretch = top[: np.flatnonzero(np.diff(top, append=top[-1] + 2) > 1)[0] + 1]
    return float(CONFIDENCES[stretch[len(stretch) // 2]])
