"""Side by side on the cores that there are: compiled loops release the interpreter lock.

Threads of Python, not of numba: they may be started in a forked worker.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

MOST = 4  # more threads wait for memory rather than for each other

Result = TypeVar("Result")
Part = TypeVar("Part")


def cores() -> int:
    """Return how many cores this process may use, at most ``MOST``."""
    return min(len(os.sched_getaffinity(0)), MOST) if hasattr(os, "sched_getaffinity") else min(os.cpu_count() or 1, 2)


def side_by_side(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """Return ``work(part)`` for each part, in order, as many at a time as there are cores."""
    listed = list(parts)
    if len(listed) < 2 or cores() < 2:
        return [work(part) for part in listed]
    with ThreadPoolExecutor(min(cores(), len(listed))) as pool:
        return list(pool.map(work, listed))
