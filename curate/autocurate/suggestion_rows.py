"""Suggestions into the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curate.models import AutoCurate, Suggestion
from dataset.models import Annotation
from science.autocurate import mislabels
from science.evaluation.arrays import Ground
from science.evaluation.types import GroundTruth

BATCH = 2000


def store_suggestions(
    run: AutoCurate, ground: Ground, truth: GroundTruth, found: Sequence[mislabels.SuggestedLabel]
) -> None:
    """Write the suggestions of a run. Within the caller's transaction."""
    judged = {one.annotation_id for one in found if one.annotation_id >= 0}
    objects = dict(Annotation.objects.filter(pk__in=judged).values_list("pk", "object_id"))
    boxes = _boxes_of(truth, judged)
    Suggestion.objects.bulk_create(
        (_row(run, ground, one, objects.get(one.annotation_id), boxes.get(one.annotation_id)) for one in found),
        batch_size=BATCH,
    )


def _boxes_of(truth: GroundTruth, judged: set[int]) -> dict[int, list[float]]:
    pairs = zip(truth.annotation_ids.tolist(), truth.boxes.tolist(), strict=True)
    return {annotation_id: box for annotation_id, box in pairs if annotation_id in judged}


def _row(
    run: AutoCurate, ground: Ground, one: mislabels.SuggestedLabel, object_id: int | None, box: list[float] | None
) -> Suggestion:
    code, params = one.reason["code"], {name: value for name, value in one.reason.items() if name != "code"}
    return Suggestion(
        auto_curate=run,
        image_id=int(ground.image_ids[one.image_index]),
        annotation_id=one.annotation_id if one.annotation_id >= 0 else None,
        object_id=object_id,
        kind=one.kind.value,
        score=one.score,
        parts=one.parts,
        reason=one.why,
        reason_code=str(code),
        reason_params=params,
        given=_shape(ground, one.given_class, box),
        proposed=_shape(ground, one.proposed_class, rounded(one.proposed_box) or box),
    )


def _shape(ground: Ground, class_index: int, box: list[float] | None) -> dict[str, Any] | None:
    """Class and box; None where there is no label, or none is proposed."""
    if class_index < 0 or box is None:
        return None
    return {"class_id": int(ground.class_ids[class_index]), "box": [round(float(side), 3) for side in box]}


def rounded(box: Sequence[float] | None) -> list[float] | None:
    return None if box is None else [float(side) for side in box]
