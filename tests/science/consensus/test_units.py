"""Which boxes of several people are one object."""

import pytest

from science.consensus.units import mean_overlap, one_objects

A, NEAR_A, FAR = (0, 0, 10, 10), (0, 0, 10, 8), (50, 50, 60, 60)


@pytest.mark.parametrize(
    ("boxes", "units"),
    [
        ([[A], [NEAR_A]], [{0: 0, 1: 0}]),
        ([[A], [FAR]], [{0: 0}, {1: 0}]),
        ([[A, FAR], [FAR, NEAR_A]], [{0: 0, 1: 1}, {0: 1, 1: 0}]),
        ([[A, NEAR_A], [A]], [{0: 0, 1: 0}, {0: 1}]),  # the closest first, one box of everybody
        ([[A], [NEAR_A], []], [{0: 0, 1: 0}]),
        ([[], []], []),
        # each overlaps its neighbour by 6/14 or more, the ends do not overlap enough: no chain
        ([[(0, 0, 10, 10)], [(3, 0, 13, 10)], [(6, 0, 16, 10)]], [{0: 0, 1: 0}, {2: 0}]),
    ],
)
def test_it_works(boxes: list, units: list[dict[int, int]]) -> None:
    assert one_objects(boxes) == units


def test_the_overlap_of_a_unit() -> None:
    """A and its near one share 80 of 100 pixels."""
    assert mean_overlap([[A], [NEAR_A]], {0: 0, 1: 0}) == pytest.approx(0.8)
    assert mean_overlap([[A], []], {0: 0}) is None
