"""What brings most per second comes first."""

import numpy as np
import pytest

from science.autocurate.review_order import (
    ErrorSensitivity,
    ReviewSeconds,
    error_costs,
    measured_seconds,
    review_order,
    worth_per_second,
)

EVEN = ReviewSeconds(decide=2, redraw=5, open_image=1)


def order(image, chance, cost=None, redrawn=None):
    count = len(chance)
    return review_order(
        image=image, chance=chance, cost=np.ones(count) if cost is None else cost,
        redrawn=np.zeros(count, bool) if redrawn is None else redrawn, seconds=EVEN,
    )  # fmt: skip


def test_it_works():
    """By hand: image 2 brings .9 in 3 s, .3 a second; image 1 .8 + .6 in 5 s, .28, more than .8 in 3 s alone, .27."""
    found = order([1, 1, 2], [0.8, 0.6, 0.9])
    assert found.rows.tolist() == [2, 0, 1]
    assert found.opens.tolist() == [True, True, False]
    assert found.seconds.tolist() == [3, 6, 8]
    np.testing.assert_allclose(found.errors, [0.9, 1.7, 2.3])


def test_what_is_hardly_worth_it_waits_for_another_visit():
    """.9 in 3 s is .3 a second; with .1 it would be 1.0 in 5 s. The image is opened again for that, last."""
    found = order([1, 1, 2], [0.9, 0.1, 0.4])
    assert found.rows.tolist() == [0, 2, 1]
    assert found.opens.tolist() == [True, True, True]
    assert found.seconds.tolist() == [3, 6, 9]


def test_a_box_to_draw_takes_longer_where_there_is_one():
    """2 s and 5 s for half of them are 4.5 s: .5 in 5.5 s comes after .4 in 3 s."""
    found = order([1, 2], [0.5, 0.4], redrawn=[True, False])
    assert found.rows.tolist() == [1, 0]
    assert found.seconds.tolist() == [3, 8.5]


def test_a_costly_error_comes_before_a_likely_one():
    found = order([1, 2], [0.9, 0.3], cost=[1.0, 4.0])
    assert found.rows.tolist() == [1, 0]
    np.testing.assert_allclose(found.worth, [1.2, 2.1])


@pytest.mark.parametrize(("seconds", "answered"), [(0, 0), (2.9, 0), (3, 1), (8, 3), (1e9, 3)])
def test_a_time_holds_so_many(seconds, answered):
    assert order([1, 1, 2], [0.8, 0.6, 0.9]).within(seconds) == answered


def test_nothing_to_look_at():
    found = order([], [])
    assert (found.rows.tolist(), found.within(60)) == ([], 0)


def test_an_error_of_a_rare_class_costs_more():
    """9 points over 100 of a class's labels in 2 classes: .045 points; over 10 of them .45."""
    costs = error_costs(kind=["wrong_class", "wrong_class", "missing"], label=[0, 1, 0], boxes=[100, 10])
    np.testing.assert_allclose(costs, [0.045, 0.45, 0.015])


def test_measured_costs_replace_the_defaults():
    costs = error_costs(kind=["spurious"], label=[0], boxes=[4], sensitivity=ErrorSensitivity(spurious=8.0))
    np.testing.assert_allclose(costs, [2.0])


def test_a_class_without_labels_is_as_one_with_one():
    assert error_costs(kind=["missing"], label=[1], boxes=[5, 0]).tolist() == [1.5]


def test_ten_minutes_bring_more_than_by_falling_worth():
    random = np.random.default_rng(3)
    image, chance, cost = random.integers(0, 120, 900), random.random(900), random.random(900)
    found = order(image, chance, cost=cost)
    assert sorted(found.rows.tolist()) == list(range(900))
    assert (np.diff(found.seconds) > 0).all()
    falling = np.argsort(-chance * cost)
    opened = np.append(True, np.diff(image[falling]) != 0)
    by_worth = (chance * cost)[falling][np.cumsum(EVEN.decide + EVEN.open_image * opened) <= 600].sum()
    assert found.worth[found.within(600) - 1] > 1.03 * by_worth


def test_an_image_is_worth_what_all_its_suggestions_bring():
    """By hand: image 7 brings 1.0 in 1 + 2 + 2 = 5 s; image 3 .6 in 1 + 2 + 5 * .6 = 6 s."""
    images, rate = worth_per_second(
        image=[7, 3, 7], chance=[0.8, 0.6, 0.2], cost=[1, 1, 1], redrawn=[False, True, False], seconds=EVEN
    )
    assert images.tolist() == [3, 7]
    np.testing.assert_allclose(rate, [0.1, 0.2])


def test_measured_seconds_are_the_first_ones_times_the_median_task():
    """By hand: expected are 3, 5 and 1 + 4 + 5 = 10 s; they took 6, 5 and 15, so 2, 1 and 1.5 times as long."""
    found = measured_seconds(active=[6, 5, 15], answered=[1, 2, 2], redrawn=[0, 0, 1])
    assert (found.decide, found.redraw, found.open_image) == (3, 7.5, 1.5)
