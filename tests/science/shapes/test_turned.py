"""Turned boxes overlap as polygons do, and as ultralytics' normal distributions do."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from science.shapes.overlap import GaussianBoxes, ious
from science.shapes.turned import TurnedBoxes, gaussian_ious, turned_of_centres, turned_of_corners

BOX = st.tuples(st.floats(-20, 20), st.floats(-20, 20), st.floats(1, 30), st.floats(1, 30), st.floats(0, math.pi))


def box(cx: float, cy: float, width: float, height: float, degrees: float) -> TurnedBoxes:
    return turned_of_centres(np.array([[cx, cy, width, height]]), np.array([math.radians(degrees)]))


def iou(a: TurnedBoxes, b: TurnedBoxes, *, crowd: bool = False) -> float:
    first = np.zeros(1, np.int64)
    return float(ious(a, b, first, first, np.array([crowd]))[0])


SQUARE = box(0, 0, 2, 2, 0)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (SQUARE, 1.0),
        (box(1, 0, 2, 2, 0), 2 / 6),
        (box(0, 0, 2, 2, 90), 1.0),
        # a square in itself turned by 45 degrees: an octagon of 8 (sqrt 2 - 1)
        (box(0, 0, 2, 2, 45), 8 * (math.sqrt(2) - 1) / (8 - 8 * (math.sqrt(2) - 1))),
        (box(5, 0, 2, 2, 30), 0.0),
        (box(0, 0, 1, 1, 17), 1 / 4),  # inside
    ],
)
def test_exact_overlap_by_hand(other: TurnedBoxes, expected: float) -> None:
    assert iou(SQUARE, other) == pytest.approx(expected, abs=1e-12)
    assert iou(other, SQUARE) == pytest.approx(expected, abs=1e-12)


def test_on_a_crowd_the_part_inside_counts() -> None:
    assert iou(box(1, 0, 2, 2, 0), box(0, 0, 2, 20, 0), crowd=True) == pytest.approx(0.5)


@settings(max_examples=100, deadline=None)
@given(BOX, BOX)
def test_exact_overlap_is_that_of_fine_pixels(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    a, b = (turned_of_centres(np.array([each[:4]]), np.array([each[4]])) for each in (one, other))
    low, high = a.boxes()[0][:2], a.boxes()[0][2:]
    steps = 300
    grid = np.stack(np.meshgrid(*(np.linspace(low[k], high[k], steps, endpoint=False) for k in (0, 1))), axis=-1)
    grid += (high - low) / steps / 2
    shared = np.mean(_inside(grid, a) & _inside(grid, b)) * np.prod(high - low)
    value = iou(a, b)
    assert shared / (a.area[0] + b.area[0] - shared) == pytest.approx(value, abs=0.02)


def _inside(points: np.ndarray, one: TurnedBoxes) -> np.ndarray:
    corner = one.corner[0]
    side = np.roll(corner, -1, axis=0) - corner
    apart = points[..., None, :] - corner
    return ((side[:, 0] * apart[..., 1] - side[:, 1] * apart[..., 0]) >= 0).all(axis=-1)


def test_normal_distributions_by_hand() -> None:
    """Squares of side 2 have the variance 1/3; a shift by 1 is a distance of 3/8, so 1 - sqrt(1 - e^-3/8)."""
    assert gaussian_ious(SQUARE, box(1, 0, 2, 2, 0)) == pytest.approx([1 - math.sqrt(1 - math.exp(-3 / 8))])
    assert gaussian_ious(SQUARE, box(0, 0, 2, 2, 45)) == pytest.approx([1.0])  # a square has no angle
    first = np.zeros(1, np.int64)
    told = ious(GaussianBoxes(SQUARE), GaussianBoxes(box(1, 0, 2, 2, 0)), first, first, np.array([False]))
    assert told == pytest.approx(gaussian_ious(SQUARE, box(1, 0, 2, 2, 0)))


def test_corners_may_run_either_way() -> None:
    clockwise = [[0, 0], [4, 0], [4, 2], [0, 2]]
    a, b = turned_of_corners([clockwise]), turned_of_corners([clockwise[::-1]])
    assert a.area.tolist() == b.area.tolist() == [8]
    assert iou(a, b) == 1
    assert a.boxes().tolist() == [[0, 0, 4, 2]]


def test_corners_of_no_convex_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="turned box 1"):
        turned_of_corners([[[0, 0], [4, 0], [4, 2], [0, 2]], [[0, 0], [4, 0], [1, 1], [0, 4]]])


def test_shapes_of_two_kinds_cannot_be_compared() -> None:
    first = np.zeros(1, np.int64)
    with pytest.raises(TypeError, match="TurnedBoxes cannot be laid over GaussianBoxes"):
        ious(SQUARE, GaussianBoxes(SQUARE), first, first, np.array([False]))
