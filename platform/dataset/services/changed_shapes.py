"""The finer shape that an object has after a change, the box that follows from it, and its area."""

from __future__ import annotations

from collections.abc import Sequence

from dataset.importing.columns import NOT_STATED
from dataset.models import Annotation
from dataset.services.annotation_changes import AnnotationChange
from science.shapes.measures import area_of, box_of
from science.shapes.moving import moved
from science.shapes.packed import MASK, pack, unpack

Box = tuple[float, float, float, float]


def shape_after(change: AnnotationChange, stored: bytes | None, before: Box, after: Box) -> bytes | None:
    """The object's packed shape once its box has gone from `before` to `after`."""
    if change.shape is not None or change.no_shape:
        return change.shape
    return moved_along(stored, before, after)


def moved_along(stored: bytes | None, before: Sequence[float], after: Sequence[float]) -> bytes | None:
    """A packed shape, moved as its box is; None where there is none, and of a mask whose box is another now."""
    if stored is None or tuple(before) == tuple(after):
        return stored
    shape = moved(unpack(stored), before, after)
    return None if shape is None else pack(shape)


def box_around(shape: bytes) -> list[float]:
    """xyxy pixels around a packed shape."""
    return [float(side) for side in box_of(unpack(shape))]


def area_of_shape(shape: bytes) -> float:
    """Square pixels of a packed shape."""
    return area_of(unpack(shape))


def packed_shape(row: Annotation) -> bytes | None:
    """A row's shape; drivers may hand over another kind of buffer."""
    return None if row.shape is None else bytes(row.shape)


def is_mask(shape: bytes | None) -> bool:
    """Whether it is one, which no box can take along."""
    return shape is not None and shape[0] >> 4 == MASK


def area_after(row: Annotation, before: Box, after: Box, shape: bytes | None) -> float:
    """As Annotation.area: what was stated stands while nothing moved; a shape that is another has the area it has."""
    stored = packed_shape(row)
    if shape == stored and before == after:
        return row.area
    if shape is not None and (row.area or shape != stored):
        return area_of_shape(shape)
    return NOT_STATED
