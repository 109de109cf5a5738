"""The walk over images behind ``verdicts``: match within the class, then explain what is left over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geometry.compiled import compiled

# ErrorType as numbers, which is what compiled code can compare; NO_ROW marks crowds and what only fits a crowd.
NO_ROW = -1
NONE, CLASS, LOCALISATION, BOTH, DUPLICATE, BACKGROUND, MISSED = range(7)


class Side(NamedTuple):
    """Detections or labelled boxes, sorted by image, and what is found out about each of them."""

    image: NDArray[np.int64]  # (K,)
    class_index: NDArray[np.int64]  # (K,)
    box: NDArray[np.float64]  # (K, 5) ``compact_boxes``
    crowd: NDArray[np.bool_]  # (K,) labelled boxes only
    error: NDArray[np.int8]  # (K,) one of the numbers above; NONE = found its partner
    other: NDArray[np.int64]  # (K,) the row of the other side that is concerned; -1 = none
    overlap: NDArray[np.float64]  # (K,) IoU with it
    mutual: NDArray[np.bool_]  # (K,) true where both stand in one cell of the confusion matrix


class Span(NamedTuple):
    """The rows of one image, or of some that follow each other."""

    det_start: int
    det_end: int
    gt_start: int
    gt_end: int


def side(
    image: NDArray[np.int64], class_index: NDArray[np.int64], box: NDArray[np.float64], crowd: NDArray[np.bool_]
) -> Side:
    """Return a side of K rows about which nothing is known yet."""
    count = len(image)
    return Side(
        image, class_index, box, crowd,
        np.zeros(count, np.int8), np.full(count, -1, np.int64), np.zeros(count), np.zeros(count, np.bool_),
    )  # fmt: skip


@compiled
def judge_images(dets: Side, gts: Side, part: Span, iou: float, background_iou: float) -> None:
    """Fill the four result columns of both sides, for the rows of a part: whole images.

    Detections stand in falling score within their image.
    """
    d = part.det_start
    g = part.gt_start
    while d < part.det_end or g < part.gt_end:
        image = _smaller_head(dets.image, d, part.det_end, gts.image, g, part.gt_end)
        d_end = d
        while d_end < part.det_end and dets.image[d_end] == image:
            d_end += 1
        g_end = g
        while g_end < part.gt_end and gts.image[g_end] == image:
            g_end += 1
        overlaps = np.empty((d_end - d, g_end - g))
        span = Span(d, d_end, g, g_end)
        _fill_overlaps(overlaps, span, dets, gts)
        _match_in_class(overlaps, span, dets, gts, iou)
        _explain_detections(overlaps, span, dets, gts, iou, background_iou)
        _explain_boxes(span, dets, gts)
        d = d_end
        g = g_end


@compiled
def _fill_overlaps(overlaps: NDArray[np.float64], span: Span, dets: Side, gts: Side) -> None:
    """Fill in ``matching.overlap`` of each detection with each box."""
    for i in range(span.det_start, span.det_end):
        left, top, right, bottom = dets.box[i, 0], dets.box[i, 1], dets.box[i, 2], dets.box[i, 3]
        area = dets.box[i, 4]
        for j in range(span.gt_start, span.gt_end):
            width = min(right, gts.box[j, 2]) - max(left, gts.box[j, 0])
            height = min(bottom, gts.box[j, 3]) - max(top, gts.box[j, 1])
            shared = 0.0
            if width > 0 and height > 0:
                shared = width * height
                shared = shared / area if gts.crowd[j] else shared / (area + gts.box[j, 4] - shared)
            overlaps[i - span.det_start, j - span.gt_start] = shared


@compiled
def _smaller_head(a: NDArray[np.int64], i: int, i_end: int, b: NDArray[np.int64], j: int, j_end: int) -> int:
    """Return the smaller of ``a[i]`` and ``b[j]``, of which one may be past its end."""
    if i >= i_end:
        return int(b[j])
    if j >= j_end:
        return int(a[i])
    return int(min(a[i], b[j]))


@compiled
def _match_in_class(overlaps: NDArray[np.float64], span: Span, dets: Side, gts: Side, iou: float) -> None:
    """Match as COCO does; marks what is left as BACKGROUND (a detection) or MISSED (a box)."""
    d, g = span.det_start, span.gt_start
    for j in range(g, span.gt_end):
        gts.error[j] = NO_ROW if gts.crowd[j] else MISSED
    for i in range(d, span.det_end):
        best = -1
        on_crowd = False
        for j in range(g, span.gt_end):
            if gts.class_index[j] != dets.class_index[i] or overlaps[i - d, j - g] < iou:
                continue
            if gts.crowd[j]:
                on_crowd = True
            elif gts.error[j] == MISSED and (best < 0 or overlaps[i - d, j - g] >= overlaps[i - d, best - g]):
                best = j  # at equal overlap the later box, as COCO does
        if best >= 0:
            _pair(dets, i, gts, best, NONE, overlaps[i - d, best - g])
        else:
            dets.error[i] = NO_ROW if on_crowd else BACKGROUND


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
def _explain_detections(
    overlaps: NDArray[np.float64], span: Span, dets: Side, gts: Side, iou: float, background_iou: float
) -> None:
    """Give each detection left over its error type and the box that explains it."""
    d, g = span.det_start, span.gt_start
    for i in range(d, span.det_end):
        if dets.error[i] != BACKGROUND:
            continue
        same, another, free = _nearest(overlaps[i - d], dets.class_index[i], span, gts, iou, background_iou)
        if same >= 0 and overlaps[i - d, same - g] >= iou:
            error, other = DUPLICATE, same
        elif free >= 0:
            _pair(dets, i, gts, free, CLASS, overlaps[i - d, free - g])
            continue
        elif another >= 0 and overlaps[i - d, another - g] >= iou:
            error, other = CLASS, another
        elif same >= 0:
            error, other = LOCALISATION, same
        elif another >= 0:
            error, other = BOTH, another
        else:
            continue
        dets.error[i] = error
        dets.other[i] = other
        dets.overlap[i] = overlaps[i - d, other - g]


@compiled
def _nearest(
    values: NDArray[np.float64], class_index: int, span: Span, gts: Side, iou: float, background_iou: float
) -> tuple[int, int, int]:
    """Return the boxes that overlap a detection most, -1 where none does.

    Of its class; of another class; of another class, at IoU >= ``iou``, and not yet explained itself.
    """
    same = -1
    another = -1
    free = -1
    g = span.gt_start
    for j in range(g, span.gt_end):
        value = values[j - g]
        if gts.crowd[j] or value < background_iou:
            continue
        if gts.class_index[j] == class_index:
            if same < 0 or value > values[same - g]:
                same = j
            continue
        if another < 0 or value > values[another - g]:
            another = j
        if gts.error[j] == MISSED and value >= iou and (free < 0 or value > values[free - g]):
            free = j
    return same, another, free


@compiled
def _explain_boxes(span: Span, dets: Side, gts: Side) -> None:
    """Give each box still missed the poorly placed detection that explains it: right class first, then any."""
    for kind in (LOCALISATION, BOTH):
        for i in range(span.det_start, span.det_end):
            j = dets.other[i]
            if dets.error[i] != kind or (gts.error[j] != MISSED and gts.error[j] != kind):
                continue
            if gts.other[j] < 0 or dets.overlap[i] > gts.overlap[j]:
                gts.error[j] = kind
                gts.other[j] = i
                gts.overlap[j] = dets.overlap[i]
