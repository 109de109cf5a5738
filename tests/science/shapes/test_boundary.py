"""Rims along outlines, after Boundary IoU (Cheng et al. 2021)."""

import numpy as np

from science.shapes.boundary import with_rims
from science.shapes.masks import masks_of_pixels, pixels_of
from science.shapes.overlap import ious

FIRST = np.zeros(1, np.int64)
NO_CROWD = np.array([False])


def square(left: int, right: int, side: int = 20) -> np.ndarray:
    picture = np.zeros((side, side), bool)
    picture[left:right, left:right] = True
    return picture


def test_the_rim_is_what_an_erosion_takes() -> None:
    """An image of 20 x 20 has a diagonal of 28: 2 % is less than a pixel, so the rim is one pixel wide."""
    rim = pixels_of(with_rims(masks_of_pixels([square(4, 12)])).rims, 0)
    expected = square(4, 12)
    expected[5:11, 5:11] = False
    assert np.array_equal(rim, expected)


def test_the_rim_runs_along_the_edge_of_the_image_too() -> None:
    rim = pixels_of(with_rims(masks_of_pixels([square(0, 20)])).rims, 0)
    assert rim[0].all()
    assert rim[:, -1].all()
    assert not rim[1:-1, 1:-1].any()


def test_a_wider_rim() -> None:
    """4 % of a diagonal of 141 are 6 pixels."""
    rim = pixels_of(with_rims(masks_of_pixels([square(10, 90, 100)]), 0.04).rims, 0)
    assert rim.sum() == 80**2 - 68**2


def test_the_outline_sees_what_the_area_hides() -> None:
    """A square of 12 in one of 14: IoU 144 / 196; the rims of one pixel share nothing, so the pair counts 0."""
    a, b = (with_rims(masks_of_pixels([picture])) for picture in (square(3, 17), square(4, 16)))
    assert ious(a.masks, b.masks, FIRST, FIRST, NO_CROWD) == [144 / 196]
    assert ious(a, b, FIRST, FIRST, NO_CROWD) == [0.0]
    assert ious(a, a, FIRST, FIRST, NO_CROWD) == [1.0]


def test_nothing_has_no_rim() -> None:
    rimmed = with_rims(masks_of_pixels([np.zeros((5, 5), bool)]))
    assert rimmed.rims.area.tolist() == [0]
    assert rimmed.total == 1
