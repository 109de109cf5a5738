"""Boxes are brought to pixels some at a time, and many lie in files: the same boxes and the same report as at once."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataset.importing import boxes, columns, scratch
from dataset.importing.boxes import PixelBoxes, as_pixels, whole_images
from dataset.importing.columns import TYPES, BoxColumns
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
    monkeypatch.setattr(columns, "MOST_IN_MEMORY", 4)
    monkeypatch.setattr(scratch, "WORTH_A_FILE", 1)
    some, also_told = pixels_of(given)
    for name in NAMES:
        np.testing.assert_array_equal(getattr(some, name), getattr(whole, name), err_msg=name)
    assert also_told == told
    monkeypatch.undo()


@pytest.mark.parametrize("most", [2, 3, 1000])
def test_columns_are_the_same_in_files(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """One by one and many together, some left out again, others given another class, one written to."""
    monkeypatch.setattr(columns, "MOST_IN_MEMORY", most)
    some = BoxColumns()
    for n in range(5):
        some.add(n, n % 2, (n, 0.5, 2, 3), (0, 7 + n), n - 1, ignore=n % 3, area=n * 1.5)
    numbers = np.arange(5, 9)
    some.extend(numbers, numbers % 2, np.tile(numbers[:, None], 4) * 1.0, numbers + 7, 1, numbers.astype(np.int32))
    some.keep(np.arange(9) != 4)
    some.relabel([1, 0])
    some.let_go()
    some.view("box")[0] = 9
    some.let_go()
    some.add(9, 0, (1, 2, 3, 4), (2, 99))
    assert len(some) == 9
    assert some.view("box").tolist() == [
        [9] * 4, *[[n, 0.5, 2, 3] for n in (1, 2, 3)], *[[n] * 4 for n in (5, 6, 7, 8)], [1, 2, 3, 4]
    ]  # fmt: skip
    assert {name: some.view(name).tolist() for name in TYPES if name != "box"} == {
        "image": [0, 1, 2, 3, 5, 6, 7, 8, 9],
        "label": [1, 0, 1, 0, 0, 1, 0, 1, 0],
        "place": [7, 8, 9, 10, 12, 13, 14, 15, 99],
        "file": [0] * 4 + [1] * 4 + [2],
        "attributes": [-1, 0, 1, 2, 5, 6, 7, 8, -1],
        "ignore": [0, 1, 2, 0, 0, 0, 0, 0, 0],
        "area": [0, 1.5, 3, 4.5, 0, 0, 0, 0, 0],
    }
    some.forget()
    assert len(some) == 0


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
