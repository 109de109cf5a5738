"""How scores and overlaps are spread, and AP against the size of the object."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.evaluation.average_precision import accumulate
from science.evaluation.matching import Matches, match
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import TP, VerdictRows

BINS = 20
SIDES = (0.0, 8.0, 16.0, 32.0, 64.0, 96.0, 128.0, 256.0, 512.0, 1e5)  # pixels, square root of the area

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ScoreHistogram:
    """Right and wrong detections by score, in bins of equal width over [0, 1]."""

    edges: Float64s  # (K+1,)
    right: Int64s  # (K,)
    wrong: Int64s  # (K,)


def score_histogram(matches: Matches, iou: float = 0.5, *, bins: int = BINS) -> ScoreHistogram:
    """Count the detections that count at an IoU; a score outside [0, 1] falls into the first or last bin."""
    bit = np.uint16(1 << matches.threshold(iou))
    counted = (matches.ignored[0] & bit) == 0
    place = np.clip((matches.det_score[counted] * bins).astype(np.int64), 0, bins - 1)
    right = (matches.hit[0, counted] & bit) > 0
    return ScoreHistogram(
        np.linspace(0, 1, bins + 1),
        np.bincount(place[right], minlength=bins),
        np.bincount(place[~right], minlength=bins),
    )


def overlap_histogram(rows: VerdictRows, *, low: float = 0.5, bins: int = BINS) -> tuple[Float64s, Int64s]:
    """Return (K+1,) edges from ``low`` to 1 and (K,) true positives by IoU: how well what is found is placed."""
    edges = np.linspace(low, 1, bins + 1)
    counts: Int64s = np.histogram(rows.iou[rows.verdict == TP], np.append(edges[:-1], 1 + 1e-9))[0].astype(np.int64)
    return edges, counts


@dataclass(frozen=True, eq=False)
class SizeBands:
    """AP and recall by the square root of the object's area; NaN where a band has no box."""

    sides: Float64s  # (S+1,) pixels
    boxes: Int64s  # (S,)
    ap: Float64s  # (S,) mean over classes and thresholds
    recall: Float64s  # (S,) AR100


def by_size(truth: GroundTruth, detections: Detections, *, classes: int, sides: ArrayLike = SIDES) -> SizeBands:
    """Judge each band of sizes as COCO does its three: boxes outside are ignored, so are detections that miss.

    A box on an edge counts in both bands, as in COCO.
    """
    edges = np.asarray(sides, np.float64)
    ranges = tuple((low**2, high**2) for low, high in pairwise(edges.tolist()))
    scored = accumulate(match(truth, detections, classes=classes, area_ranges=ranges))
    bands = range(len(ranges))
    return SizeBands(
        edges,
        scored.boxes.sum(axis=0),
        np.array([_mean(scored.precision[..., band]) for band in bands]),
        np.array([_mean(scored.recall[:, :, band, -1]) for band in bands]),
    )


def _mean(values: Float64s) -> float:
    present = values[~np.isnan(values)]
    return float(present.mean()) if present.size else float("nan")
