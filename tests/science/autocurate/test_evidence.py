"""What detections say about a box, worked by hand."""

import numpy as np
import pytest

from science.autocurate.evidence import Queries, evidence_of, leaders, most_overlap, scene_of
from science.evaluation.matching import compact_boxes
from science.evaluation.types import Detections, GroundTruth

CAR, BIKE = 0, 1
WHOLE, UPPER, MOST = [0, 0, 10, 10], [0, 0, 10, 5], [0, 0, 10, 8]  # IoU with WHOLE: 1, .5, .8


def detected(*rows: tuple[int, list[float], float], image: int = 0) -> Detections:
    return Detections.of(
        image_index=[image] * len(rows),
        class_index=[row[0] for row in rows],
        boxes=[row[1] for row in rows],
        scores=np.array([row[2] for row in rows], np.float64),
    )


def labelled(*rows: tuple[int, list[float]], images: int = 1) -> GroundTruth:
    return GroundTruth.of(
        image_ids=range(images),
        image_index=[0] * len(rows),
        class_index=[row[0] for row in rows],
        boxes=[row[1] for row in rows],
    )


def about_labels(truth: GroundTruth, detections: Detections):
    scene = scene_of(truth, detections)
    return evidence_of(scene, Queries(truth.image_index, scene.gt_box, np.arange(len(truth))), 2)


def test_it_works() -> None:
    """A bike over half of the car (0.9) and a car over most of it (0.8): detections stand by falling score.

    The car's word counts in full, the bike's by (0.5 - 0.3) / (0.55 - 0.3) = 0.8. The car fits best:
    0.8 · (0.2 + 0.8) = 0.8 is more than 0.9 · (0.2 + 0.5) = 0.63.
    """
    found = about_labels(labelled((CAR, WHOLE)), detected((CAR, MOST, 0.8), (BIKE, UPPER, 0.9)))
    np.testing.assert_allclose(found.strength, [[0.8, 0.72]])
    assert found.speaker.tolist() == [[1, 0]]
    assert (found.near_score[0], found.tight_score[0]) == (0.9, 0.8)
    assert (found.fit[0], found.fit_score[0], found.fit_speaker[0]) == (pytest.approx(0.8), 0.8, 1)


def test_what_belongs_to_another_label_says_nothing_of_this_one() -> None:
    """The bike under the car is labelled itself: the bike's detection speaks for that label alone."""
    truth = labelled((CAR, WHOLE), (BIKE, UPPER))
    found = about_labels(truth, detected((CAR, MOST, 0.8), (BIKE, UPPER, 0.9)))
    np.testing.assert_allclose(found.strength, [[0.8, 0], [0, 0.9]])
    assert found.near_score.tolist() == [0.8, 0.9]
    np.testing.assert_allclose(found.fit, [0.8, 1])


def test_without_detections_nothing_is_said() -> None:
    found = about_labels(labelled((CAR, WHOLE)), detected((CAR, [20, 20, 30, 30], 0.9)))
    assert not found.strength.any()
    assert (found.fit[0], found.fit_speaker[0], found.near_score[0], found.tight_score[0]) == (0, -1, 0, 0)
    assert (found.speaker == -1).all()


def test_a_detection_belongs_to_the_label_that_it_overlaps_most() -> None:
    scene = scene_of(labelled((CAR, WHOLE), (CAR, MOST), (BIKE, UPPER)), detected((CAR, MOST, 0.8), (BIKE, WHOLE, 0.7)))
    assert scene.owner.tolist() == [1, 2]
    np.testing.assert_allclose(scene.owner_iou, [1, 0.5])
    np.testing.assert_allclose(scene.second_iou, [0.8, 0])
    assert scene.any_owner.tolist() == [1, 0]
    np.testing.assert_allclose(scene.any_iou, [1, 1])
    np.testing.assert_allclose(scene.any_second, [0.8, 0.8])


def test_detections_of_one_object_follow_the_one_that_stands_highest() -> None:
    """The lower score leads where it stands higher for its class; other objects and images lead themselves."""
    rows = [(CAR, WHOLE, 0.9), (BIKE, MOST, 0.8), (CAR, [50, 0, 60, 10], 0.7), (CAR, UPPER, 0.1)]
    scene = scene_of(labelled(), detected(*rows))
    leader, followers = leaders(scene, scene.det_score)
    assert (leader.tolist(), followers.tolist()) == ([0, 0, 2, 3], [1, 0, 0, 0])
    leader, followers = leaders(scene, np.array([1.0, 2.0, 0.5, 0.1]))
    assert (leader.tolist(), followers.tolist()) == ([1, 1, 2, 1], [0, 2, 0, 0])


def test_a_box_is_not_compared_with_the_label_that_it_stands_for() -> None:
    scene = scene_of(labelled((CAR, WHOLE), (BIKE, UPPER)), detected())
    boxes = compact_boxes(np.array([WHOLE, WHOLE], np.float64), None)
    nearest = most_overlap(scene, Queries(np.zeros(2, np.int64), boxes, np.array([0, -1])))
    np.testing.assert_allclose(nearest, [0.5, 1])
