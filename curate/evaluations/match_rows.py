"""Verdict rows into the match table, by COPY."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from curate.models import Evaluation, Match
from dataset.bulk import NullableColumn, WordColumn, copy_in_some_null
from science.evaluation.arrays import Ground
from science.evaluation.verdicts import ERROR_TYPES, VERDICTS, VerdictRows


def replace_matches(evaluation: Evaluation, ground: Ground, rows: VerdictRows) -> int:
    """Write the rows in place of an earlier attempt's; returns how many. Runs within the caller's transaction."""
    Match.objects.filter(evaluation=evaluation).delete()
    return copy_in_some_null("curate_match", _columns(evaluation, ground, rows), len(rows))


def _columns(evaluation: Evaluation, ground: Ground, rows: VerdictRows) -> dict[str, NullableColumn | WordColumn]:
    return {
        "evaluation_id": NullableColumn(np.full(len(rows), evaluation.pk, np.int64)),
        "image_id": NullableColumn(ground.image_ids[rows.image_index]),
        "verdict": WordColumn(rows.verdict, [one.value for one in VERDICTS]),
        "annotation_id": _where_any(rows.annotation_id),
        "prediction_id": _where_any(rows.prediction_id),
        "truth_class_id": _class_ids(ground, rows.gt_class),
        "predicted_class_id": _class_ids(ground, rows.pred_class),
        "iou": NullableColumn(rows.iou.astype(np.float32), rows.iou > 0),
        "score": NullableColumn(rows.score.astype(np.float32), ~np.isnan(rows.score)),
        "error": WordColumn(rows.error_type, [one.value for one in ERROR_TYPES]),
    }


def _where_any(ids: NDArray[np.int64]) -> NullableColumn:
    return NullableColumn(ids, ids >= 0)


def _class_ids(ground: Ground, positions: NDArray[np.int64]) -> NullableColumn:
    """Class ids by position; NULL for the background."""
    if not len(ground.class_ids):
        return NullableColumn(np.zeros(len(positions), np.int64), np.zeros(len(positions), np.bool_))
    return NullableColumn(ground.class_ids[positions], positions >= 0)
