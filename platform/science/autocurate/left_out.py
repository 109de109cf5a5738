"""Which labels people leave out: small things sooner than large ones, and partly what the judge hardly sees either.

The detections of labelled objects say what a missing label looks like only if any label may be missing alike. People
miss what is small, and as the judge does what is dim or hidden. So a labelled object stands for

    w = a / 2E[a] + ah / 2E[ah],  a = side ^ -exponent,  h = 1 - score

missing labels: half of them slips, half where the judge is unsure too, the two ends that ``self_test`` plants. The
exponent is read off the detections: among those as surely seen as the upper half of the labelled objects of their size
false alarms are few, and if more of the small ones stand alone, it is small labels that are missing. Where that says
little, one over the root of the side is taken, between no matter which and one over the side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.density_ratio import Ratio

UNSURE = 0.5  # of the missing labels are missing where the judge is unsure too
LEAST_UNSURE = 0.02  # so that no label is sure to be there
USUAL, SPREAD = 0.5, 0.3  # of the exponent, before the detections are asked: mean and standard deviation
STEEPEST = 2.0
BANDS = 4  # of size, with as many labelled objects each
STEPS = 30  # of Newton's method

Float64s = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Seen:
    """Detections, or labels: K rows."""

    size: Float64s  # (K,) log of the side, of any unit
    score: Float64s  # (K,) 0 … 1; of a label that nobody sees 0
    standing: Float64s  # (K,) log-odds of the score against those usual for the class

    def take(self, rows: Ints | Bools) -> Seen:
        """Return these rows."""
        return Seen(self.size[rows], self.score[rows], self.standing[rows])


def exponent_of(alone: Seen, labelled: Seen) -> float:
    """Return how steeply labels are missing as things get smaller, 0 … STEEPEST."""
    if not len(labelled.size):
        return USUAL
    edges = np.quantile(labelled.size, np.arange(1, BANDS) / BANDS)
    bands, of_alone = np.searchsorted(edges, labelled.size), np.searchsorted(edges, alone.size)
    there = [labelled.standing[bands == band] for band in range(BANDS)]
    middle = np.array([np.median(each) if len(each) else np.inf for each in there])
    sure = labelled.size[labelled.standing >= middle[bands]]
    sure_alone = alone.size[alone.standing >= middle[of_alone]]
    return _slope(np.r_[sure, sure_alone], np.arange(len(sure) + len(sure_alone)) >= len(sure))


def _slope(size: Float64s, is_alone: Bools) -> float:
    """Return by how much the log-odds of standing alone fall as log size rises: logistic regression with a prior."""
    columns = np.column_stack([np.ones(len(size)), size.mean() - size])
    precision, prior = np.diag([0.0, SPREAD**-2]), np.array([0.0, USUAL])
    at = np.array([np.log((is_alone.sum() + 0.5) / ((~is_alone).sum() + 0.5)), USUAL])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-columns @ at))
        curvature = (columns * (chance * (1 - chance))[:, None]).T @ columns + precision + 1e-9 * np.eye(2)
        at = at + np.linalg.solve(curvature, columns.T @ (is_alone - chance) - precision @ (at - prior))
    return float(np.clip(at[1], 0, STEEPEST))


def left_out(of: Seen, labelled: Seen, exponent: float) -> Float64s:
    """Return (K,) how many missing labels each stands for; the mean over those labelled is 1.

    All 1 where the judge sees none of the labelled objects.
    """
    if not len(labelled.size):
        return np.ones(len(of.size))
    slips, unsure = _weights(of, exponent)
    usual, usually_unsure = _weights(labelled, exponent)
    weights: Float64s = (1 - UNSURE) * slips / usual.mean() + UNSURE * unsure / usually_unsure.mean()
    return weights


def _weights(of: Seen, exponent: float) -> tuple[Float64s, Float64s]:
    slips = np.exp(-exponent * of.size)
    return slips, slips * (1 - of.score + LEAST_UNSURE)


def reweighted(ratio: Ratio, given: Float64s, planted: Float64s) -> Ratio:
    """Return the ratio as if planted rows were as frequent as their weights (m,) say, of mean 1; ``given`` (n,).

    As many planted rows as before, drawn at even steps of the weights' sum, so that quantiles are those of the
    weighted rows and nothing is left to chance.
    """
    value = ratio.planted * planted
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(planted[order])
    steps = (np.arange(len(order)) + 0.5) / max(len(order), 1) * (reached[-1] if len(order) else 0.0)
    return Ratio(ratio.given * given, value[order][np.searchsorted(reached, steps)])
