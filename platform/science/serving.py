"""What is counted of an endpoint's answers: latencies and scores in steps, and how far they have drifted."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

FASTEST, RATIO, STEPS = 1.0, 1.1, 120  # ms; each step's upper end is RATIO times the last: up to 84 s
SCORE_STEPS = 20  # of confidence, each a twentieth
SMOOTHING = 0.5  # boxes added to each step, so that an empty one is no infinite drift

Counts = NDArray[np.int64]


def latency_step(milliseconds: float) -> int:
    """Return the step 0 … STEPS-1 that a latency falls in."""
    if milliseconds <= FASTEST:
        return 0
    return min(STEPS - 1, math.ceil(math.log(milliseconds / FASTEST) / math.log(RATIO)))


def latency_of_step(step: int) -> float:
    """Return a step's upper end in ms."""
    return FASTEST * RATIO**step


def quantile_of_steps(counts: ArrayLike, share: float) -> float:
    """Return the latency (ms) that a share of the requests stays below, to 10 % from above; NaN for none."""
    cumulated = np.cumsum(np.asarray(counts, np.int64))
    total = int(cumulated[-1]) if len(cumulated) else 0
    if not total:
        return float("nan")
    return latency_of_step(int(np.searchsorted(cumulated, share * total)))


def score_counts(scores: ArrayLike) -> Counts:
    """Return (SCORE_STEPS,) how many scores (0..1) fall in each twentieth."""
    places = np.clip((np.asarray(scores, np.float64) * SCORE_STEPS).astype(np.int64), 0, SCORE_STEPS - 1)
    return np.bincount(places, minlength=SCORE_STEPS)


def stability_index(expected: ArrayLike, seen: ArrayLike) -> float:
    """Return the population stability index of two histograms, NaN where either is empty.

    Σ (q − p) ln(q / p) over the steps, p and q the shares expected and seen, with SMOOTHING added to each count.
    Below 0.1 is taken for alike, above 0.25 for another population (Siddiqi, Credit Risk Scorecards, 2006).
    """
    one, other = (np.asarray(counts, np.float64) for counts in (expected, seen))
    used = (one + other) > 0
    if not one.sum() or not other.sum():
        return float("nan")
    p, q = (_shares(counts[used]) for counts in (one, other))
    return float(((q - p) * np.log(q / p)).sum())


def variation_distance(expected: ArrayLike, seen: ArrayLike) -> float:
    """Return half the summed difference of the shares of two histograms: 0 alike, 1 nothing in common; NaN for none."""
    one, other = (np.asarray(counts, np.float64) for counts in (expected, seen))
    if not one.sum() or not other.sum():
        return float("nan")
    return float(np.abs(one / one.sum() - other / other.sum()).sum() / 2)


def added_counts(rows: Sequence[Sequence[int]], length: int) -> Counts:
    """Return the sum of count rows, (length,); shorter ones are filled with zeros."""
    total = np.zeros(length, np.int64)
    for row in rows:
        total[: len(row)] += np.asarray(row[:length], np.int64)
    return total


def _shares(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    smoothed = counts + SMOOTHING
    shares: NDArray[np.float64] = smoothed / smoothed.sum()
    return shares
