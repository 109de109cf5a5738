"""A shape goes with its box."""

import numpy as np
import pytest

from science.shapes.finer import Finer, TurnedBox, mask_of, polygon_of, turned_box_of
from science.shapes.measures import box_of
from science.shapes.moving import is_alike, moved

TRIANGLE = polygon_of([[[10, 20, 50, 20, 30, 60]]])


@pytest.mark.parametrize(
    ("shape", "after", "expected"),
    [
        (TRIANGLE, [15, 30, 55, 70], polygon_of([[[15, 30, 55, 30, 35, 70]]])),  # shifted
        (TRIANGLE, [10, 20, 90, 40], polygon_of([[[10, 20, 90, 20, 50, 40]]])),  # twice as wide, half as high
        (turned_box_of(30, 40, 40, 40, 0), [20, 20, 40, 60], turned_box_of(30, 40, 20, 40, 0)),
        (turned_box_of(30, 40, 10, 30, 90), [20, 20, 40, 60], turned_box_of(30, 40, 10, 15, 90)),
        (turned_box_of(30, 40, 20, 20, 45), [10, 20, 30, 60], turned_box_of(20, 40, 14.142136, 14.142136, 45)),
        (mask_of(2, 2, [1, 3]), [10, 20, 51, 60], None),  # pixels cannot be moved
    ],
)
def test_it_works(shape: Finer, after: list[float], expected: Finer | None) -> None:
    """From the box 10, 20, 50, 60. At 45 degrees no sides make an uneven box: the area is what follows."""
    found = moved(shape, [10, 20, 50, 60], after)
    assert (found is None) == (expected is None)
    assert found is None or expected is None or is_alike(found, expected, 1e-4)


@pytest.mark.parametrize("angle", [-70.0, 10.0, 30.0, 100.0])
def test_a_turned_box_keeps_its_angle_and_fills_the_new_box(angle: float) -> None:
    box = turned_box_of(100, 80, 60, 30, angle)
    before = box_of(box)
    after = before * np.float32(1.5) + np.float32(3) + np.array([0, 0, 4, 0], np.float32)
    found = moved(box, before.tolist(), after.tolist())
    assert isinstance(found, TurnedBox)
    assert found.angle == angle
    assert box_of(found) == pytest.approx(after, abs=1e-3)
