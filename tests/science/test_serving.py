"""Counts of an endpoint's answers: steps of latency, and drift by hand."""

import math

import numpy as np
import pytest

from science.serving import (
    STEPS,
    added_counts,
    latency_of_step,
    latency_step,
    quantile_of_steps,
    score_counts,
    stability_index,
    variation_distance,
)


@pytest.mark.parametrize(
    ("milliseconds", "step"), [(0.2, 0), (1.0, 0), (1.05, 1), (1.1, 1), (1.11, 2), (1e9, STEPS - 1)]
)
def test_a_latency_falls_in_its_step(milliseconds: float, step: int) -> None:
    assert latency_step(milliseconds) == step
    assert milliseconds <= latency_of_step(step) * (1 + 1e-9) or step == STEPS - 1


def test_quantiles_are_the_steps_upper_ends() -> None:
    counts = np.zeros(STEPS, np.int64)
    counts[[3, 10]] = 90, 10
    assert quantile_of_steps(counts, 0.5) == pytest.approx(1.1**3)
    assert quantile_of_steps(counts, 0.95) == pytest.approx(1.1**10)
    assert math.isnan(quantile_of_steps(np.zeros(STEPS), 0.5))


def test_scores_in_twentieths() -> None:
    assert score_counts([0.0, 0.049, 0.05, 0.999, 1.0])[[0, 1, 19]].tolist() == [2, 1, 2]


def test_drift_by_hand() -> None:
    # Shares of 50 : 50 and 90 : 10, half a box added to each: p = (50.5, 50.5)/101, q = (90.5, 10.5)/101.
    p, q = np.array([50.5, 50.5]) / 101, np.array([90.5, 10.5]) / 101
    assert stability_index([50, 50], [90, 10]) == pytest.approx(((q - p) * np.log(q / p)).sum())
    assert stability_index([5, 5], [50, 50]) == pytest.approx(0, abs=1e-3)
    assert variation_distance([50, 50], [90, 10]) == pytest.approx(0.4)
    assert variation_distance([1, 0], [0, 7]) == 1
    assert math.isnan(stability_index([0, 0], [1, 2]))
    assert math.isnan(variation_distance([1], [0]))


def test_rows_are_added() -> None:
    assert added_counts([[1, 2], [3, 4, 5]], 3).tolist() == [4, 6, 5]
