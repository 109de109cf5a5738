"""Whole numbers as bytes of seven bits each, the low ones first; a byte's highest bit says that more follow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LONGEST = 9  # bytes: numbers below 2^63


def bytes_of(numbers: NDArray[np.integer]) -> bytes:
    """(N,) numbers from 0 on, one after the other."""
    values = numbers.astype(np.uint64)
    sizes = np.ones(len(values), np.int64)
    for more in range(1, LONGEST):
        larger = values >= np.uint64(1 << 7 * more)
        if not larger.any():
            break
        sizes += larger
    ends = np.cumsum(sizes)
    out = np.empty(int(ends[-1]) if len(ends) else 0, np.uint8)
    for place in range(int(sizes.max(initial=0))):
        rows = np.flatnonzero(sizes > place)
        seven = (values[rows] >> np.uint64(7 * place)) & np.uint64(0x7F)
        out[ends[rows] - sizes[rows] + place] = seven | np.where(sizes[rows] > place + 1, 0x80, 0).astype(np.uint64)
    return out.tobytes()


def numbers_of(data: bytes) -> NDArray[np.int64]:
    """The numbers that all these bytes are. Raises ``ValueError`` where they end within one."""
    read = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(read < 0x80) + 1
    if len(read) and (not len(ends) or ends[-1] != len(read)):
        raise ValueError("the bytes end within a number")
    if not len(ends):
        return np.zeros(0, np.int64)
    starts = np.concatenate([[0], ends[:-1]])
    places = np.arange(len(read)) - np.repeat(starts, ends - starts)
    return np.add.reduceat((read & 0x7F).astype(np.int64) << (7 * places), starts)


def first_number(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at this byte, and the byte after it."""
    value, shift = 0, 0
    while data[at] & 0x80:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def unsigned(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers of either sign as numbers from 0 on, small ones staying small: 0, -1, 1, -2 … are 0, 1, 2, 3 …"""
    return (numbers << 1) ^ (numbers >> 63)


def signed(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """What ``unsigned`` was given."""
    return (numbers >> 1) ^ -(numbers & 1)
