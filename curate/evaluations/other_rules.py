"""The same boxes scored by the rules of other tools and benchmarks: why their number is another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.evaluation.as_json import json_number
from science.evaluation.average_precision import accumulate
from science.evaluation.integration import Rule, average_precisions
from science.evaluation.judged import JudgedEvaluation, Mask, labels_on
from science.evaluation.matching import match
from science.evaluation.ultralytics_figures import ultralytics_figures


def other_rules(judged: JudgedEvaluation, images: Mask | None = None) -> list[dict[str, Any]]:
    """mAP and mAP50 by each rule on some images, COCO's first; null where the rule has no such figure.

    `beyond` counts the predictions that a rule leaves out by its limit; `causes` are what makes ultralytics' figure
    another than COCO's, each with what it adds, the largest first.
    """
    truth, detections, matches = judged.truth, judged.predicted.detections, judged.matches
    if images is not None:
        truth, matches = labels_on(truth, images), matches.of(images)
        detections = detections.take(images[detections.image_index])
    coco = (judged.accumulated if images is None else accumulate(matches)).figures()
    theirs = ultralytics_figures(truth, detections, classes=judged.classes)
    grown = accumulate(match(truth.inclusive(), detections.inclusive(), classes=judged.classes)).figures()
    return [
        _row("coco", coco["AP"], coco["AP50"], beyond=len(detections) - len(matches.det_row)),
        _row("ultralytics", theirs.map, theirs.map50, beyond=theirs.beyond)
        | {"causes": [{"cause": one, "effect": json_number(theirs.effects[one])} for one in theirs.causes]},
        _row("bdd100k", grown["AP"], grown["AP50"], beyond=0),
        _row("voc2010", np.nan, _mean(average_precisions(matches, 0.5, Rule.VOC)), beyond=0),
        _row("voc2007", np.nan, _mean(average_precisions(matches, 0.5, Rule.VOC11)), beyond=0),
    ]


def _row(rule: str, average: float, at50: float, *, beyond: int) -> dict[str, Any]:
    return {"rule": rule, "AP": json_number(average), "AP50": json_number(at50), "beyond": beyond, "causes": []}


def _mean(classes: NDArray[np.float64]) -> float:
    present = classes[~np.isnan(classes)]
    return float(present.mean()) if len(present) else float("nan")
