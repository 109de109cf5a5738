"""The number that ultralytics would print is the one that its own functions give."""

import numpy as np
import pytest
import torch
from ultralytics.engine.validator import BaseValidator
from ultralytics.utils.metrics import ap_per_class, box_iou

from science.evaluation.types import Detections, GroundTruth
from science.evaluation.ultralytics_figures import ultralytics_figures

CLASSES = 4


def made(seed: int) -> tuple[GroundTruth, Detections]:
    """Twenty images; the last class has no box, the one before no detection."""
    random = np.random.default_rng(seed)
    count, found = 120, 300
    image, label = np.arange(count) % 20, random.integers(0, 3, count)
    corner = random.uniform(0, 300, (count, 2))
    boxes = np.concatenate([corner, corner + random.uniform(10, 80, (count, 2))], axis=1).astype(np.float32)
    source = random.integers(0, count, found)
    classes = np.where(random.random(found) < 0.1, 3, label[source])
    return (
        GroundTruth.of(image_ids=np.arange(20), image_index=image, class_index=label, boxes=boxes),
        Detections.of(
            image_index=image[source],
            class_index=np.where(classes == 2, 0, classes),
            boxes=(boxes[source] + random.normal(0, 3, (found, 4))).astype(np.float32),
            scores=random.permutation(found) / found,
        ),
    )


def theirs(truth: GroundTruth, found: Detections) -> np.ndarray:
    validator = object.__new__(BaseValidator)
    validator.iouv = torch.linspace(0.5, 0.95, 10)
    right, order = [], []
    for image in range(truth.images):
        rows = np.flatnonzero(found.image_index == image)
        rows = rows[np.argsort(-found.scores[rows])]
        labelled = truth.image_index == image
        overlaps = box_iou(torch.tensor(truth.boxes[labelled]), torch.tensor(found.boxes[rows]))
        classes = torch.tensor(found.class_index[rows]), torch.tensor(truth.class_index[labelled])
        right.append(validator.match_predictions(*classes, overlaps).numpy())
        order.append(rows)
    rows = np.concatenate(order)
    return ap_per_class(np.concatenate(right), found.scores[rows], found.class_index[rows], truth.class_index)[5]


@pytest.mark.parametrize("seed", range(4))
def test_it_equals_ap_per_class(seed: int) -> None:
    truth, found = made(seed)
    ours, reference = ultralytics_figures(truth, found, classes=CLASSES), theirs(truth, found)
    np.testing.assert_allclose(ours.classes[:3], reference, atol=1e-12)
    assert np.isnan(ours.classes[3]).all()
    assert ours.map50 == pytest.approx(reference[:, 0].mean())
    assert ours.map == pytest.approx(reference.mean())


def test_it_says_why_it_differs() -> None:
    truth, found = made(0)
    crowd = GroundTruth.of(
        image_ids=[1], image_index=[0, 0], class_index=[0, 0], boxes=[[0, 0, 9, 9]] * 2, crowd=[False, True]
    )
    assert "straight lines" in ultralytics_figures(truth, found, classes=CLASSES).why(0.5)
    hit = Detections.of(image_index=[0], class_index=[0], boxes=[[0, 0, 9, 9]], scores=[0.9])
    assert "1 crowds" in ultralytics_figures(crowd, hit, classes=1).why(1.0)  # COCO's; half of the two boxes for it
    assert "none does alone" in ultralytics_figures(crowd, Detections.of(), classes=1).why(0.5)
    nothing = ultralytics_figures(GroundTruth.of(image_ids=[1]), Detections.of(), classes=1)
    assert np.isnan(nothing.map)
    assert nothing.why(float("nan")) == "Without a labelled box neither has a figure."


def test_detections_past_its_limit_are_left_out() -> None:
    truth = GroundTruth.of(image_ids=[1], image_index=[0], class_index=[0], boxes=[[0, 0, 9, 9]])
    boxes = [[20.0, 20, 30, 30]] * 300 + [[0.0, 0, 9, 9]]
    found = Detections.of(image_index=[0] * 301, class_index=[0] * 301, boxes=boxes, scores=np.linspace(0.9, 0.1, 301))
    figures = ultralytics_figures(truth, found, classes=1)
    assert figures.beyond == 1
    assert figures.map == 0
