"""In which order suggestions are looked at, what the next hundred will bring, and when to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.refit import OPEN, Refit, Reviewed, chances, first_log_odds

FIRST = 40  # suggestions that are looked at first, to learn the rates
NEXT = 100
WORTH = 0.2  # the chance below which a look is not worth its time: one in five
DRAWS = 400

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Float64s = NDArray[np.float64]


def first_to_review(kind: Ints, chance: Float64s, count: int = FIRST) -> Ints:
    """Return at most ``count`` positions: as many of each kind as there are, spread over its chances, kinds in turn.

    ``kind`` and ``chance`` (S,). A kind with fewer suggestions than its part leaves the rest to the others.
    """
    queues = [_spread(np.flatnonzero(kind == each), chance, count) for each in np.unique(kind)]
    taken = [queue[turn] for turn in range(count) for queue in queues if turn < len(queue)]
    return np.array(taken[:count], np.int64)


def _spread(rows: Ints, chance: Float64s, count: int) -> Ints:
    """Return up to ``count`` of the rows so that the first few already lie far apart in chance (van der Corput)."""
    ranked = rows[np.argsort(-chance[rows], kind="stable")]
    if len(ranked) <= 1:
        return ranked
    places = [int(_van_der_corput(turn) * len(ranked)) for turn in range(4 * count)]
    return ranked[np.array(list(dict.fromkeys(places)), np.int64)][:count]


def _van_der_corput(turn: int) -> float:
    """Return the turn's binary digits mirrored at the point: 0, 1/2, 1/4, 3/4, 1/8 …"""
    value, part = 0.0, 0.5
    while turn:
        value, turn, part = value + part * (turn & 1), turn >> 1, part / 2
    return value


@dataclass(frozen=True)
class Expected:
    """What looking at some suggestions will bring."""

    kind: int  # -1: all kinds
    suggestions: int
    right: float
    low: float  # 95 % interval
    high: float


def expected_next(reviewed: Reviewed, refits: list[Refit], count: int = NEXT) -> list[Expected]:
    """Return, for the ``count`` likeliest open suggestions, how many are right: over all first, then by kind.

    The interval is of what the rates may be and of chance: draws of shift and slope, and of each verdict.
    """
    chance = chances(reviewed, refits)
    still = np.flatnonzero(reviewed.verdict == OPEN)
    ahead = still[np.argsort(-chance[still], kind="stable")][:count]
    looked_at = Reviewed(reviewed.kind[ahead], reviewed.doubt[ahead], reviewed.verdict[ahead])
    random = np.random.default_rng(0)
    drawn = drawn_right(drawn_chances(looked_at, refits, random), looked_at, refits, random)  # (DRAWS, n)
    kinds = [each for each in range(len(refits)) if (reviewed.kind[ahead] == each).any()]
    groups = [(-1, np.ones(len(ahead), bool)), *((each, reviewed.kind[ahead] == each) for each in kinds)]
    return [_expected(each, chance[ahead][mine], drawn[:, mine]) for each, mine in groups if mine.any()]


def _expected(kind: int, chance: Float64s, drawn: NDArray[np.bool_]) -> Expected:
    low, high = np.quantile(drawn.sum(axis=1), [0.025, 0.975])
    return Expected(kind, len(chance), float(chance.sum()), float(low), float(high))


def drawn_chances(reviewed: Reviewed, refits: Sequence[Refit], random: np.random.Generator) -> Float64s:
    """Return (DRAWS, S) the chance of each suggestion under curves drawn from what each kind's may be, not held."""
    odds, chance = first_log_odds(reviewed.doubt), np.zeros((DRAWS, len(reviewed.doubt)))
    for kind, found in enumerate(refits):
        mine = reviewed.kind == kind
        curve = random.multivariate_normal([found.shift, found.slope], found.covariance, DRAWS)  # (DRAWS, 2)
        chance[:, mine] = 1 / (1 + np.exp(-np.clip(curve[:, :1] + curve[:, 1:] * odds[mine], -30, 30)))
    return chance


def drawn_right(drawn: Float64s, reviewed: Reviewed, refits: Sequence[Refit], random: np.random.Generator) -> Bools:
    """Return (DRAWS, S) whether each suggestion is right in each draw of chances, held where the rate is not known."""
    most = np.array([found.most for found in refits])[reviewed.kind]
    right: Bools = random.random(drawn.shape) < np.minimum(drawn, most)
    return right


@dataclass(frozen=True)
class Stop:
    """How far it is worth to go on: past it less than one look in 1 / WORTH is expected to be right."""

    suggestions: int
    minutes: float
    right: float  # expected among them


def when_to_stop(open_chances: Float64s, seconds: float, worth: float = WORTH) -> Stop:
    """Return how many of the open suggestions are worth a look of so many seconds each."""
    good = open_chances[open_chances >= worth]
    return Stop(len(good), len(good) * seconds / 60, float(good.sum()))
