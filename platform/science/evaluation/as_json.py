"""An evaluation's figures, intervals, curves and counts as JSON for its page. What does not exist is null."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.evaluation.arrays import Ground
from science.evaluation.average_precision import Accumulated
from science.evaluation.bootstrap import BootstrapResult, Interval
from science.evaluation.confidence import ConfidenceCurves
from science.evaluation.verdicts import FN, FP, TP, VerdictRows

LEVEL = 0.95
EVERY = 10  # of the 1001 confidences, every tenth is kept for drawing


@dataclass(frozen=True, eq=False)
class Scored:
    """All that was computed of one evaluation."""

    ground: Ground
    accumulated: Accumulated
    curves: ConfidenceCurves
    rows: VerdictRows
    confidence: float


def json_number(value: float, digits: int = 6) -> float | None:
    """Rounded for JSON; null where it does not exist."""
    return round(float(value), digits) if math.isfinite(value) else None


def json_numbers(values: NDArray[np.floating], digits: int = 5) -> list[float | None]:
    return [json_number(value, digits) for value in values.tolist()]


def evaluation_columns(scored: Scored) -> dict[str, Any]:
    """The JSON columns of an Evaluation by name; its intervals come later, see `intervals`."""
    return {
        "figures": {name: json_number(value) for name, value in scored.accumulated.figures().items()},
        "interval": None,
        "interval50": None,
        "intervals": None,
        "weak_slices": None,
        "per_class": per_class(scored),
        "curves": curves(scored),
        "counts": counts(scored),
    }


def interval_ends(found: Interval) -> dict[str, float | None]:
    return {"low": json_number(found.low), "high": json_number(found.high)}


def intervals(per_class: list[dict[str, Any]], drawn: BootstrapResult, drawn_by: str) -> dict[str, Any]:
    """The columns that hold intervals, each class's among its other figures. `drawn_by` is "image" or "sequence"."""
    return {
        "interval": interval(drawn.map, drawn, drawn_by),
        "interval50": interval(drawn.map50, drawn, drawn_by),
        "intervals": more_intervals(drawn),
        "per_class": [
            {**row, "interval": interval_ends(found)} for row, found in zip(per_class, drawn.classes, strict=True)
        ],
    }


def more_intervals(drawn: BootstrapResult) -> dict[str, dict[str, float | None]]:
    """Of the figures beside mAP and mAP50, by name; see `interval` for what they come from."""
    return {"AP75": interval_ends(drawn.map75), "AR100": interval_ends(drawn.ar100)}


def interval(found: Interval, drawn: BootstrapResult, drawn_by: str) -> dict[str, Any]:
    """An interval with what is needed to believe it."""
    return {
        **interval_ends(found),
        "level": LEVEL,
        "resamples": drawn.resamples,
        "groups": drawn_by,
        "units": drawn.groups,
        "smallest_shown": json_number(drawn.smallest_shown) or None,  # 0 where nothing is found: that says nothing
    }


def counts(scored: Scored) -> dict[str, int]:
    verdict = scored.rows.verdict
    return {
        "tp": int((verdict == TP).sum()),
        "fp": int((verdict == FP).sum()),
        "fn": int((verdict == FN).sum()),
        "images": len(scored.ground.image_ids),
        "boxes": int(scored.accumulated.boxes[:, 0].sum()),
    }


def per_class(scored: Scored) -> list[dict[str, Any]]:
    """A row per class, in class order: averages, and counts at the operating point."""
    classes = len(scored.ground.class_ids)
    rows = scored.rows
    tp = np.bincount(rows.gt_class[rows.verdict == TP], minlength=classes)
    fn = np.bincount(rows.gt_class[rows.verdict == FN], minlength=classes)
    fp = np.bincount(rows.pred_class[rows.verdict == FP], minlength=classes)
    return [
        {
            "class_id": int(scored.ground.class_ids[found.class_index]),
            "AP": json_number(found.ap),
            "AP50": json_number(found.ap50),
            "AR": json_number(found.ar100),
            "interval": {"low": None, "high": None},
            "gt": found.boxes,
            **at_operating_point(*(int(each[found.class_index]) for each in (tp, fp, fn))),
        }
        for found in scored.accumulated.per_class()
    ]


def at_operating_point(tp: int, fp: int, fn: int) -> dict[str, Any]:
    """Counts with precision, recall and F1; null where nothing was predicted or labelled."""
    return {
        "tp": tp,
        "fp": fp,
        "fn": fn,
        "precision": json_number(tp / (tp + fp)) if tp + fp else None,
        "recall": json_number(tp / (tp + fn)) if tp + fn else None,
        "f1": json_number(2 * tp / (2 * tp + fp + fn)) if tp + fp + fn else None,
    }


def curves(scored: Scored) -> dict[str, Any]:
    """Precision over recall per class at IoU 0.5; precision, recall and F1 over confidence, per class and in mean."""
    found, over = scored.accumulated, scored.curves
    kept = slice(None, None, EVERY)
    present = np.isfinite(over.recall[:, 0]) if len(over.recall) else np.zeros(0, bool)
    mean = [each[present].mean(axis=0) if present.any() else np.full(each.shape[1], np.nan) for each in _three(over)]
    return {
        "recall": json_numbers(found.recall_points),
        "precision_recall": [
            {"precision": json_numbers(found.precision[0, :, c, 0]), "score": json_numbers(found.score[0, :, c, 0])}
            for c in range(len(scored.ground.class_ids))
        ],
        "confidence": json_numbers(over.confidence[kept]),
        "mean": _over_confidence([each[kept] for each in mean]),
        "classes": [
            _over_confidence([each[c, kept] for each in _three(over)]) for c in range(len(scored.ground.class_ids))
        ],
        "class_ids": scored.ground.class_ids.tolist(),
    }


def _three(over: ConfidenceCurves) -> list[NDArray[np.float64]]:
    return [over.precision, over.recall, over.f_score]


def _over_confidence(three: list[NDArray[np.float64]]) -> dict[str, list[float | None]]:
    return {name: json_numbers(values, 4) for name, values in zip(("precision", "recall", "f1"), three, strict=True)}
