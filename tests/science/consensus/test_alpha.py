"""Krippendorff's alpha on the examples of his own paper, worked by hand."""

import numpy as np
import pytest

from science.consensus.alpha import NO_ANSWER, alpha_of_images, coincidences, nominal_alpha

# "Computing Krippendorff's alpha-reliability" (2011), example A: two observers, two values, ten units.
MEG = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
OWEN = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
# Example B: two observers, five values, twelve units.
BEN = "aabbdcccedda"
GERRY = "babbbccceddd"
# Example C: four observers, twelve units, values missing.
FOUR = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]


def letters(*rows: str) -> np.ndarray:
    return np.array([["abcde".index(one) for one in row] for row in rows]).T


def test_it_works_on_two_values_by_hand() -> None:
    """Both say 1 of unit 2 and 0 of units 4, 5, 7, 8 and 10; of the four others they differ.

    Coincidences: o00 = 10, o11 = 2, o01 = o10 = 4; n0 = 14, n1 = 6, n = 20.
    alpha = 1 - (20 - 1) * (4 + 4) / (20^2 - 14^2 - 6^2) = 1 - 152 / 168 = 0.095.
    """
    found = coincidences(np.array([MEG, OWEN]).T, 2)
    assert found.tolist() == [[10, 4], [4, 2]]
    assert nominal_alpha(found) == pytest.approx(1 - 152 / 168)


def test_it_works_on_five_values() -> None:
    """The paper's 0.692."""
    assert nominal_alpha(coincidences(letters(BEN, GERRY), 5)) == pytest.approx(0.692, abs=5e-4)


def test_it_works_with_answers_missing() -> None:
    """The paper's 0.743; unit 12 has one answer and pairs with none."""
    rows = [[NO_ANSWER if one == "." else int(one) - 1 for one in row.split()] for row in FOUR]
    assert nominal_alpha(coincidences(np.array(rows).T, 5)) == pytest.approx(0.743, abs=5e-4)


def test_nothing_and_one_category_alone_have_none() -> None:
    assert alpha_of_images([], 3) is None
    assert alpha_of_images([np.zeros((4, 2), np.int64)], 3) is None
    assert alpha_of_images([np.zeros((0, 2), np.int64)], 3) is None


def test_the_interval_is_of_images() -> None:
    """Ten images on which all agree, ten on which nobody does; one image alone has no interval."""
    agreed, split = np.array([[0, 0], [1, 1]]), np.array([[0, 1], [1, 0]])
    alpha = alpha_of_images([agreed] * 10 + [split] * 10, 2)
    assert alpha is not None
    assert (alpha.units, alpha.images) == (40, 20)
    assert alpha.low is not None
    assert alpha.high is not None
    assert -0.5 < alpha.low < alpha.value < alpha.high < 0.5
    alone = alpha_of_images([np.array([[0, 0], [1, 1], [0, 1]])], 2)
    assert alone is not None
    assert (alone.low, alone.high) == (None, None)
