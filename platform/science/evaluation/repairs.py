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
from science.evaluation.overlaps import image_parts
from science.evaluation.threads import side_by_side
from science.evaluation.types import Detections, GroundTruth
from science.geometry.compiled import compiled, compiled_in_place

POINTS = np.arange(101) / 100  # recall 0, 0.01 … 1
NOTHING, NOT_FOUND, REPAIRS = NONE, MISSED + 1, MISSED + 2  # besides the six types: none, and all that is not found

KIND, COUNTS, RIGHT = 7, 8, 16  # bits of a role
NO_ENTRY = 255

Float64s = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


class Ranking(NamedTuple):
    """The detections by class and falling score, ties by image and as they stand there: the same at every IoU."""

    row: Int32s  # (K,)
    score: Float64s  # (K,)
    bounds: Int64s  # (C+1,) where each class begins


class _Entries(NamedTuple):
    """What stands in the list of a class: its detections, and those of others that a repair would bring there.

    A role is one byte. Its lowest bits are ``NONE`` for what is right in all repairs, else the error type, which names
    the only repair in which things differ; then ``COUNTS`` where it is wrong in all other repairs, and ``RIGHT`` where
    it is right in its own, in which else it does not count.
    """

    role: NDArray[np.uint8]  # (E,)
    score: Float64s  # (E,)


class _Brought(NamedTuple):
    """The best detection of each box that is missed and taken for another class: by the box's class, as ranked."""

    place: Int32s  # (X,) of the detection, by image and falling score
    score: Float64s  # (X,)
    bounds: Int64s  # (C+1,)


def rank(order: Int32s, detections: Detections, classes: int) -> Ranking:
    """Return the ranking of detections given by image and falling score."""
    by_class = counting_sort(detections.class_index, order, classes)
    bounds = np.concatenate([[0], np.cumsum(np.bincount(detections.class_index[order], minlength=classes))])
    scores = detections.scores.astype(np.float64, copy=False)

    def sort(c: int) -> Int32s:
        rows = by_class[bounds[c] : bounds[c + 1]]
        return by_falling_score(rows, scores, np.array([0, len(rows)], np.int64))

    largest_first = np.argsort(-np.diff(bounds), kind="stable").tolist()
    parts = dict(zip(largest_first, side_by_side(sort, largest_first), strict=True))
    row = np.concatenate([np.zeros(0, np.int32), *(parts[c] for c in range(classes))])
    return Ranking(row, scores[row], bounds.astype(np.int64))


