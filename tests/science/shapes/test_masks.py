"""Masks have the pixels that pycocotools gives them, whatever they are written as."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as reference

from science.shapes.masks import (
    counts_of,
    joined,
    masks_of_counts,
    masks_of_pixels,
    pixels_of,
    shared_pixels,
)
from science.shapes.polygons import filled, polygons_of
from science.shapes.rle_text import counts_of_text, texts_of

# pycocotools' own array asks numpy 2 for a view in the old way.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SIDES = st.integers(1, 40)
CORNER = st.floats(-8, 48).map(lambda value: round(value, 2))
RINGS = st.lists(
    st.lists(CORNER, min_size=6, max_size=24).map(lambda ring: ring[: len(ring) // 2 * 2]), min_size=1, max_size=3
)


def one(rings: list[list[float]], height: int, width: int):
    return filled(polygons_of([rings]), np.array([height], np.int32), np.array([width], np.int32))


def pictures(height: int, width: int, seed: int, count: int = 1) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.random((height, width)) < rng.random() for _ in range(count)]


@settings(max_examples=300, deadline=None)
@given(RINGS, SIDES, SIDES)
def test_polygons_are_filled_as_pycocotools_fills_them(rings: list[list[float]], height: int, width: int) -> None:
    theirs = reference.merge(reference.frPyObjects(rings, height, width))
    mask = one(rings, height, width)
    assert np.array_equal(pixels_of(mask, 0), reference.decode(theirs).astype(bool))
    assert mask.area[0] == reference.area(theirs)


def test_a_square_by_hand() -> None:
    """The pixels whose middles lie inside: columns 2, 3, 4 and rows 1, 2 of an image 6 high and 8 wide."""
    mask = one([[2, 1, 5, 1, 5, 3, 2, 3]], 6, 8)
    expected = np.zeros((6, 8), bool)
    expected[1:3, 2:5] = True
    assert np.array_equal(pixels_of(mask, 0), expected)
    assert mask.start.tolist() == [2 * 6 + 1, 3 * 6 + 1, 4 * 6 + 1]
    assert mask.end.tolist() == [2 * 6 + 3, 3 * 6 + 3, 4 * 6 + 3]
    assert mask.boxes().tolist() == [[2, 1, 5, 3]]
    assert counts_of(mask) == [[13, 2, 4, 2, 4, 2, 21]]


def test_an_object_is_what_any_of_its_rings_encloses() -> None:
    overlapping = one([[0, 0, 4, 0, 4, 4, 0, 4], [2, 2, 6, 2, 6, 6, 2, 6]], 8, 8)
    assert overlapping.area[0] == 16 + 16 - 4


def test_two_corners_enclose_nothing() -> None:
    assert one([[1, 1, 5, 5]], 8, 8).area[0] == 0


@settings(max_examples=200, deadline=None)
@given(SIDES, SIDES, st.integers(0, 2**32 - 1))
def test_runs_and_text_are_pycocotools_own(height: int, width: int, seed: int) -> None:
    picture = pictures(height, width, seed)[0]
    theirs = reference.encode(np.asfortranarray(picture.astype(np.uint8)))
    mask = masks_of_pixels([picture])
    text = theirs["counts"].decode()
    assert texts_of(mask) == [text]
    assert np.array_equal(pixels_of(masks_of_counts([counts_of_text(text)], [(height, width)]), 0), picture)
    if picture.any():
        left, top, wide, high = reference.toBbox(theirs).tolist()
        assert mask.boxes()[0].tolist() == [left, top, left + wide, top + high]
    else:
        assert mask.boxes()[0].tolist() == [0, 0, 0, 0]


@settings(max_examples=150, deadline=None)
@given(SIDES, SIDES, st.integers(0, 2**32 - 1))
def test_shared_pixels_are_counted(height: int, width: int, seed: int) -> None:
    a, b = pictures(height, width, seed, 2)
    both = masks_of_pixels([a, b])
    assert shared_pixels(both, 0, both, 1) == np.count_nonzero(a & b)
    assert shared_pixels(both, 1, both, 0) == np.count_nonzero(a & b)


def test_masks_are_taken_in_any_order_and_joined() -> None:
    shapes = pictures(9, 7, 3, 4)
    masks = masks_of_pixels(shapes)
    turned = masks.take(np.array([2, 0, 0]))
    assert [pixels_of(turned, k).tolist() for k in range(3)] == [shapes[k].tolist() for k in (2, 0, 0)]
    assert turned.area.tolist() == [np.count_nonzero(shapes[k]) for k in (2, 0, 0)]
    some = masks.take(np.array([False, True, False, True]))
    back = joined([some, masks.take(np.zeros(0, np.int64)), turned])
    assert [pixels_of(back, k).tolist() for k in range(5)] == [shapes[k].tolist() for k in (1, 3, 2, 0, 0)]


@pytest.mark.parametrize("counts", [[5, 3], [5, 3, 100], [-1, 13]])
def test_run_lengths_that_do_not_fill_the_image_are_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="mask 0 do not add up to its image of 3 x 4"):
        masks_of_counts([counts], [(3, 4)])


@pytest.mark.parametrize("text", ["a", "\x7f", "P"])
def test_text_that_is_no_rle_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        counts_of_text(text)


def test_runs_of_nothing_between_are_one() -> None:
    """[2, 3, 0, 4, 3]: three and four pixels next to each other."""
    masks = masks_of_counts([[2, 3, 0, 4, 3]], [(3, 4)])
    assert (masks.start.tolist(), masks.end.tolist()) == ([2], [9])
    assert counts_of(masks) == [[2, 7, 3]]
