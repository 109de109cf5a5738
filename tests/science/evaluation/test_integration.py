"""AP by the rules of VOC and COCO, worked by hand."""

import numpy as np
import pytest

from science.evaluation.integration import Rule, average_precisions, integrate
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth

# Right, wrong, right, of two boxes: precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1.
PRECISION, RECALL = np.array([1, 1 / 2, 2 / 3]), np.array([1 / 2, 1 / 2, 1])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule.COCO, (51 * 1 + 50 * 2 / 3) / 101),
        (Rule.VOC11, (6 * 1 + 5 * 2 / 3) / 11),
        (Rule.VOC, 1 / 2 * 1 + 1 / 2 * 2 / 3),
    ],
)
def test_it_works(rule: Rule, expected: float) -> None:
    assert integrate(PRECISION, RECALL, rule) == pytest.approx(expected)
    assert integrate(np.zeros(0), np.zeros(0), rule) == 0


@pytest.mark.parametrize("rule", list(Rule))
def test_what_is_never_found_adds_nothing(rule: Rule) -> None:
    assert integrate(np.array([1.0]), np.array([0.25]), rule) < 0.35


def test_a_class_without_boxes_has_none() -> None:
    truth = GroundTruth.of(image_ids=[1], image_index=[0], class_index=[0], boxes=[[0, 0, 9, 9]])
    found = Detections.of(image_index=[0, 0], class_index=[0, 1], boxes=[[0, 0, 9, 9]] * 2, scores=[0.5, 0.6])
    scored = average_precisions(match(truth, found, classes=2, iou_thresholds=(0.3,)), 0.3, Rule.VOC)
    assert scored[0] == 1
    assert np.isnan(scored[1])
