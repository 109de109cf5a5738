"""What a gain is on average over training seeds, and how surely."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from science.evaluation.quantiles import student_quantile

CERTAINTY = 0.95


@dataclass(frozen=True, slots=True)
class SeedMean:
    """A mean over seeds in the unit of its values, and its interval by Student's t; both bounds None for one seed."""

    value: float
    low: float | None
    high: float | None


def mean_of(values: Sequence[float]) -> SeedMean:
    """The mean of one or more, and where it would lie on other seeds: mean ± t(0.975, n − 1) · s / √n."""
    count, mean = len(values), sum(values) / len(values)
    if count < 2:
        return SeedMean(mean, None, None)
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / (count - 1))
    half = student_quantile((1 + CERTAINTY) / 2, count - 1) * spread / math.sqrt(count)
    return SeedMean(mean, mean - half, mean + half)
