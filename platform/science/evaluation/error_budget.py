"""How much average precision each type of error costs: TIDE (Bolya et al. 2020), equal to its authors' program.

One type after another is repaired as by an oracle, and what AP gains is that type's cost. The gains do not add up to
what is missing, as one repair changes what the next would gain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.evaluation.explaining import Explained, explain_images
from science.evaluation.judging import BACKGROUND, BOTH, CLASS, DUPLICATE, LOCALISATION, MISSED
from science.evaluation.overlaps import Overlaps, image_parts, overlapping
from science.evaluation.repairs import NOT_FOUND, NOTHING, Ranking, repaired_precision
from science.evaluation.threads import side_by_side
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.verdicts import BACKGROUND_IOU, ErrorType

MAX_DETECTIONS = 100  # per image, of all classes together, as in TIDE
SPECIAL = FALSE_POSITIVE, FALSE_NEGATIVE = "false_positive", "false_negative"
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
    overlaps: Overlaps | None = None,
    ranking: Ranking | None = None,
) -> ErrorBudget:
    """Return the cost of each type of error.

    A class with detections and no box counts with AP 0, as in TIDE and other than in COCO. ``overlaps`` of all
    detections and their ``ranking`` may be given where they are there already.
    """
    order, explained = explain(truth, detections, iou, background_iou, max_detections, overlaps)
    scored, perfect = repaired_precision(truth, detections, order, explained, classes, ranking)
    base = scored[:, NOTHING]
    fixed = {NAMES[kind]: scored[:, kind] for kind in REPAIRED}
    fixed |= {FALSE_POSITIVE: perfect, FALSE_NEGATIVE: scored[:, NOT_FOUND]}
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
    truth: GroundTruth,
    detections: Detections,
    iou: float,
    background_iou: float,
    max_detections: int,
    overlaps: Overlaps | None = None,
) -> tuple[NDArray[np.int32], Explained]:
    """Return the detections by image and falling score, and why each one and each box is right or wrong."""
    pairs = overlaps or overlapping(truth, detections, least=min(iou, background_iou))
    explained = Explained.unknown(len(detections), len(truth))
    explain_images.compile()  # type: ignore[attr-defined]
    side_by_side(
        lambda part: explain_images(
            part[0], part[1], pairs, detections.scores, iou, background_iou, max_detections, explained.columns()
        ),
        image_parts(truth.images, len(detections)),
    )
    return pairs.dets.row, explained


def _mean(scored: Float64s) -> float:
    present = scored[~np.isnan(scored)]
    return float(present.sum() / len(present)) if len(present) else float("nan")
