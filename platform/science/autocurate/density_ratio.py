"""How much likelier some answers of the judge are for planted errors than for the labels as given.

A classifier that tells planted errors from given labels estimates the ratio of the two densities; with the rate of
errors among the labels it gives the chance that a label is one (Elkan and Noto 2008). The rate is bounded by where the
labels look most like errors: they cannot hold more errors there than they hold anything (Blanchard, Lee, Scott 2010).
Which of the bounds comes near the rate depends on whether sound labels look like errors: see the two rates below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.learning import chances, chances_by_trees

PARTS = 3  # a label is judged by a classifier that was fitted on other images
FEWEST = 30  # given and planted each; with fewer nothing can be said
MOST = 5_000  # rows of each that a classifier is fitted on: more take longer and order no better
LARGEST_RATE = 0.35  # of labels that are taken to have one kind of error
SMALLEST_RATE = 0.0005
MIDDLE = (0.4, 0.45, 0.5, 0.55, 0.6)  # quantiles of the planted errors
LOWER = 0.3
FAR = (0.7, 0.8, 0.9)
UPPER = tuple(np.linspace(0.5, 0.97, 21).tolist())
TAIL = (0.8, 0.9)
OF_MIDDLE = 2 / 3  # half promised too little on KITTI's pedestrians, all of it too much on simulated judges
FALL = 1.6  # by how much the bound may fall from the median to the tail and still be called flat
Z = 1.645
LEAST_PLANTED = 15  # planted errors that must lie above a threshold for it to bound the rate

Float64s = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ratio:
    """Density of planted errors over density of the given, at each row."""

    given: Float64s  # (n,)
    planted: Float64s  # (m,)


def density_ratio(
    given: Float64s,
    planted: Float64s,
    given_image: Ints,
    planted_image: Ints,
    monotone: tuple[int, ...],
    seed: int,
    *,
    smooth: bool = False,
) -> Ratio:
    """Return the ratio at every row of ``given`` (n, F) and ``planted`` (m, F).

    Rows of one image are judged by a classifier that was not fitted on that image. ``monotone`` says for each feature
    whether an error becomes likelier (1) or less likely (-1) as it rises; 0 leaves it open. ``smooth`` draws the trees
    halfway to a curve, where each feature counts more the further it goes. All 0 where there is too little to learn
    from.
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
            ratio[judged] = _odds(rows[fitted], is_planted[fitted], monotone, rows[judged], smooth)
    return Ratio(ratio[~is_planted], ratio[is_planted])


def _some(mask: NDArray[np.bool_], random: np.random.Generator) -> Ints:
    """Return at most MOST positions where a mask is true."""
    rows = np.flatnonzero(mask)
    return rows if len(rows) <= MOST else np.sort(random.choice(rows, MOST, replace=False))


def _odds(
    rows: Float64s, is_planted: NDArray[np.bool_], monotone: tuple[int, ...], judged: Float64s, smooth: bool
) -> Float64s:
    planted = int(is_planted.sum())
    if not 0 < planted < len(rows):
        return np.zeros(len(judged))
    chance = (chances if smooth else chances_by_trees)(rows, is_planted, monotone, judged)
    odds: Float64s = chance / (1 - chance) * ((len(rows) - planted) / planted)
    return odds


@dataclass(frozen=True)
class Rate:
    """The share of the given rows that are errors, as far as the ratios tell."""

    share: float  # 0 … 1
    known: bool  # false: only bounded, sound rows look too much like errors to tell


def rate_by_contradiction(ratio: Ratio, *, largest: float = LARGEST_RATE) -> Rate:
    """Return the rate of errors that the judge speaks against, as hardly a sound label is spoken against.

    It is the mean of the bounds around the middle of the planted errors: further up few are left to count, further
    down sound labels are among them. Where the bound further down is smaller all the same, real errors are contradicted
    more strongly than planted ones, and that bound is taken.
    """
    bounds = [share for _, share in _bounds(ratio, MIDDLE)]
    if not bounds:
        return Rate(0.0, known=False)
    lower = [share for _, share in _bounds(ratio, (LOWER,))]
    return Rate(_held(min([float(np.mean(bounds)), *lower]), ratio, largest), known=True)


