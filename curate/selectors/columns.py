"""What is counted again and again of a dataset, kept as columns in memory: classes, metadata, slices by image.

Counting in SQL goes through every box for each question. The columns are read once; from then on a question about any
subset of the images is a few passes over arrays (100,000 images: milliseconds). They follow the dataset: a new
revision brings only the images that it touched up to date, new images or changed metadata have them read anew.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from numpy.typing import NDArray

from dataset.bulk import copy_out
from dataset.models import Dataset, Image

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_DATASETS = 8  # in the memory of one process
SHARED = 64 * 2**20  # bytes; larger columns are not handed to the other processes by way of the cache
KEEP_SHARED = 3600  # seconds
CHECK_EVERY = 30  # seconds; metadata can change without a revision

CELLS = """
SELECT label_class_id, image_id, count(*)::int4 FROM dataset_annotation
WHERE dataset_id = %s AND died IS NULL {only} GROUP BY label_class_id, image_id
"""
TOUCHED = """
SELECT image_id FROM dataset_annotation WHERE dataset_id = %s AND born > %s
UNION SELECT image_id FROM dataset_annotation WHERE dataset_id = %s AND died > %s
"""
# Lists, objects and null are no values to choose from.
METADATA = """
SELECT key, value::text, string_agg(int8send(id), ''::bytea) FROM (
    SELECT image.id, pair.key, pair.value FROM dataset_image image, jsonb_each(image.metadata) pair
    WHERE image.dataset_id = %s AND jsonb_typeof(pair.value) IN ('string', 'number', 'boolean')
) pairs GROUP BY key, value ORDER BY key, value
"""
# Each update gives a row a higher xmin, so that the sum grows with every change.
FINGERPRINT = "SELECT count(*), sum(xmin::text::bigint) FROM dataset_image WHERE dataset_id = %s"
# A slice's row is written whenever its images change, and then has another place or xmin.
SLICES = "SELECT id, xmin::text || ctid::text FROM dataset_slice WHERE dataset_id = %s"


@dataclass(frozen=True, eq=False)
class Values:
    """One metadata key: its values in the order of jsonb, and which of them each image has."""

    values: list[Any]
    codes: NDArray[np.int32]  # (I,) place in `values`, -1 for none


@dataclass(frozen=True, eq=False)
class Cells:
    """How many boxes of a class an image has; combinations without boxes have no cell."""

    class_id: Ids  # (E,)
    image: NDArray[np.int32]  # (E,) place in the image ids
    boxes: NDArray[np.int32]  # (E,)

    def take(self, kept: Mask) -> Cells:
        return Cells(self.class_id[kept], self.image[kept], self.boxes[kept])

    def joined(self, other: Cells) -> Cells:
        pairs = ((self.class_id, other.class_id), (self.image, other.image), (self.boxes, other.boxes))
        return Cells(*(np.concatenate(pair) for pair in pairs))


@dataclass(eq=False)
class Columns:
    """The columns of one dataset at one state of it."""

    images_version: tuple[Any, ...]
    labels_version: tuple[int, int]
    image_ids: Ids  # (I,) rising
    cells: Cells
    metadata: dict[str, Values]
    fingerprint: tuple[int, int]
    checked: float  # when the fingerprint was last compared, in seconds of time.time()
    slices: dict[int, tuple[str, NDArray[np.int32]]] = field(default_factory=dict)  # id -> version, places

    @property
    def size(self) -> int:
        """Bytes, about."""
        codes = sum(values.codes.nbytes + 50 * len(values.values) for values in self.metadata.values())
        cells = self.cells.class_id.nbytes + self.cells.image.nbytes + self.cells.boxes.nbytes
        return self.image_ids.nbytes + cells + codes

    def mask(self, image_ids: Ids) -> Mask:
        """(I,) which of the images are meant; ids that are not here are passed over."""
        found = np.zeros(len(self.image_ids), bool)
        found[places(self.image_ids, image_ids)] = True
        return found


_kept: dict[tuple[str, int], Columns] = {}
_locks: dict[tuple[str, int], threading.Lock] = {}
_guard = threading.Lock()


def columns_of(dataset: Dataset) -> Columns:
    """The dataset's columns as it is now. Reads what has changed since they were last asked for."""
    name = (str(connection.settings_dict["NAME"]), dataset.pk)
    with _guard:
        lock = _locks.setdefault(name, threading.Lock())
    with lock:
        before = _kept.pop(name, None) or cache.get(_shared_name(dataset))
        columns = brought_up_to_date(dataset, before)
        with _guard:
            _kept[name] = columns  # the one asked for last stands last
            for oldest in list(_kept)[:-MOST_DATASETS]:
                del _kept[oldest]
        if columns is not before and columns.size <= SHARED:
            cache.set(_shared_name(dataset), replace(columns, slices={}), KEEP_SHARED)
        return columns


