"""The walk over images behind ``error_budget``: which type of error TIDE gives each detection and each box.

Other than ``judging``, which explains boxes at one confidence for people to look at, this follows TIDE's program to the
letter: localisation before class before duplicate, all confidences, at most 100 detections per image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curate.diagnosis.judging import BACKGROUND, BOTH, CLASS, DUPLICATE, LOCALISATION, MISSED, NO_ROW, NONE
from curate.diagnosis.verdicts import ERROR_TYPES
from geometry.compiled import compiled

Float64s = NDArray[np.float64]


class Image(NamedTuple):
    """Detections or boxes, to be read image by image."""

    order: NDArray[np.int32]  # (K,) rows by image
    bounds: NDArray[np.int64]  # (I+1,) where each image begins in ``order``
    class_index: NDArray[np.int64]  # (K,)
    box: Float64s  # (K, 4) xyxy pixels
    area: Float64s  # (K,)
    crowd: NDArray[np.bool_]  # (K,)

    @classmethod
    def of(
        cls,
        order: NDArray[np.int32],
        bounds: NDArray[np.int64],
        class_index: NDArray[np.int64],
        boxes: NDArray[np.floating],
        box_area: Float64s | None,
        crowd: NDArray[np.bool_] | None,
    ) -> Image:
        wide = np.ascontiguousarray(boxes, np.float64)
        area = (wide[:, 2] - wide[:, 0]) * (wide[:, 3] - wide[:, 1]) if box_area is None else box_area
        return cls(order, bounds, class_index, wide, area, np.zeros(len(wide), np.bool_) if crowd is None else crowd)


class Columns(NamedTuple):
    """The arrays of ``Explained``, for compiled code."""

    error: NDArray[np.int8]
    box: NDArray[np.int32]
    overlap: Float64s
    on_crowd: NDArray[np.bool_]
    box_error: NDArray[np.int8]
    best: NDArray[np.int32]
    box_overlap: Float64s


@dataclass(frozen=True, eq=False)
class Explained:
    """The type of every detection (M) and box (N): positions in ``ERROR_TYPES``; -1 = counts for nothing."""

    error: NDArray[np.int8]  # (M,) 0 = found a box; -1 = beyond the limit per image
    box: NDArray[np.int32]  # (M,) the box that it found, or that explains its type; -1 = none
    overlap: Float64s  # (M,) IoU with it
    on_crowd: NDArray[np.bool_]  # (M,) wrong, but on a crowd: has a type and counts for nothing
    box_error: NDArray[
        np.int8
    ]  # (N,) 0 = found; missed; class or localisation where a repaired detection would find it
    best: NDArray[np.int32]  # (N,) the detection that found it, or that would; -1 = none
    box_overlap: Float64s  # (N,) IoU with it

    @classmethod
    def unknown(cls, detections: int, boxes: int) -> Explained:
        return cls(
            np.full(detections, NO_ROW, np.int8), np.full(detections, -1, np.int32), np.zeros(detections),
            np.zeros(detections, np.bool_),
            np.full(boxes, NO_ROW, np.int8), np.full(boxes, -1, np.int32), np.zeros(boxes),
        )  # fmt: skip

    def columns(self) -> Columns:
        """Return the same arrays."""
        return Columns(
            self.error, self.box, self.overlap, self.on_crowd, self.box_error, self.best, self.box_overlap
        )  # fmt: skip

    def counts(self) -> dict[str, int]:
        """Return how many errors of each type there are, as TIDE counts them: those on crowds too."""
        of_detections = np.bincount(self.error[self.error > NONE], minlength=len(ERROR_TYPES))
        missed = np.count_nonzero(self.box_error == MISSED)
        return {
            kind.value: int(missed if number == MISSED else of_detections[number])
            for number, kind in enumerate(ERROR_TYPES)
            if number != NONE
        }


@compiled
def explain_images(
    start: int,
    end: int,
    dets: Image,
    gts: Image,
    scores: NDArray[np.floating],
    iou: float,
    background_iou: float,
    most: int,
    told: Columns,
) -> None:
    """Fill ``told`` for the images ``start`` … ``end`` - 1."""
    for image in range(start, end):
        rows = dets.order[dets.bounds[image] : min(dets.bounds[image + 1], dets.bounds[image] + most)]
        boxes = gts.order[gts.bounds[image] : gts.bounds[image + 1]]
        overlaps = np.empty((len(rows), len(boxes)))
        _overlaps(overlaps, dets, rows, gts, boxes)
        _find(overlaps, dets, rows, gts, boxes, iou, told)
        _explain(overlaps, dets, rows, gts, boxes, iou, background_iou, told)
        _name_the_best(rows, scores, told)


@compiled
def _overlaps(overlaps: Float64s, dets: Image, rows: NDArray[np.int32], gts: Image, boxes: NDArray[np.int32]) -> None:
    """Fill in the IoU of each detection with each box; on a crowd the part of the detection that lies inside it."""
    near = np.empty((len(boxes), 5))
    for k in range(len(boxes)):
        j = boxes[k]
        near[k, 0], near[k, 1], near[k, 2], near[k, 3] = gts.box[j, 0], gts.box[j, 1], gts.box[j, 2], gts.box[j, 3]
        near[k, 4] = -1.0 if gts.crowd[j] else gts.area[j]
    for i in range(len(rows)):
        row = rows[i]
        left, top, right, bottom = dets.box[row, 0], dets.box[row, 1], dets.box[row, 2], dets.box[row, 3]
        area = dets.area[row]
        for k in range(len(boxes)):
            width = min(right, near[k, 2]) - max(left, near[k, 0])
            height = min(bottom, near[k, 3]) - max(top, near[k, 1])
            shared = 0.0
            if width > 0 and height > 0:
                shared = width * height
                shared = shared / area if near[k, 4] < 0 else shared / (area + near[k, 4] - shared)
            overlaps[i, k] = shared


@compiled
def _find(
    overlaps: Float64s,
    dets: Image,
    rows: NDArray[np.int32],
    gts: Image,
    boxes: NDArray[np.int32],
    iou: float,
    told: Columns,
) -> None:
    """Let each detection take the free box of its class that overlaps most; the first at a tie, as TIDE does."""
    for j in boxes:
        told.box_error[j] = NO_ROW if gts.crowd[j] else MISSED
    for i in range(len(rows)):
        row = rows[i]
        label = dets.class_index[row]
        best = -1
        on_crowd = False
        for k in range(len(boxes)):
            value = overlaps[i, k]
            if value < iou or gts.class_index[boxes[k]] != label:
                continue
            if gts.crowd[boxes[k]]:
                on_crowd = on_crowd or value > iou
            elif told.box_error[boxes[k]] == MISSED and (best < 0 or value > overlaps[i, best]):
                best = k
        if best < 0:
            told.error[row] = BACKGROUND
            told.on_crowd[row] = on_crowd
            continue
        j = boxes[best]
        told.error[row] = NONE
        told.box[row] = j
        told.overlap[row] = overlaps[i, best]
        told.box_error[j] = NONE
        told.best[j] = row
        told.box_overlap[j] = overlaps[i, best]


@compiled
def _explain(
    overlaps: Float64s,
    dets: Image,
    rows: NDArray[np.int32],
    gts: Image,
    boxes: NDArray[np.int32],
    iou: float,
    background_iou: float,
    told: Columns,
) -> None:
    """Give each detection that found nothing its type, and the box that explains it."""
    for i in range(len(rows)):
        row = rows[i]
        if told.error[row] == NONE:
            continue
        same = -1
        other = -1
        for k in range(len(boxes)):
            j = boxes[k]
            if gts.crowd[j]:
                continue
            if gts.class_index[j] == dets.class_index[row]:
                if same < 0 or overlaps[i, k] > overlaps[i, same]:
                    same = k
            elif other < 0 or overlaps[i, k] > overlaps[i, other]:
                other = k
        in_class = overlaps[i, same] if same >= 0 else 0.0
        elsewhere = overlaps[i, other] if other >= 0 else 0.0
        error, place = _type_of(in_class, elsewhere, same, other, iou, background_iou)
        told.error[row] = error
        if place >= 0:
            told.box[row] = boxes[place]
            told.overlap[row] = overlaps[i, place]


@compiled
def _type_of(
    in_class: float, elsewhere: float, same: int, other: int, iou: float, background_iou: float
) -> tuple[int, int]:
    """Return the first type that fits, and which box explains it: of the class, of another, or none (-1)."""
    if same < 0 and other < 0:
        return BACKGROUND, -1
    if background_iou <= in_class <= iou:
        return LOCALISATION, same
    if elsewhere >= iou:
        return CLASS, other
    if in_class >= iou:
        return DUPLICATE, same
    if max(in_class, elsewhere) <= background_iou:
        return BACKGROUND, -1
    return BOTH, other


@compiled
def _name_the_best(rows: NDArray[np.int32], scores: NDArray[np.floating], told: Columns) -> None:
    """Give each box that was not found the best detection that a repair of class or place would make find it."""
    for row in rows:
        kind = told.error[row]
        if kind != CLASS and kind != LOCALISATION:
            continue
        j = told.box[row]
        if told.box_error[j] == NONE:
            continue
        if told.best[j] < 0 or scores[row] > scores[told.best[j]]:
            told.box_error[j] = kind
            told.best[j] = row
            told.box_overlap[j] = told.overlap[row]
