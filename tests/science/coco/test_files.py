"""Files in which something is left out are read by a second path; it takes what the first one takes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from science.coco.files import BadFile, CocoTruth, read_results, read_truth

# Ids in another order than they rise in; boxes without width, or narrower than a pixel.
LABELS: dict[str, Any] = {
    "images": [{"id": 9, "video_id": "b"}, {"id": 7, "video_id": "a"}, {"id": 8}],
    "categories": [{"id": 3, "name": "truck"}, {"id": 1, "name": "car"}],
    "annotations": [
        {"id": 12, "image_id": 9, "category_id": 3, "bbox": [1, 2, 0, 5], "iscrowd": 1},
        {"id": 11, "image_id": 7, "category_id": 1, "bbox": [1, 2, 0.5, 5], "area": 2.0},
    ],
}
FOUND: list[dict[str, Any]] = [
    {"image_id": 9, "category_id": 3, "bbox": [1, 2, 0, 5], "score": 0.25},
    {"image_id": 7, "category_id": 1, "bbox": [1, 2, 0.5, 5], "score": 0.75},
]
UNKNOWN = {"category_id": 77}


def written(folder: Path, content: Any) -> Path:
    path = folder / "file.json"
    path.write_text(json.dumps(content))
    return path


@pytest.fixture
def truth(tmp_path: Path) -> CocoTruth:
    return read_truth(written(tmp_path, LABELS))


def test_it_works(truth: CocoTruth) -> None:
    assert truth.truth.image_ids.tolist() == [7, 8, 9]
    assert (truth.category_ids.tolist(), truth.category_names) == ([1, 3], ["car", "truck"])
    assert truth.groups is not None
    assert truth.groups.tolist() == [0, -1, 1]
    assert [row["id"] for row in truth.image_rows] == [7, 8, 9]
    assert (truth.truth.image_index.tolist(), truth.truth.class_index.tolist()) == ([2, 0], [1, 0])
    assert truth.truth.annotation_ids.tolist() == [12, 11]
    assert truth.truth.crowd.tolist() == [True, False]
    assert truth.truth.boxes.tolist() == [[1, 2, 1, 7], [1, 2, 1.5, 7]]
    assert truth.truth.area is not None
    assert truth.truth.area.tolist() == [0, 2]


def test_labels_of_unknown_categories_are_left_out(tmp_path: Path, truth: CocoTruth) -> None:
    more = {"id": 13, "image_id": 7, "category_id": 77, "bbox": [0, 0, 4, 5]}
    read = read_truth(written(tmp_path, LABELS | {"annotations": [more, *LABELS["annotations"]]}))
    assert (read.left_out, truth.left_out) == (1, 0)
    for column in ("image_index", "class_index", "boxes", "annotation_ids", "crowd", "area", "box_area"):
        np.testing.assert_array_equal(getattr(read.truth, column), getattr(truth.truth, column))


def test_detections_of_unknown_categories_are_left_out(tmp_path: Path, truth: CocoTruth) -> None:
    read = read_results(written(tmp_path, [FOUND[0] | UNKNOWN, *FOUND]), truth)
    whole = read_results(written(tmp_path, FOUND), truth)
    assert (read.left_out, whole.left_out) == (1, 0)
    assert (read.detections.prediction_ids.tolist(), whole.detections.prediction_ids.tolist()) == ([1, 2], [0, 1])
    assert whole.detections.scores.tolist() == [0.25, 0.75]
    for column in ("image_index", "class_index", "boxes", "scores", "box_area"):
        np.testing.assert_array_equal(getattr(read.detections, column), getattr(whole.detections, column))


def test_detections_where_no_category_is_listed(tmp_path: Path) -> None:
    nothing = read_truth(written(tmp_path, LABELS | {"categories": [], "annotations": []}))
    read = read_results(written(tmp_path, FOUND), nothing)
    assert (len(read.detections), read.left_out) == (0, 2)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"image_id": 6}, "it is on image 6, which the labels do not have"),
        ({"category_id": 1.5}, "it has the category_id 1.5, which is not a whole number"),
        ({"bbox": [0, 0, 5, -0.5]}, "it has a box of negative size, -0.5 pixels"),
        ({"bbox": [0, float("inf"), 5, 5]}, "it has a box with a number that is not finite"),
    ],
)  # fmt: skip
def test_it_rejects_a_wrong_detection_by_its_place(
    changed: dict[str, Any], sentence: str, tmp_path: Path, truth: CocoTruth
) -> None:
    with pytest.raises(BadFile) as caught:
        read_results(written(tmp_path, [FOUND[0], FOUND[1] | changed]), truth)
    assert str(caught.value) == f"file.json, detection 1 (counted from 0): {sentence}."


def test_others_like_a_wrong_one_are_counted(tmp_path: Path, truth: CocoTruth) -> None:
    with pytest.raises(BadFile, match=r"it is on image 6, which the labels do not have \(1 more like it\)\.$"):
        read_results(written(tmp_path, [FOUND[0] | {"image_id": 6}, FOUND[1] | {"image_id": 5}]), truth)
