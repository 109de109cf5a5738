"""What resamples read of some images and classes is what they read of the matches of those."""

import numpy as np
import pytest

from science.evaluation.matching import Matches, match
from science.evaluation.resampling import prepare, score_resamples
from science.evaluation.types import Detections, GroundTruth
from tests.science.evaluation.world import evaluations

IMAGES, CLASSES = 60, 3
SOME = np.arange(IMAGES) % 3 > 0
TWO = np.array([True, False, True])


@pytest.fixture(scope="module")
def crowded() -> Matches:
    """A box in five is a crowd, so that some detections are ignored."""
    random = np.random.default_rng(4)
    image, label = random.integers(0, IMAGES, 300), random.integers(0, CLASSES, 300)
    corner = random.uniform(0, 300, (300, 2))
    boxes = np.concatenate([corner, corner + random.uniform(10, 90, (300, 2))], axis=1)
    truth = GroundTruth.of(
        image_ids=np.arange(IMAGES), image_index=image, class_index=label, boxes=boxes, crowd=random.random(300) < 0.2
    )
    found = Detections.of(
        image_index=image, class_index=label, boxes=boxes + random.normal(0, 6, boxes.shape), scores=random.random(300)
    )
    return match(truth, found, classes=CLASSES)


@pytest.mark.parametrize("images", [None, SOME, np.zeros(IMAGES, bool)], ids=["all", "some", "none"])
@pytest.mark.parametrize("classes", [None, TWO], ids=["all", "two"])
def test_some_images_and_classes_are_those_of_the_narrowed_matches(
    crowded: Matches, images: np.ndarray | None, classes: np.ndarray | None
) -> None:
    narrowed = prepare(crowded.of(images, classes=classes))
    for name, expected, column in zip(narrowed._fields, narrowed, prepare(crowded, images, classes), strict=True):
        assert np.array_equal(column, expected), name


def test_resamples_of_some_images_score_as_those_of_the_narrowed_matches() -> None:
    matches = evaluations(seed=2, images=IMAGES, skills=(1.0,))[0]
    drawn = np.random.default_rng(0).integers(0, 3, (5, IMAGES)).astype(np.int32) * SOME
    expected = score_resamples(prepare(matches.of(SOME)), drawn)
    assert np.array_equal(score_resamples(prepare(matches, SOME), drawn), expected, equal_nan=True)
    assert np.array_equal(score_resamples(prepare(matches), drawn), expected, equal_nan=True)
