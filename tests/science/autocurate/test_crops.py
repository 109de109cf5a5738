"""What is inside the boxes: an encoder tells classes apart, and things from the ground, where the judge does not."""

from collections import Counter

import numpy as np
import pytest

from science.autocurate.crops import LEAST, Crops, EmptyPlaces, empty_places, opinion_of
from science.autocurate.mislabels import LabelErrorKind, MislabelReport, crops_wanted, find_mislabels
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import iou
from tests.science.autocurate.judge_world import CLASSES, NAMES, World, world

DIRECTIONS = 40
NOTHING_SEEN = Detections.of(image_index=[], class_index=[], boxes=np.zeros((0, 4)), scores=[])
GROUND = CLASSES  # the place of "no class" among the looks


def seen(looks: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Vectors of things that look so: one direction a class, and noise that makes them overlap."""
    means = np.random.default_rng(0).normal(0, 1, (CLASSES + 1, DIRECTIONS))
    return means[looks] + random.normal(0, 1.5, (len(looks), DIRECTIONS))


def true_looks(labels: World) -> np.ndarray:
    """What is really in each given box."""
    looks = labels.given.class_index.copy()
    for error in labels.errors:
        if error.annotation_id >= 0:
            looks[error.annotation_id] = GROUND if error.true_class < 0 else error.true_class
    return looks


def crops_of(labels: World) -> Crops:
    random, found = np.random.default_rng(3), labels.detections
    wanted = crops_wanted(labels.given, found, classes=CLASSES, image_sizes=labels.sizes)
    looks = [look_at(labels, int(found.image_index[row]), found.boxes[row]) for row in wanted.detected]
    empty = seen(np.full(len(wanted.places.row), GROUND), random)
    detected = seen(np.array(looks), random)
    return Crops(seen(true_looks(labels), random), wanted.places, empty, wanted.detected, detected)


def look_at(labels: World, image: int, box: np.ndarray) -> int:
    """The class of the thing that a box shows at least half of, else the ground."""
    mine = np.flatnonzero(labels.truth.image_index == image)
    overlap = iou(box[None], labels.truth.boxes[mine])[0] if len(mine) else np.zeros(1)
    return int(labels.truth.class_index[mine[overlap.argmax()]]) if overlap.max() >= 0.5 else GROUND


def found(labels: World, report: MislabelReport) -> dict[LabelErrorKind, float]:
    """Of as many suggestions as there are errors: the share of the errors of each kind that is pointed at."""
    pairs = labels.right(report.suggestions[: len(labels.errors)])
    right, planted = (Counter(each.kind for each in some) for some in ([e for _, e in pairs if e], labels.errors))
    return {kind: right[kind] / planted[kind] for kind in LabelErrorKind}


def test_it_finds_what_a_poor_judge_does_not_see() -> None:
    labels = world(seed=5, images=150, skill=0.0, rate=0.15)
    given = {"class_names": NAMES, "image_sizes": labels.sizes}
    without = found(labels, find_mislabels(labels.given, labels.detections, **given))
    beside = found(labels, find_mislabels(labels.given, labels.detections, **given, crops=crops_of(labels)))
    assert beside[LabelErrorKind.WRONG_CLASS] >= max(0.85, without[LabelErrorKind.WRONG_CLASS] + 0.2)
    assert beside[LabelErrorKind.SPURIOUS] >= max(0.85, without[LabelErrorKind.SPURIOUS])
    assert beside[LabelErrorKind.MISSING] > without[LabelErrorKind.MISSING]


def test_it_proposes_the_class_that_is_in_the_box() -> None:
    labels = world(seed=6, images=150, skill=0.0, rate=0.15)
    report = find_mislabels(
        labels.given, labels.detections, class_names=NAMES, image_sizes=labels.sizes, crops=crops_of(labels)
    )
    pairs = [(one, error) for one, error in labels.right(report.suggestions) if one.kind is LabelErrorKind.WRONG_CLASS]
    right = [one.proposed_class == error.true_class for one, error in pairs if error]
    assert np.mean(right) >= 0.9


def test_empty_places_overlap_no_label_and_lie_inside() -> None:
    labels = world(seed=7, images=60, skill=1.0, rate=0.0)
    places = empty_places(labels.given, labels.sizes, most=100)
    assert 50 <= len(places.row) <= 100
    assert (places.box[:, :2] >= 0).all()
    assert (places.box[:, 2:] <= labels.sizes[places.image] + 0.01).all()
    assert (labels.given.image_index[places.row] == places.image).all()
    for image, box in zip(places.image, places.box, strict=True):
        assert iou(box[None], labels.given.boxes[labels.given.image_index == image]).max() < 0.1
    sides, of_label = np.diff(places.box.reshape(-1, 2, 2), axis=1)[:, 0], labels.given.boxes[places.row]
    assert sides == pytest.approx(of_label[:, 2:] - of_label[:, :2], abs=0.01)


def test_no_label_teaches_the_opinion_on_itself() -> None:
    """The only label of a class: whoever judges it has never seen that class, and says so."""
    count = 60
    truth = GroundTruth.of(
        image_ids=np.arange(count),
        image_index=np.arange(count),
        class_index=[2] + [number % 2 for number in range(1, count)],
        boxes=np.tile(np.array([[0, 0, 9, 9]], np.float32), (count, 1)),
    )
    places = EmptyPlaces(np.arange(count), np.arange(count), truth.boxes)
    random = np.random.default_rng(1)
    vectors = seen(np.array([2] + [number % 2 for number in range(1, count)]), random)
    opinion = opinion_of(Crops(vectors, places, seen(np.full(count, GROUND), random)), truth, NOTHING_SEEN, 3)
    assert opinion is not None
    assert opinion.labels[0, 2] == pytest.approx(np.log(LEAST))
    assert np.exp(opinion.labels[1:]).max(axis=1).mean() > 0.8


def test_too_few_crops_give_no_opinion() -> None:
    truth = GroundTruth.of(image_ids=[0], image_index=[0], class_index=[0], boxes=np.array([[0, 0, 9, 9]], np.float32))
    places = empty_places(truth, [[100, 100]])
    assert opinion_of(Crops(np.ones((1, 4)), places, np.ones((len(places.row), 4))), truth, NOTHING_SEEN, 1) is None


def two_classes(groups: np.ndarray | None, unread: int | None = None) -> np.ndarray:
    """The opinion on sixty labels of two classes that look different; the first ten, of one sequence, are all wrong."""
    count, random = 60, np.random.default_rng(2)
    looks = np.arange(count) % 2
    looks[:10] = 1
    given = looks.copy()
    given[:10] = 2  # a class that only this sequence has
    truth = GroundTruth.of(
        image_ids=np.arange(count),
        image_index=np.arange(count),
        class_index=given,
        boxes=np.tile(np.array([[0, 0, 9, 9]], np.float32), (count, 1)),
    )
    vectors = seen(looks, random)
    if unread is not None:
        vectors[unread] = 0
    places = EmptyPlaces(np.arange(count), np.arange(count), truth.boxes)
    crops = Crops(vectors, places, seen(np.full(count, GROUND), random), groups=groups)
    opinion = opinion_of(crops, truth, NOTHING_SEEN, 3)
    assert opinion is not None
    return opinion.labels


def test_frames_of_a_sequence_do_not_confirm_each_other() -> None:
    """An error that stands in every frame is seen only by what has learnt from other sequences."""
    sequences = np.concatenate([np.zeros(10, np.int64), np.arange(1, 51)])
    apart, together = two_classes(None), two_classes(sequences)
    assert together[:10, 2] == pytest.approx(np.full(10, np.log(LEAST)))
    assert (together[:10, 1] > together[:10, 0]).mean() >= 0.8
    assert apart[:10, 2].mean() > together[:10, 2].mean()


def test_a_picture_that_was_not_read_has_no_opinion() -> None:
    opinion = two_classes(None, unread=20)
    assert opinion[20] == pytest.approx(np.full(4, np.log(LEAST)))
    assert opinion[22].max() > np.log(0.5)