def _shared_name(dataset: Dataset) -> str:
    return f"curate:columns:{dataset.pk}"


def brought_up_to_date(dataset: Dataset, before: Columns | None) -> Columns:
    """`before` itself where nothing has changed."""
    images_version = (dataset.image_count, *dataset.metadata_keys)
    labels_version = (dataset.head_revision, dataset.annotation_count)
    if before is None or before.images_version != images_version or metadata_changed(dataset, before):
        return read(dataset, images_version, labels_version)
    if before.labels_version == labels_version:
        return before
    cells = cells_since(dataset, before)
    return replace(before, labels_version=labels_version, cells=cells)


def metadata_changed(dataset: Dataset, before: Columns) -> bool:
    """Whether a row of an image has been written since; asked for now and then."""
    if time.time() - before.checked < CHECK_EVERY:
        return False
    before.checked = time.time()
    return fingerprint(dataset) != before.fingerprint


def fingerprint(dataset: Dataset) -> tuple[int, int]:
    (count, total), *_ = rows(FINGERPRINT, [dataset.pk])
    return int(count), int(total or 0)


def read(dataset: Dataset, images_version: tuple[Any, ...], labels_version: tuple[int, int]) -> Columns:
    """Everything, from the tables."""
    before = fingerprint(dataset)
    image_ids = copy_out("SELECT id FROM dataset_image WHERE dataset_id = %s ORDER BY id", [dataset.pk], [np.int64])[0]
    return Columns(
        images_version=images_version,
        labels_version=labels_version,
        image_ids=image_ids,
        cells=read_cells(dataset, image_ids),
        metadata=read_metadata(dataset, image_ids),
        fingerprint=before,
        checked=time.time(),
    )


def read_cells(dataset: Dataset, image_ids: Ids, only: Ids | None = None) -> Cells:
    """The cells of all images, or of some."""
    restriction, params = ("", []) if only is None else ("AND image_id = ANY(%s)", [only.tolist()])
    columns = copy_out(CELLS.format(only=restriction), [dataset.pk, *params], [np.int64, np.int64, np.int32])
    class_id, image, boxes = columns
    known = is_among(image_ids, image)
    return Cells(class_id[known], places(image_ids, image[known]), boxes[known])


def cells_since(dataset: Dataset, before: Columns) -> Cells:
    """The cells, with those of the images that later revisions touched counted again."""
    revision = before.labels_version[0]
    if dataset.head_revision <= revision:
        return read_cells(dataset, before.image_ids)
    touched = copy_out(TOUCHED, [dataset.pk, revision, dataset.pk, revision], [np.int64])[0]
    if len(touched) > len(before.image_ids) // 4:
        return read_cells(dataset, before.image_ids)
    untouched = ~before.mask(touched)
    again = read_cells(dataset, before.image_ids, touched)
    return before.cells.take(untouched[before.cells.image]).joined(again)


