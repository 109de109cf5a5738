"""Krippendorff's alpha for nominal values, with missing answers and an interval over images.

K. Krippendorff, "Computing Krippendorff's alpha-reliability", University of Pennsylvania 2011, sections A to C.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

NO_ANSWER = -1
RESAMPLES = 1000
BOUNDS = (2.5, 97.5)  # percent, of the 95 % interval

Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class Alpha:
    """1: all agree; 0: as chance would have it; below: worse. Without bounds where too few images speak for one."""

    value: float
    low: float | None
    high: float | None
    units: int  # with two answers or more
    images: int  # that have such


def coincidences(answers: ArrayLike, categories: int) -> Float64s:
    """Return the (C, C) matrix of coincidences: ``answers`` (U, P) are categories by unit and person, or NO_ANSWER.

    Each ordered pair of two people's answers on a unit of m answers counts 1 / (m - 1); a single answer counts nothing.
    """
    given = np.asarray(answers, np.int64).reshape(-1, np.asarray(answers).shape[-1] if np.size(answers) else 1)
    found = np.zeros((categories, categories))
    for unit in given:
        counts = np.bincount(unit[unit != NO_ANSWER], minlength=categories).astype(np.float64)
        if (m := counts.sum()) >= 2:
            found += (np.outer(counts, counts) - np.diag(counts)) / (m - 1)
    return found


def nominal_alpha(found: Float64s) -> Float64s:
    """Return alpha of matrices of coincidences (..., C, C); NaN where nothing, or one category alone, was answered."""
    margins = found.sum(axis=-1)
    n = margins.sum(axis=-1)
    agreed = np.trace(found, axis1=-2, axis2=-1)
    by_chance = n * n - (margins**2).sum(axis=-1)
    unlike = (n - 1) * (n - agreed)
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha: Float64s = np.where(by_chance > 1e-9, 1 - unlike / by_chance, np.nan)
    return alpha


def alpha_of_images(images: list[NDArray[np.int64]], categories: int, *, seed: int = 0) -> Alpha | None:
    """Return alpha over all images' units, each (U, P), with a percentile bootstrap over the images; None of nothing.

    Images are what is drawn: boxes of one image are alike, and so are the mistakes on them.
    """
    each = np.stack([np.zeros((categories, categories)), *(coincidences(one, categories) for one in images)])[1:]
    telling = each[each.sum(axis=(1, 2)) > 0]
    value = float(nominal_alpha(each.sum(axis=0)))
    if np.isnan(value):
        return None
    low, high = _interval(telling, seed)
    units = sum(int(((one != NO_ANSWER).sum(axis=1) >= 2).sum()) for one in images)
    return Alpha(value, low, high, units, len(telling))


def _interval(each: Float64s, seed: int) -> tuple[float | None, float | None]:
    """Percentiles over resampled images; resamples in which alpha is not defined are left out."""
    count, categories = len(each), each.shape[1]
    if count < 2:
        return None, None
    drawn = np.random.default_rng(seed).multinomial(count, [1 / count] * count, RESAMPLES)
    sums = (drawn @ each.reshape(count, -1)).reshape(-1, categories, categories)
    alphas = nominal_alpha(sums)
    known = alphas[~np.isnan(alphas)]
    if len(known) < RESAMPLES / 2:
        return None, None
    low, high = np.percentile(known, BOUNDS)
    return float(low), float(high)
