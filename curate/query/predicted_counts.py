"""Counts of predictions by class and score, answered from what a set keeps of each class, where it does.

Other conditions, such as a box's size, ask the rows themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from curate.query import tree
from curate.query.arguments import Arguments
from curate.query.kept_counts import FEW, SPREAD, Ids, bits_sql
from curate.query.names import DatasetNames
from curate.query.rows import HOLDS, whole_number
from curate.query.sql import Sql
from dataset.selectors.predictions import kept_of

SCORES = ("score", "conf")
FAR = 1e6  # beyond any score; farther numbers are left to the database


def predicted_count_sql(call: tree.Call, arguments: Arguments, names: DatasetNames) -> Sql | None:
    """`count(class, predictions = …, score > …) op number`, without them at least one; None where rows are needed."""
    named = arguments.parameters.get("predictions")
    asked = score_conditions(arguments.conditions)
    if named is None or asked is None or "revision" in arguments.parameters:
        return None
    class_ids = [names.class_id(literal) for literal in arguments.classes] or None
    kept = kept_of(names.prediction_set_id(named), class_ids)
    if kept is None:
        return None
    image_ids, scores = kept
    for op, score in asked:
        fitting = HOLDS[op](scores, score)
        image_ids, scores = image_ids[fitting], scores[fitting]
    ids, boxes = np.unique(image_ids, return_counts=True)
    holds, wanted = HOLDS[call.op or ">="], 1 if call.number is None else whole_number(call.number)
    without = bool(holds(0, wanted))
    return among(ids[holds(boxes, wanted) != without], names.dataset.image_count, within=not without)


def score_conditions(conditions: Sequence[tree.Node]) -> list[tuple[str, np.float32]] | None:
    """Operators and scores; None where anything else is asked."""
    found = []
    for condition in conditions:
        match condition:
            case tree.Compare(
                field=field, op=op, literal=tree.Literal(value=int() | float() as value, percent=False)
            ) if str(field).lower() in SCORES and not isinstance(value, bool) and abs(value) < FAR:
                found.append((op, np.float32(value)))
            case _:
                return None
    return found


def among(chosen: Ids, images: int, *, within: bool) -> Sql | None:
    """That an image is, or is not, among the chosen of so many; None where their ids lie too far apart to be told."""
    if len(chosen) <= FEW:
        return Sql(f"(dataset_image.id {'= ANY' if within else '<> ALL'}(%s))", (chosen.tolist(),))
    if chosen[-1] - chosen[0] >= SPREAD * max(images, len(chosen)):
        return None
    found = bits_sql(chosen, len(chosen) / max(images, len(chosen)))
    return found if within else Sql(f"(NOT {found.text})", found.params)