def repaired_precision(
    truth: GroundTruth,
    detections: Detections,
    order: Int32s,
    explained: Explained,
    classes: int,
    ranking: Ranking | None = None,
) -> tuple[Float64s, Float64s]:
    """Return (C, 8) AP after each repair, and (C,) where every wrong detection stands below every right one.

    ``order`` are the detections by image and falling score, which breaks ties of score as TIDE does: as they stand
    where nothing is repaired, wrong and repaired ones first where something is. ``ranking`` is theirs where it is there
    already. NaN for a class without box and detection. Column ``NOTHING`` is before any repair.
    """
    ranked = ranking or rank(order, detections, classes)
    roles = np.empty(len(detections), np.uint8)
    _roles.compile()  # type: ignore[attr-defined]
    side_by_side(
        lambda part: _roles(*part, explained.error, explained.box, explained.on_crowd, explained.best, roles),
        image_parts(len(detections), len(detections)),
    )
    place = np.empty(len(detections), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    brought = _brought(truth, detections, explained, place, classes)
    real = np.bincount(truth.class_index[~truth.crowd], minlength=classes)
    missed = np.bincount(truth.class_index[explained.box_error == MISSED], minlength=classes)
    not_found = np.bincount(truth.class_index[explained.box_error > NONE], minlength=classes)
    boxes = np.repeat(real[:, None], REPAIRS, axis=1)
    boxes[:, MISSED] -= missed
    boxes[:, NOT_FOUND] -= not_found
    scored = np.full((classes, REPAIRS), np.nan)
    _walk.compile()  # type: ignore[attr-defined]

    def walk(c: int) -> None:
        entries = _merged(c, ranked, roles, place, brought)
        counts = _counts(entries.role)
        _walk(entries.role, counts, boxes[c], POINTS, NOTHING, NOTHING + 1, scored[c])
        _wrong_first(entries.role, entries.score)
        _walk(entries.role, counts, boxes[c], POINTS, NOTHING + 1, REPAIRS, scored[c])

    side_by_side(walk, np.argsort(-np.diff(ranked.bounds), kind="stable").tolist())
    found = real - not_found
    reached = np.searchsorted(POINTS, found / np.maximum(real, 1), side="right")
    perfect = np.where(np.isnan(scored[:, NOTHING]), np.nan, np.where(found > 0, reached / len(POINTS), 0.0))
    return scored, perfect


@compiled_in_place
def _roles(
    start: int,
    end: int,
    error: NDArray[np.int8],
    box: Int32s,
    on_crowd: NDArray[np.bool_],
    best: Int32s,
    roles: NDArray[np.uint8],
) -> None:
    """Fill in (M,) the role of the detections ``start`` … ``end`` - 1; ``NO_ENTRY`` for what counts for nothing."""
    for d in range(start, end):
        kind = error[d]
        if kind < NONE:
            roles[d] = NO_ENTRY
            continue
        right = kind == NONE or (kind == LOCALISATION and best[box[d]] == d)  # the best of those that would find it
        roles[d] = kind | (0 if on_crowd[d] else COUNTS) | (RIGHT if right else 0)


def _brought(truth: GroundTruth, detections: Detections, explained: Explained, place: Int32s, classes: int) -> _Brought:
    """Return what a repair of the class would bring into the list of another one."""
    boxes = np.flatnonzero(explained.box_error == CLASS)
    row, label = explained.best[boxes], truth.class_index[boxes]
    score = detections.scores[row].astype(np.float64)
    ranked = np.lexsort((place[row], -score, label))
    bounds = np.concatenate([[0], np.cumsum(np.bincount(label, minlength=classes))]).astype(np.int64)
    return _Brought(place[row][ranked], score[ranked], bounds)


@compiled
def _merged(c: int, ranked: Ranking, roles: NDArray[np.uint8], place: Int32s, brought: _Brought) -> _Entries:
    """Return the list of a class: its own detections, and between them those that would be brought there."""
    low, high = ranked.bounds[c], ranked.bounds[c + 1]
    more, end = brought.bounds[c], brought.bounds[c + 1]
    role, score = np.empty(high - low + end - more, np.uint8), np.empty(high - low + end - more)
    at = 0
    for k in range(low, high):
        row, mine = ranked.row[k], ranked.score[k]
        if roles[row] == NO_ENTRY:
            continue
        while more < end and (
            brought.score[more] > mine or (brought.score[more] == mine and brought.place[more] < place[row])
        ):
            role[at], score[at] = CLASS | RIGHT, brought.score[more]
            at += 1
            more += 1
        role[at], score[at] = roles[row], mine
        at += 1
    while more < end:
        role[at], score[at] = CLASS | RIGHT, brought.score[more]
        at += 1
        more += 1
    return _Entries(role[:at], score[:at])


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
def _counts(roles: NDArray[np.uint8]) -> Int64s:
    """Return (32,) how often each role stands in a list."""
    counts = np.zeros(2 * RIGHT, np.int64)
    for role in roles:
        counts[role] += 1
    return counts


@compiled
def _walk(  # noqa: C901 up, for all repairs
    roles: NDArray[np.uint8],
    counts_of: Int64s,
    boxes: Int64s,
    points: Float64s,
    first: int,
    last: int,
    scored: Float64s,
) -> None:
    """Walk up from the lowest score for the repairs ``first`` … ``last`` - 1; see ``average_precision._curves``."""
    counted, found = 0, 0  # in all repairs, but for what differs in each
    counted_too, found_too = np.zeros(REPAIRS, np.int64), np.zeros(REPAIRS, np.int64)
    best_counted, best_found = np.ones(REPAIRS, np.int64), np.zeros(REPAIRS, np.int64)  # the best precision, a fraction
    place, near, total = np.full(REPAIRS, len(points) - 1), np.zeros(REPAIRS), np.zeros(REPAIRS)
    for role in range(len(counts_of)):
        kind, of_role = role & KIND, counts_of[role]
        counts, is_right = of_role if role & COUNTS else 0, of_role if role & RIGHT else 0
        counted += counts
        if kind == NONE:
            found += of_role
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
