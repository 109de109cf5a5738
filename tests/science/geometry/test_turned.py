"""Turned boxes: corners, the box around them, and back; degrees clockwise in an image whose y points down."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from science.geometry.turned import around_turned, corners, from_corners, is_rectangle, is_turned


@pytest.mark.parametrize(
    ("box", "degrees", "around"),
    [
        ((150, 140, 250, 160), 90, (190, 100, 210, 200)),  # 100 × 20 about (200, 150) stands upright: by hand
        ((150, 140, 250, 160), 0, (150, 140, 250, 160)),
        ((150, 140, 250, 160), 180, (150, 140, 250, 160)),
        # 40 × 30 by the angle of 3-4-5 (cos .8, sin .6): 40 · .8 + 30 · .6 = 50 wide, 40 · .6 + 30 · .8 = 48 high
        ((0, 0, 40, 30), 36.86989764584402, (-5, -9, 45, 39)),
        ((0, 0, 40, 30), -36.86989764584402, (-5, -9, 45, 39)),
    ],
)
def test_the_box_around_a_turned_one(box: tuple[float, ...], degrees: float, around: tuple[float, ...]) -> None:
    assert around_turned(box, degrees) == pytest.approx(around)


def test_it_turns_clockwise() -> None:
    """The corner that was top left stands top right after a quarter turn."""
    assert corners((150, 140, 250, 160), 90)[0] == (210, 100)


@given(st.tuples(*[st.floats(-500, 500)] * 2, *[st.floats(1, 300)] * 2), st.floats(0, 359.9))
def test_corners_bring_the_box_and_the_angle_back(given_: tuple[float, ...], degrees: float) -> None:
    x, y, width, height = given_
    box = (x, y, x + width, y + height)
    back, angle = from_corners(corners(box, degrees))
    assert back == pytest.approx(box, abs=1e-6)
    assert not is_turned(angle - degrees)


def test_four_points_that_are_no_rectangle() -> None:
    assert is_rectangle([(0, 0), (10, 0), (10, 5), (0, 5)], 0.5)
    assert is_rectangle([(0, 0), (0, 5), (10, 5), (10, 0)], 0.5)  # the other way round
    assert not is_rectangle([(0, 0), (10, 0), (14, 5), (4, 5)], 0.5)  # a slanted one
    assert not is_rectangle([(0, 0), (10, 0), (10, 5)], 0.5)
