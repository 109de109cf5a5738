"""An evaluation's boxes at another operating point, as rows that the object grid can page through."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from accounts import access, audit
from accounts.models import User
from curate.evaluations.creation import Thresholds
from curate.evaluations.kept_arrays import judged_evaluation
from curate.evaluations.match_rows import replace_matches
from curate.models import Evaluation, Match
from dataset.models import Dataset
from science.evaluation.arrays import FLOOR
from science.evaluation.error_budget import ErrorBudget
from science.evaluation.judged import JudgedEvaluation
from science.evaluation.judging import NONE
from science.evaluation.verdicts import FN, FP, TP, VerdictRows

MOST_POINTS = 40  # of one evaluation; the oldest go first
MOST_ROWS = 8_000_000  # of all its points together, but for the newest three
DIGITS = 3  # of a confidence


def open_point(*, evaluation: Evaluation, point: Thresholds, rows: str, by: User) -> Evaluation:
    """The evaluation whose match rows are the boxes at this point: itself, one made before, or a new one.

    Every member may: a point shows what the evaluation says. Of the error budget there is one for each IoU. Raises
    BadInput where the point is none.
    """
    access.check(by, evaluation.dataset.project_id)
    project = evaluation.dataset.project_id
    point.check()
    confidence = FLOOR if rows == Evaluation.Rows.BUDGET or point.conf is None else round(point.conf, DIGITS)
    if rows == Evaluation.Rows.VERDICTS and is_own(evaluation, point.iou, confidence):
        return evaluation
    wanted = {"of": evaluation, "rows": rows, "iou": round(point.iou, 2), "conf": confidence}
    if (found := Evaluation.objects.filter(**wanted).first()) is not None:
        return found
    arrays = judged_evaluation(evaluation)
    if rows == Evaluation.Rows.BUDGET:
        boxes = budget_rows(arrays, arrays.budget(point.iou))
    else:
        boxes = arrays.verdicts(iou=point.iou, confidence=confidence)
    with transaction.atomic():
        Evaluation.objects.select_for_update().get(pk=evaluation.pk)  # two who ask for the same point make one
        made, new = Evaluation.objects.get_or_create(**wanted, defaults=_as_its(evaluation, by))
        if new:
            data = {"of": evaluation.pk, "iou": wanted["iou"], "conf": confidence}
            audit.record(by=by, action="evaluation.open_point", target=made, project=project, data=data)
            replace_matches(made, arrays.ground, boxes)
            forget_oldest(evaluation, keep=min(MOST_POINTS, max(3, MOST_ROWS // max(len(boxes), 1))))
    return made


def is_own(evaluation: Evaluation, iou: float, confidence: float) -> bool:
    """Whether this is the point at which the evaluation itself was judged."""
    own = evaluation.conf if evaluation.conf is not None else -1
    return abs(evaluation.iou - iou) < 1e-9 and round(own, DIGITS) == confidence


def own_confidence(evaluation: Evaluation, confidence: float, iou: float) -> float:
    """The confidence to judge by: rounded, or the evaluation's own to the last bit where it is that point."""
    wanted = round(confidence, DIGITS)
    return evaluation.conf if evaluation.conf is not None and is_own(evaluation, iou, wanted) else wanted


def _as_its(evaluation: Evaluation, by: User) -> dict[str, object]:
    return {
        "dataset": evaluation.dataset,
        "prediction_set": evaluation.prediction_set,
        "manifest": evaluation.manifest,
        "revision": evaluation.revision,
        "evaluator": evaluation.evaluator,
        "created_by": by,
        "finished_at": timezone.now(),
    }


def forget_oldest(evaluation: Evaluation, *, keep: int) -> None:
    """Delete the points beyond the newest; they can be made again."""
    old = list(evaluation.points.order_by("-pk").values_list("pk", flat=True)[keep:])
    Match.objects.filter(evaluation__in=old).delete()
    Evaluation.objects.filter(pk__in=old).delete()


def budget_rows(arrays: JudgedEvaluation, found: ErrorBudget) -> VerdictRows:
    """What the error budget was made from: detections that are rows, and the boxes that were not found.

    Both classes stand in a row where a wrong prediction has a box that explains it.
    """
    told, truth, detections = found.explained, arrays.truth, arrays.predicted.detections
    det = np.flatnonzero((told.error >= NONE) & ~told.on_crowd & (arrays.predicted.row_ids >= 0))
    gt = np.flatnonzero(told.box_error > NONE)
    box, best = told.box[det], told.best[gt]
    return VerdictRows(
        image_index=np.concatenate([detections.image_index[det], truth.image_index[gt]]),
        annotation_id=np.concatenate([_values_at(truth.annotation_ids, box), truth.annotation_ids[gt]]),
        prediction_id=np.concatenate([arrays.predicted.row_ids[det], _values_at(arrays.predicted.row_ids, best)]),
        gt_class=np.concatenate([_values_at(truth.class_index, box), truth.class_index[gt]]),
        pred_class=np.concatenate([detections.class_index[det], _values_at(detections.class_index, best)]),
        iou=np.concatenate([told.overlap[det], told.box_overlap[gt]]),
        score=np.concatenate([detections.scores[det], _values_at(detections.scores, best, np.nan)]).astype(np.float64),
        verdict=np.concatenate([np.where(told.error[det] == NONE, TP, FP), np.full(len(gt), FN)]).astype(np.int8),
        error_type=np.concatenate([told.error[det], told.box_error[gt]]).astype(np.int8),
    )


def _values_at(values: NDArray[Any], places: NDArray[Any], missing: float = -1) -> NDArray[Any]:
    """Values at places; `missing` where a place is -1, as all are where there are no values."""
    if not len(values):
        return np.full(len(places), missing, values.dtype)
    return np.where(places >= 0, values[places], values.dtype.type(missing))


def lasting_origin(origin: dict[str, Any], dataset: Dataset) -> dict[str, Any]:
    """A slice's origin with the evaluation itself in place of a point of it, which may go, and where the point was."""
    number = origin.get("evaluation")
    points = Evaluation.objects.filter(dataset=dataset, of__isnull=False)
    point = points.filter(pk=number).first() if isinstance(number, int) else None
    if point is None:
        return origin
    return {**origin, "evaluation": point.of_id, "conf": point.conf, "iou": point.iou, "rows": point.rows}
