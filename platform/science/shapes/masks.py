"""Masks as runs of pixels: the columns of an image one under the other, from left to right, as COCO's RLE counts them.

Pixel (x, y) of an image of height H has the number x * H + y. A mask is the runs of numbers that it covers, rising and
apart from each other, so that areas and overlaps of masks are sums over a few hundred runs instead of a million pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.geometry.compiled import compiled, compiled_in_place

Float64s = NDArray[np.float64]
Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


class Masks(NamedTuple):
    """N masks. The runs of mask k are ``first[k]:first[k + 1]``; a run covers the pixels ``start`` … ``end`` - 1."""

    start: Int32s  # (R,)
    end: Int32s  # (R,)
    first: Int64s  # (N+1,)
    height: Int32s  # (N,) of the image, pixels
    width: Int32s  # (N,)
    area: Int64s  # (N,) pixels

    @property
    def total(self) -> int:
        """The number of masks, N: ``len`` and ``count`` are a tuple's own."""
        return len(self.height)

    def take(self, rows: NDArray[np.generic]) -> Masks:
        """Return the masks at these positions (or where a mask is true), in that order."""
        picked = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)
        first = np.concatenate([[0], np.cumsum(np.diff(self.first)[picked])]).astype(np.int64)
        start, end = (_picked(column, self.first, picked, int(first[-1])) for column in (self.start, self.end))
        return Masks(start, end, first, self.height[picked], self.width[picked], self.area[picked])

    def boxes(self) -> Float64s:
        """Return (N, 4) the smallest xyxy boxes around the pixels; zeros where a mask is empty."""
        return _boxes(self)

    def areas(self) -> Float64s:
        """Return (N,) square pixels."""
        return self.area.astype(np.float64)


def masks_of_runs(start: Int32s, end: Int32s, first: Int64s, height: Int32s, width: Int32s) -> Masks:
    """Masks of runs that are rising and apart already; their areas are summed here."""
    return Masks(start, end, first, height, width, _areas(start, end, first))


def joined(parts: list[Masks]) -> Masks:
    """One after the other."""
    before = np.cumsum([0, *(part.first[-1] for part in parts)])
    first = [np.zeros(1, np.int64), *(part.first[1:] + runs for part, runs in zip(parts, before[:-1], strict=True))]
    start, end, height, width = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("start", "end", "height", "width")
    )
    return masks_of_runs(start, end, np.concatenate(first), height, width)


def masks_of_counts(counts: Sequence[Sequence[int]], sizes: Sequence[tuple[int, int]]) -> Masks:
    """Masks of COCO's uncompressed RLE: lengths of what lies outside and inside in turn; sizes are (height, width).

    Raises ``ValueError`` where the lengths of a mask do not add up to its image.
    """
    flat = np.array([length for one in counts for length in one], np.int64)
    first = np.concatenate([[0], np.cumsum([len(one) for one in counts])]).astype(np.int64)
    height, width = (np.array([size[k] for size in sizes], np.int32) for k in (0, 1))
    start, end, runs, wrong = runs_of_counts(flat, first, height.astype(np.int64) * width)
    if wrong >= 0:
        raise ValueError(
            f"the run lengths of mask {wrong} do not add up to its image of {height[wrong]} x {width[wrong]}"
        )
    return masks_of_runs(start, end, runs, height, width)


def closed_up(
    start: Int32s, end: Int32s, counts: Int64s, cuts: list[int], room: list[int], height: Int32s, width: Int32s
) -> Masks:
    """Masks of runs that were written in parts: those of the masks from ``cuts[k]`` on begin at ``room[k]``."""
    total = 0
    for k, (low, high) in enumerate(pairwise(cuts)):
        found = int(counts[low:high].sum())
        for column in (start, end):
            column[total : total + found] = column[room[k] : room[k] + found]
        total += found
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return masks_of_runs(start[:total], end[:total], first, height, width)


def counts_of(masks: Masks) -> list[list[int]]:
    """COCO's uncompressed RLE of each mask: what lies outside first, if only 0 pixels."""
    found = []
    for k in range(masks.total):
        rows = slice(int(masks.first[k]), int(masks.first[k + 1]))
        edges = np.stack([masks.start[rows], masks.end[rows]], axis=1).reshape(-1)
        whole = int(masks.height[k]) * int(masks.width[k])
        lengths = np.diff(np.concatenate([[0], edges, [whole]]).astype(np.int64)).tolist()
        found.append(lengths[:-1] if len(lengths) > 1 and lengths[-1] == 0 else lengths)
    return found


