"""Sorting boxes by class, image and score, in time proportional to their number."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from science.evaluation.threads import cores, side_by_side
from science.geometry.compiled import compiled, compiled_in_place

DIGIT = 11  # bits of a score that one pass of the radix sort looks at
DIGITS = 6  # passes that 64 bits need; a digit that all scores share costs none
MANY = 1000  # parts from which on they are sorted side by side
FEW = 192  # up to here inserting one by one is faster

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


def by_class_and_image(class_index: Int64s, image_index: Int64s, classes: int, images: int) -> Int32s:
    """Return the (N,) positions by class, then image, then the order given."""
    order = counting_sort(image_index, np.arange(len(image_index), dtype=np.int32), images)
    by_both: Int32s = counting_sort(class_index, order, classes)
    return by_both


def by_falling_score(order: Int32s, scores: NDArray[np.float64], bounds: Int64s) -> Int32s:
    """Return ``order`` with each part ``bounds[k]:bounds[k + 1]`` by falling score, equal ones as they stood."""
    sorted_order = order.copy()
    sort_parts.compile()  # type: ignore[attr-defined]
    cuts = np.linspace(0, len(bounds) - 1, (cores() if len(bounds) > MANY else 1) + 1).astype(np.int64)
    side_by_side(lambda part: sort_parts(sorted_order, scores, bounds[part[0] : part[1] + 1]), pairwise(cuts.tolist()))
    return sorted_order


@compiled
def counting_sort(keys: Int64s, order: Int32s, buckets: int) -> Int32s:
    """Return ``order`` by rising key 0 … buckets - 1, equal ones as they stood."""
    starts = np.zeros(buckets + 1, np.int64)
    for k in range(len(order)):
        starts[keys[order[k]] + 1] += 1
    for b in range(buckets):
        starts[b + 1] += starts[b]
    result = np.empty_like(order)
    for k in range(len(order)):
        bucket = keys[order[k]]
        result[starts[bucket]] = order[k]
        starts[bucket] += 1
    return result


@compiled
def sort_parts(order: Int32s, scores: NDArray[np.float64], bounds: Int64s) -> None:
    """Sort each part of ``order`` in place by falling score."""
    spare = np.empty(FEW)
    for b in range(len(bounds) - 1):
        low, high = bounds[b], bounds[b + 1]
        if high - low <= FEW:
            _insert(order, scores, low, high, spare)
        else:
            _radix(order, scores, low, high)


@compiled_in_place
def _insert(order: Int32s, scores: NDArray[np.float64], low: int, high: int, spare: NDArray[np.float64]) -> None:
    """Insert one by one, with the scores beside."""
    for k in range(high - low):
        row = order[low + k]
        score = scores[row]
        place = k
        while place > 0 and spare[place - 1] < score:
            order[low + place] = order[low + place - 1]
            spare[place] = spare[place - 1]
            place -= 1
        order[low + place] = row
        spare[place] = score


@compiled
def _radix(order: Int32s, scores: NDArray[np.float64], low: int, high: int) -> None:
    """Sort a part by the bits of its scores, eleven at a time, the lowest first."""
    count = high - low
    buckets = 1 << DIGIT
    last = np.uint64(buckets - 1)
    sign = np.uint64(1) << np.uint64(63)
    values = np.empty(count, np.float64)
    for k in range(count):
        values[k] = 0.0 - scores[order[low + k]]  # 0.0 - 0.0 has no sign: +0 and -0 are one score
    keys = values.view(np.uint64)
    histogram = np.zeros((DIGITS, buckets), np.int64)
    for k in range(count):
        key = keys[k]
        key = ~key if key & sign else key | sign
        keys[k] = key
        for digit in range(DIGITS):
            histogram[digit, np.int64((key >> np.uint64(digit * DIGIT)) & last)] += 1
    rows = order[low:high].copy()
    spare_keys, spare_rows = np.empty_like(keys), np.empty_like(rows)
    for digit in range(DIGITS):
        shift = np.uint64(digit * DIGIT)
        starts = histogram[digit]
        if starts[np.int64((keys[0] >> shift) & last)] == count:
            continue
        total = 0
        for b in range(buckets):
            here = starts[b]
            starts[b] = total
            total += here
        for k in range(count):
            bucket = np.int64((keys[k] >> shift) & last)
            spare_keys[starts[bucket]] = keys[k]
            spare_rows[starts[bucket]] = rows[k]
            starts[bucket] += 1
        keys, spare_keys = spare_keys, keys
        rows, spare_rows = spare_rows, rows
    order[low:high] = rows
