"""Two programs' boxes side by side. Worked by hand: 10 x 10 boxes, one moved by a pixel (IoU 90 / 110)."""

import math

import numpy as np
import pytest

from science.evaluation.agreement import agreement
from science.evaluation.types import Detections

BOX, MOVED, FAR = [0, 0, 10, 10], [1, 0, 11, 10], [50, 50, 60, 60]


def found(*rows: tuple[int, int, list[int], float]) -> Detections:
    """Detections of (image, class, box, score)."""
    images, classes, boxes, scores = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Detections.of(image_index=images, class_index=classes, boxes=np.array(boxes, float), scores=list(scores))


def test_it_works() -> None:
    first = found((0, 0, BOX, 0.9), (0, 1, FAR, 0.5), (1, 0, BOX, 0.3))
    second = found((0, 0, MOVED, 0.8), (0, 1, FAR, 0.5), (1, 1, BOX, 0.4))
    seen = agreement(first, second)
    assert (seen.first, seen.second, seen.matched, seen.missing, seen.extra, seen.alike) == (3, 3, 2, 1, 1, 1)
    assert seen.iou_least == pytest.approx(90 / 110)
    assert (seen.score_largest, seen.pixels_largest) == (pytest.approx(0.1), 1.0)


def test_a_box_that_falls_below_the_floor_is_not_missing() -> None:
    """Its partner is looked for among all boxes, at any score."""
    seen = agreement(found((0, 0, BOX, 0.26)), found((0, 0, BOX, 0.24)))
    assert (seen.first, seen.second, seen.missing, seen.extra) == (1, 0, 0, 0)


def test_the_closest_are_partners_one_to_one() -> None:
    seen = agreement(found((0, 0, BOX, 0.9), (0, 0, MOVED, 0.8)), found((0, 0, MOVED, 0.8), (0, 0, BOX, 0.9)))
    assert (seen.matched, seen.alike, seen.score_largest) == (2, 2, 0.0)


def test_no_boxes() -> None:
    seen = agreement(found(), found())
    assert (seen.first, seen.second, seen.matched) == (0, 0, 0)
    assert math.isnan(seen.iou_least)
