"""Which boxes of several people are one object: greedy, by falling overlap, whatever the class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.geometry.boxes import as_boxes, iou

SAME_OBJECT = 0.5  # IoU from which on two people's boxes may be one object

Unit = dict[int, int]  # by the person's place, the row of their box
Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


def one_objects(boxes: Sequence[ArrayLike], same: float = SAME_OBJECT) -> list[Unit]:
    """Return the objects that the people saw, each with at most one box of everybody: P lists of (N, 4) xyxy pixels.

    Pairs of boxes are taken by falling IoU. Two groups become one where nobody has a box in both and every box of one
    overlaps every box of the other by ``same`` or more (complete linkage), so a chain of neighbours is not one object.
    Objects come in the order of their first person's boxes.
    """
    lists = [as_boxes(each) for each in boxes]
    person = np.repeat(np.arange(len(lists)), [len(each) for each in lists])
    row = np.concatenate([np.zeros(0, np.int64), *(np.arange(len(each)) for each in lists)])
    overlaps = iou(*[np.concatenate([np.zeros((0, 4)), *lists])] * 2)
    groups = _joined(person, overlaps, same)
    units = [{int(person[at]): int(row[at]) for at in sorted(group)} for group in groups]
    return sorted(units, key=lambda unit: min(unit.items()))


def _joined(person: Ints, overlaps: NDArray[np.floating], same: float) -> list[set[int]]:
    """The groups of all boxes, by their place in the concatenation."""
    group = [{at} for at in range(len(person))]
    first, second = np.nonzero(np.triu(overlaps >= same, 1) & (person[:, None] != person[None, :]))
    order = np.argsort(-overlaps[first, second], kind="stable")
    for a, b in zip(first[order].tolist(), second[order].tolist(), strict=True):
        if group[a] is not group[b] and _may_join(group[a], group[b], person, overlaps, same):
            both = group[a] | group[b]
            for at in both:
                group[at] = both
    return list({id(each): each for each in group}.values())


def _may_join(a: set[int], b: set[int], person: Ints, overlaps: NDArray[np.floating], same: float) -> bool:
    mine, theirs = sorted(a), sorted(b)
    if set(person[mine].tolist()) & set(person[theirs].tolist()):
        return False
    return bool((overlaps[np.ix_(mine, theirs)] >= same).all())


def mean_overlap(boxes: Sequence[ArrayLike], unit: Unit) -> float | None:
    """Return the mean IoU over all pairs of a unit's boxes; None of fewer than two."""
    chosen = np.stack([as_boxes(boxes[person])[row] for person, row in unit.items()])
    if len(chosen) < 2:
        return None
    return float(iou(chosen, chosen)[np.triu_indices(len(chosen), 1)].mean())
