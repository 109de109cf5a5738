"""Differences of two sets of images, and which of them are more than chance."""

import math

import numpy as np
import pytest

from science.analytics.differences import Sides, difference, discoveries, two_sided


def sides(first: int, second: int, shared: int = 0, group: int = 1) -> Sides:
    """Images of the first set only, of both, of the second only; `group` neighbours are one sequence."""
    total = first + second - shared
    place = np.arange(total)
    return Sides(place < first, place >= first - shared, place // group)


def shares(*counts: tuple[int, int]) -> np.ndarray:
    """So many ones among so many, one part after the other."""
    return np.concatenate([np.arange(total) < ones for ones, total in counts]).astype(float)


def test_it_works() -> None:
    """By hand: 30 of 100 and 45 of 100, p = 0.375; z = −0.15 / √(0.375 · 0.625 · 0.02) = −2.19089, p = 0.02846."""
    found = difference(shares((30, 100), (45, 100)), sides(100, 100))
    assert (found.first, found.second) == (0.3, 0.45)
    assert found.z == pytest.approx(-2.19089, abs=1e-5)
    assert found.p == pytest.approx(0.02846, abs=1e-5)


def test_shared_images_cancel_out() -> None:
    """By hand: the second set is the first's half. 1/100 + 1/50 − 2·50/(100·50) = 0.01; p = (40 + 30)/150 = 0.4667;
    z = (0.4 − 0.6) / √(0.4667 · 0.5333 · 0.01) = −4.009."""
    found = difference(shares((10, 50), (30, 50)), sides(100, 50, shared=50))
    assert (found.first, found.second) == (0.4, 0.6)
    assert found.z == pytest.approx(-4.00892, abs=1e-4)


def test_frames_of_one_sequence_are_one_witness() -> None:
    """Every image four times: as sequences the difference is no surer than of the single images."""
    once = shares((30, 100), (45, 100))
    single = difference(once, sides(100, 100))
    copied = difference(np.repeat(once, 4), sides(400, 400, group=4))
    believed = difference(np.repeat(once, 4), sides(400, 400))
    assert believed.z == pytest.approx(2 * single.z)
    assert copied.z == pytest.approx(single.z, rel=0.01)


def test_means_are_compared_too() -> None:
    x = np.concatenate([np.arange(50.0), np.arange(50.0) + 10])
    found = difference(x, sides(50, 50))
    assert found.second - found.first == 10
    assert found.z == pytest.approx(-10 / math.sqrt(x.var() * 0.04))


@pytest.mark.parametrize(
    ("values", "who"),
    [
        (shares((2, 100), (1, 100)), sides(100, 100)),  # too rare
        (shares((4, 9), (5, 100)), sides(9, 100)),  # too few images
        (shares((40, 80), (40, 80)), sides(80, 80, group=16)),  # too few sequences
        (np.ones(40), sides(20, 20)),  # nothing varies
        (shares((10, 40)), sides(40, 40, shared=40)),  # the same images
        (np.full(40, math.nan), sides(20, 20)),  # nothing is known
    ],
)
def test_what_cannot_be_told_is_not_tested(values: np.ndarray, who: Sides) -> None:
    assert math.isnan(difference(values, who).p)


def test_unknown_values_are_left_out() -> None:
    known = shares((30, 100), (45, 100))
    more = Sides(np.ones(250, bool) & (np.arange(250) < 100), np.arange(250) >= 100, np.arange(250))
    found = difference(np.concatenate([known, np.full(50, math.nan)]), more)
    assert found.z == pytest.approx(-2.19089, abs=1e-5)


def test_discoveries_are_those_of_benjamini_and_hochberg() -> None:
    """By hand, M = 5 at 10 %: limits 0.02 0.04 0.06 0.08 0.1 for 0.01 0.03 0.07 0.075 0.5; the last that holds is the
    fourth, so the third stands although it is above its own."""
    p = np.array([0.5, 0.03, 0.07, 0.01, math.nan, 0.075])
    assert discoveries(p).tolist() == [False, True, True, True, False, True]
    assert not discoveries(np.array([math.nan, 0.2])).any()
    assert discoveries(np.zeros(0)).tolist() == []


def test_noise_is_not_sold_as_a_finding() -> None:
    """Two halves of one set, thirty properties: any finding at all in at most about one comparison in ten."""
    rng = np.random.default_rng(11)
    who = sides(300, 300)
    found = 0
    for _ in range(200):
        p = [difference((rng.random(600) < share).astype(float), who).p for share in np.linspace(0.05, 0.95, 30)]
        found += bool(discoveries(np.array(p)).any())
    assert found / 200 < 0.16


def test_the_tail_is_the_normal_curve() -> None:
    assert two_sided(1.959964) == pytest.approx(0.05, abs=1e-6)
    assert two_sided(0) == 1


def test_ten_images_are_enough() -> None:
    """Of which five are expected to have it: the fewest that a share is tested on."""
    assert difference(shares((5, 10), (50, 100)), sides(10, 100)).p == 1
