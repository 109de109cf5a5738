"""What verdicts teach: a kind that was promised too much loses, one that was promised too little gains."""

import numpy as np
import pytest

from science.autocurate.density_ratio import Rate
from science.autocurate.refit import OPEN, RIGHTLY_DOUBTED, Reviewed, chances, first_log_odds, fit, refit

KNOWN, UNKNOWN = Rate(0.1, known=True), Rate(0.1, known=False)


def reviewed(doubts: list[float], verdicts: list[int], kinds: list[int] | None = None) -> Reviewed:
    kind = np.zeros(len(doubts), np.int64) if kinds is None else np.array(kinds)
    return Reviewed(kind, np.array(doubts), np.array(verdicts))


def test_without_verdicts_the_first_chances_stand() -> None:
    given = reviewed([0.2, 0.5, 0.9], [OPEN] * 3)
    assert chances(given, refit(given, [KNOWN])) == pytest.approx([0.2, 0.5, 0.9])


def test_verdicts_move_the_chances_of_their_kind_and_of_no_other() -> None:
    """Of kind 0 all thirty at .5 were right, of kind 1 all were wrong, of kind 2 none was looked at."""
    kinds, verdicts = [0] * 31 + [1] * 31 + [2], [1] * 30 + [OPEN] + [0] * 30 + [OPEN, OPEN]
    given = reviewed([0.5] * 63, verdicts, kinds)
    chance = chances(given, refit(given, [KNOWN] * 3))
    assert chance[30] > 0.8
    assert chance[61] < 0.2
    assert chance[62] == 0.5


def test_the_rate_follows_what_was_found() -> None:
    """Forty at .5 promised twenty errors; ten of the twenty looked at were expected right, and all or none were."""
    doubts = [0.5] * 40
    more = refit(reviewed(doubts, [1] * 20 + [OPEN] * 20), [KNOWN])[0]
    less = refit(reviewed(doubts, [0] * 20 + [OPEN] * 20), [KNOWN])[0]
    assert 0.17 < more.rate.share < 0.2
    assert 0 < less.rate.share < 0.03
    assert (more.decided, more.right, less.right) == (20, 20, 0)


def test_the_likeliest_shift_by_hand() -> None:
    """All at log-odds 0 with a slope held at 1: of ten 7 right. With a normal prior of variance 1 the shift s solves
    7 - 10 / (1 + exp(-s)) = s, which s = 0.583 does: exp(-0.583) = 0.558, 10 / 1.558 = 6.417."""
    (shift, slope), covariance = fit(np.zeros(10), np.arange(10) < 7, np.array([1.0, 1e-3]))
    assert 7 - 10 / (1 + np.exp(-shift)) == pytest.approx(shift, abs=1e-6)
    assert shift == pytest.approx(0.583, abs=0.0005)
    assert slope == pytest.approx(1)
    chance = 1 / (1 + np.exp(-shift))
    assert covariance[0, 0] == pytest.approx(1 / (10 * chance * (1 - chance) + 1))


def test_scores_that_order_nothing_lose_their_slope() -> None:
    random = np.random.default_rng(0)
    odds = random.normal(0, 2, 400)
    (_, slope), _ = fit(odds, random.random(400) < 0.5, np.array([1.0, 0.3]))
    assert slope < 0.2


def test_an_unknown_rate_is_held_below_one_half_until_ten_verdicts() -> None:
    few = reviewed([3.0] * 20, [1] * 9 + [OPEN] * 11)
    enough = reviewed([3.0] * 20, [1] * 10 + [OPEN] * 10)
    assert chances(few, refit(few, [UNKNOWN])).max() < 0.5
    assert chances(enough, refit(enough, [UNKNOWN])).max() > 0.9
    assert [refit(each, [UNKNOWN])[0].rate.known for each in (few, enough)] == [False, True]


def test_an_unknown_rate_follows_verdicts_more_readily() -> None:
    given = reviewed([0.3] * 10, [RIGHTLY_DOUBTED] * 5 + [OPEN] * 5)
    assert refit(given, [UNKNOWN])[0].shift > refit(given, [KNOWN])[0].shift > 0


def test_the_order_is_kept_beyond_what_can_be_a_chance() -> None:
    """By hand: up to .97 these are log-odds; ten times .97 lies ln 10 above ln(.97 / .03)."""
    odds = first_log_odds(np.array([0.5, 0.97, 9.7, 0.0]))
    top = np.log(0.97 / 0.03)
    assert odds == pytest.approx([0, top, top + np.log(10), np.log(1e-4 / (1 - 1e-4))])
