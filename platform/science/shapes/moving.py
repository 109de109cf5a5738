"""What becomes of a shape when the box around it is moved or stretched, and whether two shapes are one, rounded."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from science.shapes.finer import Finer, Mask, Polygon, TurnedBox
from science.shapes.measures import corners_of

NEARLY_HALF = 1e-3  # of a side: nearer to 45 degrees a box's sides cannot be told from the box around it


def moved(shape: Finer, before: Sequence[float], after: Sequence[float]) -> Finer | None:
    """Return the shape as its box, xyxy, goes from one place to another: shifted, and stretched as the box is.

    A turned box keeps its angle; its sides are those whose surrounding box is stretched so. A mask is None: its pixels
    cannot be moved by halves.
    """
    if isinstance(shape, Mask):
        return None
    old, new = np.asarray(before, np.float64), np.asarray(after, np.float64)
    stretch = (new[2:] - new[:2]) / (old[2:] - old[:2])
    if isinstance(shape, TurnedBox):
        x, y = (np.array([shape.x, shape.y]) - old[:2]) * stretch + new[:2]
        width, height = _sides(shape, stretch)
        middle_x, middle_y, across, down = np.array([x, y, width, height], np.float32).tolist()
        return TurnedBox(middle_x, middle_y, across, down, shape.angle)
    return Polygon(
        tuple(tuple(((ring - old[:2]) * stretch + new[:2]).astype(np.float32) for ring in part) for part in shape.parts)
    )


def _sides(box: TurnedBox, stretch: NDArray[np.float64]) -> tuple[float, float]:
    """Its width and height, stretched: so that the box around it is, or evenly where no sides make that box."""
    across, down = stretch.tolist()
    if abs(across - down) < 1e-6 * across:
        return box.width * across, box.height * down
    c, s = abs(math.cos(math.radians(box.angle))), abs(math.sin(math.radians(box.angle)))
    around = (box.width * c + box.height * s) * across, (box.width * s + box.height * c) * down
    if abs(c * c - s * s) > NEARLY_HALF:
        width = (around[0] * c - around[1] * s) / (c * c - s * s)
        height = (around[1] * c - around[0] * s) / (c * c - s * s)
        if width > 0 and height > 0:
            return width, height
    even = math.sqrt(across * down)
    return box.width * even, box.height * even


def is_alike(one: Finer, other: Finer, within: float) -> bool:
    """Return whether no point of one lies farther than so many pixels from the other's; masks must be equal."""
    if isinstance(one, TurnedBox) and isinstance(other, TurnedBox):
        return bool(np.abs(corners_of(one) - corners_of(other)).max() <= within)
    if isinstance(one, Polygon) and isinstance(other, Polygon):
        pairs = list(zip(one.rings(), other.rings(), strict=False))
        return (
            [len(part) for part in one.parts] == [len(part) for part in other.parts]
            and all(len(a) == len(b) for a, b in pairs)
            and all(np.abs(a - b).max() <= within for a, b in pairs)
        )
    return one == other
