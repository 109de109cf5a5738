"""Recall of some boxes against that of others, for every class in one walk over the images."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.geometry.compiled import compiled

INSIDE, REST = 1, 2  # bits: an image's boxes are looked at in the group, in what it is compared with, or in both
VALUE, RECALL_OF_REST, STANDARD_ERROR, UNITS = range(4)  # columns of ``recall_differences``

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


class SlicedBoxes(NamedTuple):
    """A group and what it is compared with: boxes on each image, and how many of them are found, by class."""

    member: NDArray[np.int8]  # (I,) bits
    inside_boxes: NDArray[np.int32]  # (I, L)
    inside_found: NDArray[np.int32]  # (I, L)
    rest_boxes: NDArray[np.int32]  # (I, L)
    rest_found: NDArray[np.int32]  # (I, L)


@compiled
def box_totals(sides: SlicedBoxes) -> Ints:
    """Return (2, L) how many boxes the group has, and the rest."""
    total = np.zeros((2, sides.inside_boxes.shape[1]), np.int64)
    for i in range(len(sides.member)):
        if sides.member[i] & INSIDE:
            total[0] += sides.inside_boxes[i]
        if sides.member[i] & REST:
            total[1] += sides.rest_boxes[i]
    return total


@compiled
def recall_differences(images: Ints, units: Ints, sides: SlicedBoxes, fewest_boxes: int, fewest_units: int) -> Float64s:
    """Return (L, 4): recall of the group, of the rest, standard error of the difference, units of the smaller side.

    ``images`` are those looked at, by unit; ``units`` (I,). A ratio of sums over units, linearised: images of one
    sequence, or boxes of one image, are not independent. NaN where a side has too few boxes, or units with one.
    """
    classes = sides.inside_boxes.shape[1]
    boxes, found, present = np.zeros((2, classes)), np.zeros((2, classes)), np.zeros((2, classes))
    unit_boxes, unit_found = np.zeros((2, classes)), np.zeros((2, classes))
    start = 0
    while start < len(images):
        start = _read_unit(start, images, units, sides, unit_boxes, unit_found)
        for s in range(2):
            for c in range(classes):
                boxes[s, c] += unit_boxes[s, c]
                found[s, c] += unit_found[s, c]
                present[s, c] += unit_boxes[s, c] > 0
    value = found / np.maximum(boxes, 1)
    factor = np.sqrt(present / np.maximum(present - 1, 1)) / np.maximum(boxes, 1)
    spread = np.zeros(classes)
    start = 0
    while start < len(images):
        start = _read_unit(start, images, units, sides, unit_boxes, unit_found)
        for c in range(classes):
            inside = (unit_found[0, c] - value[0, c] * unit_boxes[0, c]) * factor[0, c]
            rest = (unit_found[1, c] - value[1, c] * unit_boxes[1, c]) * factor[1, c]
            spread[c] += (inside - rest) ** 2
    told = np.full((classes, 4), np.nan)
    for c in range(classes):
        fewest = min(present[0, c], present[1, c])
        if min(boxes[0, c], boxes[1, c]) >= fewest_boxes and fewest >= fewest_units:
            told[c, 0], told[c, 1], told[c, 2], told[c, 3] = value[0, c], value[1, c], np.sqrt(spread[c]), fewest
    return told


@compiled
def _read_unit(start: int, images: Ints, units: Ints, sides: SlicedBoxes, boxes: Float64s, found: Float64s) -> int:
    """Fill in the (2, L) counts of the unit that begins at ``start``, and return where the next one does."""
    boxes[:] = 0.0
    found[:] = 0.0
    unit = units[images[start]]
    while start < len(images) and units[images[start]] == unit:
        i = images[start]
        for c in range(boxes.shape[1]):
            if sides.member[i] & INSIDE:
                boxes[0, c] += sides.inside_boxes[i, c]
                found[0, c] += sides.inside_found[i, c]
            if sides.member[i] & REST:
                boxes[1, c] += sides.rest_boxes[i, c]
                found[1, c] += sides.rest_found[i, c]
        start += 1
    return start
