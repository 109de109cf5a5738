"""What is counted again and again of a dataset, kept as columns in memory: classes, metadata, slices by image.

Counting in SQL goes through every box for each question. The columns are read once; from then on a question about any
subset of the images is a few passes over arrays (100,000 images: milliseconds). They follow the dataset: a new
revision brings only the images that it touched up to date, new images or changed metadata have them read anew.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from numpy.typing import NDArray

from curate.counts.time_limit import without_limit
from dataset.bulk import copy_out
from dataset.models import Dataset, Image, Revision
from science.natural_order import value_key

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_DATASETS = 8  # in the memory of one process
SHARED = 128 * 2**20  # bytes; larger columns are not handed to the other processes by way of the cache
KEEP_SHARED = 3600  # seconds
LAYOUT = 2  # of what the cache holds; a release that changes these classes counts on
CHECK_EVERY = 30  # seconds; metadata can change without a revision
MOST_BOXES = 2**16 - 1  # of a class on one image, that can be told apart

# Read from the table, not from the caller's row, which may be older. The newest revision's id tells a revision from
# another of the same number whose transaction was rolled back.
VERSION = """
SELECT image_count, metadata_keys::text, head_revision, annotation_count,
       COALESCE((SELECT max(id) FROM dataset_revision WHERE dataset_id = dataset.id), 0)
FROM dataset_dataset dataset WHERE id = %s
"""
CELLS = """
SELECT label_class_id, string_agg(int8send(image_id) || int4send(boxes), ''::bytea) FROM (
    SELECT label_class_id, image_id, (count(*) FILTER (WHERE ignore = 0))::int4 AS boxes FROM dataset_annotation
    WHERE dataset_id = %s AND died IS NULL {only} GROUP BY label_class_id, image_id
) cells GROUP BY label_class_id
"""
CELL = np.dtype([("image_id", ">i8"), ("boxes", ">i4")])
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
LABELLED = "SELECT id FROM dataset_image WHERE dataset_id = %s AND labelled_since IS NOT NULL"
FINGERPRINT = "SELECT count(*), sum(xmin::text::bigint) FROM dataset_image WHERE dataset_id = %s"
# A slice's row is written whenever its images change, and then has another place or xmin.
SLICES = "SELECT id, xmin::text || ctid::text FROM dataset_slice WHERE dataset_id = %s"


@dataclass(frozen=True, eq=False)
class Values:
    """One metadata key: its values in the order of jsonb, and which of them each image has."""

    values: list[Any]
    codes: NDArray[np.signedinteger[Any]]  # (I,) place in `values`, -1 for none


@dataclass(frozen=True, eq=False)
class Cells:
    """How many objects of a class an image has; combinations without a box have no cell.

    What is ignored is no object: where all boxes are, their number is 0.
    """

    class_ids: Ids  # (C,) rising
    class_at: NDArray[np.int16]  # (E,) place in the class ids, rising
    image_at: NDArray[np.int32]  # (E,) place in the image ids
    boxes: NDArray[np.uint16]  # (E,)

    @property
    def size(self) -> int:
        return self.class_ids.nbytes + self.class_at.nbytes + self.image_at.nbytes + self.boxes.nbytes


@dataclass(frozen=True)
class Version:
    """What a dataset's columns depend on."""

    images: tuple[int, str]
    labels: tuple[int, int, int]  # head revision, annotations, newest revision's id


@dataclass(eq=False)
class DatasetColumns:
    """The columns of one dataset at one state of it."""

    version: Version
    image_ids: Ids  # (I,) rising
    cells: Cells
    metadata: dict[str, Values]
    said: Mask  # (I,) images of which somebody or a file said what is on them; those with boxes are labelled too
    fingerprint: tuple[int, int]
    checked: float  # when the fingerprint was last compared, in seconds of time.time()
    slices: dict[int, tuple[str, NDArray[np.int32]]] = field(default_factory=dict)  # id -> version, places

    @property
    def size(self) -> int:
        """Bytes, about."""
        codes = sum(values.codes.nbytes + 50 * len(values.values) for values in self.metadata.values())
        return self.image_ids.nbytes + self.cells.size + codes

    def mask(self, image_ids: Ids) -> Mask:
        """(I,) which of the images are meant; ids that are not here are passed over."""
        found = np.zeros(len(self.image_ids), bool)
        found[places_among(self.image_ids, image_ids)] = True
        return found


