"""How far two programs that ought to find the same boxes do: the boxes side by side, before any label is looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.evaluation.types import Detections, Ints
from science.geometry.boxes import iou, paired_iou

FLOOR = 0.25  # score from which on a box is one that people see
SAME = 0.5  # IoU from which on two boxes of a class may be the same one
ALIKE = 0.99  # IoU from which on two boxes are equal to the eye


@dataclass(frozen=True)
class Agreement:
    """Boxes of the first with a score above the floor, and their partners among all boxes of the second.

    Partners are of one image and class, one to one, the closest first. Figures of partners are NaN where there is none.
    """

    first: int  # boxes above the floor
    second: int
    matched: int  # boxes of the first with a partner
    missing: int  # boxes of the first without
    extra: int  # boxes of the second above the floor without a partner among all boxes of the first
    alike: int  # partners with an IoU of ALIKE or more
    iou_least: float
    iou_low: float  # that one partner in a hundred stays below
    iou_median: float
    score_largest: float  # difference of two partners' scores
    score_high: float  # that one pair in a hundred exceeds
    pixels_largest: float  # by which a side of a box is moved


def agreement(first: Detections, second: Detections, *, floor: float = FLOOR) -> Agreement:
    """Compare the boxes of the same images."""
    here, there = partners(first, second)
    seen = first.scores[here] > floor
    mine, theirs = here[seen], there[seen]
    overlap = paired_iou(first.boxes[mine], second.boxes[theirs])
    apart = np.abs(first.scores[mine].astype(np.float64) - second.scores[theirs])
    moved = np.abs(first.boxes[mine].astype(np.float64) - second.boxes[theirs])
    above, above_there = int((first.scores > floor).sum()), int((second.scores > floor).sum())
    return Agreement(
        first=above,
        second=above_there,
        matched=len(mine),
        missing=above - len(mine),
        extra=above_there - int((second.scores[there] > floor).sum()),
        alike=int((overlap >= ALIKE).sum()),
        iou_least=_quantile(overlap, 0),
        iou_low=_quantile(overlap, 0.01),
        iou_median=_quantile(overlap, 0.5),
        score_largest=_quantile(apart, 1),
        score_high=_quantile(apart, 0.99),
        pixels_largest=_quantile(moved.reshape(-1), 1),
    )


def partners(first: Detections, second: Detections) -> tuple[Ints, Ints]:
    """Rows of the first and of the second, both (P,), that are the same box."""
    cells = [_cells(each) for each in (first, second)]
    shared = np.intersect1d(cells[0], cells[1])
    orders = [np.argsort(cell, kind="stable") for cell in cells]
    found: list[tuple[Ints, Ints]] = []
    bounds = [
        [np.searchsorted(cell[order], shared, side) for side in ("left", "right")]
        for cell, order in zip(cells, orders, strict=True)
    ]
    for place in range(len(shared)):
        rows = [order[low[place] : high[place]] for order, (low, high) in zip(orders, bounds, strict=True)]
        a, b = _closest_pairs(iou(first.boxes[rows[0]], second.boxes[rows[1]]))
        found.append((rows[0][a], rows[1][b]))
    empty = np.zeros(0, np.int64)
    return np.concatenate([empty, *(a for a, _ in found)]), np.concatenate([empty, *(b for _, b in found)])


def _cells(found: Detections) -> Ints:
    """(M,) one number for each image and class."""
    cells: Ints = found.image_index * (1 << 20) + found.class_index
    return cells


def _closest_pairs(overlaps: NDArray[np.floating]) -> tuple[Ints, Ints]:
    """Rows and columns of an (N, M) matrix, one to one, by falling overlap."""
    rows, columns = np.nonzero(overlaps >= SAME)
    order = np.argsort(-overlaps[rows, columns], kind="stable")
    taken_rows, taken_columns = set[int](), set[int]()
    pairs: list[tuple[int, int]] = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in taken_rows and column not in taken_columns:
            pairs.append((row, column))
            taken_rows.add(row)
            taken_columns.add(column)
    joined = np.array(pairs, np.int64).reshape(-1, 2)
    return joined[:, 0], joined[:, 1]


def _quantile(values: NDArray[np.floating], share: float) -> float:
    return float(np.quantile(values, share)) if len(values) else float("nan")
