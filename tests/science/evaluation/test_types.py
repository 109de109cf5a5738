"""Columns that do not fit each other are named."""

from typing import Any

import numpy as np
import pytest

from science.evaluation.matching import compact_boxes
from science.evaluation.types import Detections, GroundTruth

BOX = [0, 0, 10, 10]
LABELS: dict[str, Any] = {
    "image_index": [0], "boxes": [BOX], "annotation_ids": [7], "crowd": [False], "area": [9.0], "box_area": [9.0],
}  # fmt: skip
FOUND: dict[str, Any] = {
    "image_index": [0], "boxes": [BOX], "scores": [0.5], "prediction_ids": [7], "class_scores": [[0.5]],
    "box_area": [9.0], "optional": [True],
}  # fmt: skip


@pytest.mark.parametrize("column", LABELS)
def test_it_rejects_labels_of_another_length(column: str) -> None:
    GroundTruth.of(image_ids=[1], class_index=[0], **LABELS)
    with pytest.raises(ValueError, match=f"GroundTruth.{column} has 2 rows, expected 1"):
        GroundTruth.of(image_ids=[1], class_index=[0], **LABELS | {column: LABELS[column] * 2})


@pytest.mark.parametrize("column", FOUND)
def test_it_rejects_detections_of_another_length(column: str) -> None:
    with pytest.raises(ValueError, match=f"Detections.{column} has 2 rows, expected 1"):
        Detections.of(class_index=[0], **FOUND | {column: FOUND[column] * 2})


def test_taking_some_takes_every_column() -> None:
    found = Detections.of(class_index=[0, 1], **{name: value * 2 for name, value in FOUND.items()})
    one = found.take(np.array([False, True]))
    for name, value in FOUND.items():
        np.testing.assert_array_equal(getattr(one, name), value)
    assert one.class_index.tolist() == [1]


def test_boxes_of_a_file_keep_the_area_that_its_numbers_give() -> None:
    """1,000,000.1 × .1 from the file is 100,000.01; from edges in single precision it would be another."""
    found = GroundTruth.from_xywh(
        image_ids=[1], image_index=[0], class_index=[0], boxes_xywh=[[5e6, 0, 1000000.1, 0.1]]
    )
    assert found.box_area is not None
    assert found.box_area.tolist() == [1000000.1 * 0.1]


def test_a_stated_area_goes_before_that_of_the_edges() -> None:
    boxes = np.array([[0, 0, 10, 10], [5, 5, 7, 9]], np.float32)
    assert compact_boxes(boxes, np.array([99.5, 7.5])).tolist() == [[0, 0, 10, 10, 99.5], [5, 5, 7, 9, 7.5]]
    assert compact_boxes(boxes, None)[:, 4].tolist() == [100, 8]
