"""What can be said of a shape in numbers: the box around it, its area, the length of its outline, its points."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from science.shapes.finer import Finer, Mask, Polygon, Ring, TurnedBox, pixels_of_mask


def box_of(shape: Finer) -> NDArray[np.float32]:
    """(4,) the xyxy pixels of the smallest box around it."""
    if isinstance(shape, Mask):
        return _box_of_mask(shape)
    xy = corners_of(shape) if isinstance(shape, TurnedBox) else np.concatenate([part[0] for part in shape.parts])
    return np.concatenate([xy.min(axis=0), xy.max(axis=0)]).astype(np.float32)


def corners_of(box: TurnedBox) -> NDArray[np.float64]:
    """(4, 2) from the one that is top left where it is not turned, clockwise as one sees the image."""
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [box.width / 2, box.height / 2]
    cosine, sine = math.cos(math.radians(box.angle)), math.sin(math.radians(box.angle))
    turned: NDArray[np.float64] = half @ np.array([[cosine, sine], [-sine, cosine]]) + [box.x, box.y]
    return turned


def _box_of_mask(mask: Mask) -> NDArray[np.float32]:
    ends = np.cumsum(mask.counts)
    start, end = ends[:-1:2], ends[1::2] - 1  # the first and the last pixel of each run inside
    start, end = start[start <= end], end[start <= end]
    h = mask.height
    across = start // h != end // h  # such a run touches the bottom and the next column's top
    top = 0 if across.any() else int((start % h).min())
    bottom = h if across.any() else int((end % h).max()) + 1
    return np.array([start.min() // h, top, end.max() // h + 1, bottom], np.float32)


def area_of(shape: Finer) -> float:
    """Square pixels; of a polygon its parts' together, holes taken off, as if the parts lay apart."""
    if isinstance(shape, TurnedBox):
        return shape.width * shape.height
    if isinstance(shape, Mask):
        return float(shape.counts[1::2].sum())
    areas = [[_area_of_ring(ring) for ring in part] for part in shape.parts]
    return sum(max(part[0] - sum(part[1:]), 0.0) for part in areas)


def _area_of_ring(ring: Ring) -> float:
    x, y = (ring[:, k].astype(np.float64) - float(ring[0, k]) for k in (0, 1))
    return abs(float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2  # the first point is 0, 0: closed by itself


def length_of(shape: Finer) -> float:
    """Pixels along its outlines, holes' too; of a mask, the sides of its pixels that lie at what is outside."""
    if isinstance(shape, TurnedBox):
        return 2 * (shape.width + shape.height)
    if isinstance(shape, Polygon):
        closed = [np.diff(ring.astype(np.float64), axis=0, append=ring[:1]) for ring in shape.rings()]
        return sum(float(np.hypot(side[:, 0], side[:, 1]).sum()) for side in closed)
    x1, y1, x2, y2 = box_of(shape).astype(int).tolist()
    pixels = np.pad(pixels_of_mask(shape)[y1:y2, x1:x2], 1)
    return float((pixels[1:] != pixels[:-1]).sum() + (pixels[:, 1:] != pixels[:, :-1]).sum())


def points_of(shape: Finer) -> int:
    """Its corners; a mask has none."""
    if isinstance(shape, Polygon):
        return sum(map(len, shape.rings()))
    return 4 if isinstance(shape, TurnedBox) else 0


def angle_of(shape: Finer) -> float:
    """Degrees clockwise from 0 up to 180, of a turned box: turned by half a circle it is the same; else 0."""
    return shape.angle % 180 if isinstance(shape, TurnedBox) else 0.0
