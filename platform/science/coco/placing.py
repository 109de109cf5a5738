"""From the numbers of a file to columns by position: ids are looked up, boxes get corners."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.threads import side_by_side
from science.geometry.compiled import compiled_in_place

WIDEST_TABLE = 1 << 22  # ids in a range up to here are looked up in a table
FEW_RECORDS = 20_000

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]


class Placed(NamedTuple):
    """Boxes by position."""

    image: Int64s  # (N,)
    label: Int64s  # (N,)
    box: Float64s  # (N, 4) xyxy pixels
    area: Float64s  # (N,) width x height as the file has them
    score: Float64s  # (N,) zeros for labels


class Table(NamedTuple):
    """Where an id stands: ``place[id - first]``, -1 for ids that are not there."""

    first: int
    place: NDArray[np.int32]


def place_records(values: Float64s, image_ids: Int64s, category_ids: Int64s, *, score_column: int) -> Placed | None:
    """Return the records as columns; None where any is wrong or unknown, or ids lie too far apart for a table.

    ``values`` are (N, K): image id, category id …, and the box as xywh last.
    """
    images, labels = _table(image_ids), _table(category_ids)
    if images is None or labels is None:
        return None
    count = len(values)
    placed = Placed(
        np.empty(count, np.int64), np.empty(count, np.int64), np.empty((count, 4)), np.empty(count), np.zeros(count)
    )
    cuts = np.linspace(0, count, 5 if count > FEW_RECORDS else 2).astype(np.int64)
    _place.compile()  # type: ignore[attr-defined]
    fine = side_by_side(
        lambda k: _place(values, cuts[k], cuts[k + 1], score_column, images, labels, placed), range(len(cuts) - 1)
    )
    return placed if all(fine) else None


def _table(ids: Int64s) -> Table | None:
    """Return the table of rising ids."""
    if not len(ids) or ids[-1] - ids[0] >= WIDEST_TABLE:
        return None
    found = np.full(int(ids[-1] - ids[0]) + 1, -1, np.int32)
    found[ids - ids[0]] = np.arange(len(ids))
    return Table(int(ids[0]), found)


@compiled_in_place
def _look_up(value: float, table: Table) -> int:
    """Return the position of an id, -1 where it is unknown or not a whole number."""
    away = value - table.first
    if not 0 <= away < len(table.place):
        return -1
    at = int(away)
    return int(table.place[at]) if at == away else -1


@compiled_in_place
def _place(
    values: Float64s, start: int, end: int, score_column: int, images: Table, labels: Table, placed: Placed
) -> bool:
    """Fill in some records; return whether all of them are right."""
    first = values.shape[1] - 4
    for k in range(start, end):
        image, label = _look_up(values[k, 0], images), _look_up(values[k, 1], labels)
        left, top, width, height = values[k, first], values[k, first + 1], values[k, first + 2], values[k, first + 3]
        score = values[k, score_column] if score_column >= 0 else 0.0
        if image < 0 or label < 0 or not (width >= 0 and height >= 0):
            return False
        if not np.isfinite(left + top + width + height + score):
            return False
        placed.image[k] = image
        placed.label[k] = label
        placed.box[k, 0] = left
        placed.box[k, 1] = top
        placed.box[k, 2] = left + width
        placed.box[k, 3] = top + height
        placed.area[k] = width * height
        placed.score[k] = score
    return True