def read_metadata(dataset: Dataset, image_ids: Ids) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for key, value, packed in rows(METADATA, [dataset.pk]):
        column = found.setdefault(key, Values([], np.full(len(image_ids), -1, np.int32)))
        column.codes[places(image_ids, np.frombuffer(packed, ">i8"))] = len(column.values)
        column.values.append(json.loads(value))
    return found


def rows(query: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def is_among(known: Ids, ids: NDArray[Any]) -> Mask:
    """(N,) which of the ids are in the rising `known`."""
    at = np.searchsorted(known, ids)
    return (
        (at < len(known)) & (known[np.minimum(at, len(known) - 1)] == ids) if len(known) else np.zeros(len(ids), bool)
    )


def places(known: Ids, ids: NDArray[Any]) -> NDArray[np.int32]:
    """Where the ids stand in the rising `known`; those that do not are left out."""
    return np.searchsorted(known, ids[is_among(known, ids)]).astype(np.int32)


def shown_mask(columns: Columns, shown: QuerySet[Image]) -> Mask:
    """(I,) which images a queryset finds; the ids come as one value, which takes Python no loop."""
    inner, params = shown.order_by().values("id").query.sql_with_params()
    (packed,), *_ = rows(f"SELECT string_agg(int8send(shown.id), ''::bytea) FROM ({inner}) shown", params)
    return columns.mask(np.frombuffer(packed or b"", ">i8").astype(np.int64))


def class_counts(columns: Columns, mask: Mask | None) -> dict[int, tuple[int, int]]:
    """Class id -> its images and its boxes among those shown; None: all."""
    cells = columns.cells if mask is None else columns.cells.take(mask[columns.cells.image])
    class_ids, at = np.unique(cells.class_id, return_inverse=True)
    images = np.bincount(at, minlength=len(class_ids))
    boxes = np.bincount(at, weights=cells.boxes, minlength=len(class_ids)).astype(np.int64)
    return dict(zip(class_ids.tolist(), zip(images.tolist(), boxes.tolist(), strict=True), strict=True))


def value_counts(values: Values, mask: Mask | None, most: int) -> list[tuple[Any, int]]:
    """The most frequent values with their images; equally frequent ones in the order of jsonb."""
    codes = values.codes if mask is None else values.codes[mask]
    counts = np.bincount(codes + 1, minlength=len(values.values) + 1)[1:]
    order = np.argsort(-counts, kind="stable")[:most]
    return [(values.values[place], int(counts[place])) for place in order.tolist() if counts[place]]


def slice_counts(columns: Columns, dataset: Dataset, mask: Mask) -> dict[int, int]:
    """Slice id -> its images among those shown."""
    versions: dict[int, str] = dict(rows(SLICES, [dataset.pk]))  # type: ignore[arg-type]
    _read_slices(columns, versions)
    return {pk: int(mask[columns.slices[pk][1]].sum()) for pk in versions}


def _read_slices(columns: Columns, versions: dict[int, str]) -> None:
    """Read the members of slices that are new or changed; forget those that are gone."""
    wanted = [pk for pk, version in versions.items() if columns.slices.get(pk, ("",))[0] != version]
    members = _members(wanted)
    fresh = {pk: (versions[pk], places(columns.image_ids, members[pk])) for pk in wanted}
    same = {pk: columns.slices[pk] for pk in versions if pk not in fresh}
    columns.slices = same | fresh


def _members(slice_ids: Iterable[int]) -> dict[int, Ids]:
    query = (
        "SELECT slice_id, string_agg(int8send(image_id), ''::bytea) FROM dataset_sliceimage WHERE slice_id = ANY(%s)"
    )
    found = {
        pk: np.frombuffer(packed, ">i8").astype(np.int64)
        for pk, packed in rows(f"{query} GROUP BY slice_id", [list(slice_ids)])
    }
    return {pk: found.get(pk, np.zeros(0, np.int64)) for pk in slice_ids}
