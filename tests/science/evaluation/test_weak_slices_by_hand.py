"""One weak group worked by hand: half of what is labelled at night is found, by day all of it."""

import numpy as np
import pytest
from scipy.stats import t

from science.evaluation.matching import Matches, match
from science.evaluation.types import Detections, GroundTruth
from science.evaluation.weak_slices import (
    Fact,
    Measure,
    WeakSlice,
    _candidates,
    _CountsByImage,
    _described,
    _found,
    _Group,
    _precision,
    _recall,
)

IMAGES = 40
EVERYWHERE = np.ones(IMAGES, bool)
DARK = np.arange(IMAGES) < 20
NIGHT = _Group((("time", "night"),), None, DARK, EVERYWHERE)


@pytest.fixture(scope="module")
def matches() -> Matches:
    """Two cars on each image; found are both on every second image of the night, and both on all images of the day."""
    image = np.repeat(np.arange(IMAGES), 2)
    boxes = np.tile([[0, 0, 10, 10], [50, 0, 60, 10]], (IMAGES, 1))
    seen = ~DARK[image] | (image % 2 == 0)
    truth = GroundTruth.of(image_ids=range(IMAGES), image_index=image, class_index=image * 0, boxes=boxes)
    detections = Detections.of(
        image_index=image[seen], class_index=image[seen] * 0, boxes=boxes[seen], scores=np.full(seen.sum(), 0.9)
    )
    return match(truth, detections, classes=1)


@pytest.fixture(scope="module")
def counts(matches: Matches) -> _CountsByImage:
    return _CountsByImage.of(matches, _found(matches, 0.5, 0.5), np.arange(IMAGES), None)


def test_recall_by_hand(counts: _CountsByImage) -> None:
    """20 of 40 boxes at night, each image off by one box: s² = 20 · (1 / 40)² · 20 / 19. By day nothing varies."""
    found = _recall(counts, NIGHT, EVERYWHERE)
    assert found is not None
    assert (found.value, found.rest, found.freedom) == (0.5, 1.0, 19)
    assert found.standard_error == pytest.approx(np.sqrt(20 / 40**2 * 20 / 19))
    assert found.p_value == pytest.approx(t.cdf(-0.5 / found.standard_error, 19))


def test_precision_by_hand(counts: _CountsByImage) -> None:
    """At night precision is 1 up to recall 1/2, 51 of 101 points; all images of a half are units."""
    found = _precision(counts, NIGHT, EVERYWHERE)
    assert found is not None
    assert (found.value, found.rest, found.freedom) == (pytest.approx(51 / 101), pytest.approx(1), 19)
    assert found.standard_error == pytest.approx(0.5 * np.sqrt(0.25 / 20) * 2, rel=0.25)  # as of a share of 20 images


def test_a_slice_says_what_was_found(counts: _CountsByImage) -> None:
    difference = _recall(counts, NIGHT, EVERYWHERE)
    assert difference is not None
    found = _described(counts, NIGHT, Measure.RECALL, difference, 0.01)
    reach = t.ppf(0.975, 19) * difference.standard_error
    assert (found.low, found.high) == (pytest.approx(-0.5 - reach), pytest.approx(-0.5 + reach))
    assert (found.boxes, found.images.tolist()) == (40, DARK.tolist())
    assert (found.p_value, found.q_value) == (difference.p_value, 0.01)


WEAK = WeakSlice(
    facts=(("time", "night"), ("scene", "tunnel")), class_index=None, measure=Measure.RECALL, value=0.5, rest=0.75,
    low=-0.375, high=-0.125, p_value=0.001, q_value=0.01, boxes=40, images=DARK,
)  # fmt: skip


def test_its_sentence() -> None:
    assert WEAK.sentence(["car"]) == (
        "Recall is 0.500 where time = night and scene = tunnel, against 0.750 elsewhere: "
        "-0.250 (-0.375 to -0.125), 40 boxes."
    )
    assert WEAK.params == {
        "facts": [{"name": "time", "value": "night"}, {"name": "scene", "value": "tunnel"}], "class_index": None,
        "value": 0.5, "rest": 0.75, "difference": -0.25, "low": -0.375, "high": -0.125, "boxes": 40, "images": 20,
    }  # fmt: skip


def test_a_group_is_the_images_of_its_values(matches: Matches) -> None:
    """Of three kinds of weather, one of them unknown, and two times of day; a pair is what has both."""
    weather = np.array([("fog", "rain", "clear", "")[image % 4] for image in range(IMAGES)])
    time = np.where(DARK, "night", "day")
    groups = _candidates(matches, [Fact("weather", weather), Fact("time", time)], None)
    images = {group.facts: group.images for group in groups if group.class_index is None and group.images is not None}
    assert images[(("weather", "fog"),)].tolist() == (weather == "fog").tolist()
    assert images[("weather", "rain"), ("time", "night")].tolist() == ((weather == "rain") & DARK).tolist()
    assert not any(value == "" for names in images for _, value in names)
