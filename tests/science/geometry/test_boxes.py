"""Box arithmetic: hand-worked rows, then what must hold for any boxes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from science.geometry import boxes

SQUARE = [0.0, 0.0, 10.0, 10.0]

some_boxes = arrays(np.float64, st.tuples(st.integers(0, 6), st.just(4)), elements=st.floats(0, 500)).map(
    lambda values: np.concatenate(
        [np.minimum(values[:, :2], values[:, 2:]), np.maximum(values[:, :2], values[:, 2:])], 1
    )
)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (SQUARE, 1.0),
        ([5.0, 0.0, 15.0, 10.0], 50 / 150),  # half of each is shared
        ([0.0, 0.0, 5.0, 10.0], 0.5),  # inside
        ([10.0, 0.0, 20.0, 10.0], 0.0),  # edges touch
        ([20.0, 20.0, 30.0, 30.0], 0.0),
        ([3.0, 3.0, 3.0, 8.0], 0.0),  # no width
        ([8.0, 8.0, 2.0, 2.0], 0.0),  # inverted: empty
    ],
)
def test_iou_by_hand(other: list[float], expected: float) -> None:
    assert boxes.iou([SQUARE], [other])[0, 0] == pytest.approx(expected)
    assert boxes.paired_iou([SQUARE], [other])[0] == pytest.approx(expected)


def test_two_empty_boxes_have_no_overlap() -> None:
    assert boxes.iou([[5, 5, 5, 5]], [[5, 5, 5, 5]]) == 0


@pytest.mark.parametrize(
    "function", [boxes.areas, boxes.from_xywh, boxes.to_xywh, boxes.from_centred, boxes.to_centred, boxes.valid]
)
def test_no_boxes_are_an_ordinary_input(function) -> None:
    assert len(function([])) == 0


def test_no_boxes_on_either_side_of_a_matrix() -> None:
    assert boxes.iou([], [SQUARE, SQUARE]).shape == (0, 2)
    assert boxes.iou([SQUARE], []).shape == (1, 0)
    assert boxes.clip([], 10, 10).shape == (0, 4)


def test_it_rejects_rows_that_are_no_boxes() -> None:
    with pytest.raises(ValueError, match=r"\(N, 4\)"):
        boxes.as_boxes([[1, 2, 3]])


def test_float32_stays_float32() -> None:
    single = np.array([SQUARE], np.float32)
    for result in (boxes.areas(single), boxes.iou(single, single), boxes.clip(single, 5, 5), boxes.to_xywh(single)):
        assert result.dtype == np.float32


def test_clip_by_hand() -> None:
    assert boxes.clip([[-5, 2, 30, 50]], width=20, height=40).tolist() == [[0, 2, 20, 40]]


def test_valid_by_hand() -> None:
    given_boxes = [SQUARE, [5, 5, 5, 9], [9, 9, 1, 1], [0, 0, np.nan, 5], [0, 0, np.inf, 5], [0, 0, 2, 9]]
    assert boxes.valid(given_boxes).tolist() == [True, False, False, False, False, True]
    assert boxes.valid(given_boxes, smallest_side=2).tolist() == [True, False, False, False, False, False]


def test_conversions_by_hand() -> None:
    assert boxes.from_xywh([[10, 20, 30, 40]]).tolist() == [[10, 20, 40, 60]]
    assert boxes.to_xywh([[10, 20, 40, 60]]).tolist() == [[10, 20, 30, 40]]
    assert boxes.from_centred([[0.5, 0.5, 0.5, 0.25]], width=200, height=100).tolist() == [[50, 37.5, 150, 62.5]]
    assert boxes.to_centred([[50, 37.5, 150, 62.5]], width=200, height=100).tolist() == [[0.5, 0.5, 0.5, 0.25]]


@given(some_boxes, some_boxes)
def test_iou_is_symmetric_bounded_and_matches_the_paired_form(first, second) -> None:
    overlaps = boxes.iou(first, second)
    assert ((overlaps >= 0) & (overlaps <= 1 + 1e-12)).all()
    assert np.array_equal(overlaps, boxes.iou(second, first).T)
    count = min(len(first), len(second))
    assert np.array_equal(np.diagonal(overlaps)[:count], boxes.paired_iou(first[:count], second[:count]))


@given(some_boxes)
def test_conversions_come_back(some) -> None:
    np.testing.assert_allclose(boxes.from_xywh(boxes.to_xywh(some)), some, atol=1e-9)
    np.testing.assert_allclose(boxes.from_centred(boxes.to_centred(some, 640, 480), 640, 480), some, atol=1e-9)
