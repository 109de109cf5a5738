"""How much likelier an answer is for planted errors than for the labels as given, and the rate that follows."""

import numpy as np
import pytest

from science.autocurate import density_ratio as ratios
from science.autocurate.density_ratio import (
    LARGEST_RATE,
    Rate,
    Ratio,
    density_ratio,
    rate_by_contradiction,
    rate_by_degree,
    rate_by_silence,
)


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

    def odds(
        rows: np.ndarray, is_planted: np.ndarray, monotone: object, judged: np.ndarray, smooth: bool
    ) -> np.ndarray:
        assert not smooth
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


def test_what_is_planted_oftener_is_not_likelier_for_it() -> None:
    """Of two features that tell nothing, ten planted rows to one given: the ratio is of densities, not of numbers."""
    random = np.random.default_rng(2)
    found = ratio_of(random.normal(size=500), random.normal(size=5000))
    assert np.median(found.given) == pytest.approx(1, abs=0.15)


@pytest.mark.parametrize(
    ("doubted", "planted", "rate"),
    [
        (10, 40, Rate(0.1, known=True)),  # a tenth of the given are where all that is planted is
        (90, 40, Rate(LARGEST_RATE, known=True)),
        (0, 40, Rate(0.01, known=True)),  # one of a hundred can never be excluded
        (10, 14, Rate(0.0, known=False)),  # too few planted to bound anything
    ],
)
def test_the_rate_by_hand(doubted: int, planted: int, rate: Rate) -> None:
    given = np.where(np.arange(100) < doubted, 3.0, 0.5)
    found = rate_by_contradiction(Ratio(given, np.full(planted, 2.0)))
    assert (found.share, found.known) == (pytest.approx(rate.share), rate.known)


def test_the_rate_of_what_is_contradicted_is_the_mean_bound_around_the_median() -> None:
    """By hand: planted 1 … 102, so the quantiles .4, .45 … .6 are 41.4, 46.45 … 61.6, and 61, 56 … 41 are beyond. Of a
    thousand given 20 lie at 200, and 10 more at 48, which the first two of the five thresholds still count; 10 at 40
    are sound, and counted only at the quantile .3."""
    planted, given = np.arange(1.0, 103.0), np.repeat([200.0, 48.0, 40.0, 0.0], [20, 10, 10, 960])
    bounds = [0.030 * 102 / 61, 0.030 * 102 / 56, 0.020 * 102 / 51, 0.020 * 102 / 46, 0.020 * 102 / 41]
    assert rate_by_contradiction(Ratio(given, planted)).share == pytest.approx(sum(bounds) / 5)


def errors_and_sound(errors: int, sound: np.ndarray) -> Ratio:
    """``errors`` given rows spread as the thousand planted are, over 0 … 1, among the sound ones."""
    planted = (np.arange(1000) + 0.5) / 1000
    return Ratio(np.concatenate([(np.arange(errors) + 0.5) / errors, sound]), planted)


def test_a_flat_bound_is_the_rate() -> None:
    """Of 2,000 rows 100 are errors, and no sound one looks like them: each threshold has the same share beyond."""
    found = rate_by_silence(errors_and_sound(100, np.zeros(1900)), flat=0.6)
    assert found.known
    assert found.share == pytest.approx(0.05, rel=0.03)


def test_a_bound_that_falls_says_that_the_rate_is_unknown() -> None:
    """Sound rows crowd at .7: past the median 4 of 5 doubted rows are sound. Of the smallest bound, past the crowd,
    where it is the hundred errors' share of 2,000, a half is taken."""
    ratio = errors_and_sound(100, np.repeat([0.7, 0.0], [200, 1700]))
    found = rate_by_silence(ratio, flat=0.6)
    assert not found.known
    assert found.share == pytest.approx(0.025, rel=0.1)


def test_the_rate_of_what_sound_rows_resemble_in_part_is_the_mean_bound_far_out() -> None:
    """A hundred errors spread as the planted are, and 50 sound rows that reach to the middle of them alone.

    Beyond the quantiles .7, .8 and .9 of 1,000 planted errors lie 300, 200 and 100 of them, and 30, 20 and 10 rows.
    """
    planted, errors = np.arange(1000.0), np.arange(5.0, 1000.0, 10.0)
    given = np.concatenate([errors, np.full(50, 510.0), np.zeros(1850)])
    found = rate_by_degree(Ratio(given, planted))  # at the middle twice the rate, (50 + 50) / 2,000 over 500 / 1,000
    assert found == Rate(pytest.approx(0.05 / 2, rel=0.02), known=False)
    fewer = rate_by_degree(Ratio(np.concatenate([errors, np.full(20, 510.0), np.zeros(1880)]), planted))
    assert fewer == Rate(pytest.approx(100 / 2000, rel=0.02), known=True)


