"""Average precision after each repair of the error budget, all repairs in one walk per class.

A repair takes wrong detections of one type away, makes some of them right, or takes boxes away. So a detection counts
for the same in all repairs but one, and what differs is kept beside the counts that all repairs share.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.evaluation.explaining import Explained
from science.evaluation.judging import CLASS, LOCALISATION, MISSED, NONE
from science.evaluation.ordering import by_falling_score, counting_sort
from science.evaluation.threads import side_by_side
from science.evaluation.types import Detections, GroundTruth
from science.geometry.compiled import compiled

POINTS = np.arange(101) / 100  # recall 0, 0.01 … 1
NOTHING, NOT_FOUND, REPAIRS = NONE, MISSED + 1, MISSED + 2  # besides the six types: none, and all that is not found

KIND, COUNTS, RIGHT = 7, 8, 16  # bits of a role

Float64s = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


class Entries(NamedTuple):
    """What stands in the list of a class: its detections, and those of others that a repair would bring there.

    A role is one byte. Its lowest bits are ``NONE`` for what is right in all repairs, else the error type, which names
    the only repair in which things differ; then ``COUNTS`` where it is wrong in all other repairs, and ``RIGHT`` where
    it is right in its own, in which else it does not count.
    """

    row: Int32s  # (E,) of the detection
    label: Int64s  # (E,) class
    role: NDArray[np.uint8]  # (E,)


def repaired_precision(
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
    scores = detections.scores.astype(np.float64, copy=False)[entries.row]
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
        roles = entries.role[rows]
        _walk(roles, boxes[c], POINTS, NOTHING, NOTHING + 1, scored[c])
        _wrong_first(roles, scores[rows])
        _walk(roles, boxes[c], POINTS, NOTHING + 1, REPAIRS, scored[c])

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
    room = len(order) + len(gt_class) + 1
    row, label, role = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.uint8)
    at = 0
    for d in order:
        kind = error[d]
        mended = kind in (CLASS, LOCALISATION) and best[box[d]] == d  # the best of those that would find it
        row[at] = d
        label[at] = det_class[d]
        role[at] = kind | (0 if on_crowd[d] else COUNTS) | (RIGHT if kind == NONE or (mended and kind != CLASS) else 0)
        at += 1
        if mended and kind == CLASS:
            row[at] = d
            label[at] = gt_class[box[d]]
            role[at] = CLASS | RIGHT
            at += 1
    return Entries(row[:at], label[:at], role[:at])


@compiled
def _wrong_first(roles: NDArray[np.uint8], scores: Float64s) -> None:
    """Among roles of equal score, put those that are not right before any repair first; otherwise as they stand."""
    kept = np.empty(len(roles), np.uint8)
    start = 0
    while start < len(roles):
        end = start + 1
        while end < len(roles) and scores[end] == scores[start]:
            end += 1
        wrong, waiting = start, 0
        for k in range(start, end if end - start > 1 else start):
            if roles[k] & KIND == NONE:
                kept[waiting] = roles[k]
                waiting += 1
            else:
                roles[wrong] = roles[k]
                wrong += 1
        for k in range(waiting):
            roles[wrong + k] = kept[k]
        start = end


@compiled
def _walk(  # noqa: C901 down, then up, for all repairs
    roles: NDArray[np.uint8], boxes: Int64s, points: Float64s, first: int, last: int, scored: Float64s
) -> None:
    """Walk up from the lowest score for the repairs ``first`` … ``last`` - 1; see ``average_precision._curves``."""
    counted, found = 0, 0  # in all repairs, but for what differs in each
    counted_too, found_too = np.zeros(REPAIRS, np.int64), np.zeros(REPAIRS, np.int64)
    best_counted, best_found = np.ones(REPAIRS, np.int64), np.zeros(REPAIRS, np.int64)  # the best precision, a fraction
    place, near, total = np.full(REPAIRS, len(points) - 1), np.zeros(REPAIRS), np.zeros(REPAIRS)
    for role in roles:
        kind, counts, is_right = role & KIND, 1 if role & COUNTS else 0, 1 if role & RIGHT else 0
        counted += counts
        if kind == NONE:
            found += 1
        else:
            found_too[kind] += is_right
            counted_too[kind] += is_right - counts
    for v in range(first, last):
        right = found + found_too[v]
        scored[v] = 0.0 if counted + counted_too[v] or boxes[v] else np.nan
        while boxes[v] and place[v] >= 0 and points[place[v]] > right / boxes[v]:
            place[v] -= 1
        near[v] = points[place[v]] * boxes[v] + 1
    for at in range(len(roles) - 1, -1, -1):
        role = roles[at]
        kind, counts, is_right = role & KIND, 1 if role & COUNTS else 0, 1 if role & RIGHT else 0
        low, high = (first, last) if kind == NONE else (max(kind, first), min(kind + 1, last))
        for v in range(low, high if is_right else low):
            right, kept = found + found_too[v], counted + counted_too[v]
            if right * best_counted[v] > best_found[v] * kept:
                best_found[v], best_counted[v] = right, kept
            if right - 1 > near[v]:
                continue
            while boxes[v] and place[v] >= 0 and points[place[v]] > (right - 1) / boxes[v]:
                total[v] += best_found[v] / best_counted[v]
                place[v] -= 1
            near[v] = points[place[v]] * boxes[v] + 1 if place[v] >= 0 else -1.0
        counted -= counts
        if kind == NONE:
            found -= 1
        else:
            found_too[kind] -= is_right
            counted_too[kind] -= is_right - counts
    for v in range(first, last):
        if boxes[v]:
            scored[v] = (total[v] + best_found[v] / best_counted[v]) / len(points)
