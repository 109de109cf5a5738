"""What some minutes of review will bring."""

import numpy as np
import pytest

from science.autocurate.density_ratio import Rate
from science.autocurate.forecast import Estimate, OpenDoubts, errors_in_all, forecasts, images_for_gain
from science.autocurate.refit import OPEN, RIGHTLY_DOUBTED, WRONGLY_DOUBTED, Reviewed, refit
from science.autocurate.review_order import ReviewSeconds
from science.autocurate.review_plan import drawn_chances, drawn_right

EVEN = ReviewSeconds(decide=2, redraw=5, open_image=1)


def doubts(chance, cost=None):
    """Each in an image of its own: three seconds each."""
    count = len(chance)
    return OpenDoubts(
        image=np.arange(count), chance=np.array(chance, float), redrawn=np.zeros(count, bool),
        cost=np.ones(count) if cost is None else np.array(cost, float),
    )  # fmt: skip


def reviewed(verdicts, doubt=0.5):
    return Reviewed(np.zeros(len(verdicts), np.int64), np.full(len(verdicts), doubt), np.array(verdicts, np.int64))


def test_it_works():
    """By hand: 3 s each, so .15 min hold three, the likeliest: .9 + .8 + .4 = 2.1; at .5 points each 1.05."""
    right = np.random.default_rng(0).random((4000, 4)) < np.array([0.4, 0.9, 0.1, 0.8])
    (found,) = forecasts(doubts([0.4, 0.9, 0.1, 0.8], [0.5] * 4), right, seconds=EVEN, minutes=[0.15])
    assert (found.looks, found.images, found.seconds) == (3, 3, pytest.approx(9))
    assert (found.mended.value, found.mended.low, found.mended.high) == (pytest.approx(2.1), 1, 3)
    assert (found.gain.value, found.gain.low, found.gain.high) == (pytest.approx(1.05), 0.5, 1.5)


@pytest.mark.parametrize(("minutes", "looks"), [(0.01, 0), (0.05, 1), (1, 4)])
def test_time_holds_so_many(minutes, looks):
    (found,) = forecasts(doubts([0.4, 0.9, 0.1, 0.8]), np.ones((10, 4), bool), seconds=EVEN, minutes=[minutes])
    assert found.looks == looks


def test_nothing_open_brings_nothing():
    (found,) = forecasts(doubts([]), np.ones((10, 0), bool), seconds=EVEN, minutes=[30])
    assert (found.looks, found.mended) == (0, Estimate(0, 0, 0))


def test_an_unsure_rate_widens_the_interval_beyond_that_of_coins():
    """400 coins of .5 have a standard deviation of 10; a shift of the log-odds by .8 moves all of them together."""
    all_open = reviewed([OPEN] * 400)
    refits = refit(all_open, [Rate(0.1, known=True)])
    random = np.random.default_rng(1)
    right = drawn_right(drawn_chances(all_open, refits, random), all_open, refits, random).sum(axis=1)
    assert right.std() > 40


def test_the_errors_in_all_go_with_the_rate():
    """Forty of a hundred were looked at and one was right: of the 50 errors thought of, few are left to think of."""
    verdicts = [RIGHTLY_DOUBTED] + [WRONGLY_DOUBTED] * 39 + [OPEN] * 60
    found = reviewed(verdicts)
    refits = refit(found, [Rate(0.1, known=True)])
    drawn = drawn_chances(found, refits, np.random.default_rng(0))
    (errors,) = errors_in_all(found, refits, [(50.0, 0.1)], drawn)
    assert errors.value == pytest.approx(50 * refits[0].rate.share / 0.1)
    assert errors.low <= errors.value <= errors.high < 25


def test_before_any_verdict_the_errors_are_those_estimated():
    found = reviewed([OPEN] * 100)
    refits = refit(found, [Rate(0.1, known=True)])
    (errors,) = errors_in_all(found, refits, [(50.0, 0.1)], drawn_chances(found, refits, np.random.default_rng(0)))
    assert errors.value == 50
    assert errors.low < 40 < 60 < errors.high


@pytest.mark.parametrize(
    ("wanted", "more"),
    [
        (1.1, 0),
        (2.0, 0),
        (0.55, 600),  # half of it takes four times as many
        (1.1 / 1.5, 250),  # two thirds of it 9/4 as many
    ],
)
def test_a_smaller_gain_takes_more_images_by_the_square(wanted, more):
    assert images_for_gain(images=200, shown=1.1, wanted=wanted) == more
