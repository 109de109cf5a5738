"""Planted errors: at the stated rate, of four kinds, with the truth kept."""

import numpy as np
import pytest

from demo.objects import CLASSES
from demo.plant import KINDS, ImageLabels, plant
from science.geometry.boxes import iou

CAR, TRUCK = CLASSES.index("car"), CLASSES.index("truck")


def labels(key="a.jpg", boxes=((10, 10, 50, 40), (60, 20, 90, 70)), classes=(CAR, TRUCK)):
    return ImageLabels(key, 200, 150, np.array(boxes, np.float32).reshape(-1, 4), np.array(classes, np.int32))


@pytest.fixture
def many():
    return [labels(f"{i}.jpg") for i in range(400)]


def test_it_works(many):
    given, planted = plant(many, 0.25, CLASSES, seed=1)
    assert len(given) == len(many)
    assert 0.2 * 800 < len(planted) < 0.3 * 800
    assert {p.kind for p in planted} == set(KINDS)


def test_a_rate_of_zero_changes_nothing(many):
    given, planted = plant(many, 0.0, CLASSES, seed=1)
    assert planted == []
    for one, other in zip(many, given, strict=True):
        np.testing.assert_array_equal(one.boxes, other.boxes)
        np.testing.assert_array_equal(one.classes, other.classes)


def test_the_truth_is_not_touched(many):
    before = [image.boxes.copy() for image in many]
    plant(many, 1.0, CLASSES, seed=1)
    for image, boxes in zip(many, before, strict=True):
        np.testing.assert_array_equal(image.boxes, boxes)


def test_undoing_the_planted_errors_gives_the_truth(many):
    given, planted = plant(many, 0.5, CLASSES, seed=2)
    undone = {image.key: _rows(image) for image in given}
    for error in planted:
        rows = undone[error.key]
        if error.given_box is not None:
            rows.remove((error.given_class, error.given_box))
        if error.true_box is not None:
            rows.append((error.true_class, error.true_box))
    for image in many:
        assert sorted(undone[image.key]) == sorted(_rows(image))


def test_the_same_seed_plants_the_same(many):
    assert plant(many, 0.3, CLASSES, seed=5)[1] == plant(many, 0.3, CLASSES, seed=5)[1]
    assert plant(many, 0.3, CLASSES, seed=5)[1] != plant(many, 0.3, CLASSES, seed=6)[1]


def test_kinds_are_what_they_say(many):
    _, planted = plant(many, 0.6, CLASSES, seed=3)
    for error in planted:
        if error.kind == "wrong_class":
            assert error.given_box == error.true_box
            assert error.given_class != error.true_class
            assert {error.given_class, error.true_class} <= {CLASSES.index(c) for c in ("car", "truck", "bus")}
        elif error.kind == "badly_drawn":
            assert error.given_class == error.true_class
            assert 0.25 < _iou(error.given_box, error.true_box) < 0.75
        elif error.kind == "missing":
            assert error.given_box is None
        else:
            assert error.true_box is None
            truth = next(image for image in many if image.key == error.key)
            assert iou([error.given_box], truth.boxes).max() < 0.1


def test_images_without_boxes_stay_empty():
    given, planted = plant([labels(boxes=(), classes=())], 1.0, CLASSES, seed=0)
    assert len(given[0].boxes) == 0
    assert planted == []


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_it_rejects_an_impossible_rate(rate):
    with pytest.raises(ValueError, match="between 0 and 1"):
        plant([labels()], rate, CLASSES, seed=0)


def _rows(image):
    return [(c, tuple(b)) for c, b in zip(image.classes.tolist(), image.boxes.astype(float).tolist(), strict=True)]


def _iou(one, other):
    return float(iou([one], [other])[0, 0])
