"""A slider that comes back is told what it was told before; other images, IoUs and betas are other charts."""

from typing import Any

import numpy as np
import pytest

from science.evaluation import charts
from science.evaluation.arrays import Ground, Predicted, Units
from science.evaluation.average_precision import accumulate
from science.evaluation.judged import MOST_CHARTS, JudgedEvaluation
from science.evaluation.matching import match
from science.evaluation.types import Detections, GroundTruth

IMAGES, CLASSES, BOXES = 40, 3, 160
EVEN, ODD = np.arange(IMAGES) % 2 == 0, np.arange(IMAGES) % 2 == 1  # as many each: only which they are differs


def judged_evaluation() -> JudgedEvaluation:
    random = np.random.default_rng(7)
    image, label = random.integers(0, IMAGES, BOXES), random.integers(0, CLASSES, BOXES)
    corner = random.uniform(0, 300, (BOXES, 2))
    boxes = np.concatenate([corner, corner + random.uniform(10, 90, (BOXES, 2))], axis=1)
    truth = GroundTruth.of(image_ids=np.arange(IMAGES), image_index=image, class_index=label, boxes=boxes)
    found = Detections.of(
        image_index=image,
        class_index=np.where(random.random(BOXES) < 0.2, 0, label),
        boxes=boxes + random.normal(0, 6, boxes.shape),
        scores=random.random(BOXES),
    )
    return JudgedEvaluation(
        Ground(np.arange(IMAGES), np.arange(CLASSES), list("abc")), truth, Predicted(found, np.arange(BOXES)),
        match(truth, found, classes=CLASSES), Units(np.arange(IMAGES), "image"),
    )  # fmt: skip


def asked_of(judged: JudgedEvaluation, images: np.ndarray | None, iou: float) -> list[Any]:
    return [
        charts.over_confidence(judged, iou=iou, images=images),
        charts.over_confidence(judged, iou=iou, beta=2.0, images=images),
        charts.error_budget_chart(judged, iou=iou, images=images),
        charts.at_point(judged, iou=iou, confidence=0.4, images=images),
    ]


def test_charts_asked_for_in_turns_are_those_of_an_evaluation_that_was_never_asked() -> None:
    judged = judged_evaluation()
    wanted = [(None, 0.5), (EVEN, 0.5), (ODD, 0.5), (EVEN, 0.75), (EVEN, 0.5), (None, 0.5)]
    for images, iou in wanted:
        assert asked_of(judged, images, iou) == asked_of(judged_evaluation(), images, iou)


@pytest.mark.parametrize("images", [EVEN, ODD])
def test_precision_on_some_images_is_that_of_their_matches(images: np.ndarray) -> None:
    judged = judged_evaluation()
    judged.accumulated_on(ODD)
    expected = accumulate(judged.matches.of(images)).precision[..., 0]
    assert np.array_equal(judged.accumulated_on(images).precision[..., 0], expected, equal_nan=True)


def test_few_charts_are_kept() -> None:
    judged = judged_evaluation()
    for iou in np.linspace(0.5, 0.95, 10).round(2).tolist():
        asked_of(judged, EVEN, iou)
    assert len(judged.charts) == MOST_CHARTS
