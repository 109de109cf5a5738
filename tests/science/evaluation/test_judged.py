"""Areas by id, and the labels of some images."""

import numpy as np
import pytest

from science.evaluation.judged import SPARSEST, Areas, labels_on
from science.evaluation.types import GroundTruth

BOXES = np.array([[0, 0, 2, 3], [1, 1, 5, 6], [0, 0, 10, 10]], np.float32)  # 6, 20 and 100 square pixels


@pytest.mark.parametrize(
    ("ids", "is_table"),
    [([7, 5, 6], True), ([7, 5, 5 + 3 * SPARSEST], True), ([7, 5, 6 + 3 * SPARSEST], False), ([7, 5, 10**12], False)],
)
def test_areas_are_found_by_id_however_far_apart_ids_are(ids: list[int], is_table: bool) -> None:
    areas = Areas.of(np.array(ids), BOXES)
    assert areas.is_table is is_table
    assert areas.look_up(np.array([ids[2], ids[0], ids[1], ids[0]])).tolist() == [100, 6, 20, 6]


def test_no_areas() -> None:
    none = Areas.of(np.zeros(0, np.int64), np.zeros((0, 4)))
    assert none.look_up(np.array([3, -1])).tolist() == [0, 0]


def test_labels_of_some_images_keep_their_places() -> None:
    truth = GroundTruth.of(
        image_ids=[8, 9], image_index=[0, 1, 1], class_index=[0, 1, 0], boxes=BOXES, annotation_ids=[70, 71, 72],
        crowd=[False, True, False], area=[1, 2, 3],
    )  # fmt: skip
    some = labels_on(truth, np.array([False, True]))
    assert some.image_ids.tolist() == [8, 9]
    assert some.image_index.tolist() == [1, 1]
    assert some.annotation_ids.tolist() == [71, 72]
    assert (some.class_index.tolist(), some.crowd.tolist(), some.area.tolist()) == ([1, 0], [True, False], [2, 3])
    assert (some.boxes.tolist(), some.box_area) == (BOXES[1:].tolist(), None)