Name = tuple[str, int]  # of the database, of the dataset
_kept: dict[Name, DatasetColumns] = {}
_locks: dict[Name, threading.Lock] = {}
_guard = threading.Lock()


def columns_of(dataset: Dataset) -> DatasetColumns:
    """The dataset's columns as it is now. Reads what has changed since they were last asked for."""
    name = _name(dataset)
    with _guard:
        lock = _locks.setdefault(name, threading.Lock())
    with lock, without_limit():
        version = version_of(dataset)
        before = _kept.get(name) or cache.get(_shared_name(dataset))
        columns = brought_up_to_date(dataset, version, before)
        if columns is not _kept.get(name):
            _keep(name, columns)
        if columns is not before and columns.size <= SHARED:
            cache.set(_shared_name(dataset), replace(columns, slices={}), KEEP_SHARED)
        return columns


def ready_columns(dataset: Dataset) -> DatasetColumns | None:
    """The columns, if this process has them as the dataset's labels are now; None where they would have to be read."""
    kept = _kept.get(_name(dataset))
    return kept if kept is not None and kept.version == version_of(dataset) else None


def _name(dataset: Dataset) -> Name:
    return str(connection.settings_dict["NAME"]), dataset.pk


def _shared_name(dataset: Dataset) -> str:
    return f"curate:columns:{LAYOUT}:{dataset.pk}"


def _keep(name: Name, columns: DatasetColumns) -> None:
    """The newest stands last, and the oldest goes."""
    with _guard:
        _kept.pop(name, None)
        _kept[name] = columns
        for oldest in list(_kept)[:-MOST_DATASETS]:
            del _kept[oldest]


def version_of(dataset: Dataset) -> Version:
    (images, keys, *labels), *_ = fetched_rows(VERSION, [dataset.pk])
    return Version((images, keys), (labels[0], labels[1], labels[2]))


def brought_up_to_date(dataset: Dataset, version: Version, before: DatasetColumns | None) -> DatasetColumns:
    """`before` itself where nothing has changed."""
    if before is None or before.version.images != version.images or metadata_changed(dataset, before):
        return read_columns(dataset, version)
    if before.version == version:
        return before
    return replace(
        before, version=version, cells=cells_since(dataset, before), said=read_said(dataset, before.image_ids)
    )


def metadata_changed(dataset: Dataset, before: DatasetColumns) -> bool:
    """Whether a row of an image has been written since; asked for now and then."""
    if time.time() - before.checked < CHECK_EVERY:
        return False
    before.checked = time.time()
    return fingerprint(dataset) != before.fingerprint


def fingerprint(dataset: Dataset) -> tuple[int, int]:
    (count, total), *_ = fetched_rows(FINGERPRINT, [dataset.pk])
    return int(count), int(total or 0)


def read_columns(dataset: Dataset, version: Version) -> DatasetColumns:
    """Everything, from the tables."""
    before = fingerprint(dataset)
    image_ids = copy_out("SELECT id FROM dataset_image WHERE dataset_id = %s ORDER BY id", [dataset.pk], [np.int64])[0]
    return DatasetColumns(
        version=version,
        image_ids=image_ids,
        cells=read_cells(dataset, image_ids),
        metadata=read_metadata(dataset, image_ids),
        said=read_said(dataset, image_ids),
        fingerprint=before,
        checked=time.time(),
    )


