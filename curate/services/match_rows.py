"""Verdict rows into the match table, by COPY."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from curate.diagnosis.verdicts import ERROR_TYPES, VERDICTS, VerdictRows
from curate.models import Evaluation, Match
from curate.selectors.arrays import Ground

COLUMNS = (
    "evaluation_id", "image_id", "verdict", "annotation_id", "prediction_id", "truth_class_id", "predicted_class_id",
    "iou", "score", "error",
)  # fmt: skip
TYPES = ("int8", "int8", "varchar", "int8", "int8", "int8", "int8", "float4", "float4", "varchar")
COPY = f"COPY curate_match ({', '.join(COLUMNS)}) FROM STDIN (FORMAT binary)"


def replace_matches(evaluation: Evaluation, ground: Ground, rows: VerdictRows) -> int:
    """Write the rows in place of an earlier attempt's; returns how many. Runs within the caller's transaction."""
    Match.objects.filter(evaluation=evaluation).delete()
    columns = _columns(evaluation, ground, rows)
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(TYPES)
        for row in zip(*columns, strict=True):
            copy.write_row(row)
    return len(rows)


def _columns(evaluation: Evaluation, ground: Ground, rows: VerdictRows) -> list[list[Any]]:
    alone = rows.iou <= 0
    return [
        [evaluation.pk] * len(rows),
        ground.image_ids[rows.image_index].tolist(),
        [VERDICTS[place].value for place in rows.verdict.tolist()],
        _or_none(rows.annotation_id, rows.annotation_id < 0),
        _or_none(rows.prediction_id, rows.prediction_id < 0),
        _class_ids(ground, rows.gt_class),
        _class_ids(ground, rows.pred_class),
        _or_none(rows.iou, alone),
        _or_none(rows.score, np.isnan(rows.score)),
        [ERROR_TYPES[place].value for place in rows.error_type.tolist()],
    ]


def _or_none(values: NDArray[Any], missing: NDArray[np.bool_]) -> list[Any]:
    return [None if gone else value for value, gone in zip(values.tolist(), missing.tolist(), strict=True)]


def _class_ids(ground: Ground, positions: NDArray[np.int64]) -> list[int | None]:
    """Class ids by position; None for the background."""
    known = [*ground.class_ids.tolist(), None]
    return [known[position] for position in positions.tolist()]
