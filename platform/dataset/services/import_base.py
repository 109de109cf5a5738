"""What the dataset has of the images that an import speaks of: its boxes as imported last, and as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from dataset.bulk import copy_out
from dataset.models import Dataset, Provenance, Revision
from dataset.selectors.annotations import labels_at
from jobs.models import Job

FORGOTTEN = (Revision.Kind.IMPORT, Revision.Kind.REVERT)  # what these removed was not removed by a person's edit

BASE = """
    SELECT DISTINCT ON (object_id) id, object_id, image_id, label_class_id, x1, y1, x2, y2, coalesce(died, 0)::bigint,
           coalesce(hashtextextended(attributes::text, 0), 0), ignore, area, born,
           (shape IS NOT NULL)::int4
    FROM dataset_annotation
    WHERE image_id = ANY(%s) AND provenance = %s
    ORDER BY object_id, born DESC
"""
BASE_TYPES = [np.int64] * 4 + [np.float32] * 4 + [np.int64] * 2 + [np.int16, np.float32, np.int32, np.int32]


HASHES = """
    SELECT hashtextextended(given.value::jsonb::text, 0)
    FROM unnest(%s::text[]) WITH ORDINALITY AS given (value, place) ORDER BY place
"""
TEXTS = """
    SELECT DISTINCT hashtextextended(attributes::text, 0), attributes::text FROM dataset_annotation
    WHERE id = ANY(%s)
"""


SHAPES = "SELECT id, shape FROM dataset_annotation WHERE id = ANY(%s)"


@dataclass(frozen=True)
class KnownBoxes:
    """Boxes of images in the dataset, ordered by image."""

    row_id: NDArray[np.int64]
    object_id: NDArray[np.int64]
    image_id: NDArray[np.int64]
    class_id: NDArray[np.int64]
    boxes: NDArray[np.float32]

    def of(self, image_id: int) -> slice:
        """The places of one image's boxes."""
        return slice(*np.searchsorted(self.image_id, [image_id, image_id + 1]).tolist())


@dataclass(frozen=True)
class BaseBoxes(KnownBoxes):
    """The same as they were imported last, with what was said of them."""

    died: NDArray[np.int64]  # 0 while alive
    hashes: NDArray[np.int64]  # of attributes, 0 for none
    ignore: NDArray[np.int16]
    area: NDArray[np.float32]
    foreign: NDArray[np.bool_]  # whether the last import was from another format than the one at hand
    shapes: dict[int, bytes]  # packed, by place: of few


def load_base(dataset: Dataset, image_ids: list[int], wanted: str) -> BaseBoxes:
    """The last imported version of each object that no later import (or revert) took away; `wanted`: the format now."""
    row, object_id, image, label, x1, y1, x2, y2, died, *facts, born, shaped = copy_out(
        BASE, [image_ids, int(Provenance.IMPORTED)], BASE_TYPES
    )
    numbers = Revision.objects.filter(dataset=dataset, kind__in=FORGOTTEN).values_list("number", flat=True)
    kept = np.flatnonzero(~np.isin(died, list(numbers)))
    order = kept[np.lexsort([row[kept], image[kept]])]
    boxes = np.stack([x1, y1, x2, y2], axis=1)
    columns = (row, object_id, image, label, boxes, died, *facts, is_foreign(dataset, born, wanted))
    ordered = [column[order] for column in columns]
    shapes = shapes_of_rows(ordered[0], np.flatnonzero(shaped[order]))
    return BaseBoxes(*ordered, shapes=shapes)  # type: ignore[misc,arg-type]  # the columns, in their order


def shapes_of_rows(row_id: NDArray[np.int64], places: NDArray[np.intp]) -> dict[int, bytes]:
    """The packed shapes of the rows at these places, by place."""
    if not len(places):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SHAPES, [row_id[places].tolist()])
        found = dict(cursor.fetchall())
    return {place: bytes(found[row]) for place, row in zip(places.tolist(), row_id[places].tolist(), strict=True)}


def is_foreign(dataset: Dataset, born: NDArray[np.int32], wanted: str) -> NDArray[np.bool_]:
    """`(N,)` whether the newest import up to a row's birth was from another format; not where that is not known."""
    revisions = Revision.objects.filter(dataset=dataset, kind=Revision.Kind.IMPORT).order_by("number")
    imports = list(revisions.values_list("number", "origin"))
    jobs = Job.objects.filter(pk__in=[origin["job"] for _, origin in imports if "job" in origin])
    formats = dict(jobs.values_list("pk", "result__format"))
    other = np.array([False] + [formats.get(origin.get("job")) not in (None, wanted) for _, origin in imports])
    return other[np.searchsorted([number for number, _ in imports], born, side="right")]


def load_current(dataset: Dataset, image_ids: list[int]) -> KnownBoxes:
    now = labels_at(dataset=dataset, revision=dataset.head_revision, image_ids=image_ids)
    return KnownBoxes(now.annotation_id, now.object_id, now.image_id, now.class_id, now.boxes)


def hashes_of(values: Sequence[bytes]) -> NDArray[np.int64]:
    """The hash of every set of attributes, as the database has it, and 0 for none, where NO_ATTRIBUTES points."""
    with connection.cursor() as cursor:
        cursor.execute(HASHES, [[value.decode() for value in values]])
        return np.array([row[0] for row in cursor.fetchall()] + [0], dtype=np.int64)


def attributes_by_hash(base: BaseBoxes) -> dict[int, bytes]:
    """The sets of attributes of the base, as JSON, by their hashes."""
    _, first = np.unique(base.hashes, return_index=True)
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, [base.row_id[first[base.hashes[first] != 0]].tolist()])
        return {known: text.encode() for known, text in cursor.fetchall()}
