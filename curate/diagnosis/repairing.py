"""Average precision after each repair of the error budget, all repairs in one walk per class.

A repair takes wrong detections away, makes some of them right, or takes boxes away. So one bit per repair says whether
a detection counts there, another whether it is right there, and the walk keeps as many counts as there are repairs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from curate.diagnosis.explaining import Explained
from curate.diagnosis.judging import CLASS, LOCALISATION, MISSED, NONE
from curate.diagnosis.ordering import by_falling_score, counting_sort
from curate.diagnosis.threads import side_by_side
from curate.diagnosis.types import Detections, GroundTruth
from geometry.compiled import compiled

POINTS = np.arange(101) / 100  # recall 0, 0.01 … 1
NOTHING, NOT_FOUND, REPAIRS = NONE, MISSED + 1, MISSED + 2  # besides the six types: none, and all that is not found
EVERYWHERE = 255  # the bits of all repairs

Float64s = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


class Entries(NamedTuple):
    """What stands in the list of a class: its detections, and those of others that a repair would bring there."""

    row: Int32s  # (E,) of the detection
    label: Int64s  # (E,) class
    counts: NDArray[np.uint8]  # (E,) a bit per repair
    right: NDArray[np.uint8]  # (E,) a bit per repair


def repaired(
    truth: GroundTruth, detections: Detections, order: Int32s, explained: Explained, classes: int
) -> tuple[Float64s, Float64s]:
    """Return (C, 8) AP after each repair, and (C,) where every wrong detection stands below every right one.

    ``order`` are the detections that count, by image and falling score, which breaks ties of score as TIDE does: as
    they stand where nothing is repaired, wrong and repaired ones first where something is. NaN for a class without
    box and detection. Column ``NOTHING`` is before any repair.
    """
    entries = _entries(order, detections.class_index, truth.class_index, explained.error, explained.box,
                       explained.on_crowd, explained.best)  # fmt: skip
    everyone = np.arange(len(entries.row), dtype=np.int32)
    by_class = counting_sort(entries.label, everyone, classes)
    bounds = np.concatenate([[0], np.cumsum(np.bincount(entries.label, minlength=classes))])
    scores = detections.scores.astype(np.float64)[entries.row]
    real = np.bincount(truth.class_index[~truth.crowd], minlength=classes)
    missed = np.bincount(truth.class_index[explained.box_error == MISSED], minlength=classes)
    not_found = np.bincount(truth.class_index[explained.box_error > NONE], minlength=classes)
    boxes = np.repeat(real[:, None], REPAIRS, axis=1)
    boxes[:, MISSED] -= missed
    boxes[:, NOT_FOUND] -= not_found
    scored = np.full((classes, REPAIRS), np.nan)
    _walk.compile()  # type: ignore[attr-defined]

    def walk(c: int) -> None:
        rows = by_class[bounds[c] : bounds[c + 1]]
        rows = by_falling_score(rows, scores, np.array([0, len(rows)], np.int64))
        _walk(rows, entries, boxes[c], POINTS, NOTHING, NOTHING + 1, scored[c])
        _wrong_first(rows, scores, entries.right)
        _walk(rows, entries, boxes[c], POINTS, NOTHING + 1, REPAIRS, scored[c])

    side_by_side(walk, np.argsort(-np.diff(bounds), kind="stable").tolist())
    found = real - not_found
    reached = np.searchsorted(POINTS, found / np.maximum(real, 1), side="right")
    perfect = np.where(np.isnan(scored[:, NOTHING]), np.nan, np.where(found > 0, reached / len(POINTS), 0.0))
    return scored, perfect


@compiled
def _entries(
    order: Int32s,
    det_class: Int64s,
    gt_class: Int64s,
    error: NDArray[np.int8],
    box: Int32s,
    on_crowd: NDArray[np.bool_],
    best: Int32s,
) -> Entries:
    """Return the entries in the order of their detections."""
    room = len(order) + len(gt_class)
    row, label = np.empty(room, np.int32), np.empty(room, np.int64)
    counts, right = np.empty(room, np.uint8), np.empty(room, np.uint8)
    at = 0
    for d in order:
        kind = error[d]
        bit = 1 << kind
        row[at] = d
        label[at] = det_class[d]
        right[at] = EVERYWHERE if kind == NONE else 0
        counts[at] = EVERYWHERE if kind == NONE else 0 if on_crowd[d] else EVERYWHERE & ~bit
        if kind in (CLASS, LOCALISATION) and best[box[d]] == d:  # it would find the box, the best of those that would
            if kind == CLASS:
                at += 1
                row[at] = d
                label[at] = gt_class[box[d]]
                right[at] = 0
                counts[at] = 0
            right[at] |= bit
            counts[at] |= bit
        at += 1
    return Entries(row[:at], label[:at], counts[:at], right[:at])


@compiled
def _wrong_first(rows: Int32s, scores: Float64s, right: NDArray[np.uint8]) -> None:
    """Among entries of equal score, put those that are not right before any repair first; otherwise as they stand."""
    kept = np.empty(len(rows), np.int32)
    start = 0
    while start < len(rows):
        end, wrong, waiting = start, start, 0
        while end < len(rows) and scores[rows[end]] == scores[rows[start]]:
            end += 1
        for k in range(start, end if end - start > 1 else start):
            if right[rows[k]] == EVERYWHERE:
                kept[waiting] = rows[k]
                waiting += 1
            else:
                rows[wrong] = rows[k]
                wrong += 1
        rows[end - waiting : end] = kept[:waiting]
        start = end


@compiled
def _walk(
    rows: Int32s, entries: Entries, boxes: Int64s, points: Float64s, first: int, last: int, scored: Float64s
) -> None:
    """Walk up from the lowest score for the repairs ``first`` … ``last`` - 1; see ``average_precision._curves``."""
    kept, right = np.zeros(REPAIRS, np.int64), np.zeros(REPAIRS, np.int64)
    best_kept, best_right = np.ones(REPAIRS, np.int64), np.zeros(REPAIRS, np.int64)  # the best precision, a fraction
    place, near, total = np.full(REPAIRS, len(points) - 1), np.zeros(REPAIRS), np.zeros(REPAIRS)
    for k in rows:
        for v in range(first, last):
            kept[v] += (entries.counts[k] >> v) & 1
            right[v] += (entries.right[k] >> v) & 1
    for v in range(first, last):
        scored[v] = 0.0 if kept[v] or boxes[v] else np.nan
        while boxes[v] and place[v] >= 0 and points[place[v]] > right[v] / boxes[v]:
            place[v] -= 1
        near[v] = points[place[v]] * boxes[v] + 1
    for at in range(len(rows) - 1, -1, -1):
        k = rows[at]
        for v in range(first, last):
            if (entries.right[k] >> v) & 1:
                if right[v] * best_kept[v] > best_right[v] * kept[v]:
                    best_right[v], best_kept[v] = right[v], kept[v]
                right[v] -= 1
                if right[v] <= near[v]:
                    while boxes[v] and place[v] >= 0 and points[place[v]] > right[v] / boxes[v]:
                        total[v] += best_right[v] / best_kept[v]
                        place[v] -= 1
                    near[v] = points[place[v]] * boxes[v] + 1 if place[v] >= 0 else -1.0
            kept[v] -= (entries.counts[k] >> v) & 1
    for v in range(first, last):
        if boxes[v]:
            scored[v] = (total[v] + best_right[v] / best_kept[v]) / len(points)
