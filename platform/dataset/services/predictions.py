"""Prediction sets: every box as arrays in one file, those above the floor also as rows."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from accounts import audit
from accounts.models import User
from accounts.problems import BadInput
from dataset.bulk import copy_in
from dataset.models import Dataset, LabelClass, Manifest, PredictionSet
from storage import blobs

Ids = NDArray[np.int64]
NO_ROW = -1


@dataclass(frozen=True)
class PredictionArrays:
    """Predicted boxes, ordered by image, then by falling score."""

    image_ids: Ids  # (M,)
    class_ids: Ids  # (M,) LabelClass ids
    boxes: NDArray[np.float32]  # (M, 4) xyxy pixels
    scores: NDArray[np.float32]  # (M,) in [0, 1]
    row_ids: Ids  # (M,) Prediction ids; NO_ROW below the floor

    def __len__(self) -> int:
        return len(self.image_ids)


def store_predictions(
    *,
    dataset: Dataset,
    manifest: Manifest,
    name: str,
    kind: str,
    image_ids: Sequence[int] | Ids,
    class_ids: Sequence[int] | Ids,
    boxes: Any,
    scores: Any,
    checkpoint_id: int | None = None,
    author: User | None = None,
) -> PredictionSet:
    """Store `(M,)` predictions, boxes `(M, 4)` xyxy pixels, on a manifest's images.

    The file is written first, outside the transaction. Raises BadInput where an image is not the manifest's, a class
    not the dataset's, or a number not finite.
    """
    arrays = in_order(image_ids, class_ids, boxes, scores)
    check_arrays(dataset, manifest, arrays)
    kept = arrays.scores >= PredictionSet.ROW_FLOOR
    arrays.row_ids[kept] = reserve_ids(int(kept.sum()))
    blob = blobs.put_bytes(as_file(arrays), suffix=".npz")
    with transaction.atomic():
        row = PredictionSet.objects.create(
            dataset=dataset,
            manifest=manifest,
            name=name[:200],
            kind=kind,
            checkpoint_id=checkpoint_id,
            location=blob.key,
            box_count=len(arrays),
            created_by=author,
        )
        copy_in("dataset_prediction", as_columns(row, arrays, kept))
        keep_by_class(row, arrays, kept)
        data = {"prediction_set": row.pk, "boxes": len(arrays)}
        audit.record(by=author, action="prediction_set.create", target=row.name, project=dataset.project_id, data=data)
    return row


def in_order(image_ids: Any, class_ids: Any, boxes: Any, scores: Any) -> PredictionArrays:
    images, certain = np.asarray(image_ids, dtype=np.int64), np.asarray(scores, dtype=np.float32)
    order = order_of(images, certain)
    return PredictionArrays(
        image_ids=images[order],
        class_ids=np.asarray(class_ids, dtype=np.int64)[order],
        boxes=np.asarray(boxes, dtype=np.float32).reshape(-1, 4)[order],
        scores=certain[order],
        row_ids=np.full(len(order), NO_ROW, dtype=np.int64),
    )


def order_of(images: Ids, scores: NDArray[np.float32]) -> NDArray[np.intp]:
    """`(M,)` by image, then by falling score, equal ones as they came.

    Mostly one number stands for both, and the rows come nearly so: a tenth of the time of sorting by two columns.
    """
    if not len(images) or not (images.min() >= 0 and images.max() < 2**31 and (scores >= 0).all()):
        return np.lexsort((-scores, images))
    falling = ~(scores + np.float32(0)).view(np.uint32)  # the bits of floats rise with them, but for -0.0
    return np.argsort((images.astype(np.uint64) << np.uint64(32)) | falling, kind="stable")


def check_arrays(dataset: Dataset, manifest: Manifest, arrays: PredictionArrays) -> None:
    if not np.isin(arrays.image_ids, np.asarray(manifest.image_ids, dtype=np.int64)).all():
        raise BadInput("Some predictions are on images that the manifest does not hold.")
    classes = list(LabelClass.objects.filter(dataset=dataset).values_list("pk", flat=True))
    if not np.isin(arrays.class_ids, classes).all():
        raise BadInput("Some predictions are of classes that the dataset does not have.")
    if not (np.isfinite(arrays.boxes).all() and np.isfinite(arrays.scores).all()):
        raise BadInput("Some predictions have boxes or scores that are not finite.")


def reserve_ids(count: int) -> Ids:
    """The next ids of prediction rows: matches name predictions by them, so the file knows them too.

    A block at a time, under a lock of its own: a million calls of nextval take a second.
    """
    if not count:
        return np.empty(0, dtype=np.int64)
    sequence = "pg_get_serial_sequence('dataset_prediction', 'id')::regclass"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('dataset_prediction.id'))")
        try:
            cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s)", [count - 1])
            last = int(cursor.fetchone()[0])
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('dataset_prediction.id'))")
    return np.arange(last - count + 1, last + 1, dtype=np.int64)


def as_file(arrays: PredictionArrays) -> bytes:
    """An .npz as numpy makes it. Boxes and scores stay as they are: packing them takes seconds and saves a tenth."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in vars(arrays).items():
            archive.compression = zipfile.ZIP_STORED if array.dtype == np.float32 else zipfile.ZIP_DEFLATED
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)
    return out.getvalue()


KEEP = """
    COPY dataset_predictedclass (prediction_set_id, label_class_id, images, scores) FROM STDIN (FORMAT binary)
"""


def keep_by_class(row: PredictionSet, arrays: PredictionArrays, kept: NDArray[np.bool_]) -> None:
    """The rows' images and scores once more, class by class: see PredictedClass."""
    labels, images, scores = arrays.class_ids[kept], arrays.image_ids[kept], arrays.scores[kept]
    class_ids = np.unique(labels)
    places = np.searchsorted(class_ids, labels).astype(np.int16)
    order = np.argsort(places, kind="stable")
    bounds = np.searchsorted(places[order], np.arange(len(class_ids) + 1))
    with connection.cursor() as cursor, cursor.copy(KEEP) as copy:
        copy.set_types(["int8", "int8", "bytea", "bytea"])
        for class_id, span in zip(class_ids.tolist(), pairwise(bounds.tolist()), strict=True):
            own = order[slice(*span)]
            packed = images[own].astype(">i8").tobytes(), scores[own].astype(">f4").tobytes()
            copy.write_row((row.pk, class_id, *packed))


def as_columns(row: PredictionSet, arrays: PredictionArrays, kept: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    corners = arrays.boxes[kept]
    return {
        "id": arrays.row_ids[kept],
        "prediction_set_id": np.full(len(corners), row.pk, dtype=np.int64),
        "image_id": arrays.image_ids[kept],
        "label_class_id": arrays.class_ids[kept],
        "score": arrays.scores[kept],
        **{name: corners[:, place] for place, name in enumerate(("x1", "y1", "x2", "y2"))},
    }
