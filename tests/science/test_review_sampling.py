"""Which tasks are reviewed, and what reviews say of the tasks that nobody looked at."""

import math

import pytest

from science.review_sampling import ReviewedWork, draw_for, errors_left, review_share

SHARES = [
    # base, wrong, reviewed -> share
    (0.2, 0, 0, 0.2),  # nothing known yet
    (0.2, 0, 50, 0.2),  # spotless
    (1.0, 0, 10, 1.0),
    (0.0, 5, 10, 0.0),
    # By hand: of 20 reviewed 5 wrong. z² = 3.8415. Wilson's middle (.25 + .09604) / 1.19207 = .29028, half width
    # 1.96 √(.25 · .75 / 20 + 3.8415 / 1600) / 1.19207 = .17842: upper end .46870. Spotless: 3.8415 / 23.8415 = .16113.
    # .2 · .46870 / .16113 = .5818
    (0.2, 5, 20, 0.5818),
    (0.2, 20, 20, 1.0),
]


@pytest.mark.parametrize(("base", "wrong", "reviewed", "expected"), SHARES)
def test_it_works(base: float, wrong: int, reviewed: int, expected: float) -> None:
    assert review_share(base, wrong, reviewed) == pytest.approx(expected, abs=5e-5)


def test_whoever_errs_more_is_reviewed_more() -> None:
    shares = [review_share(0.1, wrong, 20) for wrong in range(21)]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(0.1)
    assert shares[1] > shares[0]


def test_a_draw_is_the_same_whenever_it_is_asked_for_and_even_over_tasks() -> None:
    draws = [draw_for(7, task, 1) for task in range(2000)]
    assert draws == [draw_for(7, task, 1) for task in range(2000)]
    assert all(0 <= one < 1 for one in draws)
    assert 0.18 < sum(one < 0.2 for one in draws) / 2000 < 0.22
    assert draws[:20] != [draw_for(8, task, 1) for task in range(20)]
    assert draw_for(7, 1, 1) != draw_for(7, 1, 2)


def test_errors_left_are_the_rates_of_each_person() -> None:
    """By hand: 5 of 20 wrong and 80 unreviewed gives 20; 0 of 10 and 90 gives 0. Wilson: [.1119, .4687], [0, .2775]."""
    left = errors_left([ReviewedWork(20, 5, 80), ReviewedWork(10, 0, 90)])
    assert left is not None
    assert left.expected == pytest.approx(20)
    assert left.low == pytest.approx(20 - 80 * (0.25 - 0.11186), abs=0.05)
    assert left.high == pytest.approx(20 + math.hypot(80 * (0.46870 - 0.25), 90 * 0.27753), abs=0.05)


def test_of_somebody_never_reviewed_nothing_is_known() -> None:
    left = errors_left([ReviewedWork(10, 5, 0), ReviewedWork(0, 0, 8)])
    assert left is not None
    assert (left.expected, left.low, left.high) == (4, 0, 8)


@pytest.mark.parametrize("people", [[], [ReviewedWork(0, 0, 5)]])
def test_without_a_review_it_says_nothing(people: list[ReviewedWork]) -> None:
    assert errors_left(people) is None
