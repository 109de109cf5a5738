"""Whether a score of 0.8 means right in eight of ten: detection expected calibration error.

D-ECE (Küppers et al., Multivariate confidence calibration for object detection, 2020), over the score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.evaluation.matching import Matches

BINS = 20

Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Calibration:
    """Detections by score, in bins of equal width over [0, 1]."""

    edges: Float64s  # (K+1,)
    count: NDArray[np.int64]  # (K,) detections
    confidence: Float64s  # (K,) their mean score; NaN for an empty bin
    precision: Float64s  # (K,) the part of them that is right; NaN for an empty bin
    error: float  # D-ECE = sum over bins of count / all x |precision - confidence|; NaN without detections


def calibration(
    matches: Matches, iou: float = 0.5, *, class_index: int | None = None, least: float = 0.0, bins: int = BINS
) -> Calibration:
    """Return the calibration of all classes or of one, of the detections with score >= ``least``.

    Detections on crowds are left out. A score outside [0, 1] falls into the first or last bin.
    """
    bit = np.uint16(1 << matches.threshold(iou))
    counted = ((matches.ignored[0] & bit) == 0) & (matches.det_score >= least)
    if class_index is not None:
        counted &= matches.det_class == class_index
    scores, right = matches.det_score[counted], (matches.hit[0, counted] & bit) > 0
    return calibration_of(scores, right, np.linspace(0, 1, bins + 1))


def calibration_of(scores: Float64s, right: NDArray[np.bool_], edges: Float64s) -> Calibration:
    """Return the calibration of detections (D,) that are right or wrong, in bins between (K+1,) rising edges.

    A bin holds its lower edge and not its upper one; what lies outside falls into the first or last bin.
    """
    bins = len(edges) - 1
    place = np.clip(np.searchsorted(edges, scores, side="right") - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins).astype(np.int64)
    return calibration_of_bins(
        edges, count, np.bincount(place, scores, minlength=bins), np.bincount(place, right, minlength=bins)
    )


def calibration_of_bins(
    edges: Float64s, count: NDArray[np.int64], score_sum: NDArray[np.generic], right: NDArray[np.generic]
) -> Calibration:
    """Return the calibration from what stands in each bin (K,): detections, the sum of their scores, those right."""
    confidence = _per(score_sum.astype(np.float64), count)
    precision = _per(right.astype(np.float64), count)
    gaps = np.abs(precision - confidence)[count > 0]
    error = float(np.sum(count[count > 0] * gaps) / count.sum()) if count.any() else float("nan")
    return Calibration(edges, count, confidence, precision, error)


def _per(total: Float64s, count: NDArray[np.int64]) -> Float64s:
    part: Float64s = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
    return part