def rate_by_degree(ratio: Ratio, *, largest: float = LARGEST_RATE) -> Rate:
    """Return the rate of errors that sound rows resemble in part, as a box that is drawn a little off does.

    Sound rows are counted around the middle of the planted errors still, and hardly any further up: the mean of the
    bounds there. Where even from the middle to there the bound falls by more than FALL, sound rows may be among those
    too, and the rate is unknown: half of the smallest of them.
    """
    far, middle = [share for _, share in _bounds(ratio, FAR)], _bounds(ratio, (0.5,))
    if not far or not middle:
        return Rate(0.0, known=False)
    level = float(np.mean(far))
    if middle[0][1] > FALL * level:
        return Rate(_held(min(far) / 2, ratio, largest), known=False)
    return Rate(_held(level, ratio, largest), known=level < largest)


def rate_by_silence(ratio: Ratio, *, flat: float, largest: float = LARGEST_RATE, weighted: bool = False) -> Rate:
    """Return the rate of errors that many a sound row resembles, as an object that the judge missed does.

    Where errors dominate, the bound is the same at every threshold; where it falls as the threshold rises, sound rows
    are counted, and how many cannot be told. Then (it falls by more than FALL) the rate is unknown: half of the
    smallest bound, as it lies between nothing and that. Else it is the bound at the quantile ``flat`` of the planted
    errors, or the smallest bound if that is less than FALL below it. A bound is small if its upper limit is, so that
    none is taken that rests on a handful of rows.

    Where planted errors are ``weighted`` by how people err, the weights are a guess, and real errors may well lie below
    the upper ones: the unknown rate is then OF_MIDDLE of the bound at their median, and a known one the mean of the
    bounds far out rather than the smallest, which may count no row at all.
    """
    bounds = _bounds(ratio, UPPER)
    if not bounds:
        return Rate(0.0, known=False)
    smallest = min(bounds, key=lambda bound: bound[0])[1]
    half, tail = _bounds(ratio, (0.5,)), _bounds(ratio, TAIL)
    far = float(np.mean([share for _, share in tail])) if tail else 0.0
    fall = half[0][1] / max(far, 1e-9) if half and tail else FALL
    if fall > FALL:
        unknown = OF_MIDDLE * half[0][1] if weighted else smallest / 2
        return Rate(_held(unknown, ratio, largest), known=False)
    if weighted and far:
        return Rate(_held(far, ratio, largest), known=True)
    level = _bounds(ratio, (flat,)) if flat else []
    return Rate(_held(level[0][1] if level else smallest, ratio, largest), known=True)


def _held(share: float, ratio: Ratio, largest: float) -> float:
    """Return the share, but at least one row, which can never be excluded, and at most ``largest``."""
    return float(min(max(share, SMALLEST_RATE, 1 / len(ratio.given)), largest))


def _bounds(ratio: Ratio, quantiles: Sequence[float]) -> list[tuple[float, float]]:
    """Return for quantiles of the planted errors the upper limit (95 %, one-sided) of the bound there, and the bound.

    The bound is the share of given rows beyond, over the share of planted ones: too high by the sound rows among them.
    Quantiles with too few planted errors beyond are left out.
    """
    found = []
    for threshold in np.quantile(ratio.planted, quantiles) if ratio.planted.any() else []:
        beyond, doubted = int((ratio.planted >= threshold).sum()), int((ratio.given >= threshold).sum())
        if beyond >= LEAST_PLANTED:
            per_row = len(ratio.planted) / beyond / len(ratio.given)
            found.append(((doubted + Z * np.sqrt(doubted + 1) + 1) * per_row, doubted * per_row))
    return found
