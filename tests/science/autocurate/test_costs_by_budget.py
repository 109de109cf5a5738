"""What a label error costs, by what this detector gets wrong."""

import numpy as np
import pytest

from science.autocurate.costs_by_budget import ClassBudget, sensitivity_by_class
from science.autocurate.review_order import ErrorSensitivity, error_costs

EVEN = ErrorSensitivity(wrong_class=8, missing=4, spurious=2, badly_drawn=2)  # sixteen in all


def budget(ap=(0.5, 0.5), **gain):
    return ClassBudget(np.array(ap, float), {name: np.array(value, float) for name, value in gain.items()})


def test_it_works():
    """By hand: the means are .10 + .10 (class, both), .1, 0, .1 of AP, .4 in all, which stand for 16 points: 40 a unit.

    Class 0 loses .3 by its class errors: half of 8, and half of 40 x .3 = 12: 4 + 6 = 10; class 1 loses .1: 4 + 2 = 6.
    """
    found = sensitivity_by_class(
        budget(**{"class": [0.2, 0.0], "both": [0.1, 0.1], "missed": [0.0, 0.2], "localisation": [0.1, 0.1]}), EVEN
    )
    np.testing.assert_allclose(found["wrong_class"], [10, 6])
    np.testing.assert_allclose(found["missing"], [2, 6])
    np.testing.assert_allclose(found["spurious"], [1, 1])
    np.testing.assert_allclose(found["badly_drawn"], [3, 3])
    assert sum(each.mean() for each in found.values()) == pytest.approx(16)


def test_no_class_loses_more_than_it_has_left_to_gain():
    found = sensitivity_by_class(budget(ap=(0.97, 0.2), missed=[0.02, 0.3]), EVEN)
    np.testing.assert_allclose(found["wrong_class"], [3, 4])


def test_a_detector_without_errors_teaches_nothing_new():
    found = sensitivity_by_class(budget(missed=[0.0, np.nan]), EVEN)
    assert found["wrong_class"].tolist() == [8, 8]


def test_costs_take_each_class_by_itself():
    """10 points over 100 labels of class 0 and 6 over 10 of class 1, both over two classes."""
    found = {"wrong_class": np.array([10.0, 6.0])}
    costs = error_costs(kind=["wrong_class", "wrong_class"], label=[0, 1], boxes=[100, 10], sensitivity=found)
    np.testing.assert_allclose(costs, [0.05, 0.3])
