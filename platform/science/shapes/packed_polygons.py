"""Many polygons packed at once, byte for byte as ``packed.pack`` packs each: a file of labels has a million of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.geometry.compiled import compiled, compiled_in_place
from science.shapes.finer import FARTHEST, MOST_POINTS
from science.shapes.masks import Float64s, Int64s
from science.shapes.packed import FLOATS, HEAD, POLYGON
from science.shapes.polygons import Polygons

Bytes = NDArray[np.uint8]
Float32s = NDArray[np.float32]

STEPS = (1.0, 10.0, 100.0, 1000.0)  # a pixel; written as 2, 3, 4 and 5 in the first byte
IS_BOX = 0.01  # pixels by which an outline may differ from its box and say nothing more than it
PACKED, NOTHING, ONLY_BOX, WILD, TOO_MANY = range(5)  # what became of an object


class PackedPolygons(NamedTuple):
    """N packed objects, empty where there is none; why; and how many rings of less than three points were left out."""

    packed: list[bytes]  # N
    how: NDArray[np.int8]  # (N,) PACKED, NOTHING (no ring is left), ONLY_BOX, WILD (no place in an image), TOO_MANY
    dropped: Int64s  # (N,)


def packed_polygons(polygons: Polygons, boxes: Float64s) -> PackedPolygons:
    """Pack objects of which each ring is a part; a point that closes a ring once more is left out.

    ``boxes`` (N, 4) xyxy: an outline that is its box and nothing more is not packed.
    """
    xy = (polygons.xy + 0.0).astype(np.float32)
    rings, points = np.diff(polygons.first), polygons.ring[polygons.first[1:]] - polygons.ring[polygons.first[:-1]]
    room = np.concatenate([[0], np.cumsum(HEAD + 4 + 5 * rings + 8 * points)])
    out, size = np.empty(int(room[-1]), np.uint8), np.zeros(len(rings), np.int64)
    how, dropped = np.zeros(len(rings), np.int8), np.zeros(len(rings), np.int64)
    lengths = np.diff(polygons.ring)
    far = np.abs(polygons.xy).max(axis=1, initial=0) > FARTHEST
    far |= np.isnan(polygons.xy).any(axis=1)
    _pack_all(
        xy,
        xy.view(np.uint8).reshape(-1),
        far,
        polygons.ring,
        lengths,
        polygons.first,
        boxes,
        room,
        out,
        size,
        how,
        dropped,
    )
    data = out.tobytes()
    packed = [data[at : at + count] for at, count in zip(room[:-1].tolist(), size.tolist(), strict=True)]
    return PackedPolygons(packed, how, dropped)


@compiled
def _pack_all(
    xy: Float32s,
    raw: Bytes,
    far: NDArray[np.bool_],
    ring: Int64s,
    length: Int64s,
    first: Int64s,
    boxes: Float64s,
    room: Int64s,
    out: Bytes,
    size: Int64s,
    how: NDArray[np.int8],
    dropped: Int64s,
) -> None:
    """Write each object at its room; ``length`` (G,) becomes the points that are kept of each ring, 0 for none."""
    for k in range(len(first) - 1):
        parts, points, is_wild = 0, 0, False
        for g in range(first[k], first[k + 1]):
            length[g] = _opened(xy, ring[g], ring[g + 1])
            dropped[k] += length[g] == 0
            parts, points = parts + (length[g] > 0), points + length[g]
            for p in range(ring[g], ring[g] + length[g]):
                is_wild |= far[p]
        if is_wild or points > MOST_POINTS or parts == 0:
            how[k] = WILD if is_wild else TOO_MANY if parts else NOTHING
            continue
        area = 0.0
        for g in range(first[k], first[k + 1]):
            area += _area(xy, ring[g], length[g])
        if parts == 1 and points == 4 and _is_box(xy, ring, length, first[k], first[k + 1], boxes[k], area):
            how[k] = ONLY_BOX
            continue
        size[k] = _pack_one(xy, raw, ring, length, first[k], first[k + 1], parts, points, area, out, room[k]) - room[k]


@compiled_in_place
def _opened(xy: Float32s, low: int, high: int) -> int:
    """Return how many points of a ring are kept: not a last one that is the first again; none of fewer than three."""
    points = high - low
    if points > 3 and xy[low, 0] == xy[high - 1, 0] and xy[low, 1] == xy[high - 1, 1]:
        points -= 1
    return points if points >= 3 else 0


@compiled_in_place
def _area(xy: Float32s, low: int, points: int) -> float:
    twice = 0.0
    x0, y0 = np.float64(xy[low, 0]) if points else 0.0, np.float64(xy[low, 1]) if points else 0.0
    for p in range(low, low + points - 1):
        x, y, then_x, then_y = xy[p, 0] - x0, xy[p, 1] - y0, xy[p + 1, 0] - x0, xy[p + 1, 1] - y0
        twice += x * then_y - then_x * y
    return abs(twice) / 2


@compiled_in_place
def _is_box(xy: Float32s, ring: Int64s, length: Int64s, low: int, high: int, box: Float64s, area: float) -> bool:
    """Return whether the one ring of four points is the box, whichever way around: its bounds and its area are."""
    x1, y1, x2, y2 = np.inf, np.inf, -np.inf, -np.inf
    for g in range(low, high):
        for p in range(ring[g], ring[g] + length[g]):
            x1, x2 = min(x1, xy[p, 0]), max(x2, xy[p, 0])
            y1, y2 = min(y1, xy[p, 1]), max(y2, xy[p, 1])
    off = max(abs(x1 - box[0]), abs(y1 - box[1]), abs(x2 - box[2]), abs(y2 - box[3]))
    return off <= IS_BOX and abs((x2 - x1) * (y2 - y1) - area) <= IS_BOX * (x2 - x1 + y2 - y1)


@compiled_in_place
def _pack_one(
    xy: Float32s,
    raw: Bytes,
    ring: Int64s,
    length: Int64s,
    low: int,
    high: int,
    parts: int,
    points: int,
    area: float,
    out: Bytes,
    start: int,
) -> int:
    """Write one object; return the byte after it."""
    around = 0.0
    for g in range(low, high):
        around += _around(xy, ring[g], length[g])
    at = _number(out, start + HEAD, parts)
    for _ in range(parts):
        at = _number(out, at, 1)
    for g in range(low, high):
        if length[g]:
            at = _number(out, at, length[g])
    written, end = FLOATS, at
    for k in range(len(STEPS)):
        if written == FLOATS and _all_in_steps(xy, ring, length, low, high, STEPS[k]):
            end = _steps(xy, ring, length, low, high, STEPS[k], out, at, at + 8 * points)
            written = k + 2 if end > 0 else -1
    if written <= FLOATS:
        written, end = FLOATS, at
        for g in range(low, high):
            for b in range(8 * ring[g], 8 * (ring[g] + length[g])):
                out[end] = raw[b]
                end += 1
    out[start] = POLYGON << 4 | written
    _big_endian(out, start + 1, 3, points)
    _big_endian(out, start + 4, 6, np.int64(np.rint(area * 256)))
    _big_endian(out, start + 10, 4, min(np.int64(np.rint(around * 64)), np.int64(2**32 - 1)))
    _big_endian(out, start + 14, 2, 0)
    return end


@compiled_in_place
def _around(xy: Float32s, low: int, points: int) -> float:
    total = 0.0
    for p in range(low, low + points):
        then = p + 1 if p + 1 < low + points else low
        across, down = np.float64(xy[then, 0]) - xy[p, 0], np.float64(xy[then, 1]) - xy[p, 1]
        total += np.hypot(across, down)
    return total


@compiled_in_place
def _all_in_steps(xy: Float32s, ring: Int64s, length: Int64s, low: int, high: int, fineness: float) -> bool:
    for g in range(low, high):
        for p in range(ring[g], ring[g] + length[g]):
            for axis in range(2):
                value = np.float64(xy[p, axis])
                if np.float32(np.rint(value * fineness) / fineness) != xy[p, axis]:
                    return False
    return True


@compiled_in_place
def _steps(
    xy: Float32s, ring: Int64s, length: Int64s, low: int, high: int, fineness: float, out: Bytes, at: int, stop: int
) -> int:
    """Write the steps from point to point; return the byte after them, -1 where they reach ``stop``, as floats do."""
    x, y = np.int64(0), np.int64(0)
    for g in range(low, high):
        for p in range(ring[g], ring[g] + length[g]):
            then_x = np.int64(np.rint(np.float64(xy[p, 0]) * fineness))
            then_y = np.int64(np.rint(np.float64(xy[p, 1]) * fineness))
            for step in (then_x - x, then_y - y):
                number = step << 1 if step >= 0 else (-step << 1) - 1
                if at + 9 >= stop and at + _size(number) >= stop:
                    return -1
                at = _number(out, at, number)
            x, y = then_x, then_y
    return at


@compiled_in_place
def _size(number: int | np.int64) -> int:
    size = 1
    while number >= 128:
        number, size = number >> 7, size + 1
    return size


@compiled_in_place
def _number(out: Bytes, at: int, number: int | np.int64) -> int:
    """Write a varint; return the byte after it."""
    while number >= 128:
        out[at] = number & 127 | 128
        number, at = number >> 7, at + 1
    out[at] = number
    return at + 1


@compiled_in_place
def _big_endian(out: Bytes, at: int, size: int, number: int | np.int64) -> None:
    for k in range(size):
        out[at + size - 1 - k] = number >> 8 * k & 255
