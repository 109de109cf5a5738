"""Label Studio's brush: a picture's bytes as runs, packed bit by bit, as its tool thi.ng/rle-pack writes them.

32 bits: how many values; 5: the bits of a value, less 1; four times 4: the bits of a run's length, less 1, in each of
four sizes. Then piece after piece: a bit that says whether one value is repeated, two that say which size the length
has, the length less 1, and the value, or as many values. The values are those of an RGBA picture, row by row; what is
drawn is told by the fourth of each pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

CHANNELS, OPAQUE = 4, 255
SIZES = (3, 4, 8, 16)  # bits of a length, as the tool has them


class BrokenBrush(ValueError):
    """Bytes that are no such picture."""


def pixels_of_brush(data: Sequence[int], height: int, width: int) -> NDArray[np.bool_]:
    """Which pixels of a picture (height, width) are drawn. Raises ``BrokenBrush``."""
    if not all(isinstance(value, int) and 0 <= value < 256 for value in data):
        raise BrokenBrush("its rle is no list of bytes")
    bits = _Bits(bytes(data))
    total, size = bits.read(32), bits.read(5) + 1
    lengths = [bits.read(4) + 1 for _ in range(4)]
    if total != height * width * CHANNELS:
        raise BrokenBrush(
            f"its rle has {total} values where {width} × {height} pixels have {height * width * CHANNELS}"
        )
    values = np.zeros(total, np.uint8)
    at = 0
    while at < total:
        repeated, length = bits.read(1), bits.read(lengths[bits.read(2)]) + 1
        if at + length > total:
            raise BrokenBrush("its rle has more values than it says")
        if repeated:
            values[at : at + length] = bits.read(size)
        else:
            values[at : at + length] = [bits.read(size) for _ in range(length)]
        at += length
    return values[CHANNELS - 1 :: CHANNELS].reshape(height, width) > 0


def brush_of_pixels(pixels: NDArray[np.bool_]) -> list[int]:
    """The bytes of a picture whose drawn pixels, (height, width), are white and opaque."""
    line = pixels.reshape(-1)
    edges = [0, *(np.flatnonzero(line[1:] != line[:-1]) + 1).tolist(), line.size]
    written = [f"{line.size * CHANNELS:032b}{7:05b}", *(f"{size - 1:04b}" for size in SIZES)]
    for start, stop in pairwise(edges):
        value = OPAQUE if line[start] else 0
        written += [_piece(length, value) for length in _lengths((stop - start) * CHANNELS)]
    bits = "".join(written)
    bits += "0" * (-len(bits) % 8)
    return list(int(bits, 2).to_bytes(len(bits) // 8, "big"))


def _lengths(total: int) -> list[int]:
    """A run in lengths that the largest size holds."""
    whole, rest = divmod(total, 1 << SIZES[-1])
    return [1 << SIZES[-1]] * whole + ([rest] if rest else [])


def _piece(length: int, value: int) -> str:
    kind = next(kind for kind, size in enumerate(SIZES) if length <= 1 << size)
    return f"1{kind:02b}{length - 1:0{SIZES[kind]}b}{value:08b}"


class _Bits:
    """Reads numbers of some bits, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.end = data, 0, 8 * len(data)

    def read(self, count: int) -> int:
        if self.at + count > self.end:
            raise BrokenBrush("its rle ends within a number")
        first, last = self.at // 8, (self.at + count + 7) // 8
        value = int.from_bytes(self.data[first:last], "big") >> (8 * last - self.at - count)
        self.at += count
        return value & ((1 << count) - 1)
