"""Which detections and boxes of an image overlap: found once, for the verdicts and for the error budget.

Most pairs of an image have nothing to do with each other. What is kept are the pairs at or above a low IoU, a few per
detection, which is all that explaining a detection asks for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curate.diagnosis.matching import FEW_ROWS, box_and_area
from curate.diagnosis.ordering import by_falling_score, counting_sort
from curate.diagnosis.threads import cores, side_by_side
from curate.diagnosis.types import Detections, GroundTruth
from geometry.compiled import compiled

Float64s = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


class Boxes(NamedTuple):
    """Detections or labelled boxes in the order given, and their rows image by image."""

    row: Int32s  # (K,) by image; detections of an image by falling score
    bounds: Int64s  # (I+1,) where each image begins in ``row``
    class_index: Int64s  # (all,)
    box: Float64s  # (all, 4) xyxy pixels
    area: Float64s  # (all,) square pixels
    crowd: NDArray[np.bool_]  # (all,) labelled boxes; empty for detections


class Overlaps(NamedTuple):
    """The pairs of detection k of ``dets.row`` are ``first[k]:first[k + 1]``, in the order of the boxes of its image."""

    dets: Boxes
    gts: Boxes
    first: Int64s  # (K+1,)
    box: Int32s  # (P,) row of the labelled box
    value: Float64s  # (P,) IoU; on a crowd the part of the detection that lies inside it
    least: float  # the lowest value that is kept


def overlapping(
    truth: GroundTruth, detections: Detections, *, least: float, confidence: float | None = None
) -> Overlaps:
    """Return the pairs of an image with an IoU of at least ``least``, of all detections or of those from a score on.

    Raises ``ValueError`` where ``least`` is not above 0: two boxes apart have nothing to explain.
    """
    if not least > 0:
        raise ValueError("the lowest IoU of two boxes that have to do with each other must be above 0")
    kept = None if confidence is None else np.flatnonzero(detections.scores >= confidence).astype(np.int32)
    row, bounds = _by_image(detections.image_index, truth.images, kept)
    row = by_falling_score(row, detections.scores.astype(np.float64), bounds)
    dets = _boxes(row, bounds, detections.class_index, detections.boxes, detections.box_area, np.zeros(0, np.bool_))
    gts = _boxes(
        *_by_image(truth.image_index, truth.images), truth.class_index, truth.boxes, truth.box_area, truth.crowd
    )
    _pairs.compile()  # type: ignore[attr-defined]
    parts = side_by_side(lambda part: _pairs(part[0], part[1], dets, gts, least), image_parts(truth.images, len(row)))
    first = np.zeros(len(row) + 1, np.int64)
    np.cumsum(np.concatenate([part[0] for part in parts]), out=first[1:])
    return Overlaps(
        dets, gts, first, np.concatenate([part[1] for part in parts]), np.concatenate([part[2] for part in parts]), least
    )


def image_parts(images: int, detections: int) -> list[tuple[int, int]]:
    """Return stretches of images, to be walked side by side."""
    cuts = np.linspace(0, images, (4 * cores() if detections >= FEW_ROWS else 1) + 1).astype(np.int64).tolist()
    return list(zip(cuts[:-1], cuts[1:], strict=True))


def _by_image(image_index: Int64s, images: int, kept: Int32s | None = None) -> tuple[Int32s, Int64s]:
    rows = np.arange(len(image_index), dtype=np.int32) if kept is None else kept
    counts = np.bincount(image_index if kept is None else image_index[kept], minlength=images)
    return counting_sort(image_index, rows, images), np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _boxes(
    row: Int32s,
    bounds: Int64s,
    class_index: Int64s,
    boxes: NDArray[np.floating],
    box_area: Float64s | None,
    crowd: NDArray[np.bool_],
) -> Boxes:
    return Boxes(row, bounds, class_index, *box_and_area(boxes, box_area), crowd)


@compiled
def _pairs(start: int, end: int, dets: Boxes, gts: Boxes, least: float) -> tuple[Int64s, Int32s, Float64s]:
    """Return how many pairs each detection of the images ``start`` … ``end`` - 1 has, their boxes and their values."""
    begin, stop = dets.bounds[start], dets.bounds[end]
    counts = np.zeros(stop - begin, np.int64)
    room = 2 * (stop - begin) + 64
    box, value = np.empty(room, np.int32), np.empty(room)
    near = np.empty((64, 5))
    total = 0
    for image in range(start, end):
        g, around = gts.bounds[image], gts.bounds[image + 1] - gts.bounds[image]
        if around > len(near):
            near = np.empty((2 * around, 5))
        for j in range(around):
            row = gts.row[g + j]
            for edge in range(4):
                near[j, edge] = gts.box[row, edge]
            near[j, 4] = -1.0 if gts.crowd[row] else gts.area[row]
        for k in range(dets.bounds[image], dets.bounds[image + 1]):
            if total + around > room:
                room = 2 * (total + around)
                box, value = _longer(box, value, total, room)
            row = dets.row[k]
            left, top, right, bottom = dets.box[row, 0], dets.box[row, 1], dets.box[row, 2], dets.box[row, 3]
            before = total
            for j in range(around):
                width = min(right, near[j, 2]) - max(left, near[j, 0])
                height = min(bottom, near[j, 3]) - max(top, near[j, 1])
                if width <= 0 or height <= 0:
                    continue
                shared = width * height
                shared = shared / dets.area[row] if near[j, 4] < 0 else shared / (dets.area[row] + near[j, 4] - shared)
                if shared >= least:
                    box[total] = gts.row[g + j]
                    value[total] = shared
                    total += 1
            counts[k - begin] = total - before
    return counts, box[:total], value[:total]


@compiled
def _longer(box: Int32s, value: Float64s, count: int, room: int) -> tuple[Int32s, Float64s]:
    longer_box, longer_value = np.empty(room, np.int32), np.empty(room)
    longer_box[:count] = box[:count]
    longer_value[:count] = value[:count]
    return longer_box, longer_value
