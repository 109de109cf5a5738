"""Polygons to masks, pixel for pixel as COCO's own tools fill them.

COCO's rule: corners are rounded to fifths of a pixel, an edge is a chain of such fifths, and a pixel column is entered
or left where the chain passes its middle. pycocotools lists every fifth along the outline; here each edge is asked
directly where it passes the middles, which gives the same pixels for a fifth of the work or less.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from science.evaluation.threads import cores, side_by_side
from science.geometry.compiled import compiled, compiled_in_place
from science.shapes.masks import Float64s, Int32s, Int64s, Masks, closed_up

FIFTHS = 5
FEW_POLYGONS = 500


class Polygons(NamedTuple):
    """N objects of one or more rings each; an object is what any of its rings encloses."""

    xy: Float64s  # (P, 2) corners, pixels
    ring: Int64s  # (G+1,) the corners of ring g are ``ring[g]:ring[g + 1]``
    first: Int64s  # (N+1,) the rings of object k are ``first[k]:first[k + 1]``


def polygons_of(objects: Sequence[Sequence[Sequence[float]]]) -> Polygons:
    """Polygons of COCO's lists: per object its rings, each x, y, x, y …"""
    rings = [ring for one in objects for ring in one]
    xy = np.array([value for ring in rings for value in ring], np.float64).reshape(-1, 2)
    ring = np.concatenate([[0], np.cumsum([len(one) // 2 for one in rings])]).astype(np.int64)
    return Polygons(xy, ring, np.concatenate([[0], np.cumsum([len(one) for one in objects])]).astype(np.int64))


def filled(polygons: Polygons, height: Int32s, width: Int32s) -> Masks:
    """Masks (N,) of polygons on images of these sizes. Rings of fewer than three corners enclose nothing."""
    count = len(height)
    cuts = np.linspace(0, count, (4 * cores() if count > FEW_POLYGONS else 1) + 1).astype(np.int64).tolist()
    room = [0, *np.cumsum([_room(polygons, width, low, high) for low, high in pairwise(cuts)]).tolist()]
    start, end = np.empty(room[-1], np.int32), np.empty(room[-1], np.int32)
    counts = np.zeros(count, np.int64)
    _fill.compile()  # type: ignore[attr-defined]
    side_by_side(
        lambda k: _fill(polygons, height, width, cuts[k], cuts[k + 1], start[room[k] :], end[room[k] :], counts),
        range(len(cuts) - 1),
    )
    return closed_up(start, end, counts, cuts, room, height, width)


@compiled_in_place
def _room(polygons: Polygons, width: Int32s, low: int, high: int) -> int:
    """Return at most how many runs some objects have."""
    room = 0
    for k in range(low, high):
        for g in range(polygons.first[k], polygons.first[k + 1]):
            room += _most_marks(polygons, g, width[k]) // 2 + 1
    return room


@compiled
def _fill(
    polygons: Polygons,
    height: Int32s,
    width: Int32s,
    low: int,
    high: int,
    start: Int32s,
    end: Int32s,
    counts: Int64s,
) -> None:
    """Write down the runs of the objects ``low`` … ``high`` - 1, and how many each has."""
    marks, sorted_marks = np.empty(4096, np.int32), np.empty(4096, np.int32)
    begins = np.zeros(max(width) + 2 if len(width) else 2, np.int32)
    total = 0
    for k in range(low, high):
        before, rings = total, 0
        for g in range(polygons.first[k], polygons.first[k + 1]):
            if polygons.ring[g + 1] - polygons.ring[g] < 3:
                continue
            most = _most_marks(polygons, g, width[k])
            if most > len(marks):
                marks, sorted_marks = np.empty(2 * most, np.int32), np.empty(2 * most, np.int32)
            found = _marks(polygons, g, height[k], width[k], marks)
            _sort(marks, found, height[k], begins, sorted_marks)
            total = _runs_of_marks(sorted_marks, found, height[k] * width[k], start, end, total)
            rings += 1
        if rings > 1:
            total = _united(start, end, before, total)
        counts[k] = total - before


@compiled_in_place
def _most_marks(polygons: Polygons, g: int, width: int) -> int:
    """Return a bound on how many column middles a ring passes within an image."""
    low, high = polygons.ring[g], polygons.ring[g + 1]
    most = 0
    for p in range(low, high):
        other = p + 1 if p + 1 < high else low
        most += min(int(abs(polygons.xy[p, 0] - polygons.xy[other, 0])), width) + 2
    return most


@compiled_in_place
def _marks(polygons: Polygons, g: int, height: int, width: int, marks: Int32s) -> int:
    """Write down the pixels at which a ring begins or ends to cover a column; return how many there are."""
    low, high = polygons.ring[g], polygons.ring[g + 1]
    found = 0
    last_x, last_y = int(FIFTHS * polygons.xy[high - 1, 0] + 0.5), int(FIFTHS * polygons.xy[high - 1, 1] + 0.5)
    for p in range(low, high):
        x, y = int(FIFTHS * polygons.xy[p, 0] + 0.5), int(FIFTHS * polygons.xy[p, 1] + 0.5)
        found = _edge(last_x, last_y, x, y, height, width, marks, found)
        last_x, last_y = x, y
    return found


@compiled_in_place
def _edge(x0: int, y0: int, x1: int, y1: int, height: int, width: int, marks: Int32s, found: int) -> int:
    """Add the marks of one edge, whose ends are in fifths of a pixel; a column's middle lies between two of them."""
    across, down = abs(x1 - x0), abs(y1 - y0)
    wide = across >= down
    if (x0 > x1) if wide else (y0 > y1):
        x0, y0, x1, y1 = x1, y1, x0, y0
    left, right = min(x0, x1), max(x0, x1)
    first = max(0, (left - 2 + FIFTHS - 1) // FIFTHS)
    last = min(width - 1, (right - 3) // FIFTHS)
    if first > last:
        return found
    slope = (y1 - y0) / across if wide else (x1 - x0) / down
    for column in range(first, last + 1):
        before = FIFTHS * column + 2  # the fifth left of the middle; the next one is right of it
        if wide:
            step = before - x0
            row = min(int(y0 + slope * step + 0.5), int(y0 + slope * (step + 1) + 0.5))
        else:
            row = y0 + _steps_to(x0, slope, down, before) - 1
        y = min(max((row + 2) // FIFTHS, 0), height)
        marks[found] = column * height + y
        found += 1
    return found


@compiled_in_place
def _steps_to(x0: int, slope: float, steps: int, before: int) -> int:
    """Return the first step of a steep edge that lies on the other side of a column's middle than its beginning."""
    rising = slope > 0
    guess = int((before + 0.5 - x0) / slope)
    step = min(max(guess, 1), steps)
    while step > 1 and (int(x0 + slope * (step - 1) + 0.5) > before) == rising:
        step -= 1
    while step < steps and (int(x0 + slope * step + 0.5) > before) != rising:
        step += 1
    return step


@compiled_in_place
def _sort(marks: Int32s, found: int, height: int, begins: Int32s, to: Int32s) -> None:
    """Sort marks, of which a column has few: column by column, and within one by insertion."""
    if not found:
        return
    low, high = marks[0], marks[0]
    for k in range(1, found):
        low, high = min(low, marks[k]), max(high, marks[k])
    first, columns = low // height, high // height - low // height + 1
    for c in range(columns + 1):
        begins[c] = 0
    for k in range(found):
        begins[marks[k] // height - first + 1] += 1
    for c in range(columns):
        begins[c + 1] += begins[c]
    for k in range(found - 1, -1, -1):
        c = marks[k] // height - first + 1
        begins[c] -= 1
        to[begins[c]] = marks[k]
    for k in range(1, found):
        mark, place = to[k], k
        while place > 0 and to[place - 1] > mark:
            to[place] = to[place - 1]
            place -= 1
        to[place] = mark


@compiled_in_place
def _runs_of_marks(marks: Int32s, found: int, whole: int, start: Int32s, end: Int32s, total: int) -> int:
    """Add the runs between rising marks, of which two at one place cancel out; return how many runs there are."""
    inside = False
    k = 0
    while k < found:
        if k + 1 < found and marks[k + 1] == marks[k]:
            k += 2
            continue
        if inside:
            end[total] = marks[k]
            total += 1
        else:
            start[total] = marks[k]
        inside = not inside
        k += 1
    if inside and start[total] < whole:
        end[total] = whole
        total += 1
    return total


@compiled
def _united(start: Int32s, end: Int32s, low: int, total: int) -> int:
    """Unite the runs from ``low`` on in place; return how many runs there are then."""
    order = np.argsort(start[low:total])
    starts, ends = start[low:total][order], end[low:total][order]
    last = low - 1
    for k in range(len(starts)):
        if last >= low and starts[k] <= end[last]:
            end[last] = max(end[last], ends[k])
        else:
            last += 1
            start[last], end[last] = starts[k], ends[k]
    return last + 1
