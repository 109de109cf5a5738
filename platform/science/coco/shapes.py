"""The shapes of a COCO file's records, as the evaluation compares them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.coco.segmentations import WrongShape, read_masks, read_turned
from science.shapes.boundary import with_rims
from science.shapes.kinds import IouType
from science.shapes.masks import Float64s, Int32s, Int64s, Masks, joined
from science.shapes.overlap import Shapes
from science.shapes.polygons import Polygons, filled
from science.shapes.turned import TurnedBoxes, turned_of_corners


class BadFile(ValueError):
    """A file that cannot be judged: one sentence that names the file and the record."""


def shape_sizes(path: Path, image_rows: list[dict[str, Any]], image_index: Int64s, iou_type: IouType) -> Int32s:
    """(N, 2) height and width of the image of each record; zeros where turned boxes need none. Raises ``BadFile``."""
    if iou_type is IouType.OBB:
        return np.zeros((len(image_index), 2), np.int32)
    for row in image_rows:
        if not all(isinstance(row.get(side), int) and 0 < row[side] < 2**15 for side in ("height", "width")):
            raise BadFile(f'{path.name}: image {row["id"]} has no "height" and "width" in pixels, which masks need.')
    sizes = np.array([(row["height"], row["width"]) for row in image_rows], np.int32).reshape(-1, 2)
    return sizes[image_index]


def shapes_at(
    path: Path,
    kind: str,
    text: NDArray[np.uint8],
    places: Float64s,
    sizes: Int32s,
    iou_type: IouType,
    kept: NDArray[np.bool_] | None,
    boxes: Float64s | None = None,
) -> Shapes:
    """The shapes whose values begin at these bytes; ``boxes`` (N, 4) xyxy stand for those that have none.

    ``kept`` are the records of the file that these are, so that an error names the record. Raises ``BadFile``.
    """
    drawn = np.zeros(len(places), np.bool_) if boxes is None else ~np.isnan(boxes[:, 0])
    rows = np.flatnonzero(~drawn)
    try:
        if iou_type is IouType.OBB:
            read: Masks | TurnedBoxes = read_turned(text, places[rows])
        else:
            read = read_masks(text, places[rows], sizes[rows, 0], sizes[rows, 1])
    except WrongShape as wrong:
        record = int((np.arange(len(places)) if kept is None else np.flatnonzero(kept))[rows[wrong.row]])
        raise BadFile(f"{path.name}, {kind} {record} (counted from 0): {wrong}.") from None
    if boxes is not None and drawn.any():
        read = _with_boxes(read, boxes[drawn], sizes[drawn], np.concatenate([rows, np.flatnonzero(drawn)]))
    return with_rims(read) if iou_type is IouType.BOUNDARY and isinstance(read, Masks) else read


def _with_boxes(read: Masks | TurnedBoxes, boxes: Float64s, sizes: Int32s, rows: Int64s) -> Masks | TurnedBoxes:
    """The shapes and boxes, in the order of the records that they are of."""
    corners = boxes[:, [0, 1, 0, 3, 2, 3, 2, 1]].reshape(-1, 4, 2)
    order = np.argsort(rows)
    if isinstance(read, TurnedBoxes):
        both = np.concatenate([read.corner, turned_of_corners(corners).corner])
        return turned_of_corners(both).take(order)
    count = len(boxes)
    rings = Polygons(corners.reshape(-1, 2), 4 * np.arange(count + 1), np.arange(count + 1))
    return joined([read, filled(rings, sizes[:, 0], sizes[:, 1])]).take(order)
