"""Spreading tasks over people: whole numbers that add up, and nobody gets all that comes first."""

import pytest

from label.spreading import dealt, in_blocks, shares, speeds


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (10, [1, 1, 1], [4, 3, 3]),  # 3 1/3 each; the one left over goes to the first
        (10, [2, 1, 1], [5, 3, 2]),  # 5, 2.5, 2.5
        (7, [3, 2, 1], [4, 2, 1]),  # 3.5, 2 1/3, 1 1/6
        (1, [1, 1], [1, 0]),
        (0, [1, 1], [0, 0]),
    ],
)
def test_it_works(total: int, weights: list[float], expected: list[int]) -> None:
    assert shares(total, weights) == expected


def test_who_is_twice_as_fast_gets_twice_as_many_and_who_was_never_timed_counts_as_the_middle() -> None:
    assert shares(80, speeds([10.0, 20.0, None])) == [40, 20, 20]  # .1 and .05 a second; the middle of 10, 20 is 20


def test_the_slowest_gets_a_tenth_of_the_fastest_at_least() -> None:
    assert speeds([1.0, 1000.0]) == [1.0, 0.1]


def test_tasks_are_dealt_in_turns_in_the_ratio_of_the_shares() -> None:
    assert dealt([3, 3]) == [0, 1, 0, 1, 0, 1]
    assert dealt([4, 2]) == [0, 1, 0, 0, 1, 0]  # at 1/8, 3/8, 5/8, 7/8 and at 1/4, 3/4
    assert dealt([2, 0]) == [0, 0]


def test_in_blocks_neighbours_stay_with_one_person() -> None:
    assert in_blocks([2, 3]) == [0, 0, 1, 1, 1]
