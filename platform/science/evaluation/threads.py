"""Side by side on the cores that there are: compiled loops release the interpreter lock.

Threads of Python, not of numba: they may be started in a forked worker.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice
from typing import TypeVar

FEW_ROWS = 20_000  # below this a second thread is not worth its start
MOST = 4  # more threads wait for memory rather than for each other

Result = TypeVar("Result")
Part = TypeVar("Part")


def cores() -> int:
    """Return how many cores this process may use, at most ``MOST``."""
    return min(len(os.sched_getaffinity(0)), MOST) if hasattr(os, "sched_getaffinity") else min(os.cpu_count() or 1, 2)


def side_by_side(work: Callable[[Part], Result], parts: Iterable[Part]) -> list[Result]:
    """Return ``work(part)`` for each part, in order, as many at a time as there are cores.

    Parts are taken as they are needed, so that a generator of large ones never holds more than a few.
    """
    if cores() < 2:
        return [work(part) for part in parts]
    waiting = iter(parts)
    first = list(islice(waiting, 2))
    if len(first) < 2:
        return [work(part) for part in first]
    results: list[Result] = []
    with ThreadPoolExecutor(cores()) as pool:
        running = deque(pool.submit(work, part) for part in chain(first, islice(waiting, cores() - 1)))
        while running:
            results.append(running.popleft().result())
            running.extend(pool.submit(work, part) for part in islice(waiting, 1))
    return results
