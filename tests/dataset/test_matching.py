"""Which new box is which known object."""

import numpy as np
import pytest

from dataset.importing.boxes import as_pixels
from dataset.importing.matching import is_still, match
from dataset.importing.types import Problems, Source, SourceImage

A, B, C = [0, 0, 10, 10], [20, 0, 30, 10], [0, 20, 10, 30]
A_MOVED = [1, 0, 11, 10]  # IoU with A: 90 / 110 = 0.818
A_FAR = [4, 0, 14, 10]  # IoU with A: 60 / 140 = 0.429


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ([], [], []),
        ([], [(0, A)], []),
        ([(0, A)], [], []),
        ([(0, A), (1, B)], [(1, B), (0, A)], [(0, 1), (1, 0)]),
        ([(0, A)], [(0, A_MOVED)], [(0, 0)]),
        ([(0, A)], [(1, A_MOVED)], [(0, 0)]),
        ([(0, A)], [(0, A_FAR)], []),
        ([(0, A), (0, A)], [(0, A)], [(0, 0)]),
        ([(0, A), (0, A)], [(0, A), (0, A)], [(0, 0), (1, 1)]),
        ([(0, A)], [(1, A), (0, A_MOVED)], [(0, 1)]),  # the class counts for more than a better overlap
        ([(0, A), (1, B)], [(0, C), (1, B)], [(1, 1)]),
    ],
)
def test_it_works(old: list, new: list, pairs: list[tuple[int, int]]) -> None:
    def arrays(labels: list) -> tuple[np.ndarray, np.ndarray]:
        return (
            np.array([label for label, _ in labels], dtype=np.int64),
            np.array([box for _, box in labels], dtype=np.float32).reshape(-1, 4),
        )

    assert sorted(match(*arrays(old), *arrays(new))) == pairs


@pytest.mark.parametrize(("shift", "same"), [(0.0, True), (0.009, True), (0.02, False)])
def test_a_hair_is_no_move(shift: float, same: bool) -> None:
    box = np.array(A, dtype=np.float32)
    assert is_still(box, box + np.float32(shift)) is same


@pytest.mark.parametrize(
    ("box", "expected", "counts"),
    [
        ((0.5, 0.5, 0.5, 0.5), [25, 20, 75, 60], (0, 0)),
        ((0.5, 0.5, 1.01, 1.0), [0, 0, 100, 80], (0, 0)),  # half a pixel over: the format's rounding
        ((0.0, 0.5, 0.5, 0.5), [0, 20, 25, 60], (1, 0)),
        ((0.5, 0.5, 0.0, 0.5), None, (0, 1)),
        ((0.5, 0.5, -0.5, 0.5), None, (0, 1)),
        ((2.0, 0.5, 0.5, 0.5), None, (0, 1)),
    ],
)
def test_yolo_boxes_become_pixels(
    box: tuple[float, ...], expected: list[float] | None, counts: tuple[int, int]
) -> None:
    """In an image of 100 × 80; counts are (clipped, skipped)."""
    source = Source("yolo", ["car"], [SourceImage("a.jpg", None)], Problems(), form="centred")
    source.boxes.add(0, 0, box, (source.file("a.txt"), 7))
    pixels = as_pixels(source, np.array([[100, 80]]))
    assert pixels.boxes.tolist() == ([] if expected is None else [pytest.approx(expected, abs=1e-4)])
    assert (pixels.clipped, pixels.skipped) == counts
    assert [problem.line for problem in source.problems.shown] == [7] * sum(counts)
