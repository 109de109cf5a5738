"""Box arithmetic on ``(N, 4)`` arrays in xyxy pixels; every other order is spelt in the name.

The result keeps the precision of the input (float32 stays float32); integers become float64. An empty
list of boxes is an ordinary input everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]


def as_boxes(boxes: ArrayLike) -> Floats:
    """Return the boxes as an ``(N, 4)`` float array; ``[]`` becomes ``(0, 4)``.

    Raises ``ValueError`` where the last axis is not 4.
    """
    array = np.asarray(boxes)
    if not np.issubdtype(array.dtype, np.floating):
        array = array.astype(np.float64)
    if array.size == 0:
        return array.reshape(0, 4)
    if array.ndim != 2 or array.shape[1] != 4:
        raise ValueError(f"boxes must have the shape (N, 4), not {array.shape}")
    return array


def areas(boxes: ArrayLike) -> Floats:
    """Return the ``(N,)`` areas in square pixels; an inverted box counts as empty."""
    xyxy = as_boxes(boxes)
    sides: Floats = np.maximum(xyxy[:, 2:] - xyxy[:, :2], 0)  # (N, 2) width, height
    return sides[:, 0] * sides[:, 1]


def intersections(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return the ``(N, M)`` areas that each of ``first`` shares with each of ``second``."""
    a, b = as_boxes(first), as_boxes(second)
    top_left = np.maximum(a[:, None, :2], b[None, :, :2])  # (N, M, 2)
    bottom_right = np.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = np.maximum(bottom_right - top_left, 0)
    shared: Floats = sides[..., 0] * sides[..., 1]
    return shared


def _ratio(shared: Floats, union: Floats) -> Floats:
    ratio: Floats = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return ratio


def iou(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return the ``(N, M)`` intersection over union in [0, 1]; 0 where both boxes are empty."""
    shared = intersections(first, second)
    union = areas(first)[:, None] + areas(second)[None, :] - shared
    return _ratio(shared, union)


def paired_iou(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return the ``(N,)`` intersection over union of box i of ``first`` with box i of ``second``."""
    a, b = as_boxes(first), as_boxes(second)
    sides = np.maximum(np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2]), 0)
    shared = sides[:, 0] * sides[:, 1]
    union = areas(a) + areas(b) - shared
    return _ratio(shared, union)


def clip(boxes: ArrayLike, width: float, height: float) -> Floats:
    """Return the boxes cut to an image of ``width`` x ``height`` pixels (a new array)."""
    xyxy = as_boxes(boxes)
    limits = np.array([width, height, width, height], dtype=xyxy.dtype)
    clipped: Floats = np.clip(xyxy, np.zeros(4, dtype=xyxy.dtype), limits)
    return clipped


def valid(boxes: ArrayLike, smallest_side: float = 0.0) -> NDArray[np.bool_]:
    """Return ``(N,)`` true where a box is finite and both its sides are longer than ``smallest_side`` pixels."""
    xyxy = as_boxes(boxes)
    sides = xyxy[:, 2:] - xyxy[:, :2]
    checks = np.concatenate([np.isfinite(xyxy), sides > smallest_side], axis=1)  # (N, 6)
    passed: NDArray[np.bool_] = np.all(checks, axis=1)
    return passed


def from_xywh(boxes_xywh: ArrayLike) -> Floats:
    """Convert ``(N, 4)`` COCO boxes (left, top, width, height; pixels) to xyxy."""
    xywh = as_boxes(boxes_xywh)
    return np.concatenate([xywh[:, :2], xywh[:, :2] + xywh[:, 2:]], axis=1)


def to_xywh(boxes: ArrayLike) -> Floats:
    """Convert xyxy boxes to ``(N, 4)`` COCO boxes (left, top, width, height; pixels)."""
    xyxy = as_boxes(boxes)
    return np.concatenate([xyxy[:, :2], xyxy[:, 2:] - xyxy[:, :2]], axis=1)


def from_centred(boxes_cxcywh: ArrayLike, width: float = 1.0, height: float = 1.0) -> Floats:
    """Convert ``(N, 4)`` YOLO boxes (centre, size; as fractions of the image) to xyxy pixels."""
    cxcywh = as_boxes(boxes_cxcywh)
    half = cxcywh[:, 2:] / 2
    xyxy = np.concatenate([cxcywh[:, :2] - half, cxcywh[:, :2] + half], axis=1)
    pixels: Floats = xyxy * np.array([width, height, width, height], dtype=xyxy.dtype)
    return pixels


def to_centred(boxes: ArrayLike, width: float = 1.0, height: float = 1.0) -> Floats:
    """Convert xyxy pixels to ``(N, 4)`` YOLO boxes (centre, size; as fractions of the image)."""
    xyxy = as_boxes(boxes)
    scaled = xyxy / np.array([width, height, width, height], dtype=xyxy.dtype)
    return np.concatenate([(scaled[:, :2] + scaled[:, 2:]) / 2, scaled[:, 2:] - scaled[:, :2]], axis=1)


def box_and_area(
    boxes: NDArray[np.floating], box_area: NDArray[np.float64] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the boxes as float64, and their areas as a file stated them where it did."""
    wide = np.ascontiguousarray(boxes, np.float64)
    return wide, (wide[:, 2] - wide[:, 0]) * (wide[:, 3] - wide[:, 1]) if box_area is None else box_area
