"""The walk over images behind ``error_budget``: which type of error TIDE gives each detection and each box.

Other than ``judging``, which explains boxes at one confidence for people to look at, this follows TIDE's program to the
letter: localisation before class before duplicate, all confidences, at most 100 detections per image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.judging import BACKGROUND, BOTH, CLASS, DUPLICATE, LOCALISATION, MISSED, NO_ROW, NONE
from science.evaluation.overlaps import CROWD, OTHER, SAME, Overlaps
from science.evaluation.verdicts import ERROR_TYPES
from science.geometry.compiled import compiled_in_place

Float64s = NDArray[np.float64]


class ExplainedColumns(NamedTuple):
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

    def columns(self) -> ExplainedColumns:
        """Return the same arrays."""
        return ExplainedColumns(
            self.error, self.box, self.overlap, self.on_crowd, self.box_error, self.best, self.box_overlap
        )  # fmt: skip

    def counts(self) -> dict[str, int]:
        """Return how many errors of each type there are, as TIDE counts them: those on crowds too."""
        of_detections = np.bincount(self.error + 1, minlength=len(ERROR_TYPES) + 1)[1:]  # -1 is none
        missed = np.count_nonzero(self.box_error == MISSED)
        return {
            kind.value: int(missed if number == MISSED else of_detections[number])
            for number, kind in enumerate(ERROR_TYPES)
            if number != NONE
        }


@compiled_in_place
def explain_images(
    start: int,
    end: int,
    pairs: Overlaps,
    scores: NDArray[np.floating],
    iou: float,
    background_iou: float,
    most: int,
    told: ExplainedColumns,
) -> None:
    """Fill ``told`` for the images ``start`` … ``end`` - 1."""
    for image in range(start, end):
        first = pairs.dets.bounds[image]
        last = min(pairs.dets.bounds[image + 1], first + most)
        for j in pairs.gts.row[pairs.gts.bounds[image] : pairs.gts.bounds[image + 1]]:
            told.box_error[j] = NO_ROW if pairs.gts.crowd[j] else MISSED
        _find(first, last, pairs, iou, told)
        _explain(first, last, pairs, iou, background_iou, told)
        _name_the_best(pairs.dets.row[first:last], scores, told)


@compiled_in_place
def _find(first: int, last: int, pairs: Overlaps, iou: float, told: ExplainedColumns) -> None:
    """Let each detection take the free box of its class that overlaps most; the first at a tie, as TIDE does."""
    for k in range(first, last):
        row = pairs.dets.row[k]
        best = -1
        on_crowd = False
        for p in range(pairs.first[k], pairs.first[k + 1]):
            j, value = pairs.box[p], pairs.value[p]
            if value < iou or pairs.kind[p] == OTHER:
                continue
            if pairs.kind[p] == CROWD:
                on_crowd = on_crowd or value > iou
            elif told.box_error[j] == MISSED and (best < 0 or value > pairs.value[best]):
                best = p
        if best < 0:
            told.error[row] = BACKGROUND
            told.on_crowd[row] = on_crowd
            continue
        j = pairs.box[best]
        told.error[row] = NONE
        told.box[row] = j
        told.overlap[row] = pairs.value[best]
        told.box_error[j] = NONE
        told.best[j] = row
        told.box_overlap[j] = pairs.value[best]


@compiled_in_place
def _explain(first: int, last: int, pairs: Overlaps, iou: float, background_iou: float, told: ExplainedColumns) -> None:
    """Give each detection that found nothing its type, and the box that explains it."""
    for k in range(first, last):
        row = pairs.dets.row[k]
        if told.error[row] == NONE:
            continue
        same, other = -1, -1
        for p in range(pairs.first[k], pairs.first[k + 1]):
            if pairs.kind[p] == SAME:
                if same < 0 or pairs.value[p] > pairs.value[same]:
                    same = p
            elif pairs.kind[p] == OTHER and (other < 0 or pairs.value[p] > pairs.value[other]):
                other = p
        in_class = pairs.value[same] if same >= 0 else 0.0
        elsewhere = pairs.value[other] if other >= 0 else 0.0
        error, pair = _type_of(in_class, elsewhere, same, other, iou, background_iou)
        told.error[row] = error
        if pair >= 0:
            told.box[row] = pairs.box[pair]
            told.overlap[row] = pairs.value[pair]


@compiled_in_place
def _type_of(
    in_class: float, elsewhere: float, same: int, other: int, iou: float, background_iou: float
) -> tuple[int, int]:
    """Return the first type that fits, and which pair explains it: of the class, of another, or none (-1)."""
    if background_iou <= in_class <= iou:
        return LOCALISATION, same
    if elsewhere >= iou:
        return CLASS, other
    if in_class >= iou:
        return DUPLICATE, same
    if max(in_class, elsewhere) <= background_iou:
        return BACKGROUND, -1
    return BOTH, other


@compiled_in_place
def _name_the_best(rows: NDArray[np.int32], scores: NDArray[np.floating], told: ExplainedColumns) -> None:
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
