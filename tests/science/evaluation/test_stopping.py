"""When an experiment may end early: the error that looks may spend, and the chance of another verdict, by hand."""

import math

import pytest
from scipy.stats import norm, t

from science.evaluation.bootstrap import Gain
from science.evaluation.over_seeds import SeededGain
from science.evaluation.stopping import chance_of_another, level_of, look


def gain(value: float, *, seeds: int, by_images: float = 0.003, by_seeds: float = 0.003, p: float = 0.5) -> SeededGain:
    """A mean over seeds; `by_seeds` is the standard error that they bring."""
    low, high = value - 0.01, value + 0.01
    return SeededGain(value, low, high, 0.95, by_images, by_seeds, seeds - 1.0, p, Gain.NOT_SHOWN, seeds, 100)


# Planned pairs, and the error that each look may spend. Of ten, half way: 2 − 2Φ(1.95996 / √0.5) = 2 − 2Φ(2.77181).
SPENT = {
    2: [0, 0.05],
    3: [0, 0, 0.05],
    5: [0, 0, 0.0114, 0, 0.0386],
    10: [0, 0, 0, 0, 0.00557, 0, 0, 0, 0, 0.04443],
}


@pytest.mark.parametrize("planned", SPENT)
def test_it_works(planned: int) -> None:
    errors = [1 - level_of(pairs, planned) for pairs in range(1, planned + 1)]
    assert errors == pytest.approx(SPENT[planned], abs=5e-5)
    assert sum(errors) == pytest.approx(0.05)


LOOKS = {
    "half way, beyond what it may spend": (gain(0.05, seeds=3, p=0.01), 5, Gain.PROVEN, True),
    "half way, worse": (gain(-0.05, seeds=3, p=0.01), 5, Gain.REGRESSED, True),
    "half way, not enough for half way": (gain(0.02, seeds=3, p=0.02), 5, Gain.NOT_SHOWN, False),
    "before half way nothing is shown": (gain(0.05, seeds=2, p=0.0001), 5, Gain.NOT_SHOWN, False),
    "at the end the rest may be spent": (gain(0.02, seeds=5, p=0.038), 5, Gain.PROVEN, False),
    "at the end it may not all be": (gain(0.02, seeds=5, p=0.04), 5, Gain.NOT_SHOWN, False),
    "no difference, and the images allow none": (
        gain(0.0, seeds=3, by_images=0.02, by_seeds=0.001, p=0.9), 5, Gain.NOT_SHOWN, True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOKS)
def test_a_look(name: str) -> None:
    found, planned, verdict, stops = LOOKS[name]
    said = look(found, planned=planned)
    assert (said.gain, said.stops) == (verdict, stops)


def test_the_chance_of_another_verdict_by_hand() -> None:
    """Two of four pairs, 0.01 on average, 0.004 by the seeds: one pair strays by 0.004 · √2 = 0.005657.

    At the end is needed 2.2205 (of an error of 0.02637) · √(0.003² + (0.005657 / √4)²) = 2.2205 · 0.0041231.
    The mean of four strays from it by 0.005657 · √(2 / (4 · 2)) = 0.0028284, with one degree of freedom.
    """
    found = gain(0.01, seeds=2, by_seeds=0.004)
    needed = norm.isf(0.02637 / 2) * math.sqrt(0.003**2 + 0.0028284**2)
    assert needed == pytest.approx(0.0091554, abs=2e-6)
    by_hand = t.cdf((0.01 - needed) / 0.0028284, 1) + t.cdf((-0.01 - needed) / 0.0028284, 1)
    assert by_hand == pytest.approx(0.639, abs=1e-3)
    assert chance_of_another(found, planned=4) == pytest.approx(by_hand, abs=1e-4)


def test_what_is_not_known_does_not_stop_it() -> None:
    assert not look(gain(0.0, seeds=1, by_seeds=math.nan, p=math.nan), planned=5).stops
    assert chance_of_another(gain(0.0, seeds=2, by_seeds=math.nan), planned=5) == 1.0


def test_equal_seeds_leave_nothing_to_chance() -> None:
    assert chance_of_another(gain(0.0, seeds=2, by_seeds=0.0), planned=5) == 0.0
    assert chance_of_another(gain(0.5, seeds=2, by_seeds=0.0), planned=5) == 1.0
