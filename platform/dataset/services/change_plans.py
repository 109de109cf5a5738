"""From wanted changes to the rows that end and the rows that begin; checks everything before anything is written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.problems import BadInput
from dataset.importing.columns import NOT_STATED, Ignore
from dataset.models import Annotation, Dataset, Image, LabelClass
from dataset.services.annotation_changes import AnnotationChange
from dataset.services.changed_shapes import area_after, area_of_shape, box_around, is_mask, packed_shape, shape_after
from dataset.services.rows import NEW_OBJECT, NewRows, coded_attributes
from science.shapes.finer import BadShape
from science.shapes.inside import check_inside
from science.shapes.packed import unpack

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Counts:
    """How many objects a revision adds, changes and removes."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def as_dict(self) -> dict[str, int]:
        return {"added": self.added, "changed": self.changed, "removed": self.removed}


@dataclass(frozen=True)
class RevisionPlan:
    """What a revision will write."""

    closed: NDArray[np.int64]  # (M,) annotation row ids that end
    new: NewRows
    counts: Counts
    labelled: NDArray[np.int64] | None = None  # images that become labelled by it; None: those with new rows
    masks_lost: int = 0  # objects whose box was changed, which their masks cannot follow


@dataclass(frozen=True)
class NewRow:
    """A row that will begin."""

    image_id: int
    object_id: int
    class_id: int
    box: Box
    provenance: int
    attributes: dict[str, Any] | None
    ignore: int = Ignore.NO
    area: float = NOT_STATED
    shape: bytes | None = None


@dataclass(frozen=True)
class ChangeContext:
    """What the changes speak of, as it is now: image sizes, class ids, current rows by object."""

    sizes: dict[int, tuple[int, int]]
    classes: frozenset[int]
    current: dict[int, Annotation]


def surroundings(dataset: Dataset, changes: Sequence[AnnotationChange]) -> ChangeContext:
    named = {change.image_id for change in changes}
    images = Image.objects.filter(dataset=dataset, pk__in=named)
    objects = {change.object_id for change in changes if change.object_id is not None}
    current = Annotation.objects.filter(dataset=dataset, image_id__in=named, object_id__in=objects, died=None)
    return ChangeContext(
        sizes={image: (width, height) for image, width, height in images.values_list("pk", "width", "height")},
        classes=frozenset(LabelClass.objects.filter(dataset=dataset).values_list("pk", flat=True)),
        current={row.object_id: row for row in current},
    )


def refuse(place: int, reason: str) -> BadInput:
    return BadInput(f"Change {place + 1}: {reason}", errors={f"edits.{place}": [reason]})


def make_plan(dataset: Dataset, changes: Sequence[AnnotationChange]) -> RevisionPlan:
    """Raises BadInput naming the first change that cannot be made."""
    around = surroundings(dataset, changes)
    seen: set[int] = set()
    closed: list[int] = []
    wanted: list[NewRow] = []
    added = changed = removed = lost = 0
    for place, change in enumerate(changes):
        if change.image_id not in around.sizes:
            raise refuse(place, f"image {change.image_id} is not in this dataset.")
        if change.shape is not None:
            check_shape(place, change.shape, around.sizes[change.image_id])
        if change.op == "add":
            wanted.append(new_object(place, change, around))
            added += 1
            continue
        row = current_row(place, change, around, seen)
        if change.op == "remove":
            closed.append(row.pk)
            removed += 1
        elif next_version := changed_version(place, change, row, around):
            closed.append(row.pk)
            wanted.append(next_version)
            changed += 1
            lost += is_mask(packed_shape(row)) and next_version.shape is None and not change.no_shape
    counts = Counts(added=added, changed=changed, removed=removed)
    return RevisionPlan(np.array(closed, dtype=np.int64), as_rows(wanted), counts, masks_lost=lost)


def check_shape(place: int, shape: bytes, size: tuple[int, int]) -> None:
    """Raise BadInput where the shape cannot be one of its image."""
    try:
        check_inside(unpack(shape), *size)
    except BadShape as error:
        raise refuse(place, f"the shape has {error}.") from None


