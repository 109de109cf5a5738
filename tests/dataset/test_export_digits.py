"""What is written brings every float32 box back to the bit, in as few decimals as do it."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from dataset.exporting import digits
from science.geometry.boxes import clip, from_centred, from_xywh

SIDE = 4000
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # however busy the machine is
sides = st.floats(0, SIDE, width=32, allow_subnormal=False)


@st.composite
def boxes(draw: st.DrawFn) -> np.ndarray:
    """`(N, 4)` float32 boxes with area in an image of SIDE × SIDE."""
    drawn = draw(st_numpy.arrays(np.float32, st.tuples(st.integers(0, 12), st.just(4)), elements=sides))
    ordered = np.concatenate([np.minimum(drawn[:, :2], drawn[:, 2:]), np.maximum(drawn[:, :2], drawn[:, 2:])], axis=1)
    return ordered[(ordered[:, 2:] > ordered[:, :2]).all(axis=1)].astype(np.float32)


def as_text(values: np.ndarray) -> np.ndarray:
    """Through the decimals that stand in a file."""
    return np.array([[float(repr(value)) for value in row] for row in values.tolist()]).reshape(-1, 4)


@unhurried
@given(boxes())
def test_coco(given_boxes: np.ndarray) -> None:
    back = clip(from_xywh(as_text(digits.shortest_sizes(given_boxes))), SIDE, SIDE).astype(np.float32)
    assert (back == given_boxes).all()


@unhurried
@given(boxes())
def test_corners(given_boxes: np.ndarray) -> None:
    found = as_text(digits.shortest_corners(given_boxes))
    assert (found.astype(np.float32) == given_boxes).all()
    by_size = np.concatenate([found[:, :2], found[:, 2:] - found[:, :2]], axis=1)
    assert (from_xywh(by_size).astype(np.float32) == given_boxes).all()


@unhurried
@given(boxes())
def test_last_pixels_inside(given_boxes: np.ndarray) -> None:
    """Right and bottom sides that lie more than a millionth of a pixel from the border: less is lost beside the 1."""
    given_boxes = given_boxes[(given_boxes[:, 2:] > 1e-6).all(axis=1)]
    found = as_text(digits.shortest_corners(given_boxes, last=1.0))
    assert (found[:, :2].astype(np.float32) == given_boxes[:, :2]).all()
    assert ((found[:, 2:] + 1).astype(np.float32) == given_boxes[:, 2:]).all()


@unhurried
@given(boxes(), st.integers(1, SIDE), st.integers(1, SIDE))
def test_yolo(given_boxes: np.ndarray, width: int, height: int) -> None:
    inside = clip(given_boxes, width, height)
    inside = inside[(inside[:, 2:] > inside[:, :2]).all(axis=1)]
    texts, off = digits.shortest_fractions(inside, width, height)
    found = np.array([[float(word) for word in text.split()] for text in texts]).reshape(-1, 4)
    back = clip(from_centred(found, width, height), width, height).astype(np.float32)
    assert int((back != inside).any(axis=1).sum()) == off
    assert np.abs(back - inside).max(initial=0) < 1e-3


@pytest.mark.parametrize(
    ("box", "written"),
    [
        ([16, 12, 48, 36], [16, 12, 32, 24]),
        ([0.1, 0.2, 10.1, 20.2], [0.1, 0.2, 10, 20]),
        ([214.613695, 172.190058, 274.505889, 229.586743], [214.6137, 172.19006, 59.8922, 57.39669]),
    ],
)
def test_no_more_decimals_than_it_takes(box: list[float], written: list[float]) -> None:
    assert digits.shortest_sizes(np.array([box], dtype=np.float32)).tolist() == [written]


def test_six_decimals_where_they_do_and_never_an_exponent() -> None:
    texts, off = digits.shortest_fractions(np.array([[0, 0, 320, 240], [0, 0, 1e-4, 480]], dtype=np.float32), 640, 480)
    assert (texts[0], off) == ("0.250000 0.250000 0.500000 0.500000", 0)
    assert "e" not in texts[1]


def test_no_boxes() -> None:
    none = np.zeros((0, 4), dtype=np.float32)
    assert digits.shortest_sizes(none).shape == digits.shortest_corners(none).shape == (0, 4)
    assert digits.shortest_fractions(none, 10, 10) == ([], 0)
