"""Labels as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from dataset.bulk import copy_out
from dataset.models import Dataset

Ids = NDArray[np.int64]

COLUMNS = "id, object_id, image_id, label_class_id, x1, y1, x2, y2, provenance, ignore, area"
DTYPES = [np.int64] * 4 + [np.float32] * 4 + [np.int16] * 2 + [np.float32]
LABELLED = """
    SELECT id FROM dataset_image AS image WHERE dataset_id = %s AND id = ANY(%s) AND (labelled_since <= %s OR EXISTS (
        SELECT FROM dataset_annotation AS label
        WHERE label.image_id = image.id AND label.born <= %s AND (label.died IS NULL OR label.died > %s)))
"""
ALIVE = "born <= %s AND (died IS NULL OR died > %s)"


@dataclass(frozen=True)
class LabelledBoxes:
    """Boxes at one revision, ordered by image, then by row."""

    annotation_id: Ids  # (N,) row ids: one version of one object
    object_id: Ids  # (N,) the same over all versions
    image_id: Ids  # (N,)
    class_id: Ids  # (N,) LabelClass ids
    boxes: NDArray[np.float32]  # (N, 4) xyxy pixels
    provenance: NDArray[np.int16]  # (N,)
    ignore: NDArray[np.int16]  # (N,) an Ignore
    area: NDArray[np.float32]  # (N,) square pixels where the labels state another one than the box's; else 0

    def __len__(self) -> int:
        return len(self.annotation_id)


def labels_at(*, dataset: Dataset, revision: int, image_ids: Sequence[int] | Ids | None = None) -> LabelledBoxes:
    """The labels of these images (None: of all) at the revision. Unlabelled images simply have no rows."""
    where, params = f"dataset_id = %s AND {ALIVE}", [dataset.pk, revision, revision]
    if image_ids is not None:
        where, params = f"{where} AND image_id = ANY(%s)", [*params, np.asarray(image_ids, dtype=np.int64).tolist()]
    query = f"SELECT {COLUMNS} FROM dataset_annotation WHERE {where} ORDER BY image_id, id"
    return as_labels(copy_out(query, params, DTYPES))


def shapes_at(*, dataset: Dataset, revision: int, image_ids: Sequence[int] | Ids | None = None) -> dict[int, bytes]:
    """The finer shapes of these images' labels (None: of all) at the revision, packed, by row id: of few."""
    where, params = f"dataset_id = %s AND shape IS NOT NULL AND {ALIVE}", [dataset.pk, revision, revision]
    if image_ids is not None:
        where, params = f"{where} AND image_id = ANY(%s)", [*params, np.asarray(image_ids, dtype=np.int64).tolist()]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, shape FROM dataset_annotation WHERE {where}", params)
        return {row: bytes(shape) for row, shape in cursor.fetchall()}


def as_labels(columns: Sequence[NDArray[Any]]) -> LabelledBoxes:
    """The arrays of COLUMNS as labels."""
    row, object_id, image, label_class, x1, y1, x2, y2, *facts = columns
    return LabelledBoxes(row, object_id, image, label_class, np.stack([x1, y1, x2, y2], axis=1), *facts)


def labelled_at(*, dataset: Dataset, revision: int, image_ids: Sequence[int] | Ids) -> NDArray[np.bool_]:
    """`(I,)` whether each of these images was labelled at the revision: it had boxes, or was a negative."""
    ids = np.asarray(image_ids, dtype=np.int64)
    params = [dataset.pk, ids.tolist(), revision, revision, revision]
    return np.isin(ids, copy_out(LABELLED, params, [np.int64])[0])
