"""Sorting by falling score equals a stable sort, whatever the scores look like."""

import numpy as np
import pytest

from science.evaluation.ordering import FEW, MANY, by_falling_score

RANDOM = np.random.default_rng(0)
SCORES = {
    "any": lambda n: RANDOM.random(n),
    "two decimals": lambda n: np.round(RANDOM.random(n), 2),
    "all the same": np.zeros,
    "zeros of both signs": lambda n: np.where(RANDOM.random(n) < 0.5, 0.0, -0.0),
    "far apart": lambda n: RANDOM.choice([1e300, -5.0, 1e-300, 0.25, 0.25 + 1e-16], n),
    "float32": lambda n: RANDOM.random(n).astype(np.float32).astype(np.float64),
}


@pytest.mark.parametrize("kind", SCORES)
@pytest.mark.parametrize("count", [0, 1, FEW, FEW + 1, 3000])
def test_one_part(kind: str, count: int) -> None:
    scores, order = SCORES[kind](count), RANDOM.permutation(count).astype(np.int32)
    expected = order[np.argsort(-(scores[order] + 0.0), kind="stable")]
    assert np.array_equal(by_falling_score(order, scores, np.array([0, count], np.int64)), expected)


def test_many_parts_are_sorted_each_for_itself() -> None:
    sizes = RANDOM.integers(0, 5, 2 * MANY)
    bounds = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    scores, order = np.round(RANDOM.random(bounds[-1]), 1), np.arange(bounds[-1], dtype=np.int32)
    part = np.repeat(np.arange(len(sizes)), sizes)
    assert np.array_equal(by_falling_score(order, scores, bounds), np.lexsort((order, -scores, part)))
