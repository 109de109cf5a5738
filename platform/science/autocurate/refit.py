"""What verdicts teach about the suggestions that are still open: rates of each kind, and chances, anew.

A suggestion's first chance is rate x density ratio. The rate is the weak part: verdicts shift the log-odds of a kind
(what another prior does, Saerens, Latinne, Decaestecker 2002) and stretch them (Platt 1999), each as far as they
outweigh what was thought before. Which suggestions were looked at does not matter, as the fit is given their chances.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.density_ratio import Rate
from science.autocurate.doubts import HELD

OPEN, WRONGLY_DOUBTED, RIGHTLY_DOUBTED = -1, 0, 1  # verdicts
SHIFT_KNOWN, SHIFT_UNKNOWN = 0.8, 1.6  # log-odds: how far a rate may be off, one standard deviation
STRETCH = 0.3  # how far the slope may be off 1
ENOUGH = 10  # verdicts on a kind of unknown rate from which on its chances may pass one half
LEAST, MOST = 1e-4, 0.97  # chances between which log-odds are exact; above, only the order is kept
FLATTEST = 0.05  # slope: the order is never turned round
STEPS, CLOSE = 50, 1e-9  # of Newton's method

Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Reviewed:
    """S suggestions of K kinds with the verdicts so far."""

    kind: Ints  # (S,) 0 … K-1
    doubt: Float64s  # (S,) the first rate x ratio, 0 and up, neither held nor cut off at 1
    verdict: Ints  # (S,) OPEN, WRONGLY_DOUBTED or RIGHTLY_DOUBTED


@dataclass(frozen=True, eq=False)
class Refit:
    """What is thought of one kind after the verdicts: log-odds = shift + slope x first log-odds."""

    shift: float
    slope: float
    covariance: Float64s  # (2, 2) of shift and slope
    rate: Rate  # of errors of this kind among what was judged
    decided: int
    right: int

    @property
    def most(self) -> float:
        """The highest chance that may be said."""
        return 0.99 if self.rate.known else HELD


def refit(reviewed: Reviewed, rates: list[Rate]) -> list[Refit]:
    """Return what is thought of each of the K kinds; ``rates`` are the first ones."""
    return [_refit_kind(reviewed, kind, rate) for kind, rate in enumerate(rates)]


def _refit_kind(reviewed: Reviewed, kind: int, rate: Rate) -> Refit:
    mine = reviewed.kind == kind
    decided = mine & (reviewed.verdict != OPEN)
    spread = SHIFT_KNOWN if rate.known else SHIFT_UNKNOWN
    right = reviewed.verdict[decided] == RIGHTLY_DOUBTED
    (shift, slope), covariance = fit(first_log_odds(reviewed.doubt[decided]), right, np.array([spread, STRETCH]))
    known = rate.known or len(right) >= ENOUGH
    found = Refit(shift, slope, covariance, Rate(rate.share, known), len(right), int(right.sum()))
    return found if not decided.any() else _with_rate(found, reviewed, mine, rate)


def _with_rate(found: Refit, reviewed: Reviewed, mine: NDArray[np.bool_], first: Rate) -> Refit:
    """Scale the rate by what the suggestions hold now, verdicts in place of chances, over what they held at first."""
    still = mine & (reviewed.verdict == OPEN)
    now = found.right + _chance(found, first_log_odds(reviewed.doubt[still])).sum()
    before = np.minimum(reviewed.doubt[mine], MOST).sum()
    share = float(np.clip(first.share * now / max(before, 1e-9), 0, 1))
    return Refit(found.shift, found.slope, found.covariance, Rate(share, found.rate.known), found.decided, found.right)


def first_log_odds(doubt: Float64s) -> Float64s:
    """Return log-odds of rate x ratio; from MOST on they rise by its logarithm, so that the order is kept."""
    held = np.clip(doubt, LEAST, MOST)
    odds: Float64s = np.log(held / (1 - held)) + np.log(np.maximum(doubt / MOST, 1.0))
    return odds


def fit(odds: Float64s, right: NDArray[np.bool_], spread: Float64s) -> tuple[tuple[float, float], Float64s]:
    """Return shift and slope of the likeliest logistic curve, and their covariance (2, 2).

    Newton's method on the posterior with normal priors: the shift about 0, the slope about 1, with ``spread`` (2,). The
    posterior is concave; a step that would lower it is halved.
    """
    columns = np.stack([np.ones(len(odds)), odds], axis=1)  # (V, 2)
    prior, precision = np.array([0.0, 1.0]), np.diag(1 / spread**2)

    def unlikely(at: Float64s) -> float:
        off = at - prior
        return float(np.logaddexp(0, np.where(right, -1, 1) * (columns @ at)).sum() + off @ precision @ off / 2)

    at = prior
    for _ in range(STEPS):
        chance = _logistic(columns @ at)
        curvature = (columns * (chance * (1 - chance))[:, None]).T @ columns + precision
        step = np.linalg.solve(curvature, columns.T @ (right - chance) - precision @ (at - prior))
        while np.abs(step).max() > CLOSE and unlikely(at + step) > unlikely(at):
            step = step / 2
        at = at + step
        if np.abs(step).max() <= CLOSE:
            break
    covariance: Float64s = np.linalg.inv(curvature).astype(np.float64)
    return (float(at[0]), float(max(at[1], FLATTEST))), covariance


def _logistic(odds: Float64s) -> Float64s:
    chance: Float64s = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return chance


def chances(reviewed: Reviewed, refits: list[Refit]) -> Float64s:
    """Return (S,) the chance that each suggestion is right, as the verdicts on the others of its kind have it."""
    odds, chance = first_log_odds(reviewed.doubt), np.zeros(len(reviewed.doubt))
    for kind, found in enumerate(refits):
        mine = reviewed.kind == kind
        chance[mine] = np.minimum(_chance(found, odds[mine]), found.most)
    return chance


def _chance(found: Refit, odds: Float64s) -> Float64s:
    """Return the chance averaged over what shift and slope may be (MacKay 1992); the first one before any verdict."""
    middle = found.shift + found.slope * odds
    if not found.decided:
        return _logistic(middle)
    columns = np.stack([np.ones(len(odds)), odds], axis=1)
    variance = np.einsum("ni,ij,nj->n", columns, found.covariance, columns)
    return _logistic(middle / np.sqrt(1 + np.pi * variance / 8))
