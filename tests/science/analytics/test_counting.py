"""Boxes and images per bin."""

import numpy as np
import pytest

from science.analytics import counting
from science.analytics.counting import Binned, images_with_both, one_hot

FOUND = Binned(np.array([7, 7, 7, 9, 12]), np.array([0, 0, 2, 2, 1]))


def test_it_works() -> None:
    """Image 7 has two boxes in bin 0 and one in 2, image 9 one in 2, image 12 one in 1."""
    assert FOUND.boxes(4).tolist() == [2, 1, 2, 0]
    assert FOUND.images(4).tolist() == [1, 1, 2, 0]


def test_many_images_are_counted_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "CELLS_AT_ONCE", 0)
    assert FOUND.images(4).tolist() == [1, 1, 2, 0]


def test_image_numbers_may_lie_far_apart() -> None:
    far = Binned(FOUND.owners * 10**12, FOUND.bins)
    assert far.images(4).tolist() == [1, 1, 2, 0]


def test_presence_and_counts_are_of_the_images_asked_for() -> None:
    ids = np.array([5, 7, 12])
    assert FOUND.presence(ids, 3).tolist() == [[False] * 3, [True, False, True], [False, True, False]]
    assert FOUND.per_image(ids).tolist() == [0, 3, 1]


def test_pairs_are_images_with_both() -> None:
    present = FOUND.presence(np.array([7, 9, 12]), 3)
    assert images_with_both(present, present).tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 2]]


def test_bins_can_be_merged() -> None:
    assert FOUND.merged(np.array([0, 0, 1])).images(2).tolist() == [2, 2]


def test_nothing_is_counted_as_nothing() -> None:
    none = Binned(np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert none.boxes(2).tolist() == none.images(2).tolist() == [0, 0]
    assert none.presence(np.zeros(0, np.int64), 2).shape == (0, 2)
    assert none.presence(np.array([3]), 2).tolist() == [[False, False]]
    assert one_hot(np.array([-1, 1]), 2).tolist() == [[False, False], [False, True]]
