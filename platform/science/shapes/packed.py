"""One object's finer shape as few bytes, which the revision store keeps beside its box.

A head of 16 bytes, big-endian, that a database can read with no more than shifts, then the shape itself:

    byte 0        kind: its upper half 1 polygon, 2 turned box, 3 mask; its lower half how the rest is written
    bytes 1 … 3   number of points (masks: 0)
    bytes 4 … 9   area, in 256ths of a square pixel
    bytes 10 … 13 length of the outline, in 64ths of a pixel (at most 67 million pixels)
    bytes 14, 15  angle, in hundredths of a degree, 0 … 18000

Polygon: how many parts, of each part how many rings, of each ring how many points; then x and y of all points, either
as 32-bit floats or, where that is shorter and the same to the last bit (labels with few decimals), as varints of the
steps from point to point in units of 1, 1/10, 1/100 or 1/1000 of a pixel. Turned box: five 32-bit floats. Mask: height,
width and runs as varints, from the third run on as the difference to two before.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from science.shapes.finer import Finer, Mask, Polygon, TurnedBox
from science.shapes.measures import angle_of, area_of, length_of, points_of
from science.shapes.varints import bytes_of, first_number, numbers_of, signed, unsigned

POLYGON, TURNED, MASK = 1, 2, 3
NAMES = {POLYGON: "polygon", TURNED: "turned", MASK: "mask"}
FLOATS, FINENESSES = 1, {2: 1, 3: 10, 4: 100, 5: 1000}  # the lower half of a polygon's first byte; steps a pixel
HEAD = 16
BOX = struct.Struct("<5f")


class ShapeFacts(NamedTuple):
    """What the head of a packed shape says."""

    kind: str  # polygon, turned or mask
    points: int
    area: float  # square pixels, to 1/256
    length: float  # pixels, to 1/64
    angle: float  # degrees, to 1/100


def pack(shape: Finer) -> bytes:
    """Return the bytes of a shape; equal shapes have equal bytes."""
    if isinstance(shape, TurnedBox):
        return _head(TURNED, FLOATS, shape) + BOX.pack(shape.x, shape.y, shape.width, shape.height, shape.angle)
    if isinstance(shape, Mask):
        sides = np.array([shape.height, shape.width], np.int64)
        return _head(MASK, FLOATS, shape) + bytes_of(sides) + bytes_of(unsigned(_run_steps(shape.counts)))
    rings = shape.rings()
    shaped = [len(shape.parts), *(len(part) for part in shape.parts), *map(len, rings)]
    how, points = _points(np.concatenate(rings))
    return _head(POLYGON, how, shape) + bytes_of(np.array(shaped, np.int64)) + points


def unpack(data: bytes) -> Finer:
    """Return the shape that these bytes are. Raises ``ValueError`` where they are none."""
    kind, how = data[0] >> 4, data[0] & 15
    if kind == TURNED and how == FLOATS:
        return TurnedBox(*BOX.unpack_from(data, HEAD))
    if kind == MASK and how == FLOATS:
        height, at = first_number(data, HEAD)
        width, at = first_number(data, at)
        return Mask(height, width, _runs(signed(numbers_of(data[at:]))))
    if kind == POLYGON and (how == FLOATS or how in FINENESSES):
        return _polygon(data, how)
    raise ValueError(f"no shape begins with the byte {data[0]}; a newer release may have written it")


def facts_of(data: bytes) -> ShapeFacts:
    """Return what the head says, the shape itself unread."""
    head = data[:HEAD]
    whole = [int.from_bytes(head[a:b], "big") for a, b in ((1, 4), (4, 10), (10, 14), (14, 16))]
    return ShapeFacts(NAMES[head[0] >> 4], whole[0], whole[1] / 256, whole[2] / 64, whole[3] / 100)


def _head(kind: int, how: int, shape: Finer) -> bytes:
    whole = [
        (points_of(shape), 3),
        (round(area_of(shape) * 256), 6),
        (round(length_of(shape) * 64), 4),
        (round(angle_of(shape) * 100), 2),
    ]
    packed = [min(value, 256**size - 1).to_bytes(size, "big") for value, size in whole]
    return bytes([kind << 4 | how]) + b"".join(packed)


def _points(xy: NDArray[np.float32]) -> tuple[int, bytes]:
    """How (P, 2) points are written, and their bytes: in the coarsest steps that are exact, if that is shorter."""
    floats = np.ascontiguousarray(xy, "<f4").tobytes()
    for how, fineness in FINENESSES.items():
        steps = np.rint(xy.astype(np.float64) * fineness)
        if np.array_equal((steps / fineness).astype(np.float32), xy):
            whole = steps.astype(np.int64)
            whole[1:] -= whole[:-1].copy()
            written = bytes_of(unsigned(whole.reshape(-1)))
            return (how, written) if len(written) < len(floats) else (FLOATS, floats)
    return FLOATS, floats


def _polygon(data: bytes, how: int) -> Polygon:
    at, sizes = HEAD, []
    parts, at = first_number(data, at)
    for _ in range(parts):
        rings, at = first_number(data, at)
        sizes.append(rings)
    ends = [0]
    for _ in range(sum(sizes)):
        points, at = first_number(data, at)
        ends.append(ends[-1] + points)
    if how == FLOATS:
        xy = np.frombuffer(data, "<f4", offset=at).astype(np.float32).reshape(-1, 2)
    else:
        steps = np.cumsum(signed(numbers_of(data[at:])).reshape(-1, 2), axis=0)
        xy = (steps / FINENESSES[how]).astype(np.float32)
    if len(xy) != ends[-1]:
        raise ValueError(f"the bytes have {len(xy)} points where {ends[-1]} were announced")
    every = iter([xy[low:high] for low, high in pairwise(ends)])
    return Polygon(tuple(tuple(next(every) for _ in range(size)) for size in sizes))


def _run_steps(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    steps = counts.copy()
    steps[3:] -= counts[1:-2]
    return steps


def _runs(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    counts = steps.copy()
    counts[1::2], counts[2::2] = np.cumsum(steps[1::2]), np.cumsum(steps[2::2])
    return counts
