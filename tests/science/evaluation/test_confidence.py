"""Precision, recall and F over the confidence threshold."""

import numpy as np
import pytest

from science.evaluation.confidence import FALLBACK, best_confidence, confidence_curves
from science.evaluation.matching import Matches, match
from science.evaluation.types import Detections, GroundTruth


def two_boxes() -> Matches:
    """Class 0 has two boxes: found at .9 and .4, with a wrong detection at .6. Class 1 has none."""
    truth = GroundTruth.of(
        image_ids=[1], image_index=[0, 0], class_index=[0, 0], boxes=[[0, 0, 10, 10], [50, 0, 60, 10]]
    )
    found = Detections.of(
        image_index=[0] * 3,
        class_index=[0] * 3,
        boxes=[[0, 0, 10, 10], [50, 0, 60, 10], [80, 80, 90, 90]],
        scores=np.array([0.9, 0.4, 0.6]),
    )
    return match(truth, found, classes=2)


@pytest.mark.parametrize(
    ("confidence", "precision", "recall"),
    [(0.0, 2 / 3, 1.0), (0.4, 2 / 3, 1.0), (0.401, 1 / 2, 1 / 2), (0.61, 1.0, 1 / 2), (0.95, 1.0, 0.0)],
)
def test_curves_by_hand(confidence: float, precision: float, recall: float) -> None:
    curves = confidence_curves(two_boxes())
    at = round(confidence * 1000)
    assert curves.confidence[at] == pytest.approx(confidence)
    assert curves.precision[0, at] == pytest.approx(precision)
    assert curves.recall[0, at] == pytest.approx(recall)
    expected = 2 * precision * recall / (precision + recall)
    assert curves.f_score[0, at] == pytest.approx(expected)


def test_the_best_confidence_is_the_middle_of_the_best_stretch() -> None:
    assert best_confidence(two_boxes()) == pytest.approx(0.2)  # F1 = .8 from 0 to .4


def test_beta_weighs_precision_or_recall() -> None:
    # F-1/4 asks for precision: above .6 one box is found and nothing is wrong.
    assert confidence_curves(two_boxes(), beta=0.25).best == pytest.approx(0.75, abs=0.01)


def test_a_class_without_boxes_is_left_out() -> None:
    curves = confidence_curves(two_boxes())
    assert np.isnan(curves.recall[1]).all()
    assert np.isnan(curves.best_per_class[1])


def test_without_any_box_there_is_a_fallback() -> None:
    assert best_confidence(match(GroundTruth.of(image_ids=[1]), Detections.of(), classes=1)) == FALLBACK
