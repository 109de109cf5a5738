"""When an experiment over seeds may end early: its verdict stands, or can hardly change any more.

Whoever looks twice finds a gain by chance more often than whoever looks once. So the error of 5 % is shared out between
a look half way and the one at the end (alpha spending, Lan and DeMets 1983), little of it to the first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from science.evaluation.bootstrap import LEVEL, Gain
from science.evaluation.over_seeds import SeededGain
from science.evaluation.quantiles import normal_cdf, normal_quantile, student_cdf

FIRST_TO_SHOW = 3  # pairs: with two the spread over seeds is hardly known, and the interval is too narrow
FIRST_TO_GIVE_UP = 2  # pairs
HARDLY = 0.05  # below this chance of another verdict the runs that are left are not worth training


@dataclass(frozen=True)
class Look:
    """What is said after so many pairs of so many planned."""

    pairs: int
    planned: int
    level: float  # 1 − the error that this look may spend
    gain: Gain  # at that level
    chance: float | None  # of another verdict at the end, where none is shown yet; None: not asked
    stops: bool


def half_way(planned: int) -> int:
    """Return after how many pairs a verdict may be given early; ``planned`` where never."""
    return min(planned, max(FIRST_TO_SHOW, math.ceil(planned / 2)))


def spent(pairs: int, planned: int, error: float = 1 - LEVEL) -> float:
    """Return how much of the error is spent: 2 − 2Φ(z / √t) at a part t of the pairs (after O'Brien, Fleming 1979)."""
    part = 1.0 if pairs >= planned else half_way(planned) / planned if pairs >= half_way(planned) else 0.0
    return 2 - 2 * normal_cdf(normal_quantile(1 - error / 2) / math.sqrt(part)) if part else 0.0


def level_of(pairs: int, planned: int) -> float:
    """Return the certainty that a look asks for: 1 − what it adds to the error spent; 1 where it may show nothing.

    The errors of both looks add up to 5 %, however they depend on each other (Bonferroni).
    """
    before = spent(half_way(planned), planned) if pairs >= planned and half_way(planned) < planned else 0.0
    may_show = pairs >= planned or pairs == half_way(planned)
    return 1 - (spent(pairs, planned) - before) if may_show else 1.0


def look(found: SeededGain, *, planned: int) -> Look:
    """Judge a gain over ``found.seeds`` pairs of ``planned``; its interval may be of any level."""
    pairs, level = found.seeds, level_of(found.seeds, planned)
    shown = found.p_value < 1 - level
    gain = Gain.NOT_SHOWN if not shown else Gain.PROVEN if found.value > 0 else Gain.REGRESSED
    if pairs >= planned:
        return Look(pairs, planned, level, gain, None, False)
    chance = None if shown or pairs < FIRST_TO_GIVE_UP else chance_of_another(found, planned=planned)
    return Look(pairs, planned, level, gain, chance, shown or (chance is not None and chance < HARDLY))


def chance_of_another(found: SeededGain, *, planned: int) -> float:
    """Return how likely the planned pairs are to show a difference that these do not (stochastic curtailment).

    The mean of all pairs is predicted from those that are there: around theirs, with the spread that these have, by
    Student's t as that spread is itself a guess. It must then lie beyond what its error at the end asks for; the part
    of the images stays as it is, however many seeds there are.
    """
    if math.isnan(found.by_seeds) or math.isnan(found.by_images):
        return 1.0
    left = planned - found.seeds
    spread = found.by_seeds * math.sqrt(found.seeds)  # of one pair
    needed = normal_quantile(1 - (1 - level_of(planned, planned)) / 2) * math.hypot(
        found.by_images, spread / math.sqrt(planned)
    )
    moves = spread * math.sqrt(left / (planned * found.seeds))
    if moves == 0:
        return float(abs(found.value) > needed)
    freedom = found.seeds - 1
    above, below = (found.value - needed) / moves, (-found.value - needed) / moves
    return min(1.0, student_cdf(above, freedom) + student_cdf(below, freedom))
