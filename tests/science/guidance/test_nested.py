"""Subsets of a training set that lie in each other."""

import numpy as np
import pytest

from science.autocurate.types import ImageTable
from science.guidance.nested import nested_subsets


def table(images: int = 200, per_sequence: int = 1) -> ImageTable:
    """Every fourth image has a rider, every image a car."""
    counts = np.stack([np.ones(images, np.int64), np.arange(images) % 4 == 0], axis=1)
    return ImageTable.of(image_ids=np.arange(images), class_counts=counts, sequence=np.arange(images) // per_sequence)


def test_each_lies_in_the_larger_ones_and_has_its_share() -> None:
    quarter, half, whole = nested_subsets(table(), [0.25, 0.5, 1.0])
    assert (quarter.sum(), half.sum(), whole.sum()) == (50, 100, 200)
    assert not (quarter & ~half).any()
    assert whole.all()


def test_each_has_the_same_mix_of_classes() -> None:
    riders = table().class_counts[:, 1]
    assert [riders[rows].sum() for rows in nested_subsets(table(), [0.2, 0.4, 0.8])] == [10, 20, 40]


def test_a_sequence_stays_together() -> None:
    sequence = table(per_sequence=10).sequence
    for rows in nested_subsets(table(per_sequence=10), [0.25, 0.5]):
        assert not set(sequence[rows]) & set(sequence[~rows])


def test_a_seed_gives_one_choice_and_another_seed_another() -> None:
    first, again, other = (nested_subsets(table(), [0.5], seed)[0] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize("fraction", [0.0, -0.1, 1.1])
def test_it_rejects_a_fraction_that_is_none(fraction: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        nested_subsets(table(), [fraction])


def test_it_rejects_one_sequence() -> None:
    with pytest.raises(ValueError, match="too few"):
        nested_subsets(table(per_sequence=200), [0.5])
