"""The first forty that teach most, what the next hundred will bring, and when to stop."""

import numpy as np
import pytest

from science.autocurate.density_ratio import Rate
from science.autocurate.refit import OPEN, Reviewed, refit
from science.autocurate.review_plan import expected_next, first_to_review, when_to_stop


def test_the_first_are_of_all_kinds_in_turn_and_spread_over_chances() -> None:
    """By hand: each kind's eight by falling chance; the places 0, 1/2, 1/4, 3/4 of eight are 0, 4, 2, 6."""
    kind, chance = np.repeat([0, 1], 8), np.tile(np.linspace(0.9, 0.2, 8), 2)
    assert first_to_review(kind, chance, 8).tolist() == [0, 8, 4, 12, 2, 10, 6, 14]


def test_a_kind_with_few_leaves_its_part_to_the_others() -> None:
    kind = np.array([0, *[1] * 50])
    first = first_to_review(kind, np.linspace(1, 0, 51), 40)
    assert len(first) == len(set(first.tolist())) == 40
    assert first[0] == 0
    assert len(first_to_review(kind[:5], np.ones(5), 40)) == 5
    assert len(first_to_review(kind[:0], np.ones(0), 40)) == 0


def test_what_is_expected_of_the_next_by_hand() -> None:
    """Of 60 at .9 and 60 at .5 of another kind, the next hundred are the 60 and 40 of the others: 54 + 20 right."""
    given = Reviewed(np.repeat([0, 1], 60), np.repeat([0.9, 0.5], 60), np.full(120, OPEN))
    every, first, second = expected_next(given, refit(given, [Rate(0.1, known=True)] * 2))
    assert (every.kind, first.kind, second.kind) == (-1, 0, 1)
    assert (every.suggestions, first.suggestions, second.suggestions) == (100, 60, 40)
    assert (every.right, first.right, second.right) == pytest.approx((74, 54, 20))
    for each in (every, first, second):
        assert each.low < each.right < each.high


def test_verdicts_make_the_expectation_narrower() -> None:
    verdict = np.repeat([1, 0, OPEN], [100, 100, 50])
    given = Reviewed(np.zeros(250, np.int64), np.full(250, 0.5), verdict)
    before = Reviewed(given.kind[200:], given.doubt[200:], given.verdict[200:])
    (after, _), (first, _) = (expected_next(each, refit(each, [Rate(0.1, known=True)])) for each in (given, before))
    assert after.high - after.low < first.high - first.low
    assert after.right == pytest.approx(25, abs=2)


def test_the_interval_holds_what_comes() -> None:
    """Rates that are off by what is thought possible: of 60 times the truth lies outside about a twentieth."""
    random, outside = np.random.default_rng(5), 0
    for _ in range(60):
        doubt = random.uniform(0.2, 0.8, 160)
        odds = np.log(doubt / (1 - doubt)) + random.normal(0, 0.8)
        right = random.random(160) < 1 / (1 + np.exp(-odds))
        verdict = np.where(np.arange(160) < 40, right, OPEN)
        given = Reviewed(np.zeros(160, np.int64), doubt, verdict)
        expected = expected_next(given, refit(given, [Rate(0.1, known=True)]), 120)[0]
        outside += not expected.low <= right[40:].sum() <= expected.high
    assert outside <= 8


def test_nothing_left_expects_nothing() -> None:
    given = Reviewed(np.zeros(2, np.int64), np.array([0.5, 0.6]), np.array([1, 0]))
    assert expected_next(given, refit(given, [Rate(0.1, known=True)])) == []


def test_when_to_stop_by_hand() -> None:
    """Three of the five are worth a look in five: at 20 s a look one minute, and 1.5 of them are right."""
    stop = when_to_stop(np.array([0.8, 0.5, 0.2, 0.19, 0.05]), seconds=20)
    assert (stop.suggestions, stop.minutes, stop.right) == (3, pytest.approx(1), pytest.approx(1.5))
