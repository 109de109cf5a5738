"""The boxes that the grid draws on a page of images: labels, predictions, or both with their verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from curate.grid.small_shapes import small_shape
from curate.models import Evaluation
from dataset.models import PredictionSet

Boxes = dict[int, list[dict[str, Any]]]

ALIVE_NOW = "died IS NULL"
ALIVE_AT = "born <= %s AND (died IS NULL OR died > %s)"
LABELS = """
SELECT image_id, id, label_class_id, x1, y1, x2, y2,
       (ARRAY['', 'region', 'crowd', 'anything'])[ignore + 1], shape FROM dataset_annotation
WHERE image_id = ANY(%s) AND {alive} ORDER BY image_id, id
"""
# What is ignored has no verdict, and is shown where there are some.
IGNORED_LABELS = LABELS.format(alive=f"ignore <> 0 AND {ALIVE_AT}")
PREDICTIONS = """
SELECT image_id, id, label_class_id, x1, y1, x2, y2, score FROM dataset_prediction
WHERE prediction_set_id = %s AND image_id = ANY(%s) AND score >= %s ORDER BY image_id, score DESC, id
"""
JUDGED_LABELS = """
SELECT match.image_id, label.id, label.label_class_id, label.x1, label.y1, label.x2, label.y2,
       match.verdict, match.error, label.shape
FROM curate_match match JOIN dataset_annotation label ON label.id = match.annotation_id
WHERE match.evaluation_id = %s AND match.image_id = ANY(%s) AND match.verdict IN ('tp', 'fn')
ORDER BY match.image_id, label.id
"""
JUDGED_PREDICTIONS = """
SELECT match.image_id, prediction.id, prediction.label_class_id, prediction.x1, prediction.y1, prediction.x2,
       prediction.y2, prediction.score, match.verdict, match.error
FROM curate_match match JOIN dataset_prediction prediction ON prediction.id = match.prediction_id
WHERE match.evaluation_id = %s AND match.image_id = ANY(%s) AND match.verdict IN ('tp', 'fp')
ORDER BY match.image_id, prediction.score DESC, prediction.id
"""


@dataclass(frozen=True)
class Overlay:
    """What is drawn beside, or instead of, the current labels."""

    evaluation: Evaluation | None = None
    prediction_set: PredictionSet | None = None
    confidence: float = 0.25  # from which on plain predictions are drawn


def boxes_of(image_ids: Sequence[int], overlay: Overlay) -> Boxes:
    """The boxes of these images. With an evaluation: judged labels and predictions at its operating point."""
    found: Boxes = {image_id: [] for image_id in image_ids}
    ids = list(image_ids)
    evaluation = overlay.evaluation
    if evaluation is None:
        _add(found, LABELS.format(alive=ALIVE_NOW), [ids], "gt", "ignore")
    else:
        _add(found, JUDGED_LABELS, [evaluation.pk, ids], "gt", "verdict", "error")
        _add(found, JUDGED_PREDICTIONS, [evaluation.pk, ids], "pred", "score", "verdict", "error")
        _add(found, IGNORED_LABELS, [ids, evaluation.revision, evaluation.revision], "gt", "ignore")
        _add_unjudged(found, evaluation)
    if overlay.prediction_set is not None:
        _add(found, PREDICTIONS, [overlay.prediction_set.pk, ids, overlay.confidence], "pred", "score")
    return found


def _add_unjudged(found: Boxes, evaluation: Evaluation) -> None:
    """An image that the evaluation did not judge shows its labels as they were at that revision."""
    unjudged = [image_id for image_id, boxes in found.items() if not boxes]
    if unjudged:
        _add(found, LABELS.format(alive=ALIVE_AT), [unjudged, evaluation.revision, evaluation.revision], "gt", "ignore")


def _add(found: Boxes, query: str, params: list[Any], kind: str, *names: str) -> None:
    """Append the query's boxes to their images; `names` are the columns after the box. A label's shape comes last.

    Half of what a page costs is this loop, which runs thousands of times: it does nothing that it need not.
    """
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        rows = cursor.fetchall()
    places = list(enumerate(names, start=7))
    for row in rows:
        box = {"kind": kind, "id": row[1], "class_id": row[2], "box": row[3:7]}
        for place, name in places:
            if row[place] != "":
                box[name] = row[place]
        if kind == "gt" and row[-1] is not None:
            box["shape"] = small_shape(bytes(row[-1]))
        found[row[0]].append(box)
