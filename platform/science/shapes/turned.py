"""Turned boxes: exact overlap as polygons, and the overlap that ultralytics trains and judges them by.

Degrees run clockwise as one sees the image. Exact: the part of one box inside the four sides of the other (Sutherland
and Hodgman, Reentrant polygon clipping, 1974), whose area is the shoelace sum. The other one takes each box for a
normal distribution and 1 minus their Hellinger distance for the overlap (Llerena et al., Gaussian Bounding Boxes and
Probabilistic Intersection-over-Union, arXiv 2106.06072).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.geometry.compiled import compiled_in_place
from science.shapes.masks import Float64s

MOST_CORNERS = 8  # of what two convex quadrilaterals share


class TurnedBoxes(NamedTuple):
    """N boxes by their corners, in order around them, clockwise as one sees the image."""

    corner: Float64s  # (N, 4, 2) x and y, pixels
    area: Float64s  # (N,) square pixels

    @property
    def total(self) -> int:
        """The number of boxes, N."""
        return len(self.area)

    def take(self, rows: NDArray[np.generic]) -> TurnedBoxes:
        """Return the boxes at these positions (or where a mask is true), in that order."""
        return TurnedBoxes(self.corner[rows], self.area[rows])

    def boxes(self) -> Float64s:
        """Return (N, 4) the xyxy boxes around them."""
        return np.concatenate([self.corner.min(axis=1), self.corner.max(axis=1)], axis=1).reshape(-1, 4)

    def areas(self) -> Float64s:
        """Return (N,) square pixels."""
        return self.area


def turned_of_corners(corners: NDArray[np.floating] | Sequence[Sequence[Sequence[float]]]) -> TurnedBoxes:
    """Turned boxes of (N, 4, 2) corners in order, either way around.

    Raises ``ValueError`` where four corners are not those of a convex shape: no overlap is defined for it.
    """
    corner = np.asarray(corners, np.float64).reshape(-1, 4, 2)
    following = np.roll(corner, -1, axis=1)
    twice = (corner[..., 0] * following[..., 1] - following[..., 0] * corner[..., 1]).sum(axis=1)
    clockwise = np.where((twice < 0)[:, None, None], corner[:, ::-1], corner)
    sides = np.roll(clockwise, -1, axis=1) - clockwise
    onward = np.roll(sides, -1, axis=1)
    bends = sides[..., 0] * onward[..., 1] - sides[..., 1] * onward[..., 0]
    hollow = np.flatnonzero((bends < -1e-6 * np.maximum(1.0, np.abs(twice))[:, None]).any(axis=1))
    if len(hollow):
        raise ValueError(f"the corners of turned box {hollow[0]} are not those of a convex shape")
    return TurnedBoxes(np.ascontiguousarray(clockwise), np.abs(twice) / 2)


def turned_of_centres(cxcywh: NDArray[np.floating], radians: NDArray[np.floating]) -> TurnedBoxes:
    """Turned boxes of (N, 4) centre, width and height and (N,) angles, clockwise."""
    half = np.asarray(cxcywh, np.float64)[:, 2:] / 2
    corner = half[:, None, :] * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float64)
    cosine, sine = np.cos(radians)[:, None], np.sin(radians)[:, None]
    x, y = corner[..., 0] * cosine - corner[..., 1] * sine, corner[..., 0] * sine + corner[..., 1] * cosine
    return turned_of_corners(np.stack([x, y], axis=-1) + np.asarray(cxcywh, np.float64)[:, None, :2])


def gaussian_ious(a: TurnedBoxes, b: TurnedBoxes) -> Float64s:
    """Return (N,) the probabilistic IoU of pairs of turned boxes, 0 … 1: what ultralytics calls probiou.

    A box of width w and height h stands for the normal distribution with the variances w^2 / 12 and h^2 / 12 along its
    sides. It knows no edges: two boxes side by side that share nothing still have some, and a square turned by 45
    degrees has 1 with itself unturned.
    """
    mean_a, spread_a = _distribution(a)
    mean_b, spread_b = _distribution(b)
    both = (spread_a + spread_b) / 2
    apart = mean_a - mean_b
    determinant, own = _determinant(both), _determinant(spread_a) * _determinant(spread_b)
    reach = both[:, 1] * apart[:, 0] ** 2 - 2 * both[:, 2] * apart[:, 0] * apart[:, 1] + both[:, 0] * apart[:, 1] ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = reach / (8 * determinant) + np.log(determinant / np.sqrt(own)) / 2
    hellinger = np.sqrt(np.clip(1 - np.exp(-distance), 0.0, 1.0))
    return np.where(own > 0, 1 - hellinger, 0.0)


def _distribution(boxes: TurnedBoxes) -> tuple[Float64s, Float64s]:
    """Return the means (N, 2), and the variances of x and y and their covariance (N, 3)."""
    corner = boxes.corner
    along, across = corner[:, 1] - corner[:, 0], corner[:, 3] - corner[:, 0]
    variances = (along**2 + across**2) / 12
    shared = (along[:, 0] * along[:, 1] + across[:, 0] * across[:, 1]) / 12
    return corner.mean(axis=1), np.column_stack([variances, shared])


def _determinant(spread: Float64s) -> Float64s:
    return spread[:, 0] * spread[:, 1] - spread[:, 2] ** 2


def room_to_clip() -> Float64s:
    """Where ``shared_area`` notes corners; one for each thread."""
    return np.empty((2, MOST_CORNERS + 4, 2))


@compiled_in_place
def shared_area(a: Float64s, k: int, b: Float64s, j: int, room: Float64s) -> float:
    """Return the area, square pixels, that quadrilateral ``k`` of ``a`` shares with ``j`` of ``b``; both clockwise."""
    origin_x, origin_y = b[j, 0, 0], b[j, 0, 1]  # small numbers lose fewer digits
    count, now = 4, 0
    for c in range(4):
        room[0, c, 0], room[0, c, 1] = a[k, c, 0] - origin_x, a[k, c, 1] - origin_y
    for side in range(4):
        x, y = b[j, side, 0] - origin_x, b[j, side, 1] - origin_y
        along_x, along_y = b[j, (side + 1) % 4, 0] - origin_x - x, b[j, (side + 1) % 4, 1] - origin_y - y
        count = _cut(room[now], count, x, y, along_x, along_y, room[1 - now])
        now = 1 - now
        if count < 3:
            return 0.0
    twice = 0.0
    for c in range(count):
        after = (c + 1) % count
        twice += room[now, c, 0] * room[now, after, 1] - room[now, after, 0] * room[now, c, 1]
    return max(twice / 2, 0.0)


@compiled_in_place
def _cut(corners: Float64s, count: int, x: float, y: float, along_x: float, along_y: float, to: Float64s) -> int:
    """Keep what lies on the inner side of a line through (x, y); return how many corners that has."""
    kept = 0
    for c in range(count):
        after = (c + 1) % count
        here = along_x * (corners[c, 1] - y) - along_y * (corners[c, 0] - x)
        there = along_x * (corners[after, 1] - y) - along_y * (corners[after, 0] - x)
        if here >= 0:
            to[kept, 0], to[kept, 1] = corners[c, 0], corners[c, 1]
            kept += 1
        if (here > 0 > there) or (here < 0 < there):
            part = here / (here - there)
            to[kept, 0] = corners[c, 0] + part * (corners[after, 0] - corners[c, 0])
            to[kept, 1] = corners[c, 1] + part * (corners[after, 1] - corners[c, 1])
            kept += 1
    return kept
