"""The walk over images behind ``verdicts``: match within the class, then explain what is left over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.overlaps import CROWD, OTHER, SAME, Overlaps
from science.geometry.compiled import compiled_in_place

# ErrorType as numbers, which is what compiled code can compare; NO_ROW marks crowds and what only fits a crowd.
NO_ROW = -1
NONE, CLASS, LOCALISATION, BOTH, DUPLICATE, BACKGROUND, MISSED = range(7)


class BoxFindings(NamedTuple):
    """What is found out about each detection, or about each labelled box."""

    error: NDArray[np.int8]  # (K,) one of the numbers above; NONE = found its partner
    other: NDArray[np.int32]  # (K,) the row of the other side that is concerned; -1 = none
    overlap: NDArray[np.float64]  # (K,) IoU with it
    mutual: NDArray[np.bool_]  # (K,) true where both stand in one cell of the confusion matrix


def no_findings(count: int) -> BoxFindings:
    """Return a side of K rows about which nothing is known yet."""
    return BoxFindings(
        np.full(count, NO_ROW, np.int8), np.full(count, -1, np.int32), np.zeros(count), np.zeros(count, np.bool_)
    )


@compiled_in_place
def judge_images(
    start: int,
    end: int,
    pairs: Overlaps,
    judged: NDArray[np.int64],
    iou: float,
    background_iou: float,
    dets: BoxFindings,
    gts: BoxFindings,
) -> None:
    """Fill in both sides for the images ``start`` … ``end`` - 1, the first ``judged`` detections of each."""
    for image in range(start, end):
        first = pairs.dets.bounds[image]
        judge_image(image, first, first + judged[image], pairs, iou, background_iou, dets, gts)


@compiled_in_place
def judge_image(
    image: int,
    first: int,
    last: int,
    pairs: Overlaps,
    iou: float,
    background_iou: float,
    dets: BoxFindings,
    gts: BoxFindings,
) -> None:
    """Fill in both sides for an image, of whose detections ``first`` … ``last`` - 1 are judged."""
    for j in pairs.gts.row[pairs.gts.bounds[image] : pairs.gts.bounds[image + 1]]:
        gts.error[j] = NO_ROW if pairs.gts.crowd[j] else MISSED
    _match_in_class(first, last, pairs, iou, dets, gts)
    _explain(first, last, pairs, iou, background_iou, dets, gts)
    _explain_boxes(pairs.dets.row[first:last], dets, gts)


# The functions below take all detections of an image: a call per detection would take longer than what it does.


@compiled_in_place
def _match_in_class(first: int, last: int, pairs: Overlaps, iou: float, dets: BoxFindings, gts: BoxFindings) -> None:
    """Match as COCO does; marks what finds nothing as BACKGROUND."""
    for k in range(first, last):
        row = pairs.dets.row[k]
        best = -1
        on_crowd = False
        for p in range(pairs.first[k], pairs.first[k + 1]):
            if pairs.value[p] < iou or pairs.kind[p] == OTHER:
                continue
            if pairs.kind[p] == CROWD:
                on_crowd = True
            elif gts.error[pairs.box[p]] == MISSED and (best < 0 or pairs.value[p] >= pairs.value[best]):
                best = p  # at equal overlap the later box, as COCO does
        if best < 0:
            dets.error[row] = NO_ROW if on_crowd else BACKGROUND
            continue
        dets.error[row] = NONE
        dets.other[row] = pairs.box[best]
        dets.overlap[row] = pairs.value[best]
        dets.mutual[row] = True
        gts.error[pairs.box[best]] = NONE


@compiled_in_place
def _explain(  # noqa: C901 one walk over the pairs of a detection
    first: int, last: int, pairs: Overlaps, iou: float, background_iou: float, dets: BoxFindings, gts: BoxFindings
) -> None:
    """Give each detection left over its error type and the box that explains it.

    Which is the one that it overlaps most: of its class; of another class, not yet explained itself; of another class.
    """
    for k in range(first, last):
        row = pairs.dets.row[k]
        if dets.error[row] != BACKGROUND:
            continue
        same, free, another = -1, -1, -1
        for p in range(pairs.first[k], pairs.first[k + 1]):
            value = pairs.value[p]
            if pairs.kind[p] == CROWD or value < background_iou:
                continue
            if pairs.kind[p] == SAME:
                if same < 0 or value > pairs.value[same]:
                    same = p
                continue
            if another < 0 or value > pairs.value[another]:
                another = p
            missed = gts.error[pairs.box[p]] == MISSED
            if missed and value >= iou and (free < 0 or value > pairs.value[free]):
                free = p
        if same >= 0 and pairs.value[same] >= iou:
            error, pair = DUPLICATE, same
        elif free >= 0:
            error, pair = CLASS, free
            dets.mutual[row] = True
            gts.error[pairs.box[free]] = CLASS
        elif another >= 0 and pairs.value[another] >= iou:
            error, pair = CLASS, another
        elif same >= 0:
            error, pair = LOCALISATION, same
        elif another >= 0:
            error, pair = BOTH, another
        else:
            continue
        dets.error[row] = error
        dets.other[row] = pairs.box[pair]
        dets.overlap[row] = pairs.value[pair]


@compiled_in_place
def _explain_boxes(rows: NDArray[np.int32], dets: BoxFindings, gts: BoxFindings) -> None:
    """Join what stands in one cell; to a box still missed the poorly placed detection, right class first, then any."""
    for i in rows:
        if dets.mutual[i]:
            j = dets.other[i]
            gts.other[j] = i
            gts.overlap[j] = dets.overlap[i]
            gts.mutual[j] = True
    for kind in (LOCALISATION, BOTH):
        for i in rows:
            j = dets.other[i]
            if dets.error[i] != kind or (gts.error[j] != MISSED and gts.error[j] != kind):
                continue
            if gts.other[j] < 0 or dets.overlap[i] > gts.overlap[j]:
                gts.error[j] = kind
                gts.other[j] = i
                gts.overlap[j] = dets.overlap[i]
