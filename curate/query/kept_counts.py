"""Counts of a class without further conditions, answered from the columns that are kept, where there are any.

In SQL `not any(car)` goes through every car of the dataset. The columns know it already: the images that are meant are
given to the database as ids where they are few, and otherwise as bits, one for each id between the first and the last.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from curate.counts.columns import DatasetColumns, boxes_by_image
from curate.query.rows import HOLDS, whole_number
from curate.query.sql import Sql
from curate.query.tree import Literal

FEW = 1000  # ids
SPREAD = 16  # at most so many bits for each image: a dataset's ids lie close together

Ids = NDArray[np.int64]


def kept_count_sql(
    columns: DatasetColumns, class_ids: Sequence[int] | None, op: str | None, number: Literal | None
) -> Sql | None:
    """`count(classes) op number`, without them at least one. None where the ids lie too far apart to be told so."""
    holds = HOLDS[op or ">="]
    wanted = 1 if number is None else whole_number(number)
    found = holds(boxes_by_image(columns, class_ids), wanted)
    ids = columns.image_ids
    if found.sum() <= FEW:
        return Sql("(dataset_image.id = ANY(%s))", (ids[found].tolist(),))
    if (~found).sum() <= FEW:
        return Sql("(dataset_image.id <> ALL(%s))", (ids[~found].tolist(),))
    return as_bits(ids, found)


def as_bits(ids: Ids, found: NDArray[np.bool_]) -> Sql | None:
    if ids[-1] - ids[0] >= SPREAD * len(ids):
        return None
    return bits_sql(ids[found], float(found.mean()))


def bits_sql(chosen: Ids, share: float) -> Sql:
    """The images chosen, rising ids; `share`: how many of the dataset's they are."""
    first, last = int(chosen[0]), int(chosen[-1])
    bits = np.zeros(last - first + 1, bool)
    bits[chosen - first] = True
    packed = np.packbits(bits, bitorder="little").tobytes()
    text = f"(dataset_image.id BETWEEN %s AND %s AND get_bit(%s::bytea, dataset_image.id - %s) {is_set(share)})"
    return Sql(text, (first, last, packed, first))


def is_set(share: float) -> str:
    """The same question in the form whose yield the planner guesses best: 1 in 200, 1 in 3, or nearly all.

    A page of images that are many is found by walking through the ids, one of few by way of other conditions.
    """
    return "= 1" if share < 0.03 else "> 0" if share < 0.6 else "<> 0"
