"""Plain COCO records as columns, without an object for each; what is not plain comes as objects (json_stream).

A record is plain here if all that is in it would be read in the same way from an object: whole ids, a sound box that is
not four zeros, and no attributes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dataset.importing.coco_shapes import Found, packed_at
from dataset.importing.columns import NOT_STATED, Ignore
from science.coco.json_records import OPEN_LIST, record_fields
from science.coco.plain_records import PlainFields, plain_end, plain_fields, read_plain
from science.coco.segmentations import WrongShape, read_polygons
from science.shapes.polygons import Polygons

FAR = 1e7  # pixels
LARGEST_ID = 2**53  # the largest up to which every whole number is a float

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PlainAnnotations:
    """Annotation records: columns image_id, category_id, id, iscrowd, ignore, area, score, outline, and the box.

    Of an outline the byte is told at which it begins.
    """

    values: Floats  # (N, 12) NaN where a record lacks the value
    shapes: Found = field(default_factory=dict)  # by place

    def __len__(self) -> int:
        return len(self.values)

    def ids(self, column: int) -> NDArray[np.int64]:
        """`(N,)` image ids (0), category ids (1), own ids (2)."""
        return self.values[:, column].astype(np.int64)

    @property
    def boxes(self) -> Floats:
        """`(N, 4)` xywh."""
        return self.values[:, 8:]

    @property
    def scores(self) -> Floats:
        """`(N,)` NaN where a record has none."""
        return self.values[:, 6]

    def ignore(self) -> NDArray[np.int8]:
        """`(N,)` an Ignore, as `ignoring.parted` has it."""
        region = np.where(self.values[:, 4] == 1, Ignore.REGION, Ignore.NO)
        return np.where(self.values[:, 3] == 1, Ignore.CROWD, region).astype(np.int8)

    def areas(self) -> Floats:
        """`(N,)` as the records state them, NOT_STATED where that is no sound number."""
        area = self.values[:, 5]
        return np.where((area > 0) & (area < FAR * FAR), area, NOT_STATED)


@dataclass(frozen=True)
class PlainResults:
    """Records of a results file: columns image_id, category_id, score, and the box."""

    values: Floats  # (N, 7)

    def __len__(self) -> int:
        return len(self.values)

    def ids(self, column: int) -> NDArray[np.int64]:
        """`(N,)` image ids (0), category ids (1)."""
        return self.values[:, column].astype(np.int64)


@cache
def annotation_fields() -> PlainFields:
    optional = ["iscrowd", "ignore", "area", "score"]
    read = record_fields(["image_id", "category_id", "id"], optional, ["segmentation"])
    return plain_fields(read, ["keypoints", "num_keypoints"])


@cache
def result_fields() -> PlainFields:
    return plain_fields(record_fields(["image_id", "category_id", "score"], []), ["id", "area", "iscrowd"])


def plain_annotations(text: Bytes, at: int, stop: int) -> tuple[PlainAnnotations, int] | None:
    """The annotation records from a byte to the last that begins before `stop`, and where that ends."""
    found = read_plain(text, at, stop, annotation_fields())
    if found is None or not are_sound(found[0], ids=3) or not found[0][:, 8:].any(axis=1).all():
        return None
    shapes = shapes_at(text, found[0][:, 7], found[0][:, 8:])
    return None if shapes is None else (PlainAnnotations(found[0], shapes), found[1])


def shapes_at(text: Bytes, places: Floats, boxes: Floats) -> Found | None:
    """The outlines that begin at these bytes, by record, of boxes (N, 4) xywh; None where one is no list of rings."""
    given = np.flatnonzero(~np.isnan(places))
    given = given[text[places[given].astype(np.int64)] == OPEN_LIST]
    if not len(given):
        return {}
    try:
        polygons = read_polygons(text, places[given])
    except WrongShape:
        return None
    some = np.diff(polygons.first) > 0  # an empty list says nothing
    kept = Polygons(polygons.xy, polygons.ring, np.append(polygons.first[:-1][some], polygons.first[-1]))
    return dict(packed_at(kept, boxes[given[some]], given[some]))


def plain_results(text: Bytes, at: int, stop: int) -> tuple[PlainResults, int] | None:
    """The records of a results file, likewise; each has a score from 0 to 1."""
    found = read_plain(text, at, stop, result_fields())
    if found is None or not are_sound(found[0], ids=2):
        return None
    scores = found[0][:, 2]
    return (PlainResults(found[0]), found[1]) if ((scores >= 0) & (scores <= 1)).all() else None


def passed_over(text: Bytes, at: int, stop: int) -> tuple[list[None], int] | None:
    """Nothing of the annotation records that begin before `stop`, for whoever wants other lists of the file."""
    fields = annotation_fields()
    end = plain_end(text, at, len(text), stop, fields.text, fields.length)
    return None if end < 0 else ([], end)


def are_sound(values: Floats, *, ids: int) -> bool:
    """Whether the first columns are whole numbers, and the last four boxes of this world."""
    numbers = values[:, :ids]
    whole = (numbers == np.floor(numbers)) & (np.abs(numbers) < LARGEST_ID)
    return bool(whole.all() and (np.abs(values[:, -4:]) < FAR).all())
