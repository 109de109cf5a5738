"""What the rest of a batch will take."""

import numpy as np
import pytest

from science.remaining_time import rest_of_work


def test_it_works_by_hand() -> None:
    """5 s a task and 10 s an object, without fail: three tasks of 4, 5 and 0 objects take 15 + 90 s, surely."""
    held = [1, 2, 3, 4, 5]
    found = rest_of_work(seconds=[5 + 10 * each for each in held], objects=held, left=[4, 5, 0])
    assert found is not None
    assert (found.per_task, found.per_object) == (pytest.approx(5), pytest.approx(10))
    assert (found.seconds, found.low, found.high) == (pytest.approx(105), pytest.approx(105), pytest.approx(105))


def test_without_objects_it_is_the_mean() -> None:
    """Mean 20 s, deviation 10 s of 100 tasks: 50 more take 1000 s, off by 10 * sqrt(50 + 50**2 / 100) = 86.6 s."""
    seconds = [10.0, 30.0] * 50
    found = rest_of_work(seconds=seconds, objects=np.zeros(100), left=np.zeros(50))
    assert found is not None
    assert found.seconds == pytest.approx(1000)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * 86.6, rel=0.1)


def test_it_never_takes_less_than_nothing() -> None:
    found = rest_of_work(seconds=[1, 1, 1, 1, 200], objects=[0] * 5, left=[0])
    assert found is not None
    assert found.low >= 0


def test_more_objects_never_take_less() -> None:
    """Where tasks with more objects happened to be quicker, the line is level."""
    found = rest_of_work(seconds=[50, 40, 30, 20, 10], objects=[1, 2, 3, 4, 5], left=[100])
    assert found is not None
    assert found.per_object == 0
    assert found.seconds == pytest.approx(30)


def test_too_few_say_nothing_and_nothing_left_takes_nothing() -> None:
    assert rest_of_work(seconds=[1, 2, 3, 4], objects=[1, 1, 1, 1], left=[1]) is None
    done = rest_of_work(seconds=[1, 2, 3, 4, 5], objects=[1] * 5, left=[])
    assert done is not None
    assert (done.seconds, done.low, done.high) == (0, 0, 0)
