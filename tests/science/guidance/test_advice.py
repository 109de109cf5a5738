"""What a step is expected to bring, and the order of the steps, by hand."""

import numpy as np
import pytest

from science.guidance.advice import (
    Advice,
    difference_of_runs,
    gain_of_corrections,
    gain_of_data,
    images_to_show,
    most_of_corrections,
    next_of,
    ranked,
    within_reach,
)
from science.guidance.power_law import PowerLaw, Range

LAW = PowerLaw(np.array([0.5]), np.array([1.0]), np.array([0.5]), 3, 100.0)  # .5 − n^−½


def advice(step: str, gain: Range | None, people: float = 30, machine: float | None = 30, **more: object) -> Advice:
    return Advice(step, gain, people, machine, "why", **more)  # type: ignore[arg-type]


def test_gain_per_hour_by_hand() -> None:
    """1.2 points in 30 minutes of people and 90 of the machine: .6 an hour, 2.4 an hour of people."""
    one = advice("correct", Range(1.2, 0.4, 2.0), 30, 90)
    assert one.per_hour == pytest.approx(0.6)
    assert one.per_people_hour == pytest.approx(2.4)


def test_nothing_is_said_per_hour_of_people_where_none_is_needed() -> None:
    one = advice("longer", Range(1.2, 0.4, 2.0), 0, 60)
    assert (one.per_hour, one.per_people_hour) == (pytest.approx(1.2), None)


def test_the_best_per_hour_comes_first_then_the_surer_then_what_is_to_be_measured() -> None:
    steps = [
        advice("slow", None, machine=90),
        advice("unsure", Range(1, 0.1, 2)),
        advice("bounded", None, machine=300, at_most=0.9),
        advice("sure", Range(1, 0.5, 1.5)),
        advice("quick", None, machine=10),
        advice("best", Range(1, 0, 2), people=5, machine=5),
    ]
    assert [one.step for one in ranked(steps)] == ["best", "sure", "unsure", "bounded", "quick", "slow"]


@pytest.mark.parametrize(
    ("steps", "step"),
    [
        ([("maybe", Range(2, 0, 4)), ("sure", Range(0.5, 0.1, 1)), ("unknown", None)], "sure"),
        ([("maybe", Range(2, 0, 4)), ("unknown", None)], "unknown"),
        ([("sure of nothing", Range(0.02, 0.01, 0.03)), ("unknown", None)], "unknown"),
        ([("maybe", Range(2, 0, 4)), ("less", Range(1, 0, 2))], "maybe"),
        ([], None),
    ],
)
def test_a_gain_that_may_be_none_waits_for_what_can_be_measured(
    steps: list[tuple[str, Range | None]], step: str | None
) -> None:
    found = next_of([advice(name, gain) for name, gain in steps])
    assert (found.step if found else None) == step


def test_corrections_by_hand() -> None:
    """.8 points if 40 are right; of 30 to 60 right ones .6 to 1.2."""
    found = gain_of_corrections(0.8, Range(40, 30, 60))
    assert (found.value, found.low, found.high) == pytest.approx((0.8, 0.6, 1.2))
    assert gain_of_corrections(0.0, Range(0, 0, 0)) == Range(0, 0, 0)


def test_a_bound_before_anything_was_looked_for() -> None:
    """One label in ten, each class losing 9 points where all of it is wrong."""
    assert most_of_corrections(9.0) == pytest.approx(0.9108)


def test_data_by_hand() -> None:
    """300 more than 100: AP .4 → .45, five points; of one class of five, one point of mAP."""
    assert gain_of_data(LAW, 300).value == pytest.approx(5)
    assert gain_of_data(LAW, 300, classes=5).value == pytest.approx(1)


@pytest.mark.parametrize(("more", "there", "reach"), [(50, 100, 50), (300, 100, 100), (-5, 100, 0), (5, 0, 0)])
def test_a_curve_is_asked_for_twice_its_data_at_most(more: float, there: float, reach: float) -> None:
    assert within_reach(more, there) == reach


def test_two_runs_by_hand() -> None:
    """Errors of .01 and .01 that go together by half: √(.0002 − .0001) = .01, ± 1.96 points."""
    found = difference_of_runs((0.30, 0.01), (0.33, 0.01))
    assert (found.value, found.low, found.high) == pytest.approx((3.0, 1.04, 4.96))


@pytest.mark.parametrize(
    ("images", "smallest", "expected", "more"),
    [(120, 2.0, 1.0, 360), (120, 1.0, 1.0, 0), (120, 1.0, 2.0, 0), (120, 1.0, 0.0, 0), (100, 1.5, 1.0, 125)],
)
def test_images_that_make_a_gain_provable(images: int, smallest: float, expected: float, more: int) -> None:
    """Half the smallest gain takes four times the images: 480 − 120."""
    assert images_to_show(images, smallest, expected) == more
