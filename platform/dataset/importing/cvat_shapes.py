"""What CVAT draws besides boxes: polygons, ellipses, and masks as run lengths along the rows of a rectangle."""

import math
from collections.abc import Callable
from xml.etree.ElementTree import Element

import numpy as np

from dataset.importing.drawn import BadShape, Drawn, Point, box_around, ellipse, mask_at, outline
from dataset.importing.gathering import number
from dataset.importing.segments import around_runs

Size = tuple[int, int]

LARGEST_SIDE = 1e6  # pixels
MOST_PIXELS = 2**28  # of a mask's rectangle


def read_shape(shape: Element, size: Callable[[], Size | None]) -> tuple[tuple[float, ...], Drawn]:
    """The box around a shape, xyxy pixels, and the shape; `size` of the image is asked for where a mask needs it."""
    around = AROUND[shape.tag](shape)
    if shape.tag == "polygon":
        return around, outline(points_of(shape))
    return around, ellipse_of(shape) if shape.tag == "ellipse" else mask_of_rows(shape, size)


def points_of(shape: Element) -> list[Point]:
    """The points of "1.5,2;3,4"."""
    pairs = [point.split(",") for point in shape.get("points", "").split(";")]
    return [(number(pair[0]), number(pair[1])) for pair in pairs if len(pair) == 2]


def ellipse_of(shape: Element) -> Drawn:
    x, y, across, down, turn = (number(shape.get(key) or "0") for key in ("cx", "cy", "rx", "ry", "rotation"))
    return ellipse(x, y, across, down, math.radians(turn))


def around_ellipse(shape: Element) -> tuple[float, ...]:
    x, y, across, down, turn = (number(shape.get(key) or "0") for key in ("cx", "cy", "rx", "ry", "rotation"))
    angle = math.radians(turn)
    wide = math.hypot(across * math.cos(angle), down * math.sin(angle))
    high = math.hypot(across * math.sin(angle), down * math.cos(angle))
    return x - wide, y - high, x + wide, y + high


def runs_of(shape: Element) -> list[int]:
    return [int(run) for run in shape.get("rle", "").split(",") if run.strip().isdecimal()]


def around_mask(shape: Element) -> tuple[float, ...]:
    """The box around a mask: run lengths along a rectangle's rows, outside first; datumaro's is the whole image."""
    left, top, width = (number(shape.get(key)) for key in ("left", "top", "width"))
    found = around_runs(runs_of(shape), int(width)) if 0 < width < LARGEST_SIDE else None
    if found is None:
        return ()
    down, across, high, wide = found  # rows where `around_runs` has columns
    return left + across, top + down, left + across + wide, top + down + high


def mask_of_rows(shape: Element, size: Callable[[], Size | None]) -> Drawn:
    left, top, width = (number(shape.get(key)) for key in ("left", "top", "width"))
    runs = runs_of(shape)
    if not (0 < width < LARGEST_SIDE and sum(runs) < MOST_PIXELS and float(left).is_integer()):
        return BadShape("a mask whose rectangle or runs cannot be read")
    line = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    rows = -(-len(line) // int(width))
    pixels = np.zeros(rows * int(width), np.bool_)
    pixels[: len(line)] = line
    return mask_at(pixels.reshape(rows, int(width)), int(left), int(top), size())


AROUND: dict[str, Callable[[Element], tuple[float, ...]]] = {
    "polygon": lambda shape: box_around(points_of(shape)),
    "ellipse": around_ellipse,
    "mask": around_mask,
}  # shapes that have a box around them
