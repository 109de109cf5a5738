"""Which detections and boxes of an image overlap: found once, for the verdicts and for the error budget.

Most pairs of an image have nothing to do with each other. What is kept are the pairs at or above a low IoU, a few per
detection, which is all that explaining a detection asks for.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.ordering import counting_sort, sort_parts
from science.evaluation.threads import FEW_ROWS, cores, side_by_side
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import box_and_area
from science.geometry.compiled import compiled
from science.shapes.overlap import ious

OTHER, SAME, CROWD = range(3)
MEETING = 1e-12  # the IoU of two boxes that meet at all

Float64s = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


class BoxesByImage(NamedTuple):
    """Detections or labelled boxes in the order given, and their rows image by image."""

    row: Int32s  # (K,) by image; detections of an image by falling score
    bounds: Int64s  # (I+1,) where each image begins in ``row``
    class_index: Int64s  # (all,)
    box: Float64s  # (all, 4) xyxy pixels
    area: Float64s  # (all,) square pixels
    crowd: NDArray[np.bool_]  # (all,) labelled boxes; empty for detections


class Overlaps(NamedTuple):
    """The pairs of detection k of ``dets.row`` are ``first[k]:first[k + 1]``, in the order of the boxes."""

    dets: BoxesByImage
    gts: BoxesByImage
    first: Int64s  # (K+1,)
    box: Int32s  # (P,) row of the labelled box
    kind: NDArray[np.int8]  # (P,) SAME class, OTHER class, or a CROWD of the same class
    value: Float64s  # (P,) IoU; on a crowd the part of the detection that lies inside it
    least: float  # the lowest value that is kept


class NearShapes(NamedTuple):
    """The pairs of detection m, in the order given, with shapes of its class: ``begin[m]:end[m]``."""

    begin: Int64s  # (M,); empty where boxes are compared, whose IoU is found as it is needed
    end: Int64s  # (M,)
    box: Int32s  # (P,) row of the labelled shape, rising for each detection
    value: Float64s  # (P,) IoU


class _Pairs(NamedTuple):
    """The pairs of some images."""

    counts: Int64s  # (K,) how many each detection has
    box: Int32s  # (P,)
    kind: NDArray[np.int8]  # (P,)
    value: Float64s  # (P,)


def overlapping(
    truth: GroundTruth, detections: Detections, *, least: float, confidence: float | None = None
) -> Overlaps:
    """Return the pairs of an image with an IoU of at least ``least``, of all detections or of those from a score on.

    Raises ``ValueError`` where ``least`` is not above 0: two boxes apart have nothing to explain.
    """
    if not least > 0:
        raise ValueError("the lowest IoU of two boxes that have to do with each other must be above 0")
    kept = None if confidence is None else np.flatnonzero(detections.scores >= confidence).astype(np.int32)
    if truth.shapes is not None:
        return _of_shapes(truth, detections, kept, least, of_class=False)
    rows = _by_image(detections.image_index, truth.images, kept)
    dets = _boxes(*rows, detections.class_index, detections.boxes, detections.box_area, np.zeros(0, np.bool_))
    gts = _boxes(
        *_by_image(truth.image_index, truth.images), truth.class_index, truth.boxes, truth.box_area, truth.crowd
    )
    scores = detections.scores.astype(np.float64, copy=False)
    pairs = _all_pairs(dets, gts, scores, truth.images, least)
    return Overlaps(
        dets, gts, np.concatenate([[0], np.cumsum(pairs.counts)]), pairs.box, pairs.kind, pairs.value, least
    )


def _all_pairs(dets: BoxesByImage, gts: BoxesByImage, scores: Float64s, images: int, least: float) -> _Pairs:
    found = side_by_side(
        lambda part: _pairs(part[0], part[1], dets, gts, scores, least), image_parts(images, len(dets.row))
    )
    return _Pairs(*(np.concatenate(columns) for columns in zip(*found, strict=True)))


def _of_shapes(
    truth: GroundTruth, detections: Detections, kept: Int32s | None, least: float, *, of_class: bool
) -> Overlaps:
    """The pairs of shapes, of one class alone or of any two: among those whose boxes meet."""
    given, found = truth.shapes, detections.shapes
    if given is None or found is None:
        raise ValueError("labels have shapes and detections have none")
    scores = detections.scores.astype(np.float64, copy=False)
    rows = _by_image(detections.image_index, truth.images, kept)
    dets = _boxes(*rows, detections.class_index, found.boxes(), None, np.zeros(0, np.bool_))
    gts = _boxes(*_by_image(truth.image_index, truth.images), truth.class_index, given.boxes(), None, truth.crowd)
    meeting = _all_pairs(dets, gts, scores, truth.images, MEETING)
    place, box, kind = np.repeat(np.arange(len(dets.row)), meeting.counts), meeting.box, meeting.kind
    if of_class:
        same = kind != OTHER
        place, box, kind = place[same], box[same], kind[same]
    value = ious(found, given, dets.row[place].astype(np.int64), box.astype(np.int64), kind == CROWD)
    enough = value >= least
    counts = np.bincount(place[enough], minlength=len(dets.row))
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Overlaps(dets, gts, first, box[enough], kind[enough], value[enough], least)


def near_shapes(truth: GroundTruth, detections: Detections, *, least: float) -> NearShapes:
    """Return the pairs of shapes of one class with an IoU of at least ``least``; nothing where there are no shapes."""
    nothing = np.zeros(0, np.int64)
    if truth.shapes is None:
        return NearShapes(nothing, nothing, np.zeros(0, np.int32), np.zeros(0))
    pairs = _of_shapes(truth, detections, None, least, of_class=True)
    begin, end = np.empty(len(detections), np.int64), np.empty(len(detections), np.int64)
    begin[pairs.dets.row], end[pairs.dets.row] = pairs.first[:-1], pairs.first[1:]
    return NearShapes(begin, end, pairs.box, pairs.value)


def image_parts(images: int, detections: int) -> list[tuple[int, int]]:
    """Return stretches of images, to be walked side by side."""
    cuts = np.linspace(0, images, (4 * cores() if detections >= FEW_ROWS else 1) + 1).astype(np.int64).tolist()
    return list(pairwise(cuts))


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
) -> BoxesByImage:
    return BoxesByImage(row, bounds, class_index, *box_and_area(boxes, box_area), crowd)


def _pairs(start: int, end: int, dets: BoxesByImage, gts: BoxesByImage, scores: Float64s, least: float) -> _Pairs:
    """Sort the detections of the images ``start`` … ``end`` - 1 by falling score, and return their pairs."""
    sort_parts(dets.row, scores, dets.bounds[start : end + 1])
    count = int(dets.bounds[end] - dets.bounds[start])
    room = 2 * count
    while True:
        pairs = _Pairs(np.zeros(count, np.int64), np.empty(room, np.int32), np.empty(room, np.int8), np.empty(room))
        found = _find_pairs(start, end, dets, gts, least, pairs)
        if found <= room:
            return _Pairs(pairs.counts, pairs.box[:found], pairs.kind[:found], pairs.value[:found])
        room = found


@compiled
def _find_pairs(start: int, end: int, dets: BoxesByImage, gts: BoxesByImage, least: float, pairs: _Pairs) -> int:
    """Write down the pairs as far as there is room, and return how many there are."""
    most = np.diff(gts.bounds[start : end + 1]).max() if end > start else 0
    near, meets = np.empty((most, 4)), np.empty(most + 1, np.int64)
    begin, total = dets.bounds[start], 0
    for image in range(start, end):
        boxes = gts.row[gts.bounds[image] : gts.bounds[image + 1]]
        for j in range(len(boxes)):
            for edge in range(4):
                near[j, edge] = gts.box[boxes[j], edge]
        for k in range(dets.bounds[image], dets.bounds[image + 1]):
            row = dets.row[k]
            left, top, right, bottom = dets.box[row, 0], dets.box[row, 1], dets.box[row, 2], dets.box[row, 3]
            meeting = 0
            for j in range(len(boxes)):  # without a branch: which boxes meet cannot be foreseen
                meets[meeting] = j
                meeting += (near[j, 0] < right) & (left < near[j, 2]) & (near[j, 1] < bottom) & (top < near[j, 3])
            before = total
            for m in range(meeting):
                j = meets[m]
                gt = boxes[j]
                same, crowd = gts.class_index[gt] == dets.class_index[row], gts.crowd[gt]
                width = min(right, near[j, 2]) - max(left, near[j, 0])
                height = min(bottom, near[j, 3]) - max(top, near[j, 1])
                if width <= 0 or height <= 0 or (crowd and not same):
                    continue
                shared = width * height
                shared = shared / dets.area[row] if crowd else shared / (dets.area[row] + gts.area[gt] - shared)
                if shared < least:
                    continue
                if total < len(pairs.box):
                    pairs.box[total] = gt
                    pairs.kind[total] = CROWD if crowd else SAME if same else OTHER
                    pairs.value[total] = shared
                total += 1
            pairs.counts[k - begin] = total - before
    return total
