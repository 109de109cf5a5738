"""Which cells of a cross table hold more, or fewer, images than its margins say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

SMALLEST_EXPECTED = 5.0  # below, the normal approximation says nothing


def expected(rows: NDArray[np.int64], columns: NDArray[np.int64], total: int) -> Numbers:
    """`(R, C)` counts that the margins `(R,)` and `(C,)` say if the two have nothing to do with each other."""
    if total == 0:
        return np.zeros((len(rows), len(columns)))
    return np.outer(rows, columns).astype(np.float64) / total


def residuals(counts: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64], total: int) -> Numbers:
    """Adjusted standardised residuals `(R, C)`: about standard normal where the two have nothing to do with each other.

        z = (n − e) / √( e · (1 − row/total) · (1 − column/total) ),   e = row · column / total

    (Haberman, The analysis of residuals in cross-classified tables, 1973.) The margins are given, not summed, so that
    rows and columns may overlap, as classes do: each cell is its own 2 × 2 table. NaN where fewer than five
    are expected, inside or outside of the cell's row and column, or where nothing can vary.
    """
    wanted = expected(rows, columns, total)
    if total == 0:
        return np.full(counts.shape, np.nan)
    left_rows, left_columns = 1 - rows / total, 1 - columns / total
    variance = wanted * np.outer(left_rows, left_columns)
    smallest = np.minimum.reduce(
        [
            wanted,
            np.outer(rows, left_columns),
            np.outer(left_rows, columns),
            total * np.outer(left_rows, left_columns),
        ]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (counts - wanted) / np.sqrt(variance)
    return np.where((smallest >= SMALLEST_EXPECTED) & (variance > 0), z, np.nan)


def cramers_v(counts: NDArray[np.int64]) -> float | None:
    """How much two exclusive properties have to do with each other, 0 to 1; None without two rows and two columns.

    V = √( χ² / (N · (min(R, C) − 1)) ) (Cramér, Mathematical methods of statistics, 1946).
    """
    kept = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(kept.shape, default=0) < 2:
        return None
    total = int(kept.sum())
    wanted = expected(kept.sum(axis=1), kept.sum(axis=0), total)
    squares = float(((kept - wanted) ** 2 / wanted).sum())
    return float(np.sqrt(squares / (total * (min(kept.shape) - 1))))
