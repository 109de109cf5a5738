"""Writing annotation rows. Only the services of revisions and imports call this, inside their transactions."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg.types.json import Jsonb

from dataset.bulk import copy_in

NEW_OBJECT = 0  # as object_id: the database gives the next number
TABLE = "dataset_annotation"


@dataclass(frozen=True)
class NewRows:
    """Boxes to be added in one revision: versions of known objects, or new objects."""

    image_id: NDArray[np.int64]  # (N,)
    class_id: NDArray[np.int64]  # (N,)
    boxes: NDArray[np.float32]  # (N, 4) xyxy pixels
    provenance: NDArray[np.int16]  # (N,)
    object_id: NDArray[np.int64]  # (N,) NEW_OBJECT where the object is new
    attributes: dict[int, dict[str, Any]] = field(default_factory=dict)  # by place in the arrays

    def __len__(self) -> int:
        return len(self.image_id)


def add_rows(dataset_id: int, rows: NewRows, *, born: int) -> None:
    """Insert the rows as born in that revision."""
    special = np.zeros(len(rows), dtype=bool)
    special[list(rows.attributes)] = True
    for known in (False, True):
        chosen = (rows.object_id != NEW_OBJECT) == known
        copy_plain(dataset_id, rows, np.flatnonzero(chosen & ~special), born, with_object=known)
        copy_with_attributes(dataset_id, rows, np.flatnonzero(chosen & special), born, with_object=known)


def copy_plain(dataset_id: int, rows: NewRows, chosen: NDArray[np.intp], born: int, *, with_object: bool) -> None:
    """Rows without attributes, by binary COPY."""
    columns: dict[str, NDArray[Any]] = {
        "dataset_id": np.full(len(chosen), dataset_id, dtype=np.int64),
        "image_id": rows.image_id[chosen].astype(np.int64),
        "label_class_id": rows.class_id[chosen].astype(np.int64),
        "provenance": rows.provenance[chosen].astype(np.int16),
        "born": np.full(len(chosen), born, dtype=np.int32),
    }
    corners = rows.boxes[chosen].astype(np.float32)
    columns |= {name: corners[:, place] for place, name in enumerate(("x1", "y1", "x2", "y2"))}
    if with_object:
        columns["object_id"] = rows.object_id[chosen].astype(np.int64)
    copy_in(TABLE, columns)


def copy_with_attributes(
    dataset_id: int, rows: NewRows, chosen: NDArray[np.intp], born: int, *, with_object: bool
) -> None:
    """The few rows that carry attributes, by COPY in text form."""
    if not len(chosen):
        return
    names = "dataset_id, image_id, label_class_id, provenance, born, x1, y1, x2, y2, attributes"
    names += ", object_id" if with_object else ""
    with connection.cursor() as cursor, cursor.copy(f"COPY {TABLE} ({names}) FROM STDIN") as copy:
        for place in chosen.tolist():
            row: list[Any] = [
                dataset_id,
                int(rows.image_id[place]),
                int(rows.class_id[place]),
                int(rows.provenance[place]),
                born,
            ]
            row += [*rows.boxes[place].tolist(), Jsonb(rows.attributes[place])]
            copy.write_row(row + ([int(rows.object_id[place])] if with_object else []))


def close_rows(annotation_ids: NDArray[np.int64], *, died: int) -> int:
    """Let current rows end in that revision; returns how many did."""
    if not len(annotation_ids):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {TABLE} SET died = %s WHERE id = ANY(%s) AND died IS NULL", [died, annotation_ids.tolist()]
        )
        return int(cursor.rowcount)
