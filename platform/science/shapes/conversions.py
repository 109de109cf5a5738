"""From one kind of shape to another: to pixels, to outlines along pixels, to one ring, to a turned box."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from science.shapes.finer import Finer, Mask, Polygon, Ring, TurnedBox, pixels_of_mask, polygon_of
from science.shapes.masks import pixels_of
from science.shapes.measures import corners_of
from science.shapes.polygons import filled, polygons_of

Pixels = NDArray[np.bool_]
Corner = tuple[int, int]


def pixels_of_shape(shape: Finer, height: int, width: int) -> Pixels:
    """(height, width) the pixels of an image that a shape covers, filled as COCO fills; holes are left out."""
    if isinstance(shape, Mask):
        return pixels_of_mask(shape)
    if isinstance(shape, TurnedBox):
        return _filled([corners_of(shape).astype(np.float32)], height, width)
    found = np.zeros((height, width), np.bool_)
    for outer, *holes in shape.parts:
        inside = _filled([outer], height, width)
        found |= inside & ~_filled(holes, height, width) if holes else inside
    return found


def _filled(rings: Sequence[Ring], height: int, width: int) -> Pixels:
    """The pixels that any of the rings encloses."""
    polygons = polygons_of([[ring.astype(np.float64).reshape(-1).tolist() for ring in rings]])
    return pixels_of(filled(polygons, np.array([height], np.int32), np.array([width], np.int32)), 0)


def outlines_of_mask(mask: Mask) -> Polygon:
    """The polygon along the sides of a mask's pixels, which covers the same pixels; with its parts and holes.

    Each side between a pixel inside and one outside is walked with the inside on the right, as one sees the image.
    Where two pixels touch at a corner alone, they are of two parts.
    """
    onward = _sides(np.pad(pixels_of_mask(mask), 1))
    outers: list[NDArray[np.float64]] = []
    holes: list[NDArray[np.float64]] = []
    while onward:
        ring = np.array(_walked(onward), np.float64) - 1  # the rim that was added
        (outers if _is_clockwise(ring) else holes).append(ring)
    parts = [[outer] for outer in outers]
    for hole in holes:
        around = [part for part in parts if _encloses(part[0], hole[0])]
        min(around, key=lambda part: float(np.ptp(part[0], axis=0).prod())).append(hole)
    return polygon_of(parts)


def _sides(inside: Pixels) -> dict[Corner, list[Corner]]:
    """Where each side leads, by the corner at which it begins."""
    onward: dict[Corner, list[Corner]] = defaultdict(list)
    tops, bottoms = (np.argwhere(step) for step in (inside[1:] & ~inside[:-1], inside[:-1] & ~inside[1:]))
    lefts, rights = (np.argwhere(step) for step in (inside[:, 1:] & ~inside[:, :-1], inside[:, :-1] & ~inside[:, 1:]))
    for y, x in tops.tolist():
        onward[x, y + 1].append((x + 1, y + 1))
    for y, x in bottoms.tolist():
        onward[x + 1, y + 1].append((x, y + 1))
    for y, x in lefts.tolist():
        onward[x + 1, y + 1].append((x + 1, y))
    for y, x in rights.tolist():
        onward[x + 1, y].append((x + 1, y + 1))
    return onward


def _walked(onward: dict[Corner, list[Corner]]) -> list[Corner]:
    """One closed walk, taken out of the sides; only the corners at which it turns."""
    start = here = next(iter(onward))
    corners: list[Corner] = []
    step = (0, 0)
    while True:
        ways = onward[here]
        right = (-step[1], step[0])
        chosen = next((way for way in ways if (way[0] - here[0], way[1] - here[1]) == right), ways[0])
        ways.remove(chosen)
        if not ways:
            del onward[here]
        now = (chosen[0] - here[0], chosen[1] - here[1])
        if now != step:
            corners.append(here)
        step, here = now, chosen
        if here == start and not _goes_on(onward, here, step):
            break
    first = (corners[1][0] - corners[0][0], corners[1][1] - corners[0][1])
    straight = step[0] * first[1] == step[1] * first[0]
    return corners[1:] if straight else corners


def _goes_on(onward: dict[Corner, list[Corner]], here: Corner, step: Corner) -> bool:
    """Whether a walk that is back at its first corner turns right there into another side, before it is closed."""
    right = (here[0] - step[1], here[1] + step[0])
    return right in onward.get(here, ())


def _is_clockwise(ring: NDArray[np.float64]) -> bool:
    x, y = ring.T
    return bool((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() > 0)


def _encloses(ring: NDArray[np.float64], corner: NDArray[np.float64]) -> bool:
    """Whether a ring along pixels encloses the pixel right and below, or left and above, of a hole's corner."""
    x, y = corner + 0.5
    x1, y1 = ring.T
    x2, y2 = np.roll(x1, -1), np.roll(y1, -1)
    upright = x1 == x2
    return bool((upright & ((y1 > y) != (y2 > y)) & (x1 > x)).sum() % 2)


def joined_ring(rings: Sequence[Ring]) -> Ring:
    """One ring of several: each is walked from the last point of the one before, and the way back is the same.

    As ultralytics joins the parts of a COCO polygon: the lines between them have no width.
    """
    if len(rings) == 1:
        return rings[0]
    there: list[Ring] = []
    back: list[Ring] = []
    for ring in rings:
        there.append(np.concatenate([ring, ring[:1]]))
        back.insert(0, ring[:1])
    return np.concatenate([*there, *back[1:-1]])