def test_nothing_planted_says_nothing() -> None:
    nothing = Ratio(np.ones(100), np.zeros(50))
    assert rate_by_contradiction(nothing) == rate_by_degree(nothing) == Rate(0.0, known=False)
    assert rate_by_silence(nothing, flat=0.6) == Rate(0.0, known=False)


def test_where_real_errors_are_contradicted_more_than_planted_ones_the_bound_further_down_counts() -> None:
    """By hand: planted 1 … 100, 30 of a thousand given beyond all of them. The bounds around the median are .05 and
    more, the one at the quantile .3 (70 planted beyond) is .03 x 100 / 70."""
    found = rate_by_contradiction(Ratio(np.repeat([200.0, 0.0], [30, 970]), np.arange(1.0, 101.0)))
    assert found == Rate(pytest.approx(0.03 * 100 / 70), known=True)


def test_an_unknown_rate_of_weighted_errors_is_two_thirds_of_the_bound_at_their_median() -> None:
    """Beyond the median, .5, lie half of the planted ones, and of 2,000 given the crowd of 200 and 50 errors."""
    ratio = errors_and_sound(100, np.repeat([0.7, 0.0], [200, 1700]))
    found = rate_by_silence(ratio, flat=0.0, weighted=True)
    assert found == Rate(pytest.approx(2 / 3 * 250 / 2000 / 0.5), known=False)


def test_a_curve_goes_on_where_trees_know_no_more_steps() -> None:
    """Far out, where few were planted, trees say the same of all; drawn to a curve they tell them apart."""
    random = np.random.default_rng(5)
    given, planted = random.normal(0, 1, (300, 1)), random.normal(2, 1, (300, 1))
    given[:4, 0] = [4, 5, 6, 7]
    images = np.arange(300) % 20, np.arange(300) % 20
    images[0][:4] = 20  # so that the same trees judge them
    found = [density_ratio(given, planted, *images, (1,), 0, smooth=smooth).given[:4] for smooth in (False, True)]
    assert found[0][1] == found[0][3]
    assert (np.diff(found[1]) > 0).all()


def test_a_curve_keeps_the_directions_given() -> None:
    """The second feature says the contrary of what it may: it counts for nothing."""
    random = np.random.default_rng(6)
    given, planted = random.normal(0, 1, (400, 2)), random.normal(1, 1, (400, 2))
    given[:2] = [[0.5, -3], [0.5, 3]]
    given_image, planted_image = np.arange(400) % 20, np.arange(400) % 20
    given_image[:2] = 20
    found = density_ratio(given, planted, given_image, planted_image, (1, -1), 0, smooth=True).given[:2]
    assert found[0] > 0
    assert found[0] >= found[1] * (1 - 1e-6)


def test_what_is_not_known_of_a_row_counts_for_nothing() -> None:
    """A picture that could not be read has no opinion: its rows are judged by the other feature."""
    random = np.random.default_rng(7)
    given, planted = random.normal(0, 1, (400, 2)), random.normal(2, 1, (400, 2))
    given[:, 1], planted[::2, 1] = np.nan, np.nan
    images = np.arange(400) % 20, np.arange(400) % 20
    found = density_ratio(given, planted, *images, (1, 1), 0, smooth=True)
    assert np.isfinite(found.given).all()
    order = np.argsort(given[:, 0])
    assert found.given[order[-40:]].mean() > 5 * found.given[order[:200]].mean()


def test_a_known_rate_of_weighted_errors_is_no_bound_that_counts_nothing() -> None:
    """By hand: 100 errors as the planted below .95, none above: the smallest bound is nothing, those far out, beyond
    .8 and .9, count 15 and 5 of 95 parts of a hundred errors among 2,000, over 1 / 5 and 1 / 10 of the planted."""
    planted = (np.arange(1000) + 0.5) / 1000
    errors = (np.arange(100) + 0.5) / 100 * 0.95
    found = rate_by_silence(Ratio(np.concatenate([errors, np.zeros(1900)]), planted), flat=0.0, weighted=True)
    far = [(errors >= 0.8).sum() / 2000 / 0.2, (errors >= 0.9).sum() / 2000 / 0.1]
    assert found == Rate(pytest.approx(sum(far) / 2, rel=0.01), known=True)
