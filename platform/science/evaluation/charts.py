"""What an evaluation's page draws at any confidence and IoU, on all of its images or some. JSON, null for no value."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.evaluation.arrays import FLOOR
from science.evaluation.as_json import (
    EVERY,
    at_operating_point,
    interval_ends,
    json_number,
    json_numbers,
    more_intervals,
)
from science.evaluation.average_precision import Accumulated, accumulate
from science.evaluation.bootstrap import bootstrap
from science.evaluation.calibration import calibration_of_bins
from science.evaluation.confidence import ConfidenceCurves, confidence_curves
from science.evaluation.error_budget import FALSE_NEGATIVE, FALSE_POSITIVE, NAMES, SPECIAL, ErrorBudget
from science.evaluation.judged import JudgedEvaluation, Mask, images_by_name
from science.evaluation.judging import MISSED, NO_ROW, NONE
from science.evaluation.tallies import OVERLAP_BINS, SCORE_EDGES, Tally
from science.evaluation.verdicts import ERROR_TYPES, FN, FP, TP

FEW_RESAMPLES = 200  # for the intervals of a part, which somebody waits for


def at_point(judged: JudgedEvaluation, *, confidence: float, iou: float, images: Mask | None = None) -> dict[str, Any]:
    """Counts, confusion matrix, errors and overlaps at one operating point."""
    told = judged.tally(iou=iou, confidence=confidence, images=images)
    boxes = boxes_of(judged, images)
    return {
        "conf": confidence,
        "iou": iou,
        "counts": {
            **verdict_counts(told.counts()),
            "images": image_count(judged, images),
            "boxes": int(boxes.sum()),
        },
        "per_class": per_class(judged, told, boxes),
        "confusion": {"class_ids": judged.ground.class_ids.tolist(), "matrix": told.confusion.tolist()},
        "errors": error_counts(told.wrong.sum(axis=0), told.missed.sum(axis=0)),
        "overlaps": {"edges": json_numbers(np.linspace(iou, 1, OVERLAP_BINS + 1)), "counts": told.overlaps.tolist()},
    }


def verdict_counts(counts: NDArray[np.int64]) -> dict[str, int]:
    """(3,) by name."""
    return {name: int(counts[verdict]) for name, verdict in (("tp", TP), ("fp", FP), ("fn", FN))}


def image_count(judged: JudgedEvaluation, images: Mask | None) -> int:
    return len(judged.ground.image_ids) if images is None else int(images.sum())


def boxes_of(judged: JudgedEvaluation, images: Mask | None) -> NDArray[np.int64]:
    """(C,) labelled objects of each class: what is ignored is none."""
    counted = ~judged.truth.crowd if images is None else ~judged.truth.crowd & images[judged.truth.image_index]
    return np.bincount(judged.truth.class_index[counted], minlength=judged.classes).astype(np.int64)


def per_class(judged: JudgedEvaluation, told: Tally, boxes: NDArray[np.int64]) -> list[dict[str, Any]]:
    found, wrong, missed = told.found.tolist(), told.wrong.sum(axis=1).tolist(), told.missed.sum(axis=1).tolist()
    return [
        {
            "class_id": pk,
            "gt": int(boxes[c]),
            **at_operating_point(found[c], wrong[c], missed[c]),
            "errors": error_counts(told.wrong[c], told.missed[c]),
        }
        for c, pk in enumerate(judged.ground.class_ids.tolist())
    ]


def error_counts(wrong: NDArray[np.int64], missed: NDArray[np.int64]) -> list[dict[str, Any]]:
    """Of each error type how many false positives and how many missed boxes have it."""
    counts = {FP: wrong, FN: missed}
    return [
        {"error": kind.value, "fp": int(counts[FP][place]), "fn": int(counts[FN][place])}
        for place, kind in enumerate(ERROR_TYPES)
        if place != NONE
    ]


def over_confidence(
    judged: JudgedEvaluation, *, iou: float, beta: float = 1.0, images: Mask | None = None
) -> dict[str, Any]:
    """What does not hang on a confidence: curves, score histogram, calibration."""

    def draw() -> dict[str, Any]:
        return {
            "iou": iou,
            "beta": beta,
            "precision_recall": precision_recall(judged, judged.accumulated_on(images), iou),
            "confidence": confidence_chart(judged, confidence_curves(judged.matches, iou, beta, images=images)),
            "scores": score_chart(judged.tally(iou=iou, confidence=FLOOR, images=images)),
        }

    return judged.chart(("over confidence", iou, beta, images_by_name(images)), draw)


def precision_recall(judged: JudgedEvaluation, accumulated: Accumulated, iou: float) -> dict[str, Any]:
    """Precision at 101 recalls: of each class with the score where it is reached, and the mean of the classes."""
    t = int(np.abs(accumulated.iou_thresholds - iou).argmin())
    precision, score = accumulated.precision[t, :, :, 0], accumulated.score[t, :, :, 0]
    present = ~np.isnan(precision[0])
    mean = precision[:, present].mean(axis=1) if present.any() else np.full(len(precision), np.nan)
    return {
        "recall": json_numbers(accumulated.recall_points),
        "mean": {"AP": json_number(float(mean.mean())), "precision": json_numbers(mean)},
        "classes": [
            {
                "class_id": pk,
                "AP": json_number(float(precision[:, c].mean())),
                "precision": json_numbers(precision[:, c]),
                "score": json_numbers(score[:, c], 9),  # to the last bit of a float32: it is what the grid is asked for
            }
            for c, pk in enumerate(judged.ground.class_ids.tolist())
        ],
    }


def confidence_chart(judged: JudgedEvaluation, curves: ConfidenceCurves) -> dict[str, Any]:
    """Precision, recall and F-beta of each class and in the mean at 101 confidences, and where F is best."""
    kept = slice(None, None, EVERY)
    three = {"precision": curves.precision, "recall": curves.recall, "f": curves.f_score}
    present = np.isfinite(curves.recall[:, 0]) if len(curves.recall) else np.zeros(0, bool)
    nothing = np.full(len(curves.confidence), np.nan)
    peaks = [float(np.nanmax(each)) if there else 0.0 for each, there in zip(curves.f_score, present, strict=True)]
    return {
        "conf": json_numbers(curves.confidence[kept]),
        "best": json_number(curves.best) if any(peaks) else None,  # where nothing is found no confidence is the best
        "mean": {
            name: json_numbers((each[present].mean(axis=0) if present.any() else nothing)[kept], 4)
            for name, each in three.items()
        },
        "classes": [
            {
                "class_id": pk,
                "best": json_number(curves.best_per_class[c]) if peaks[c] > 0 else None,
                "best_f": json_number(peaks[c]) if present[c] else None,
                **{name: json_numbers(each[c, kept], 4) for name, each in three.items()},
            }
            for c, pk in enumerate(judged.ground.class_ids.tolist())
        ],
    }


def score_chart(told: Tally) -> dict[str, Any]:
    """Right and wrong predictions by score, from the floor of the rows on, and whether a score means what it says."""
    found = calibration_of_bins(SCORE_EDGES, told.right_scores + told.wrong_scores, told.score_sums, told.right_scores)
    return {
        "edges": json_numbers(SCORE_EDGES),
        "right": told.right_scores.tolist(),
        "wrong": told.wrong_scores.tolist(),
        "confidence": json_numbers(found.confidence),
        "precision": json_numbers(found.precision),
        "error": json_number(found.error),
    }


def error_budget_chart(judged: JudgedEvaluation, *, iou: float, images: Mask | None = None) -> dict[str, Any]:
    """What each type of error costs. `shown` counts the boxes behind a bar that can be opened: rows above the floor."""
    return judged.chart(("error budget", iou, images_by_name(images)), lambda: _error_budget_chart(judged, iou, images))


def _error_budget_chart(judged: JudgedEvaluation, iou: float, images: Mask | None) -> dict[str, Any]:
    found = judged.budget(iou, images)
    shown = shown_errors(judged, found, images)
    wrong = sum(count for kind, count in found.counts.items() if kind != NAMES[MISSED])
    counts = {**found.counts, FALSE_POSITIVE: wrong, FALSE_NEGATIVE: sum(shown[FALSE_NEGATIVE])}
    return {
        "iou": iou,
        "ap": json_number(found.ap),
        "errors": [
            {
                "error": name,
                "delta_ap": json_number(found.delta_ap[name]),
                "count": counts[name],
                "shown": sum(shown[name]),
            }
            for name in (*NAMES.values(), *SPECIAL)
        ],
        "classes": [
            {
                "class_id": pk,
                "ap": json_number(found.class_ap[c]),
                "delta_ap": {name: json_number(gains[c]) for name, gains in found.class_delta_ap.items()},
                "shown": {name: counts[c] for name, counts in shown.items()},
            }
            for c, pk in enumerate(judged.ground.class_ids.tolist())
        ],
    }


def shown_errors(judged: JudgedEvaluation, found: ErrorBudget, images: Mask | None) -> dict[str, list[int]]:
    """How many rows stand behind each bar, class by class: see curate/evaluations/points.py for which those are."""
    detections, row_ids = judged.predicted.detections, judged.predicted.row_ids
    if images is not None:
        kept = images[detections.image_index]
        detections, row_ids = detections.take(kept), row_ids[kept]
    there = (row_ids >= 0) & ~found.explained.on_crowd
    wrong = _by_class(detections.class_index, np.where(there, found.explained.error, NO_ROW), judged.classes)
    missed = _by_class(boxes_on(judged, images), found.explained.box_error, judged.classes)
    shown = {name: wrong[kind] for kind, name in NAMES.items() if kind != MISSED}
    shown |= {NAMES[MISSED]: missed[MISSED], FALSE_POSITIVE: wrong.sum(axis=0), FALSE_NEGATIVE: missed.sum(axis=0)}
    return {name: counts.tolist() for name, counts in shown.items()}


def _by_class(classes: NDArray[np.int64], errors: NDArray[np.int8], count: int) -> NDArray[np.int64]:
    """Return (7, C) how many boxes of each class have each error type, none in the row of ``NONE``."""
    cells = np.bincount(classes * (len(ERROR_TYPES) + 1) + errors + 1, minlength=count * (len(ERROR_TYPES) + 1))
    table = cells.reshape(count, len(ERROR_TYPES) + 1).T[1:].astype(np.int64)
    table[NONE] = 0
    return table


def boxes_on(judged: JudgedEvaluation, images: Mask | None) -> NDArray[np.int64]:
    """(N,) the class of each labelled box on the images."""
    classes = judged.truth.class_index
    return classes if images is None else classes[images[judged.truth.image_index]]


def figures(judged: JudgedEvaluation, images: Mask | None = None) -> dict[str, Any]:
    """The twelve figures and each class's AP on some images, with intervals."""
    matches = judged.matches if images is None else judged.matches.of(images)
    accumulated = judged.accumulated if images is None else accumulate(matches)
    drawn = bootstrap(matches, groups=judged.units.groups, resamples=FEW_RESAMPLES)
    return {
        "figures": {name: json_number(value) for name, value in accumulated.figures().items()},
        "interval": interval_ends(drawn.map),
        "interval50": interval_ends(drawn.map50),
        "intervals": more_intervals(drawn),
        "resamples": FEW_RESAMPLES,
        "images": image_count(judged, images),
        "per_class": [
            {
                "class_id": int(judged.ground.class_ids[one.class_index]),
                "AP": json_number(one.ap),
                "AP50": json_number(one.ap50),
                "AR": json_number(one.ar100),
                "interval": interval_ends(drawn.classes[one.class_index]),
                "gt": one.boxes,
            }
            for one in accumulated.per_class()
        ],
    }
