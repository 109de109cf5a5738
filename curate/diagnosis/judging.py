"""The walk over images behind ``verdicts``: match within the class, then explain what is left over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curate.diagnosis.overlapping import Overlaps
from geometry.compiled import compiled

# ErrorType as numbers, which is what compiled code can compare; NO_ROW marks crowds and what only fits a crowd.
NO_ROW = -1
NONE, CLASS, LOCALISATION, BOTH, DUPLICATE, BACKGROUND, MISSED = range(7)


class Side(NamedTuple):
    """What is found out about each detection, or about each labelled box."""

    error: NDArray[np.int8]  # (K,) one of the numbers above; NONE = found its partner
    other: NDArray[np.int32]  # (K,) the row of the other side that is concerned; -1 = none
    overlap: NDArray[np.float64]  # (K,) IoU with it
    mutual: NDArray[np.bool_]  # (K,) true where both stand in one cell of the confusion matrix


def side(count: int) -> Side:
    """Return a side of K rows about which nothing is known yet."""
    return Side(
        np.full(count, NO_ROW, np.int8), np.full(count, -1, np.int32), np.zeros(count), np.zeros(count, np.bool_)
    )


@compiled
def judge_images(
    start: int,
    end: int,
    pairs: Overlaps,
    judged: NDArray[np.int64],
    iou: float,
    background_iou: float,
    dets: Side,
    gts: Side,
) -> None:
    """Fill in both sides for the images ``start`` … ``end`` - 1, of each of which the first ``judged`` detections count."""
    for image in range(start, end):
        first = pairs.dets.bounds[image]
        last = first + judged[image]
        boxes = pairs.gts.row[pairs.gts.bounds[image] : pairs.gts.bounds[image + 1]]
        for j in boxes:
            gts.error[j] = NO_ROW if pairs.gts.crowd[j] else MISSED
        for k in range(first, last):
            _match_in_class(k, pairs, iou, dets, gts)
        for k in range(first, last):
            if dets.error[pairs.dets.row[k]] == BACKGROUND:
                _explain(k, pairs, iou, background_iou, dets, gts)
        _explain_boxes(pairs.dets.row[first:last], dets, gts)


@compiled
def _match_in_class(k: int, pairs: Overlaps, iou: float, dets: Side, gts: Side) -> None:
    """Match a detection as COCO does; it stays BACKGROUND where it finds nothing."""
    row = pairs.dets.row[k]
    best = -1
    on_crowd = False
    for p in range(pairs.first[k], pairs.first[k + 1]):
        j = pairs.box[p]
        if pairs.value[p] < iou or pairs.gts.class_index[j] != pairs.dets.class_index[row]:
            continue
        if pairs.gts.crowd[j]:
            on_crowd = True
        elif gts.error[j] == MISSED and (best < 0 or pairs.value[p] >= pairs.value[best]):
            best = p  # at equal overlap the later box, as COCO does
    if best >= 0:
        _pair(dets, row, gts, pairs.box[best], NONE, pairs.value[best])
    else:
        dets.error[row] = NO_ROW if on_crowd else BACKGROUND


@compiled
def _pair(dets: Side, i: int, gts: Side, j: int, error: int, value: float) -> None:
    """Join a detection and a box in one cell of the confusion matrix."""
    dets.error[i] = error
    gts.error[j] = error
    dets.other[i] = j
    gts.other[j] = i
    dets.overlap[i] = value
    gts.overlap[j] = value
    dets.mutual[i] = True
    gts.mutual[j] = True


@compiled
def _explain(k: int, pairs: Overlaps, iou: float, background_iou: float, dets: Side, gts: Side) -> None:
    """Give a detection left over its error type and the box that explains it."""
    same, another, free = _nearest(k, pairs, iou, background_iou, gts)
    if same >= 0 and pairs.value[same] >= iou:
        error, pair = DUPLICATE, same
    elif free >= 0:
        _pair(dets, pairs.dets.row[k], gts, pairs.box[free], CLASS, pairs.value[free])
        return
    elif another >= 0 and pairs.value[another] >= iou:
        error, pair = CLASS, another
    elif same >= 0:
        error, pair = LOCALISATION, same
    elif another >= 0:
        error, pair = BOTH, another
    else:
        return
    row = pairs.dets.row[k]
    dets.error[row] = error
    dets.other[row] = pairs.box[pair]
    dets.overlap[row] = pairs.value[pair]


@compiled
def _nearest(k: int, pairs: Overlaps, iou: float, background_iou: float, gts: Side) -> tuple[int, int, int]:
    """Return the pairs in which a detection overlaps a box most, -1 where there is none.

    Of its class; of another class; of another class, at IoU >= ``iou``, and not yet explained itself.
    """
    same = -1
    another = -1
    free = -1
    for p in range(pairs.first[k], pairs.first[k + 1]):
        j, value = pairs.box[p], pairs.value[p]
        if pairs.gts.crowd[j] or value < background_iou:
            continue
        if pairs.gts.class_index[j] == pairs.dets.class_index[pairs.dets.row[k]]:
            if same < 0 or value > pairs.value[same]:
                same = p
            continue
        if another < 0 or value > pairs.value[another]:
            another = p
        if gts.error[j] == MISSED and value >= iou and (free < 0 or value > pairs.value[free]):
            free = p
    return same, another, free


@compiled
def _explain_boxes(rows: NDArray[np.int32], dets: Side, gts: Side) -> None:
    """Give each box still missed the poorly placed detection that explains it: right class first, then any."""
    for kind in (LOCALISATION, BOTH):
        for i in rows:
            j = dets.other[i]
            if dets.error[i] != kind or (gts.error[j] != MISSED and gts.error[j] != kind):
                continue
            if gts.other[j] < 0 or dets.overlap[i] > gts.overlap[j]:
                gts.error[j] = kind
                gts.other[j] = i
                gts.overlap[j] = dets.overlap[i]
