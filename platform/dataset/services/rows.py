"""Writing annotation rows. Only the services of revisions and imports call this, inside their transactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from dataset.bulk import BytesColumn, JsonColumn, copy_in
from dataset.importing.boxes import picked_shapes
from dataset.importing.columns import AttributeValues
from dataset.importing.scratch import let_go

AT_ONCE = 250_000  # rows; what goes to the database is a copy of them
NEW_OBJECT = 0  # as object_id: the database gives the next number
TABLE = "dataset_annotation"
CLOSE = "UPDATE dataset_annotation SET died = %(died)s WHERE dataset_id = %(dataset)s AND died IS NULL AND "

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class NewRows:
    """Boxes to be added in one revision: versions of known objects, or new objects."""

    image_id: NDArray[np.int64]  # (N,)
    class_id: NDArray[np.int64]  # (N,)
    boxes: NDArray[np.float32]  # (N, 4) xyxy pixels
    provenance: NDArray[np.int16]  # (N,)
    object_id: NDArray[np.int64]  # (N,) NEW_OBJECT where the object is new
    attributes: NDArray[np.int32]  # (N,) places in `values`, -1 for none
    values: Sequence[bytes] = field(default_factory=list)  # JSON objects
    ignore: NDArray[np.int16] | None = None  # (N,) an Ignore; None: nothing is ignored
    area: NDArray[np.float32] | None = None  # (N,) as Annotation.area; None: all are the boxes' own
    shapes: Mapping[int, bytes] = field(default_factory=dict)  # packed, by place: of few

    def __len__(self) -> int:
        return len(self.image_id)


def coded_attributes(attributes: Sequence[Mapping[str, Any] | None]) -> tuple[NDArray[np.int32], list[bytes]]:
    """`(N,)` places, and the distinct sets of attributes that they name."""
    values = AttributeValues()
    codes = [values.code(dict(one) if one else None) for one in attributes]
    return np.array(codes, dtype=np.int32), values.values


def add_rows(dataset_id: int, rows: NewRows, *, born: int) -> None:
    """Insert the rows as born in that revision, in their order."""
    for known in (False, True):
        for start in range(0, len(rows), AT_ONCE):
            chosen = start + np.flatnonzero((rows.object_id[start : start + AT_ONCE] != NEW_OBJECT) == known)
            copy_rows(dataset_id, rows, chosen, born, with_object=known)
            let_go(rows.image_id, rows.class_id, rows.boxes, rows.attributes, rows.ignore, rows.area)


def copy_rows(dataset_id: int, rows: NewRows, chosen: NDArray[np.intp], born: int, *, with_object: bool) -> None:
    columns: dict[str, NDArray[Any]] = {
        "dataset_id": np.full(len(chosen), dataset_id, dtype=np.int64),
        "image_id": rows.image_id[chosen].astype(np.int64),
        "label_class_id": rows.class_id[chosen].astype(np.int64),
        "provenance": rows.provenance[chosen].astype(np.int16),
        "born": np.full(len(chosen), born, dtype=np.int32),
    }
    corners = rows.boxes[chosen].astype(np.float32)
    columns |= {name: corners[:, place] for place, name in enumerate(("x1", "y1", "x2", "y2"))}
    if rows.ignore is not None and (ignore := rows.ignore[chosen]).any():
        columns["ignore"] = ignore.astype(np.int16)
    if rows.area is not None and (area := rows.area[chosen]).any():
        columns["area"] = area.astype(np.float32)
    if with_object:
        columns["object_id"] = rows.object_id[chosen].astype(np.int64)
    shapes = picked_shapes(rows.shapes, chosen) if rows.shapes else {}
    attributes = JsonColumn("attributes", rows.attributes[chosen], rows.values)
    copy_in(TABLE, columns, attributes, BytesColumn("shape", shapes))


MARK = """
    UPDATE dataset_image SET labelled_since = %(since)s
    WHERE dataset_id = %(dataset)s AND id = ANY(%(images)s) AND labelled_since IS NULL
"""


def mark_labelled(dataset_id: int, image_ids: Ids, *, since: int) -> None:
    """These images are labelled from that revision on, unless they have been before."""
    if len(image_ids):
        values = {"since": since, "dataset": dataset_id, "images": np.unique(image_ids).tolist()}
        with connection.cursor() as cursor:
            cursor.execute(MARK, values)


def close_rows(dataset_id: int, which: str, values: Mapping[str, Any], *, died: int) -> int:
    """Let a dataset's current rows that `which`, a condition in SQL, means end in that revision; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE + which, {**values, "dataset": dataset_id, "died": died})
        return int(cursor.rowcount)


def close_objects(dataset_id: int, which: str, values: Mapping[str, Any], *, died: int) -> Ids:
    """As `close_rows`; returns the object ids of those that ended."""
    return object_ids(CLOSE + which + " RETURNING object_id", {**values, "dataset": dataset_id, "died": died})


def object_ids(statement: str, values: Mapping[str, Any]) -> Ids:
    """The object ids that a statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