def read_cells(dataset: Dataset, image_ids: Ids, only: Ids | None = None) -> Cells:
    """The cells of all images, or of some."""
    restriction, params = ("", []) if only is None else ("AND image_id = ANY(%s)", [only.tolist()])
    found = {
        pk: np.frombuffer(packed, CELL)
        for pk, packed in fetched_rows(CELLS.format(only=restriction), [dataset.pk, *params])
    }
    class_ids = np.array(sorted(found), np.int64)
    cells = np.concatenate([np.zeros(0, CELL), *(found[pk] for pk in class_ids.tolist())])
    class_at = np.repeat(np.arange(len(class_ids)), [len(found[pk]) for pk in class_ids.tolist()])
    known = is_among(image_ids, cells["image_id"])
    return Cells(
        class_ids=class_ids,
        class_at=class_at[known].astype(np.int16),
        image_at=places_among(image_ids, cells["image_id"]),
        boxes=np.minimum(cells["boxes"][known], MOST_BOXES).astype(np.uint16),
    )


def cells_since(dataset: Dataset, before: DatasetColumns) -> Cells:
    """The cells, with those of the images that later revisions touched counted again."""
    number, _, revision_id = before.version.labels
    if not Revision.objects.filter(pk=revision_id, dataset=dataset, number=number).exists():
        return read_cells(dataset, before.image_ids)
    touched = copy_out(TOUCHED, [dataset.pk, number, dataset.pk, number], [np.int64])[0]
    if not len(touched) or len(touched) > len(before.image_ids) // 4:
        return read_cells(dataset, before.image_ids)
    untouched = ~before.mask(touched)[before.cells.image_at]
    return joined_cells(before.cells, untouched, read_cells(dataset, before.image_ids, touched))


def joined_cells(before: Cells, kept: Mask, again: Cells) -> Cells:
    """The kept ones of `before`, and all of `again`."""
    class_ids = np.union1d(before.class_ids, again.class_ids)
    old, new = (np.searchsorted(class_ids, cells.class_ids) for cells in (before, again))
    class_at = np.concatenate([old[before.class_at[kept]], new[again.class_at]]).astype(np.int16)
    order = np.argsort(class_at, kind="stable")
    return Cells(
        class_ids=class_ids,
        class_at=class_at[order],
        image_at=np.concatenate([before.image_at[kept], again.image_at])[order],
        boxes=np.concatenate([before.boxes[kept], again.boxes])[order],
    )


def read_metadata(dataset: Dataset, image_ids: Ids) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for key, value, packed in fetched_rows(METADATA, [dataset.pk]):
        column = found.setdefault(key, Values([], np.full(len(image_ids), -1, np.int32)))
        column.codes[places_among(image_ids, np.frombuffer(packed, ">i8"))] = len(column.values)
        column.values.append(json.loads(value))
    return {key: Values(column.values, narrow_codes(column.codes, len(column.values))) for key, column in found.items()}


def read_said(dataset: Dataset, image_ids: Ids) -> Mask:
    found = np.zeros(len(image_ids), bool)
    found[places_among(image_ids, copy_out(LABELLED, [dataset.pk], [np.int64])[0])] = True
    return found


def narrow_codes(codes: NDArray[np.int32], values: int) -> NDArray[np.signedinteger[Any]]:
    """In as few bytes as the number of values needs."""
    return codes.astype(np.min_scalar_type(-max(values, 1)))