def new_object(place: int, change: AnnotationChange, around: ChangeContext) -> NewRow:
    given = box_of_change(change)
    if change.class_id is None or given is None:
        raise refuse(place, "a new box needs class_id and box.")
    class_id = checked_class(place, change.class_id, around)
    box = checked_box(place, given, around.sizes[change.image_id])
    ignore = Ignore.NO if change.ignore is None else change.ignore
    row = NewRow(change.image_id, NEW_OBJECT, class_id, box, change.provenance, change.attributes or None, ignore)
    return row if change.shape is None else replace(row, shape=change.shape, area=area_of_shape(change.shape))


def box_of_change(change: AnnotationChange) -> Sequence[float] | None:
    """The box that is given, or the one around the shape that is."""
    return box_around(change.shape) if change.box is None and change.shape is not None else change.box


def current_row(place: int, change: AnnotationChange, around: ChangeContext, seen: set[int]) -> Annotation:
    """The object's present version; each object may be named once."""
    row = around.current.get(change.object_id or 0)
    if row is None or row.image_id != change.image_id:
        raise refuse(place, f"object {change.object_id} is not among the image's current labels.")
    if row.object_id in seen:
        raise refuse(place, f"object {change.object_id} is changed twice.")
    seen.add(row.object_id)
    return row


def changed_version(place: int, change: AnnotationChange, row: Annotation, around: ChangeContext) -> NewRow | None:
    """The object's next version; None where nothing about it changes."""
    old = stored_box(row)
    class_id = row.label_class_id if change.class_id is None else checked_class(place, change.class_id, around)
    given = box_of_change(change)
    box = old if given is None else checked_box(place, given, around.sizes[row.image_id])
    attributes = row.attributes if change.attributes is None else change.attributes or None
    ignore = row.ignore if change.ignore is None else change.ignore
    stored = packed_shape(row)
    shape = shape_after(change, stored, old, box)
    before = (row.label_class_id, old, row.attributes or None, row.ignore, stored)
    if (class_id, box, attributes or None, ignore, shape) == before:
        return None
    area = area_after(row, old, box, shape)
    return NewRow(row.image_id, row.object_id, class_id, box, change.provenance, attributes, ignore, area, shape)


def stored_box(row: Annotation) -> Box:
    """The row's box as float32 has it: Postgres hands over the shortest decimal, which is another double."""
    x1, y1, x2, y2 = (float(np.float32(value)) for value in (row.x1, row.y1, row.x2, row.y2))
    return x1, y1, x2, y2


def checked_class(place: int, class_id: int, around: ChangeContext) -> int:
    if class_id not in around.classes:
        raise refuse(place, f"class {class_id} is not in this dataset.")
    return class_id


def checked_box(place: int, box: Sequence[float], size: tuple[int, int]) -> Box:
    """The box cut to the image and rounded to float32, as it will be stored."""
    if len(box) != 4 or not all(math.isfinite(value) for value in box):
        raise refuse(place, "a box is four finite numbers, x1, y1, x2, y2.")
    width, height = size
    x1, y1, x2, y2 = (
        float(np.float32(min(max(value, 0.0), limit)))
        for value, limit in zip(box, (width, height, width, height), strict=True)
    )
    if x2 <= x1 or y2 <= y1:
        raise refuse(place, "the box has no area inside the image.")
    return x1, y1, x2, y2


def as_rows(wanted: Iterable[NewRow]) -> NewRows:
    rows = list(wanted)
    attributes, values = coded_attributes([row.attributes for row in rows])
    return NewRows(
        image_id=np.array([row.image_id for row in rows], dtype=np.int64),
        class_id=np.array([row.class_id for row in rows], dtype=np.int64),
        boxes=np.array([row.box for row in rows], dtype=np.float32).reshape(-1, 4),
        provenance=np.array([row.provenance for row in rows], dtype=np.int16),
        object_id=np.array([row.object_id for row in rows], dtype=np.int64),
        attributes=attributes,
        values=values,
        ignore=np.array([row.ignore for row in rows], dtype=np.int16),
        area=np.array([row.area for row in rows], dtype=np.float32),
        shapes={place: row.shape for place, row in enumerate(rows) if row.shape is not None},
    )
