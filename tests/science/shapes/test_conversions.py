"""From one kind of shape to another, by hand and by chance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from science.shapes.brush import BrokenBrush, brush_of_pixels, pixels_of_brush
from science.shapes.conversions import joined_ring, outlines_of_mask, pixels_of_shape
from science.shapes.finer import TurnedBox, mask_of_pixels, polygon_of
from science.shapes.measures import box_of
from science.shapes.mending import in_sight, mended_polygon, smallest_turned

SMALL = arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))).filter(lambda found: bool(found.any()))


def test_it_works() -> None:
    """A ring of eight pixels about an empty one, and a pixel that touches it at a corner."""
    pixels = np.zeros((5, 5), np.bool_)
    pixels[:3, :3] = True
    pixels[1, 1] = False
    pixels[3, 3] = True
    found = outlines_of_mask(mask_of_pixels(pixels))
    assert [[sorted(ring.tolist()) for ring in part] for part in found.parts] == [
        [[[0, 0], [0, 3], [3, 0], [3, 3]], [[1, 1], [1, 2], [2, 1], [2, 2]]],
        [[[3, 3], [3, 4], [4, 3], [4, 4]]],
    ]


@given(SMALL)
@settings(max_examples=40)
def test_the_outline_of_a_mask_covers_its_pixels(pixels: np.ndarray) -> None:
    outlines = outlines_of_mask(mask_of_pixels(pixels))
    assert (pixels_of_shape(outlines, *pixels.shape) == pixels).all()


@given(SMALL)
@settings(max_examples=40)
def test_brushes_come_back(pixels: np.ndarray) -> None:
    assert (pixels_of_brush(brush_of_pixels(pixels), *pixels.shape) == pixels).all()


def test_a_brush_that_label_studio_wrote() -> None:
    """label-studio-sdk 2.1.2's mask2rle of a picture of 4 × 2 pixels, of which the second and third are drawn."""
    written = [0, 0, 0, 32, 57, 27, 252, 96, 19, 255, 225, 48, 0]
    assert pixels_of_brush(written, 2, 4).tolist() == [[False, True, True, False], [False] * 4]


@pytest.mark.parametrize("data", [[1], [0, 0, 0, 8, 57], ["a"], [0, 0, 0, 16, 0x39, 0x23, 0x78, 0]])
def test_it_rejects_broken_brushes(data: list[int]) -> None:
    with pytest.raises(BrokenBrush):
        pixels_of_brush(data, 2, 2)


def test_a_ring_that_crosses_itself_is_taken_apart() -> None:
    """A bow tie of 10 × 10 pixels: two triangles of 25 square pixels that meet at (5, 5)."""
    found = mended_polygon(polygon_of([[[[0, 0], [10, 10], [10, 0], [0, 10]]]]), 20, 20)
    assert (found.crossed, found.cut, found.polygon and len(found.polygon.parts)) == (True, False, 2)


def test_what_lies_outside_is_cut_off() -> None:
    """A triangle whose tip is 10 pixels right of an image 10 wide: cut at (10, 5) and (10, 15)."""
    found = mended_polygon(polygon_of([[[[0, 0], [20, 10], [0, 20]]]]), 10, 20)
    assert found.cut
    assert found.polygon is not None
    assert sorted(found.polygon.parts[0][0].tolist()) == [[0, 0], [0, 20], [10, 5], [10, 15]]


def test_a_sound_polygon_is_the_same() -> None:
    shape = polygon_of([[[[0, 0], [20, 10], [0, 20]], [[1, 5], [9, 10], [1, 15]]]])
    assert mended_polygon(shape, 20, 20).polygon is shape


@pytest.mark.parametrize("ring", [[[0, 0], [5, 5], [10, 10]], [[30, 0], [40, 0], [40, 9]]])
def test_nothing_is_left_of_a_line_or_of_what_lies_outside(ring: list[list[int]]) -> None:
    assert mended_polygon(polygon_of([[ring]]), 20, 20).polygon is None


def test_joined_parts_are_the_parts_once_they_are_mended() -> None:
    squares = [[[0, 0], [4, 0], [4, 4], [0, 4]], [[8, 8], [9, 8], [9, 9], [8, 9]], [[0, 8], [3, 8], [3, 9], [0, 9]]]
    joined = joined_ring(polygon_of([[square] for square in squares]).rings())
    assert len(joined) == 3 * 5 + 1
    found = mended_polygon(polygon_of([[joined]]), 20, 20).polygon
    assert found is not None
    assert sorted(sorted(ring.tolist()) for ring in found.rings()) == sorted(map(sorted, squares))


def test_turned_boxes_as_pixels_and_back() -> None:
    """A box of 20 × 10 stood on its end covers 10 × 20 pixels."""
    pixels = pixels_of_shape(TurnedBox(30, 20, 20, 10, 90), 40, 60)
    ys, xs = np.nonzero(pixels)
    assert (xs.min(), xs.max(), ys.min(), ys.max(), len(xs)) == (25, 34, 10, 29, 200)
    corners = smallest_turned(outlines_of_mask(mask_of_pixels(pixels)).parts[0][0])
    assert sorted(corners) == [(25, 10), (25, 30), (35, 10), (35, 30)]


def test_what_is_painted_over_is_cut_off() -> None:
    behind, middle, front = (polygon_of([[[[x, 0], [x + 10, 0], [x + 10, 10], [x, 10]]]]) for x in (0, 6, 6))
    rest, hidden, whole = in_sight([behind, middle, front])
    assert rest is not None
    assert box_of(rest).tolist() == [0, 0, 6, 10]
    assert hidden is None
    assert whole is front


def test_what_is_crossed_by_something_is_two_parts() -> None:
    bar = polygon_of([[[[4, -5], [6, -5], [6, 15], [4, 15]]]])
    seen = in_sight([polygon_of([[[[0, 0], [10, 0], [10, 10], [0, 10]]]]), bar])[0]
    assert seen is not None
    assert sorted(part[0][:, 0].max() for part in seen.parts) == [4, 10]
    assert in_sight([]) == []
