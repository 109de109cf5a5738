"""Boxes turned about their centre.

Degrees run clockwise as one sees the image, whose y axis points down; a turned box is given by the box that it was
before it was turned, xyxy pixels, and the angle, as CVAT and datumaro write it.
"""

import math
from collections.abc import Sequence

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # xyxy


def corners(box: Sequence[float], degrees: float) -> list[Point]:
    """The four corners of a box turned by so many degrees, from the one that was top left, clockwise."""
    x1, y1, x2, y2 = box
    middle_x, middle_y, angle = (x1 + x2) / 2, (y1 + y2) / 2, math.radians(degrees)
    cosine, sine = exact(math.cos(angle)), exact(math.sin(angle))
    offsets = [(x - middle_x, y - middle_y) for x, y in ((x1, y1), (x2, y1), (x2, y2), (x1, y2))]
    return [(middle_x + x * cosine - y * sine, middle_y + x * sine + y * cosine) for x, y in offsets]


def exact(value: float) -> float:
    """A quarter turn's cosine is 0, not 6e-17."""
    return float(round(value)) if abs(value - round(value)) < 1e-12 else value


def box_around(points: Sequence[Sequence[float]]) -> Box:
    """The box around points (x, y), of which there is at least one."""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def around_turned(box: Sequence[float], degrees: float) -> Box:
    """The box around a turned one."""
    return box_around(corners(box, degrees))


def from_corners(points: Sequence[Sequence[float]]) -> tuple[Box, float]:
    """The box before it was turned, and the angle from 0 to 360, of four corners in order; the first two are its top.

    Corners written with few digits are no exact rectangle: opposite sides are averaged.
    """
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = points
    along_x, along_y = (x2 - x1 + x3 - x4) / 2, (y2 - y1 + y3 - y4) / 2
    width = math.hypot(along_x, along_y)
    height = math.hypot((x4 - x1 + x3 - x2) / 2, (y4 - y1 + y3 - y2) / 2)
    middle_x, middle_y = (x1 + x2 + x3 + x4) / 4, (y1 + y2 + y3 + y4) / 4
    box = (middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2)
    return box, math.degrees(math.atan2(along_y, along_x)) % 360


def is_rectangle(points: Sequence[Sequence[float]], tolerance: float) -> bool:
    """Whether four corners in order are a rectangle, each within so many pixels of one."""
    if len(points) != 4:
        return False
    box, degrees = from_corners(points)
    ideal = corners(box, degrees)
    clockwise = all(math.dist(one, other) <= tolerance for one, other in zip(points, ideal, strict=True))
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = ideal
    mirrored = [(x4, y4), (x3, y3), (x2, y2), (x1, y1)]  # counter-clockwise corners
    return clockwise or all(math.dist(one, other) <= tolerance for one, other in zip(points, mirrored, strict=True))


def is_turned(degrees: float) -> bool:
    """Whether an angle is more than rounding."""
    return min(degrees % 360, -degrees % 360) > 1e-3
