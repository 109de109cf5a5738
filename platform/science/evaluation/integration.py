"""One number from a precision-recall curve, by the rules that benchmarks use.

They read the same matches, COCO's: each detection takes the best box that is free. Pascal VOC's own program looks at
the best box only, free or not, which differs where objects of a class overlap.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from science.evaluation.average_precision import RECALL_POINTS, precision_recall
from science.evaluation.matching import Matches

Float64s = NDArray[np.float64]


class Rule(StrEnum):
    """How the curve is integrated."""

    COCO = "coco"  # mean of the best precision from recall 0, 0.01 … 1 on
    VOC11 = "voc11"  # the same at 0, 0.1 … 1 (VOC 2007)
    VOC = "voc"  # the area under the best precision from each recall on (VOC 2010)


ELEVEN = np.linspace(0, 1, 11)


def average_precisions(matches: Matches, iou: float, rule: Rule = Rule.COCO) -> Float64s:
    """Return (C,) AP at an IoU that was matched at; NaN for a class without a box."""
    boxes = np.bincount(matches.gt_class[~matches.gt_ignored[0]], minlength=matches.classes)
    scored = np.full(matches.classes, np.nan)
    for c in np.flatnonzero(boxes):
        curve = precision_recall(matches, int(c), iou)
        scored[c] = integrate(curve.precision, curve.recall, rule)
    return scored


def integrate(precision: Float64s, recall: Float64s, rule: Rule) -> float:
    """Return AP of a curve, (P,) each, recall not falling; 0 for an empty one."""
    best = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)  # 0 from the last recall on
    if rule is Rule.VOC:
        return float(np.sum(np.diff(recall, prepend=0.0) * best[:-1]))
    points = RECALL_POINTS if rule is Rule.COCO else ELEVEN
    return float(best[np.searchsorted(recall, points, side="left")].mean())
