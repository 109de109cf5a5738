"""How long the rest of some work will take, learned from the part that is finished."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

ENOUGH = 5  # finished tasks
RESAMPLES = 2000
MOST = 2000  # finished tasks that are learned from, the last
Z = 1.959964  # of the 95 % interval

Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class RestOfWork:
    """Seconds of work that are left, with a 95 % prediction interval."""

    seconds: float
    low: float
    high: float
    per_task: float  # seconds: a task takes per_task + per_object times its objects
    per_object: float
    learned_from: int  # finished tasks


def rest_of_work(*, seconds: ArrayLike, objects: ArrayLike, left: ArrayLike, seed: int = 0) -> RestOfWork | None:
    """Return what the tasks that are left will take; None while fewer than ENOUGH are finished.

    ``seconds`` and ``objects`` (N,) are of the finished tasks, ``left`` (M,) the objects of those that are not:
    suggestions or boxes that a task began with. A line seconds = per_task + per_object * objects, neither negative, is
    fitted to the finished ones and to ``RESAMPLES`` bootstrap draws of them; each draw also draws how far M tasks stray
    from the line. So the interval holds both what is not known of the people and what tasks have of their own.
    """
    took, held = (np.asarray(each, np.float64)[-MOST:] for each in (seconds, objects))
    ahead = np.asarray(left, np.float64)
    count = len(took)
    if count < ENOUGH:
        return None
    per_task, per_object = (float(each[0]) for each in _lines(np.ones((1, count)), took, held))
    expected = per_task * len(ahead) + per_object * ahead.sum()
    drawn = _draws(took, held, ahead, (per_task, per_object), seed)
    low, high = expected + _stretch(count) * (np.percentile(drawn, (2.5, 97.5)) - expected)
    return RestOfWork(expected, max(0.0, low), max(expected, high), per_task, per_object, count)


def _lines(weights: Float64s, took: Float64s, held: Float64s) -> tuple[Float64s, Float64s]:
    """Least-squares lines of (B, N) weighted draws: (B,) per task and per object, neither negative."""
    n, sx, sy = weights.sum(axis=1), weights @ held, weights @ took
    sxx, sxy = weights @ held**2, weights @ (held * took)
    spread = n * sxx - sx**2
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(spread > 1e-9, (n * sxy - sx * sy) / spread, 0.0)
        through_zero = np.where(sxx > 0, sxy / sxx, 0.0)
    slope = np.maximum(slope, 0.0)
    start = (sy - slope * sx) / n
    return np.maximum(start, 0.0), np.where(start < 0, through_zero, slope)


def _draws(took: Float64s, held: Float64s, ahead: Float64s, line: tuple[float, float], seed: int) -> Float64s:
    """(B,) sums that the tasks ahead might take."""
    random, count = np.random.default_rng(seed), len(took)
    weights = random.multinomial(count, [1 / count] * count, RESAMPLES).astype(np.float64)
    per_task, per_object = _lines(weights, took, held)
    strays = took - line[0] - line[1] * held
    own = random.multinomial(len(ahead), [1 / count] * count, RESAMPLES) @ (strays - strays.mean())
    sums: Float64s = per_task * len(ahead) + per_object * ahead.sum() + own * np.sqrt(count / max(1, count - 2))
    return sums


def _stretch(count: int) -> float:
    """By how much few tasks must widen the interval: Student's t over z (Fisher's expansion), as of a mean."""
    free = count - 1
    t = Z + (Z**3 + Z) / (4 * free) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * free**2)
    return float(t / Z * np.sqrt(count / free))
