"""Points inside a drawn line: pure numbers, and the same arithmetic as in the browser (frontend/src/curate/map)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def inside_lasso(points: NDArray[np.uint16], corners: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(N,) whether each of the (N, 2) points is inside the closed line through the (K, 2) corners, by even and odd.

    Where the line crosses itself, what it goes around twice is outside. Fewer than three corners enclose nothing.
    """
    x, y = points[:, 0].astype(np.float64), points[:, 1].astype(np.float64)
    found = np.zeros(len(points), bool)
    if len(corners) < 3:
        return found
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crosses = (y1 > y) != (y2 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            found ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return found
