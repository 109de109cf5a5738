"""Which labels people leave out: how many missing labels each labelled object stands for."""

import numpy as np
import pytest

from science.autocurate.density_ratio import Ratio
from science.autocurate.left_out import STEEPEST, Seen, exponent_of, left_out, reweighted


def seen(sides: list[float], scores: list[float]) -> Seen:
    score = np.array(scores)
    return Seen(np.log(sides), score, np.log(score / (1 - score)))


def test_it_works() -> None:
    """By hand, exponent 1: sides 10 and 40, scores .48 and .98 (with .02 on top, h is .54 and .04).

    a = .1 and .025, mean .0625; ah = .054 and .001, mean .0275. So the small one stands for .05 / .0625 + .027 / .0275
    of missing labels, the large one for .0125 / .0625 + .0005 / .0275.
    """
    labelled = seen([10, 40], [0.48, 0.98])
    found = left_out(labelled, labelled, 1.0)
    assert found == pytest.approx([0.8 + 0.027 / 0.0275, 0.2 + 0.0005 / 0.0275])
    assert found.mean() == pytest.approx(1)


def test_what_is_not_labelled_is_weighed_by_what_is() -> None:
    labelled = seen([10, 40], [0.48, 0.98])
    assert left_out(seen([40], [0.98]), labelled, 1.0) == pytest.approx(left_out(labelled, labelled, 1.0)[1:])


def test_nothing_labelled_weighs_nothing() -> None:
    assert left_out(seen([10, 40], [0.48, 0.98]), seen([], []), 0.5).tolist() == [1.0, 1.0]


def world(alone_of: list[int]) -> tuple[Seen, Seen]:
    """Of each of four sizes, an e-th root apart, a hundred labelled objects, and so many surely seen alone."""
    size = np.repeat(np.arange(4) / 2, 100)
    labelled = Seen(size, np.full(400, 0.5), np.tile(np.arange(100.0), 4))
    lone = np.repeat(np.arange(4) / 2, alone_of)
    return Seen(lone, np.full(len(lone), 0.9), np.full(len(lone), 80.0)), labelled


@pytest.mark.parametrize(
    ("alone_of", "low", "high"),
    [
        ([0, 0, 0, 0], 0.5, 0.5),  # nothing to learn from: what is usual
        ([40, 40, 40, 40], 0.0, 0.2),  # as many of every size
        ([40, 24, 15, 9], 0.75, 1.0),  # e times as many where the side is e times smaller
        ([9, 15, 24, 40], 0.0, 0.0),  # large things are never left out sooner
    ],
)
def test_the_exponent_is_read_off_what_is_surely_seen(alone_of: list[int], low: float, high: float) -> None:
    assert low - 1e-6 <= exponent_of(*world(alone_of)) <= high + 1e-6


def test_false_alarms_say_nothing_of_what_is_left_out() -> None:
    """Many small detections alone, but all less surely seen than the lower half of the labelled ones of that size."""
    alone, labelled = world([40, 40, 40, 40])
    alarms = Seen(np.zeros(500), np.full(500, 0.1), np.full(500, 20.0))
    both = Seen(*(np.concatenate(pair) for pair in zip(vars(alone).values(), vars(alarms).values(), strict=True)))
    assert exponent_of(both, labelled) == exponent_of(alone, labelled)


def test_it_is_never_steeper_than_it_may_be_and_nothing_labelled_leaves_it_as_usual() -> None:
    alone, labelled = world([5000, 0, 0, 0])
    assert exponent_of(alone, labelled) == STEEPEST
    assert exponent_of(alone, labelled.take(np.zeros(400, bool))) == 0.5


def test_planted_errors_are_drawn_anew_by_their_weights() -> None:
    """By hand: four planted ratios 4, 3, 2, 1 of weights .4, .4, .8, 2.4 become 1.6, 1.2, 1.6 and 2.4. Rising by value
    the weights add up to .4, .8 (or 1.2), 1.6, 4; the steps .5, 1.5, 2.5 and 3.5 fall on 1.6 twice and on 2.4 twice."""
    ratio = Ratio(np.array([2.0, 1.0]), np.array([4.0, 3.0, 2.0, 1.0]))
    found = reweighted(ratio, np.array([0.5, 3.0]), np.array([0.4, 0.4, 0.8, 2.4]))
    assert found.given == pytest.approx([1.0, 3.0])
    assert found.planted == pytest.approx([1.6, 1.6, 2.4, 2.4])


def test_nothing_planted_stays_nothing() -> None:
    found = reweighted(Ratio(np.ones(2), np.zeros(0)), np.ones(2), np.zeros(0))
    assert found.planted.shape == (0,)