def fetched_rows(query: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def is_among(known: Ids, ids: NDArray[Any]) -> Mask:
    """(N,) which of the ids are in the rising `known`."""
    at = np.searchsorted(known, ids)
    return (
        (at < len(known)) & (known[np.minimum(at, len(known) - 1)] == ids) if len(known) else np.zeros(len(ids), bool)
    )


def places_among(known: Ids, ids: NDArray[Any]) -> NDArray[np.int32]:
    """Where the ids stand in the rising `known`; those that do not are left out."""
    return np.searchsorted(known, ids[is_among(known, ids)]).astype(np.int32)


def shown_mask(columns: DatasetColumns, shown: QuerySet[Image]) -> Mask:
    """(I,) which images a queryset finds; the ids come as one value, which takes Python no loop."""
    inner, params = shown.order_by().values("id").query.sql_with_params()
    (packed,), *_ = fetched_rows(f"SELECT string_agg(int8send(shown.id), ''::bytea) FROM ({inner}) shown", params)
    return columns.mask(np.frombuffer(packed or b"", ">i8").astype(np.int64))


def class_counts(columns: DatasetColumns, mask: Mask | None) -> dict[int, tuple[int, int]]:
    """Class id -> its images and its objects among those shown; None: all."""
    cells = columns.cells
    shown = cells.boxes > 0 if mask is None else mask[cells.image_at] & (cells.boxes > 0)
    class_at, count = cells.class_at[shown], len(cells.class_ids)
    images = np.bincount(class_at, minlength=count)
    boxes = np.bincount(class_at, weights=cells.boxes[shown], minlength=count).astype(np.int64)
    return dict(zip(cells.class_ids.tolist(), zip(images.tolist(), boxes.tolist(), strict=True), strict=True))


def label_states(columns: DatasetColumns, mask: Mask | None) -> dict[str, int]:
    """How many of the images shown are not labelled, are negatives, are labelled with boxes."""
    with_boxes = np.zeros(len(columns.image_ids), bool)
    with_boxes[columns.cells.image_at] = True
    shown = np.ones(len(with_boxes), bool) if mask is None else mask
    return {
        "not_labelled": int((shown & ~columns.said & ~with_boxes).sum()),
        "negative": int((shown & columns.said & ~with_boxes).sum()),
        "labelled": int((shown & with_boxes).sum()),
    }


def boxes_by_image(columns: DatasetColumns, class_ids: Sequence[int] | None) -> NDArray[np.int64]:
    """(I,) objects of these classes on each image; None: of all classes."""
    cells, images = columns.cells, len(columns.image_ids)
    if class_ids is None:
        return np.bincount(cells.image_at, weights=cells.boxes, minlength=images).astype(np.int64)
    found = np.zeros(images, np.int64)
    for at in np.flatnonzero(np.isin(cells.class_ids, class_ids)).tolist():
        of_class = slice(*np.searchsorted(cells.class_at, [at, at + 1]))
        found[cells.image_at[of_class]] += cells.boxes[of_class]  # an image has one cell of a class
    return found


def value_counts(values: Values, mask: Mask | None, most: int) -> list[tuple[Any, int]]:
    """The most frequent values with their images; equally frequent ones as people read them."""
    codes = values.codes if mask is None else values.codes[mask]
    counts = np.bincount(codes.astype(np.int64) + 1, minlength=len(values.values) + 1)[1:]
    order = np.argsort(-counts, kind="stable")[:most]
    found = [(values.values[place], int(counts[place])) for place in order.tolist() if counts[place]]
    return sorted(found, key=lambda one: (-one[1], value_key(one[0])))


def slice_counts(columns: DatasetColumns, dataset: Dataset, mask: Mask) -> dict[int, int]:
    """Slice id -> its images among those shown."""
    versions: dict[int, str] = dict(fetched_rows(SLICES, [dataset.pk]))
    _read_slices(columns, versions)
    return {pk: int(mask[columns.slices[pk][1]].sum()) for pk in versions}


def _read_slices(columns: DatasetColumns, versions: dict[int, str]) -> None:
    """Read the members of slices that are new or changed; forget those that are gone."""
    wanted = [pk for pk, version in versions.items() if columns.slices.get(pk, ("",))[0] != version]
    members = _members(wanted)
    fresh = {pk: (versions[pk], places_among(columns.image_ids, members[pk])) for pk in wanted}
    same = {pk: columns.slices[pk] for pk in versions if pk not in fresh}
    columns.slices = same | fresh


MEMBERS = """
SELECT slice_id, string_agg(int8send(image_id), ''::bytea) FROM dataset_sliceimage
WHERE slice_id = ANY(%s) GROUP BY slice_id
"""


def _members(slice_ids: Sequence[int]) -> dict[int, Ids]:
    found = {
        pk: np.frombuffer(packed, ">i8").astype(np.int64) for pk, packed in fetched_rows(MEMBERS, [list(slice_ids)])
    }
    return {pk: found.get(pk, np.zeros(0, np.int64)) for pk in slice_ids}
