"""How average precision grows with the number of images or boxes: a power law with its interval.

``AP(n) = a − b n^(−c)``: what is missing to the best that can be reached shrinks by the same factor each time the data
is doubled (Hestness et al. 2017, "Deep Learning Scaling is Predictable, Empirically"; for how much more data to label
Mahmood et al. 2022, "How Much More Data Do I Need?"). Few points cannot tell the exponent c, and an extrapolation that
takes the best fitting one is far too sure of itself. So c is drawn from a grid by how well it fits, each point is moved
by its own error, a and b follow by weighted least squares, and what is told is the middle and the ends of the draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# c of published curves with an asymptote lies in here (Hestness et al., figures 2 to 7: .07 to .35 without one).
EXPONENTS = np.geomspace(0.1, 1.0, 91)
DRAWS = 800
LEVEL = 0.95
NORMAL = 1.96
LEAST_ERROR = 1e-4  # a standard error of AP below which none is believed
FEWEST = 3  # different sizes below which the exponent is a matter of taste

Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class CurvePoint:
    """One training: on how much data, what it reached, and how sure that is."""

    n: float  # images, or boxes of a class
    ap: float  # 0 … 1
    error: float  # standard error; NaN = unknown, taken as the spread of the points around the curve


@dataclass(frozen=True)
class Range:
    """The middle of the draws, and the ends between which 95 % of them lie."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class PowerLaw:
    """Draws of a, b and c that agree with the points."""

    a: Float64s  # (R,)
    b: Float64s  # (R,) at least 0
    c: Float64s  # (R,)
    sizes: int  # different n among the points
    largest: float  # n
    smallest: float = 1.0  # n; below it the law was fitted to nothing

    @property
    def is_sure_of_exponent(self) -> bool:
        """Whether there are enough sizes to tell one exponent from another."""
        return self.sizes >= FEWEST

    def at(self, n: ArrayLike) -> Float64s:
        """Return (R, N) the AP that each draw has at these sizes."""
        size = np.maximum(np.asarray(n, np.float64).reshape(-1), 1.0)
        drawn: Float64s = self.a[:, None] - self.b[:, None] * size[None, :] ** -self.c[:, None]
        return drawn

    def expected(self, n: float) -> Range:
        """Return the AP expected at this size."""
        return middle_of(self.at([n])[:, 0])

    def gain(self, more: float, start: float | None = None) -> Range:
        """Return what so many more bring in AP, from ``start`` (None: the largest size that was tried)."""
        here = self.largest if start is None else start
        both = self.at([here, here + more])
        return middle_of(both[:, 1] - both[:, 0])


def middle_of(drawn: Float64s) -> Range:
    """Return the median of the draws with the ends of their middle 95 %; NaN of none."""
    if not len(drawn):
        return Range(np.nan, np.nan, np.nan)
    low, value, high = np.quantile(drawn, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    return Range(float(value), float(low), float(high))


def fit_power_law(points: Sequence[CurvePoint], *, draws: int = DRAWS, seed: int = 0) -> PowerLaw | None:
    """Fit the points; None where fewer than two different sizes have an AP.

    ``b`` is held at 0 or more (more data is not expected to harm: a falling curve is taken as flat) and ``a`` at 1 or
    less. Where the points scatter more than their errors say, all errors grow by the same factor (Birge 1932): of
    trainings with other seeds this is what a seed moves.
    """
    known = [one for one in points if np.isfinite(one.ap) and one.n > 0]
    sizes = len({one.n for one in known})
    if sizes < 2:
        return None
    n, ap = (np.array([getattr(one, name) for one in known], np.float64) for name in ("n", "ap"))
    error = _errors(known)
    misfit = _misfits(n, ap, error)
    grown = max(1.0, float(misfit.min()) / max(len(known) - min(sizes, FEWEST), 1))
    error = error * np.sqrt(grown)
    chance = np.exp((misfit.min() - misfit) / 2 / grown)
    random = np.random.default_rng(seed)
    c = random.choice(EXPONENTS, draws, p=chance / chance.sum())
    moved = ap[None] + random.normal(size=(draws, len(known))) * error
    a, b = _least_squares(n[None] ** -c[:, None], moved, error)
    return PowerLaw(a, b, c, sizes, float(n.max()), float(n.min()))


def _errors(points: Sequence[CurvePoint]) -> Float64s:
    """Return (P,) standard errors; unknown ones are the mean of the known, or the least."""
    given = np.array([one.error for one in points], np.float64)
    known = given[np.isfinite(given)]
    return np.maximum(np.where(np.isfinite(given), given, known.mean() if len(known) else 0.0), LEAST_ERROR)


def _misfits(n: Float64s, ap: Float64s, error: Float64s) -> Float64s:
    """Return (G,) chi² of the best a and b for each exponent of the grid."""
    x = n[None] ** -EXPONENTS[:, None]  # (G, P)
    a, b = _least_squares(x, np.broadcast_to(ap, x.shape), error)
    chi: Float64s = (((ap - a[:, None] + b[:, None] * x) / error) ** 2).sum(axis=1)
    return chi


def _least_squares(x: Float64s, y: Float64s, error: Float64s) -> tuple[Float64s, Float64s]:
    """Return a and b (R,) of ``y = a − b x`` with b ≥ 0 and a ≤ 1; ``x`` and ``y`` (R, P), ``error`` (P,).

    The misfit is convex, so where the free best breaks a bound, the best lies on that bound.
    """
    w = 1 / error**2
    mean_x, mean_y = (x * w).sum(axis=1) / w.sum(), (y * w).sum(axis=1) / w.sum()
    off = x - mean_x[:, None]
    b = -(w * off * (y - mean_y[:, None])).sum(axis=1) / np.maximum((w * off**2).sum(axis=1), 1e-300)
    b = np.maximum(b, 0.0)
    a = mean_y + b * mean_x
    at_most = np.maximum((w * x * (1 - y)).sum(axis=1) / np.maximum((w * x**2).sum(axis=1), 1e-300), 0.0)
    return np.where(a > 1, 1.0, a), np.where(a > 1, at_most, b)
