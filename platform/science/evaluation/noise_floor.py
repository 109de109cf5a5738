"""What another seed alone brings: the spread of repeats of one setting, and what the best of many trials must exceed.

Repeats x_1 … x_k of an unchanged setting have the mean m and the standard deviation s. Were all n trials such repeats
too, the best of them would lie above m by chance, the further the more there are. With x ~ N(µ, σ²) the bound is
m + c·s, and c is chosen so that the best of n lies below it with the probability P:

    P = E[ Φ(M + c·S)^n ],   M ~ N(0, 1/k),  S² ~ χ²(k-1) / (k-1)

M and S are what m and s may be off by. For n = 1 this is the prediction interval of one more value, m + t·s·√(1+1/k)
(Hahn, Additional factors for calculating prediction intervals, JASA 1970); for n > 1 its one-sided form for all of n.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

CERTAINTY = 0.95
LEAST_REPEATS = 2
NODES = 64  # of the quadrature in either direction
LARGEST, EXACT = 256.0, 1e-4  # standard deviations
SAME = 1e-9  # a spread that rounding alone brings

Values = NDArray[np.float64]


@dataclass(frozen=True)
class NoiseFloor:
    """The repeats' mean and standard deviation, and the value above which a trial is better than they are."""

    repeats: int
    trials: int
    mean: float
    spread: float
    bound: float


def noise_floor(values: Sequence[float], trials: int) -> NoiseFloor | None:
    """Of repeats' values and a number of trials; None where the repeats do not tell of a spread."""
    if len(values) < LEAST_REPEATS:
        return None
    mean, spread = float(np.mean(values)), float(np.std(values, ddof=1))
    if spread < SAME:
        return None
    bound = mean + spreads_above(len(values), max(trials, 1)) * spread
    return NoiseFloor(len(values), trials, mean, spread, bound)


@cache
def spreads_above(repeats: int, trials: int, certainty: float = CERTAINTY) -> float:
    """c: how many standard deviations of the repeats above their mean. At least two repeats and one trial."""
    low, high = 0.0, LARGEST
    while high - low > EXACT:
        middle = (low + high) / 2
        low, high = (middle, high) if _all_below(middle, repeats, trials) < certainty else (low, middle)
    return (low + high) / 2


def _all_below(bound: float, repeats: int, trials: int) -> float:
    """The probability that the best of n lies below m + bound·s."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    degrees = repeats - 1
    widest = 1 + 5 / math.sqrt(2 * degrees)
    spread = widest * (nodes + 1) / 2  # (N,) of S, whose density is that of chi over the root of its degrees
    density = 2 * (degrees / 2) ** (degrees / 2) / math.gamma(degrees / 2)
    of_spread = density * spread ** (degrees - 1) * np.exp(-degrees * spread**2 / 2) * weights * widest / 2
    normal = 6 * nodes  # (N,) of M times the root of k
    of_mean = np.exp(-(normal**2) / 2) / math.sqrt(2 * math.pi) * weights * 6
    below = _normal_below(normal[:, None] / math.sqrt(repeats) + bound * spread[None, :]) ** trials  # (N, N)
    return float(of_mean @ below @ of_spread)


def _normal_below(values: Values) -> Values:
    """Φ, as exact as the standard library's: scipy's would cost each process of the web 40 MB."""
    found: Values = (1 + np.vectorize(math.erf)(values / math.sqrt(2))) / 2
    return found
