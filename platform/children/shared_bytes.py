"""Bytes that a parent and its child hand each other through a file in memory, beside their lines of JSON."""

import os
import tempfile
from collections.abc import Iterable, Sequence

Bytes = bytes | bytearray | memoryview


def new_file() -> int:
    """The descriptor of a file without a name; in memory where the system has such files."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("halfday")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def put(descriptor: int, parts: Iterable[Bytes]) -> list[int]:
    """Write the parts one after the other from the begin; gives back their lengths."""
    lengths, at = [], 0
    for part in parts:
        left = memoryview(part)
        lengths.append(len(left))
        while left:
            written = os.pwrite(descriptor, left, at)
            left, at = left[written:], at + written
    return lengths


def take(descriptor: int, lengths: Sequence[int]) -> list[bytes]:
    """The parts of these lengths. Raises ValueError where the file is shorter."""
    parts, at = [], 0
    for length in lengths:
        part = b""
        while len(part) < length:
            more = os.pread(descriptor, length - len(part), at + len(part))
            if not more:
                raise ValueError("the shared file is shorter than was said")
            part = part + more if part else more
        parts.append(part)
        at += length
    return parts


def empty_if_large(descriptor: int, most: int = 64 << 20) -> None:
    """Let go of the memory of one large request; that of usual ones is used again."""
    if os.fstat(descriptor).st_size > most:
        os.ftruncate(descriptor, 0)
