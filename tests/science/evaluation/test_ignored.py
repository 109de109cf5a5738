"""What lies in an ignored label is not judged, not doubted, and not suggested."""

import numpy as np
import pytest

from science.autocurate.evidence import scene_of
from science.evaluation.ignored import not_to_be_judged, part_ignored
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.ultralytics_figures import ultralytics_figures

# Image 0 has a crowd of class 0 over its left half and an object of class 0 in it; image 1 has nothing.
TRUTH = GroundTruth.of(
    image_ids=[7, 8],
    image_index=[0, 0],
    class_index=[0, 0],
    boxes=[[0, 0, 100, 200], [10, 10, 40, 40]],
    crowd=[True, False],
)
# image, class, box, part inside, left out
CASES = [
    (0, 0, [50, 100, 90, 140], 1.0, True),
    (0, 0, [60, 100, 140, 140], 0.5, True),
    (0, 0, [80, 100, 160, 140], 0.25, False),
    (0, 1, [50, 100, 90, 140], 0.0, False),  # of another class
    (1, 0, [50, 100, 90, 140], 0.0, False),  # on another image
    (0, 0, [11, 11, 41, 41], 1.0, False),  # it fits the object
]


@pytest.mark.parametrize(("image", "label", "box", "part", "left_out"), CASES)
def test_what_lies_in_a_crowd(image: int, label: int, box: list[int], part: float, left_out: bool) -> None:
    given = np.array([image]), np.array([box], np.float32), np.array([label])
    assert part_ignored(TRUTH, *given) == pytest.approx([part])
    assert not_to_be_judged(TRUTH, *given, found=0.3).tolist() == [left_out]


def test_the_finder_of_mislabels_sees_neither() -> None:
    found = Detections.of(
        image_index=[one[0] for one in CASES],
        class_index=[one[1] for one in CASES],
        boxes=np.array([one[2] for one in CASES], np.float32),
        scores=[0.9] * len(CASES),
    )
    scene = scene_of(TRUTH, found)
    assert scene.gt_row.tolist() == [1]
    assert sorted(scene.det_row.tolist()) == [2, 3, 4, 5]


def many(boxes: int, detections: int, crowd: bool = False) -> tuple[GroundTruth, Detections]:
    """An image with so many objects in a row and so many sure detections of them and beyond."""
    row = np.array([[20 * k, 0, 20 * k + 10, 10] for k in range(max(boxes, detections))], np.float32)
    truth = GroundTruth.of(
        image_ids=[1], image_index=[0] * boxes, class_index=[0] * boxes, boxes=row[:boxes],
        crowd=[crowd and k == 0 for k in range(boxes)],
    )  # fmt: skip
    scores = np.linspace(1, 0.5, detections)
    return truth, Detections.of(
        image_index=[0] * detections, class_index=[0] * detections, boxes=row[:detections], scores=scores
    )


def test_the_cause_of_another_figure_is_the_one_that_makes_it() -> None:
    """150 objects, all found: COCO stops at 100 of them."""
    figures = ultralytics_figures(*many(150, 150), classes=1)
    assert figures.causes == ["limit"]
    assert figures.effects["limit"] == pytest.approx(1 / 3, abs=0.01)
    assert "up to 300 detections" in figures.why(0.67)
    assert "straight lines" not in figures.why(0.67)


def test_a_crowd_is_named_where_it_matters() -> None:
    """Of ten boxes one is a crowd, and nobody found that one: ultralytics calls it missed."""
    truth, found = many(10, 10, crowd=True)
    figures = ultralytics_figures(truth, found.take(np.arange(1, 10)), classes=1)
    assert figures.causes[0] == "crowds"
    assert figures.effects["crowds"] < -0.05


def test_the_curve_is_named_where_nothing_else_differs() -> None:
    """All found and nothing else: its curve falls to 0 after the last recall, which costs half a hundredth."""
    figures = ultralytics_figures(*many(10, 10), classes=1)
    assert (figures.causes, figures.map) == (["curve"], pytest.approx(0.995))
    assert "straight lines" in figures.why(1.0)
    assert "crowds" not in figures.why(1.0)
