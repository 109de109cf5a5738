"""Boxes are brought to pixels some at a time: the same boxes and the same report as all at once."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataset.importing import boxes
from dataset.importing.boxes import PixelBoxes, as_pixels, whole_images
from dataset.importing.types import Problems, Source, SourceImage

SIZES = np.array([[40, 30], [0, 0], [20, 20], [64, 36]])
NAMES = ("image", "classes", "boxes", "attributes", "ignore", "area", "clipped", "skipped")
BOXES = st.tuples(st.integers(0, 3), st.integers(0, 1), st.tuples(*[st.sampled_from([-9, 0, 5, 5.5, 18, 30, 70])] * 4))


def pixels_of(given: list[tuple[int, int, tuple[float, ...]]]) -> tuple[PixelBoxes, list[str]]:
    source = Source("coco", ["car", "bus"], [SourceImage(f"{n}.jpg", Path("/")) for n in range(4)], Problems())
    source.file("labels.json")
    for place, (image, label, box) in enumerate(given):
        source.boxes.add(image, label, box, (0, place))
    return as_pixels(source, SIZES), sorted(str(one) for one in source.problems.shown)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=st.lists(BOXES, max_size=40))
def test_it_works(monkeypatch: pytest.MonkeyPatch, given: list[tuple[int, int, tuple[float, ...]]]) -> None:
    monkeypatch.setattr(boxes, "AT_ONCE", 10_000)
    whole, told = pixels_of(given)
    monkeypatch.setattr(boxes, "AT_ONCE", 3)
    some, also_told = pixels_of(given)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(some, name), getattr(whole, name), err_msg=name)
    assert also_told == told


@pytest.mark.parametrize(
    ("image", "stretches"),
    [
        ([], [(0, 0)]),
        ([0, 0, 0, 0, 0], [(0, 5)]),  # one image is never parted
        ([0, 0, 1, 1, 2, 2, 3], [(0, 2), (2, 6), (6, 7)]),
    ],
)
def test_no_image_is_parted(image: list[int], stretches: list[tuple[int, int]]) -> None:
    assert whole_images(np.array(image, np.int32), 3) == stretches
