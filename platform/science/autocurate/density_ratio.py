"""How much likelier some answers of the judge are for planted errors than for the labels as given.

A classifier that tells planted errors from given labels estimates the ratio of the two densities; with the rate of
errors among the labels it gives the chance that a label is one (Elkan and Noto 2008). The rate is bounded by where the
labels look most like errors: they cannot hold more errors there than they hold anything (Blanchard, Lee, Scott 2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.learning import chances

PARTS = 3  # a label is judged by a classifier that was fitted on other images
FEWEST = 30  # given and planted each; with fewer nothing can be said
MOST = 40_000  # rows of each that a classifier is fitted on
LARGEST_RATE = 0.35  # of labels that are taken to have one kind of error
SMALLEST_RATE = 0.003
TYPICAL_BOUND = 0.5  # quantile of the bounds that is taken; lower follows the noise, higher the hard sound labels
LEAST_PLANTED = 15  # planted errors that must lie above a threshold for it to bound the rate

Float64s = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ratio:
    """Density of planted errors over density of the given, at each row."""

    given: Float64s  # (n,)
    planted: Float64s  # (m,)


def density_ratio(
    given: Float64s, planted: Float64s, given_image: Ints, planted_image: Ints, monotone: tuple[int, ...], seed: int
) -> Ratio:
    """Return the ratio at every row of ``given`` (n, F) and ``planted`` (m, F).

    Rows of one image are judged by a classifier that was not fitted on that image. ``monotone`` says for each feature
    whether an error becomes likelier (1) or less likely (-1) as it rises; 0 leaves it open. All 0 where there is too
    little to learn from.
    """
    if min(len(given), len(planted)) < FEWEST:
        return Ratio(np.zeros(len(given)), np.zeros(len(planted)))
    random = np.random.default_rng(seed)
    rows = np.concatenate([given, planted])
    is_planted = np.arange(len(rows)) >= len(given)
    image = np.concatenate([given_image, planted_image])
    part = random.integers(0, PARTS, int(image.max()) + 1)[image]
    ratio = np.zeros(len(rows))
    for k in range(PARTS):
        judged = part == k
        fitted = np.concatenate([_some(~judged & is_planted, random), _some(~judged & ~is_planted, random)])
        if judged.any():
            ratio[judged] = _odds(rows[fitted], is_planted[fitted], monotone, rows[judged])
    return Ratio(ratio[~is_planted], ratio[is_planted])


def _some(mask: NDArray[np.bool_], random: np.random.Generator) -> Ints:
    """Return at most MOST positions where a mask is true."""
    rows = np.flatnonzero(mask)
    return rows if len(rows) <= MOST else np.sort(random.choice(rows, MOST, replace=False))


def _odds(rows: Float64s, is_planted: NDArray[np.bool_], monotone: tuple[int, ...], judged: Float64s) -> Float64s:
    planted = int(is_planted.sum())
    if not 0 < planted < len(rows):
        return np.zeros(len(judged))
    balance = np.where(is_planted, (len(rows) - planted) / planted, 1.0)
    chance = chances(rows, is_planted, balance, monotone, judged)
    odds: Float64s = chance / (1 - chance)
    return odds


def error_rate(ratio: Ratio, *, plants: int | None = None, largest: float = LARGEST_RATE) -> float:
    """Return the estimated share of errors among the given rows.

    ``plants`` is how many were planted, where some of them left nothing to judge (default: all rows planted). At each
    threshold the share of given rows beyond it, over the share of planted ones, is too high by the sound labels
    among them; the median over the thresholds is taken, as the smallest would follow the noise.
    """
    if not ratio.planted.any():
        return 0.0
    bounds = []
    for threshold in np.quantile(ratio.planted, np.linspace(0.5, 0.98, 25)):
        beyond = int((ratio.planted >= threshold).sum())
        if beyond >= LEAST_PLANTED:
            among_given = (ratio.given >= threshold).sum() / len(ratio.given)
            bounds.append(among_given / (beyond / (plants or len(ratio.planted))))
    return float(np.clip(np.quantile(bounds, TYPICAL_BOUND), SMALLEST_RATE, largest)) if bounds else SMALLEST_RATE
