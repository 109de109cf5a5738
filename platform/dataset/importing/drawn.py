"""Shapes as the formats draw them, made into what is kept beside a box: polygons, turned boxes, masks.

Each function gives the shape back, or in its place the BadShape that says why there is none: readers hand either on to
`Gatherer.add`, which keeps the one and reports the other.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.shapes.finer import BadShape, Finer, mask_of, mask_of_pixels, polygon_of, turned_box_of
from science.shapes.measures import box_of

Point = tuple[float, float]
Ring = Sequence[Sequence[float]]
Drawn = Finer | BadShape | None  # None: no shape was drawn, but a box
Pixels = NDArray[np.bool_]

ELLIPSE_OFF = 0.1  # pixels that a polygon's side may lie inside the ellipse that it stands for
FEWEST_SIDES, MOST_SIDES = 12, 360


def box_around(points: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The box around points; none where there are none, or where one is not two finite numbers."""
    if not points or not all(math.isfinite(x) and math.isfinite(y) for x, y in points):
        return ()
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def box_around_drawn(shape: Drawn) -> tuple[float, ...]:
    """The box around a shape, xyxy pixels; none where there is no shape."""
    return () if shape is None or isinstance(shape, BadShape) else tuple(map(float, box_of(shape)))


def outline(*rings: Ring) -> Drawn:
    """A polygon of one part: its outer ring, and the holes in it."""
    return outlines([rings])


def outlines(parts: Sequence[Sequence[Ring]]) -> Drawn:
    """A polygon of several parts, each an outer ring and its holes; points that close a ring once more are left out."""
    try:
        return polygon_of([[opened(ring) for ring in part] for part in parts])
    except BadShape as bad:
        return bad


def nested_outlines(rings: Sequence[Ring]) -> Drawn:
    """A polygon of rings in any order: one that begins inside an odd number of others is a hole in the smallest."""
    inside = [[at for at, other in enumerate(rings) if other is not ring and is_within(ring, other)] for ring in rings]
    parts = {at: [ring] for at, ring in enumerate(rings) if len(inside[at]) % 2 == 0}
    for at, around in enumerate(inside):
        if len(around) % 2:
            holding = max((one for one in around if one in parts), key=lambda one: len(inside[one]))
            parts[holding].append(rings[at])
    return outlines(list(parts.values()))


def is_within(ring: Ring, other: Ring) -> bool:
    """Whether a ring begins inside another: a ray from there to the right crosses that an odd number of times."""
    x, y = ring[0] if ring else (math.nan, math.nan)
    crossed = False
    for (x1, y1), (x2, y2) in zip(other, [*other[1:], *other[:1]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossed = not crossed
    return crossed


def opened(ring: Ring) -> Ring:
    """The ring without a last point that is the first again."""
    again = len(ring) > 3 and tuple(ring[0]) == tuple(ring[-1])
    return ring[:-1] if again else ring


def turned_box(before: Sequence[float], degrees: float) -> Drawn:
    """A turned box by what it was before it was turned, xyxy pixels, and by degrees clockwise about its middle."""
    x1, y1, x2, y2 = before
    try:
        return turned_box_of((x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, degrees % 360)
    except BadShape as bad:
        return bad


def mask_of_runs(height: int, width: int, counts: Any) -> Drawn:
    """A mask by COCO's run lengths."""
    try:
        return mask_of(height, width, counts)
    except BadShape as bad:
        return bad


def mask(pixels: Pixels) -> Drawn:
    """A mask of all of an image's pixels, `(height, width)`."""
    try:
        return mask_of_pixels(pixels)
    except BadShape as bad:
        return bad


def mask_at(pixels: Pixels, left: int, top: int, size: tuple[int, int] | None) -> Drawn:
    """A mask that covers a part of an image of that width and height, whose top left corner is there."""
    if size is None:
        return BadShape("no image whose size is known, which a mask needs")
    width, height = size
    whole = np.zeros((height, width), np.bool_)
    high, wide = pixels.shape
    x1, y1, x2, y2 = max(left, 0), max(top, 0), min(left + wide, width), min(top + high, height)
    if x1 < x2 and y1 < y2:
        whole[y1:y2, x1:x2] = pixels[y1 - top : y2 - top, x1 - left : x2 - left]
    return mask(whole)


def ellipse(x: float, y: float, across: float, down: float, radians: float = 0.0) -> Drawn:
    """A polygon whose corners lie on an ellipse about (x, y), and whose sides come within ELLIPSE_OFF of it.

    `across` and `down`: its half axes before it was turned by radians, clockwise. What lies furthest left, right, up
    and down is a corner, so that the box around the polygon is the one around the ellipse.
    """
    if not all(map(math.isfinite, (x, y, across, down, radians))) or min(across, down) <= 0:
        return BadShape("an ellipse without an area")
    sides = math.ceil(math.pi / math.acos(1 - min(ELLIPSE_OFF / max(across, down), 0.5)))
    sides = min(max(sides, FEWEST_SIDES), MOST_SIDES)
    even = np.linspace(0, 2 * math.pi, sides, endpoint=False)
    cosine, sine = math.cos(radians), math.sin(radians)
    furthest_x = math.atan2(-down * sine, across * cosine)
    furthest_y = math.atan2(down * cosine, across * sine)
    furthest = [furthest_x, furthest_x + math.pi, furthest_y, furthest_y + math.pi]
    at = np.unique(np.round(np.concatenate([even, np.array(furthest) % (2 * math.pi)]), 9))
    at = at[at < 2 * math.pi - 1e-8]  # which is 0 again
    along, over = across * np.cos(at), down * np.sin(at)
    return outline(np.column_stack([x + along * cosine - over * sine, y + along * sine + over * cosine]).tolist())
