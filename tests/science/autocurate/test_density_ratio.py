"""How much likelier an answer is for planted errors than for the labels as given, and the rate that follows."""

import numpy as np
import pytest

from science.autocurate import density_ratio as ratios
from science.autocurate.density_ratio import LARGEST_RATE, SMALLEST_RATE, Ratio, density_ratio, error_rate


def ratio_of(given: np.ndarray, planted: np.ndarray, monotone: int = 0) -> Ratio:
    """Of one feature, as many labels on an image as it takes to fill two hundred images."""
    images = np.arange(len(given)) % 200, np.arange(len(planted)) % 200
    return density_ratio(given[:, None], planted[:, None], *images, (monotone,), 0)


def test_it_works() -> None:
    """Two normal distributions, two apart: the ratio of their densities is exp(2 x - 2)."""
    random = np.random.default_rng(0)
    given, planted = random.normal(0, 1, 4000), random.normal(2, 1, 4000)
    found = ratio_of(given, planted, monotone=1)
    middle = np.abs(given - 1) < 1.5
    off = np.log(found.given[middle]) - (2 * given[middle] - 2)
    assert np.abs(off).mean() < 0.25


def test_what_does_not_differ_has_a_ratio_of_one_however_many_are_planted() -> None:
    random = np.random.default_rng(1)
    found = ratio_of(random.normal(size=1000), random.normal(size=4000))
    assert np.median(found.given) == pytest.approx(1, abs=0.1)
    assert np.std(np.log(found.given)) < 0.25


def test_too_few_say_nothing() -> None:
    found = ratio_of(np.zeros(29), np.ones(100))
    assert not found.given.any()
    assert not found.planted.any()
    assert found.planted.shape == (100,)


def test_a_label_is_judged_by_what_was_fitted_on_other_images(monkeypatch: pytest.MonkeyPatch) -> None:
    """A third of the images is judged at a time, by a classifier of the other two thirds."""
    fitted = []

    def odds(rows: np.ndarray, is_planted: np.ndarray, monotone: object, judged: np.ndarray) -> np.ndarray:
        assert not {*rows[:, 0]} & {*judged[:, 0]}
        fitted.append(len(rows) / (len(rows) + len(judged)))
        return judged[:, 0]

    monkeypatch.setattr(ratios, "_odds", odds)
    image = np.repeat(np.arange(3000), 2)
    feature = image[:, None].astype(np.float64)
    found = density_ratio(feature, feature, image, image, (0,), 0)
    assert np.array_equal(found.given, feature[:, 0])
    assert np.array_equal(found.planted, feature[:, 0])
    np.testing.assert_allclose(fitted, [2 / 3] * 3, atol=0.04)


@pytest.mark.parametrize(
    ("doubted", "planted", "plants", "rate"),
    [
        (10, 40, None, 0.1),  # a tenth of the given are where all that is planted is
        (10, 40, 80, 0.2),  # half of what was planted left nothing to judge
        (90, 40, None, LARGEST_RATE),
        (0, 40, None, SMALLEST_RATE),
        (10, 14, None, SMALLEST_RATE),  # too few planted to bound anything
    ],
)
def test_the_rate_by_hand(doubted: int, planted: int, plants: int | None, rate: float) -> None:
    given = np.where(np.arange(100) < doubted, 3.0, 0.5)
    assert error_rate(Ratio(given, np.full(planted, 2.0)), plants=plants) == pytest.approx(rate)


def test_the_rate_is_the_median_of_its_bounds() -> None:
    """By hand: planted 1 … 100; of the given half at 75.3, half at 0. The thresholds are the quantiles .5, .52 … .84
    (18), as past .86 there are fewer than 15 planted. Past 75.3 nothing is given, so five bounds are 0, and the middle
    two are those at .56 and .58, where 44 and 42 of the hundred planted lie beyond."""
    planted, given = np.arange(1.0, 101.0), np.repeat([75.3, 0.0], 100)
    assert error_rate(Ratio(given, planted), largest=9.0) == pytest.approx((0.5 / 0.44 + 0.5 / 0.42) / 2)


def test_nothing_planted_is_no_error() -> None:
    assert error_rate(Ratio(np.ones(100), np.zeros(50))) == 0
