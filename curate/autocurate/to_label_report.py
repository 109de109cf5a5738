"""What a run that chose what to label says of its choice."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curate.autocurate.image_tables import CodedImageTable
from curate.autocurate.label_pool import LabelPool
from curate.autocurate.review_seconds import KnownSeconds, labelling_seconds
from curate.models import AutoCurate
from dataset.models import PredictionSet
from science.autocurate.to_label import PickToLabel, ToLabel
from science.evaluation.arrays import Ground
from science.evaluation.as_json import json_number

Ints = NDArray[np.int64]


def to_label_report(
    run: AutoCurate, pool: LabelPool, images: CodedImageTable, found: ToLabel, prediction_set: PredictionSet | None
) -> dict[str, Any]:
    """By what it was chosen, what of each class, value and sequence, and each image with its reason."""
    rows = np.array([one.image_index for one in found.picks], np.int64)
    return {
        "images": len(rows),
        "looked_at": {"images": len(pool.waiting), "labelled": int(pool.labelled.sum())},
        "prediction_set": prediction_set.pk if prediction_set else None,
        "evaluation": run.params.get("evaluation"),
        "measure": found.measure,
        "by_reason": reason_counts(found),
        "left_out": found.left_out,
        "expected_boxes": json_number(found.objects[rows].sum(), 1) if prediction_set else None,
        "cost": cost_of(found, rows, ~pool.labelled, labelling_seconds(run.dataset)) if prediction_set else None,
        "classes": class_rows(pool, images, found, rows) if prediction_set else [],
        "strata": value_rows(pool, images, rows),
        "sequences": sequence_facts(images.table.sequence[rows]),
        "picks": [pick_row(pool, found.measure, one) for one in found.picks],
    }


def reason_counts(found: ToLabel) -> dict[str, int]:
    """How many images were chosen for each reason."""
    return dict(sorted(Counter(str(one.reason["code"]) for one in found.picks).items()))


def cost_of(found: ToLabel, rows: Ints, waiting: NDArray[np.bool_], known: KnownSeconds) -> dict[str, Any]:
    """What labelling the choice takes, beside as many images drawn at random.

    - ``boxes``, ``minutes``: to draw, and of a person; ``pool_boxes``, ``pool_minutes``: of as many average images
    - ``measured_in``: dataset, project or default, whose ``tasks`` done in Label the seconds come from
    """
    boxes = float(found.objects[rows].sum())
    of_pool = float(found.objects[waiting].sum()) * len(rows) / max(int(waiting.sum()), 1)
    minutes, pool_minutes = (minutes_to_label(len(rows), each, known) for each in (boxes, of_pool))
    return {
        "boxes": json_number(boxes, 1),
        "minutes": json_number(minutes, 1),
        "pool_boxes": json_number(of_pool, 1),
        "pool_minutes": json_number(pool_minutes, 1),
        "measured_in": known.source,
        "tasks": known.tasks,
    }


def minutes_to_label(images: int, boxes: float, known: KnownSeconds) -> float:
    """Each image is opened, each box is found and drawn."""
    seconds = known.seconds
    return (images * seconds.open_image + boxes * (seconds.decide + seconds.redraw)) / 60


def class_rows(pool: LabelPool, images: CodedImageTable, found: ToLabel, rows: Ints) -> list[dict[str, Any]]:
    """Of each class, how many objects are labelled, and may be expected in what was chosen and in all of the pool."""
    labelled = images.table.class_counts[pool.labelled].sum(axis=0)
    chosen, waiting = found.objects[rows].sum(axis=0), found.objects[~pool.labelled].sum(axis=0)
    return [
        {
            "class_id": class_id,
            "labelled": int(labelled[c]),
            "chosen": json_number(chosen[c], 1),
            "pool": json_number(waiting[c], 1),
        }
        for c, class_id in enumerate(pool.ground.class_ids.tolist())
    ]


def value_rows(pool: LabelPool, images: CodedImageTable, rows: Ints) -> list[dict[str, Any]]:
    """Of each metadata value, how many images are labelled, chosen, and in the pool."""
    parts = {"labelled": np.flatnonzero(pool.labelled), "chosen": rows, "pool": np.flatnonzero(~pool.labelled)}
    return [
        {
            "key": key,
            "values": [
                {"value": value, **{name: int((places[part] == place).sum()) for name, part in parts.items()}}
                for place, value in enumerate(images.values[key])
            ],
        }
        for key, places in images.table.strata.items()
    ]


def sequence_facts(sequence: Ints) -> dict[str, int]:
    """How many sequences the chosen images are of, the most of one, and how many are of none."""
    counts = np.unique(sequence[sequence >= 0], return_counts=True)[1]
    return {"sequences": len(counts), "most": int(counts.max(initial=0)), "alone": int((sequence < 0).sum())}


def pick_row(pool: LabelPool, measure: str, one: PickToLabel) -> dict[str, Any]:
    """An image as the list of picks shows it."""
    return {
        "image": int(pool.ground.image_ids[one.image_index]),
        "score": json_number(one.score, 4),
        "parts": one.parts,
        "reason": one.why,
        "reason_code": str(one.reason["code"]),
        "reason_params": {name: value for name, value in one.reason.items() if name != "code"},
        "nearest": neighbour_row(pool.ground, measure, one.nearest, one.distance),
    }


def neighbour_row(ground: Ground, measure: str, place: int, distance: float) -> dict[str, Any] | None:
    """The labelled image that is most like one; None where there is none (-1)."""
    if place < 0:
        return None
    return {"image": int(ground.image_ids[place]), "distance": json_number(distance, 4), "measure": measure}
