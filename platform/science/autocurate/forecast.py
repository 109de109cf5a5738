"""What some minutes of review will bring, before anybody starts: looks, errors mended, gain; and what can be shown.

Suggestions are looked at by worth per second (``review_order``) until the time is over. How many of them are right is a
sum of unlike coins whose bias is itself not quite known: the curve of each kind (``refit``: log-odds = shift + slope x
first log-odds) is drawn from its normal distribution, then every suggestion as a coin of that chance (a Poisson
binomial given the curves). The 95 % interval is the 2.5 and 97.5 % quantiles of these draws, so what is wrong with a
rate moves all suggestions of its kind together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.refit import MOST, OPEN, Refit, Reviewed
from science.autocurate.review_order import ReviewOrder, ReviewSeconds, review_order

ENDS = (0.025, 0.975)

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, drawn: Float64s) -> Estimate:
        """The interval of the draws, widened to the value where chance left it outside."""
        low, high = np.quantile(drawn, ENDS) if len(drawn) else (value, value)
        return cls(value, min(float(low), value), max(float(high), value))


@dataclass(frozen=True, eq=False)
class OpenDoubts:
    """K suggestions that nobody has looked at yet."""

    image: Ints  # (K,)
    chance: Float64s  # (K,) 0 … 1 that the label is wrong
    cost: Float64s  # (K,) points of mAP that such an error costs
    redrawn: Bools  # (K,) whether a box has to be drawn where it is


@dataclass(frozen=True)
class ReviewForecast:
    """What so many minutes of review will bring."""

    minutes: float
    looks: int  # suggestions answered
    images: int  # opened; an image that is come back to counts again
    seconds: float  # that these looks take, as expected
    mended: Estimate  # errors
    gain: Estimate  # points of mAP, as the costs have it


def forecasts(
    doubts: OpenDoubts, right: Bools, *, seconds: ReviewSeconds, minutes: Sequence[float]
) -> list[ReviewForecast]:
    """Return what each of these numbers of minutes brings; ``right`` (D, K) is whether each is right in each draw."""
    order = review_order(
        image=doubts.image, chance=doubts.chance, cost=doubts.cost, redrawn=doubts.redrawn, seconds=seconds
    )
    return [_within(doubts, right, order, each) for each in minutes]


def _within(doubts: OpenDoubts, right: Bools, order: ReviewOrder, minutes: float) -> ReviewForecast:
    looks = order.within(60 * minutes)
    rows = order.rows[:looks]
    worth = doubts.chance[rows] * doubts.cost[rows]
    return ReviewForecast(
        minutes=minutes,
        looks=looks,
        images=int(order.opens[:looks].sum()),
        seconds=float(order.seconds[looks - 1]) if looks else 0.0,
        mended=Estimate.of(float(doubts.chance[rows].sum()), right[:, rows].sum(axis=1).astype(np.float64)),
        gain=Estimate.of(float(worth.sum()), right[:, rows] @ doubts.cost[rows]),
    )


def errors_in_all(
    reviewed: Reviewed, refits: Sequence[Refit], first: Sequence[tuple[float, float]], drawn: Float64s
) -> list[Estimate]:
    """Return for each kind how many errors there are, found or not, mended or not.

    ``first`` has by kind how many were estimated before any verdict, and the rate then: they go with the rate. A draw
    is what was found right, what the open suggestions hold there, and what was estimated beyond the suggestions, scaled
    by what all of them, looked at or not, hold there over what they held at first.
    """
    still = reviewed.verdict == OPEN
    found = []
    for kind, (one, (errors, share)) in enumerate(zip(refits, first, strict=True)):
        mine = reviewed.kind == kind
        before = float(np.minimum(reviewed.doubt[mine], MOST).sum())
        beyond = max(errors - before, 0.0) * drawn[:, mine].sum(axis=1) / max(before, 1e-9)
        value = errors * one.rate.share / share if share > 0 else errors
        found.append(
            Estimate.of(value, one.right + drawn[:, mine & still].sum(axis=1) + beyond)
            if before > 0
            else Estimate(value, 0.0, value)
        )
    return found


def images_for_gain(*, images: int, shown: float, wanted: float) -> int:
    """Return how many more images like these make ``wanted`` the smallest gain that can be shown.

    ``images`` show a gain of ``shown`` now; an interval narrows with the square root of the images, so a gain of
    ``wanted`` takes (shown / wanted)² times as many. 0 where it can be shown already.
    """
    return max(0, math.ceil(images * ((shown / wanted) ** 2 - 1) - 1e-9))