def masks_of_pixels(pictures: Sequence[NDArray[np.bool_]]) -> Masks:
    """Masks of pictures (H, W) of true and false."""
    starts, ends, first = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], [0]
    for picture in pictures:
        line = np.zeros(picture.size + 2, np.int8)
        line[1:-1] = np.asarray(picture, np.bool_).T.reshape(-1)
        steps = np.diff(line)
        starts.append(np.flatnonzero(steps == 1).astype(np.int32))
        ends.append(np.flatnonzero(steps == -1).astype(np.int32))
        first.append(first[-1] + len(starts[-1]))
    height, width = (np.array([picture.shape[k] for picture in pictures], np.int32) for k in (0, 1))
    return masks_of_runs(np.concatenate(starts), np.concatenate(ends), np.array(first, np.int64), height, width)


def pixels_of(masks: Masks, row: int) -> NDArray[np.bool_]:
    """One mask as a picture (H, W)."""
    height, width = int(masks.height[row]), int(masks.width[row])
    line = np.zeros(height * width + 1, np.int8)
    runs = slice(int(masks.first[row]), int(masks.first[row + 1]))
    line[masks.start[runs]] += 1
    line[masks.end[runs]] -= 1
    return np.cumsum(line[:-1]).astype(np.bool_).reshape(width, height).T


@compiled
def runs_of_counts(counts: Int64s, first: Int64s, whole: Int64s) -> tuple[Int32s, Int32s, Int64s, int]:
    """Return the runs of lengths outside and inside in turn, and the first mask that does not fill its image or -1."""
    start, end = np.empty(len(counts) // 2 + len(whole), np.int32), np.empty(len(counts) // 2 + len(whole), np.int32)
    runs = np.zeros(len(whole) + 1, np.int64)
    total = 0
    for k in range(len(whole)):
        at = 0
        for c in range(first[k], first[k + 1]):
            length = counts[c]
            if length < 0 or at + length > whole[k]:
                return start, end, runs, k
            if (c - first[k]) % 2 and length:
                if total > runs[k] and end[total - 1] == at:
                    end[total - 1] = at + length
                else:
                    start[total], end[total] = at, at + length
                    total += 1
            at += length
        if at != whole[k]:
            return start, end, runs, k
        runs[k + 1] = total
    return start[:total].copy(), end[:total].copy(), runs, -1


@compiled
def _picked(column: Int32s, first: Int64s, rows: Int64s, total: int) -> Int32s:
    """Return the runs of some masks, one after the other, without a list of where each stands."""
    picked = np.empty(total, np.int32)
    at = 0
    for k in rows:
        for r in range(first[k], first[k + 1]):
            picked[at] = column[r]
            at += 1
    return picked


@compiled
def _areas(start: Int32s, end: Int32s, first: Int64s) -> Int64s:
    areas = np.zeros(len(first) - 1, np.int64)
    for k in range(len(areas)):
        for r in range(first[k], first[k + 1]):
            areas[k] += end[r] - start[r]
    return areas


@compiled
def _boxes(masks: Masks) -> Float64s:
    boxes = np.zeros((len(masks.height), 4))
    for k in range(len(masks.height)):
        low, high = masks.first[k], masks.first[k + 1]
        if low == high:
            continue
        height = masks.height[k]
        top, bottom = height, 0
        for r in range(low, high):
            column, last = masks.start[r] // height, (masks.end[r] - 1) // height
            if last > column:  # goes on in the next column
                top, bottom = 0, height
                break
            top = min(top, masks.start[r] - column * height)
            bottom = max(bottom, masks.end[r] - column * height)
        boxes[k, 0], boxes[k, 1] = masks.start[low] // height, top
        boxes[k, 2], boxes[k, 3] = (masks.end[high - 1] - 1) // height + 1, bottom
    return boxes


@compiled_in_place
def shared_pixels(a: Masks, k: int, b: Masks, j: int) -> int:
    """Return how many pixels mask ``k`` of ``a`` and mask ``j`` of ``b`` have in common; both are of one image."""
    p, p_end, q, q_end = a.first[k], a.first[k + 1], b.first[j], b.first[j + 1]
    if p == p_end or q == q_end:
        return 0
    p = _first_after(a.end, p, p_end, b.start[q])
    if p == p_end:
        return 0
    q = _first_after(b.end, q, q_end, a.start[p])
    shared = 0
    while p < p_end and q < q_end:
        low = max(a.start[p], b.start[q])
        p_stops, q_stops = a.end[p], b.end[q]
        shared += max(0, min(p_stops, q_stops) - low)
        p += p_stops <= q_stops  # without a branch: which run ends first cannot be foreseen
        q += q_stops <= p_stops
    return shared


@compiled_in_place
def _first_after(ends: Int32s, low: int, high: int, position: int) -> int:
    """Return the first run that ends after a position."""
    while low < high:
        middle = (low + high) // 2
        if ends[middle] <= position:
            low = middle + 1
        else:
            high = middle
    return low
