"""How two sets of images differ, and which differences are more than chance.

The sets may share images, and images may come in sequences: frames of one drive are not so many witnesses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

FALSE_DISCOVERIES = 0.10  # of what is called a difference, at most this share is expected to be noise
FEWEST_UNITS = 10  # independent images or sequences that either set must have
SMALLEST_EXPECTED = 5.0


@dataclass(frozen=True)
class PropertyDifference:
    """One property in both sets: means (shares, for a yes or no), z, two-sided p. z and p are NaN where untested."""

    first: float
    second: float
    z: float
    p: float


@dataclass(frozen=True, eq=False)
class Sides:
    """Who is in which set. An image may be in both; `groups` numbers the sequences from 0 without gaps."""

    first: Flags  # (N,)
    second: Flags  # (N,)
    groups: NDArray[np.int64]  # (N,)

    def take(self, known: Flags) -> Sides:
        """Only the images about which something is known."""
        return Sides(self.first[known], self.second[known], self.groups[known])

    @property
    def overlaps(self) -> int:
        return int((self.first & self.second).sum())

    def units(self) -> int:
        """Independent units of the smaller side."""
        return min(int(np.count_nonzero(np.bincount(self.groups[side]))) for side in (self.first, self.second))


def difference(values: Numbers, sides: Sides) -> PropertyDifference:
    """Compare the mean of `(N,)` values, NaN where unknown; 0 and 1 for a property that images have or lack.

        z = (x̄₁ − x̄₂) / √( s² · (1/n₁ + 1/n₂ − 2·n₁₂/(n₁·n₂)) · d )

    s² is the variance of both sets together, for a share p·(1 − p): without overlap and sequences this is the
    two-proportion z test. n₁₂ images are in both sets and cancel out. d ≥ 1 is the design effect (Kish, Survey
    sampling, 1965): how much more the difference varies from sequence to sequence than it would from image to image.
    Untested (NaN) where a side has fewer than ten units, where nothing varies, or a share's expected count is below 5.
    """
    known = ~np.isnan(values)
    x, here = (values, sides) if known.all() else (values[known], sides.take(known))
    n1, n2 = int(here.first.sum()), int(here.second.sum())
    if n1 == 0 or n2 == 0:
        return PropertyDifference(math.nan, math.nan, math.nan, math.nan)
    first, second = float(x[here.first].mean()), float(x[here.second].mean())
    both = np.concatenate([x[here.first], x[here.second]])
    spread = 1 / n1 + 1 / n2 - 2 * here.overlaps / (n1 * n2)
    variance = float(both.var()) * spread
    if variance <= 1e-15 or here.units() < FEWEST_UNITS or _rare(both, n1, n2):
        return PropertyDifference(first, second, math.nan, math.nan)
    z = (first - second) / math.sqrt(variance * design_effect(x, here))
    return PropertyDifference(first, second, z, two_sided(z))


def _rare(both: Numbers, n1: int, n2: int) -> bool:
    """Whether this is a share of which, or of whose opposite, fewer than five are expected in the smaller set."""
    if not np.isin(both, (0.0, 1.0)).all():
        return False
    share = float(both.mean())
    return min(share, 1 - share) * min(n1, n2) < SMALLEST_EXPECTED


def design_effect(x: Numbers, sides: Sides) -> float:
    """How much more x̄₁ − x̄₂ varies with whole sequences drawn than with single images drawn; at least 1."""
    n1, n2 = int(sides.first.sum()), int(sides.second.sum())
    first, second = x[sides.first].mean(), x[sides.second].mean()
    parts = sides.first * ((x - first) / n1) - sides.second * ((x - second) / n2)  # (N,) linearised contributions
    by_group = np.bincount(sides.groups, weights=parts)  # (G,)
    alone = float((parts**2).sum())
    return max(1.0, float((by_group**2).sum()) / alone) if alone > 0 else 1.0


def two_sided(z: float) -> float:
    """The probability of so large a |z| by chance."""
    return math.erfc(abs(z) / math.sqrt(2))


def discoveries(p: Numbers, rate: float = FALSE_DISCOVERIES) -> Flags:
    """Which of `(M,)` p-values stand when at most `rate` of those that stand may be false; NaN never does.

    The k smallest stand, k the largest with p₍ₖ₎ ≤ k/M · rate, M the number tested (Benjamini and Hochberg,
    Controlling the false discovery rate, 1995).
    """
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    below = p[order] <= np.arange(1, len(order) + 1) / max(len(order), 1) * rate
    stands = np.zeros(len(p), bool)
    if below.any():
        stands[order[: int(np.flatnonzero(below)[-1]) + 1]] = True
    return stands
