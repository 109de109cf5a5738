"""Gains over images and seeds: rows worked by hand, and how it relates to the interval over images alone."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import t

from science.evaluation.bootstrap import Gain, compare
from science.evaluation.over_seeds import compare_over_seeds, drawn_figures, over_seeds
from tests.science.evaluation.world import evaluations

# Two resamples, two seeds: means of a draw 0.01 and 0.03, so their variance is 0.0002, times 5/4 for 5 units: 0.00025.
# The seeds' differences are 0.01 and 0.03: variance 0.0002, of their mean 0.0001. Together 0.00035.
# Freedom: 0.00035² / (0.00025² / 4 + 0.0001² / 1) = 1.225e-7 / 2.5625e-8 = 4.780…
WORKED = {
    "images and seeds": ([0.01, 0.03], [[0.00, 0.02], [0.02, 0.04]], 5, 0.00035, 4.7804878),
    "images alike": ([0.01, 0.03], [[0.01, 0.03], [0.01, 0.03]], 5, 0.0001, 1.0),
    "seeds alike": ([0.02, 0.02], [[0.01, 0.01], [0.03, 0.03]], 5, 0.00025, 4.0),
}


@pytest.mark.parametrize("name", WORKED)
def test_it_works(name: str) -> None:
    values, drawn, units, variance, freedom = WORKED[name]
    found = over_seeds(np.array(values), np.array(drawn), units)
    assert (found.value, found.freedom) == pytest.approx((0.02, freedom))
    half = t.ppf(0.975, freedom) * variance**0.5
    assert (found.low, found.high) == pytest.approx((0.02 - half, 0.02 + half))
    assert found.p_value == pytest.approx(2 * t.sf(0.02 / variance**0.5, freedom))
    assert found.gain is Gain.NOT_SHOWN


@pytest.mark.parametrize(("sign", "gain"), [(1, Gain.PROVEN), (-1, Gain.REGRESSED)])
def test_a_difference_beyond_chance_is_shown(sign: int, gain: Gain) -> None:
    values = sign * np.array([0.05, 0.051, 0.052])
    drawn = values + sign * np.array([[-0.001] * 3, [0.001] * 3])
    assert over_seeds(values, drawn, 50).gain is gain


def test_one_seed_says_nothing_of_other_seeds() -> None:
    found = over_seeds(np.array([0.02]), np.array([[0.01], [0.03]]), 5)
    assert np.isnan([found.low, found.high, found.p_value, found.by_seeds]).all()
    assert found.by_images == pytest.approx(0.00025**0.5)
    assert found.gain is Gain.NOT_SHOWN


def test_resamples_without_a_box_of_the_class_are_left_out() -> None:
    drawn = np.array([[0.00, 0.02], [np.nan, np.nan], [0.02, 0.04]])
    assert over_seeds(np.array([0.01, 0.03]), drawn, 5).by_images == pytest.approx(0.00025**0.5)


def test_the_pairs_are_those_of_the_evaluator_and_of_a_comparison() -> None:
    first, second, third, fourth = evaluations(seed=4, images=60, skills=(0.6, 1.6, 0.7, 1.5))
    drawn = [drawn_figures(one, resamples=200) for one in (first, second, third, fourth)]
    found = compare_over_seeds([drawn[1], drawn[3]], [drawn[0], drawn[2]])
    one, two = (compare(*pair, resamples=200) for pair in ((first, second), (third, fourth)))
    for mine, theirs in zip(found.each, (one, two), strict=True):
        assert mine.value == pytest.approx(theirs.map.interval.value)
        assert (mine.low, mine.high) == pytest.approx((theirs.map.interval.low, theirs.map.interval.high))
    both = (one.map.interval.value + two.map.interval.value) / 2
    assert found.map.value == found.images_alone.value == pytest.approx(both)
    assert found.map50.value == pytest.approx((one.map50.interval.value + two.map50.interval.value) / 2)
    assert found.classes[0].value == pytest.approx((one.classes[0].interval.value + two.classes[0].interval.value) / 2)


def test_seeds_that_differ_widen_the_interval_and_not_that_of_the_images() -> None:
    values = np.array([0.03, 0.03, 0.03])
    drawn = values + np.array([[-0.005] * 3, [0.0] * 3, [0.005] * 3])
    same = over_seeds(values, drawn, 100)
    apart = np.array([-0.02, 0.0, 0.02])
    other = over_seeds(values + apart, drawn + apart, 100)
    assert (other.value, other.by_images) == pytest.approx((same.value, same.by_images))
    assert (same.gain, other.gain) == (Gain.PROVEN, Gain.NOT_SHOWN)


def test_it_rejects_arms_of_unequal_length() -> None:
    (only,) = evaluations(seed=4, images=10, skills=(1.0,))
    figures = drawn_figures(only, resamples=10)
    with pytest.raises(ValueError, match="one evaluation of either arm"):
        compare_over_seeds([figures, replace(figures)], [figures])
