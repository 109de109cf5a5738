"""Hard images first, none twice, each with a reason."""

import numpy as np
import pytest

from science.autocurate.edge_cases import EdgeCase, EdgeCaseSettings, find_edge_cases
from science.autocurate.types import ImageTable
from science.evaluation.types import Detections, GroundTruth

NAMES = ["car", "rider"]
BOX = [10.0, 10.0, 60.0, 60.0]


def picked(images: ImageTable, rows: list[tuple[int, int, list[float], float]], **options) -> list[EdgeCase]:
    """Look for edge cases with detections given as (image, class, box, score)."""
    detections = Detections.of(
        image_index=[row[0] for row in rows],
        class_index=[row[1] for row in rows],
        boxes=[row[2] for row in rows],
        scores=np.array([row[3] for row in rows], np.float64),
    )
    return find_edge_cases(images, detections, class_names=NAMES, **options)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(0, 0, BOX, 0.25)], "doubt"),  # at the threshold
        ([(0, 0, BOX, 0.9), (0, 1, BOX, 0.85)], "confusion"),
    ],
)
def test_a_doubtful_image_comes_before_a_clear_one(rows, code) -> None:
    images = ImageTable.of(image_ids=[5, 6])
    found = picked(images, [*rows, (1, 0, BOX, 0.99)])
    assert found[0].image_index == 0
    assert found[0].reason["code"] == code
    assert found[0].why.endswith(".")


def test_missed_and_false_boxes_count_where_there_are_labels() -> None:
    images = ImageTable.of(image_ids=[5, 6, 7])
    truth = GroundTruth.of(
        image_ids=[5, 6, 7], image_index=[0, 0, 1], class_index=[0, 0, 0], boxes=[BOX, [200, 0, 250, 50], BOX]
    )
    found = picked(images, [(1, 0, BOX, 0.99), (2, 0, BOX, 0.97)], truth=truth)
    assert [each.image_index for each in found[:2]] == [0, 2]
    assert found[0].reason == {"code": "missed", "count": 2.0}
    assert found[1].reason == {"code": "false", "count": 1.0}
    assert found[0].parts["missed"] == pytest.approx(1 - np.exp(-1), abs=1e-4)


def test_rare_classes_and_unusual_metadata_count() -> None:
    counts = np.tile([5, 0], (20, 1))
    counts[3] = [5, 1]
    weather = np.zeros(20, np.int64)
    weather[8] = 1
    images = ImageTable.of(image_ids=np.arange(20), class_counts=counts, strata={"weather": weather})
    first, second = picked(images, [])[:2]
    assert (first.image_index, first.reason) == (3, {"code": "rare", "class_name": "rider"})
    assert (second.image_index, second.reason) == (8, {"code": "unusual", "field": "weather"})


def test_one_image_of_a_sequence_and_of_near_duplicates() -> None:
    images = ImageTable.of(
        image_ids=np.arange(6),
        sequence=[1, 1, -1, -1, -1, -1],  # the second is another frame of the first
        hashes=np.array([0, 255 << 40, 255 << 30, (255 << 30) + 1, 31 << 20, 1]),  # 4th like 3rd, 6th like 1st
    )
    rows = [(image, 0, BOX, 0.25) for image in range(6)]
    assert [each.image_index for each in picked(images, rows, settings=EdgeCaseSettings(hash_bits=2))] == [0, 2, 4]
    free = EdgeCaseSettings(hash_bits=-1, per_group=2)
    assert len(picked(images, rows, settings=free)) == 6


def test_images_that_look_the_same_are_picked_once() -> None:
    """By hand: the second image's cosine distance from the first is .01, the third's from both .1 or more."""
    vectors = np.array([[1, 0, 0], [0.99, 0.141067, 0], [0.9, 0, 0.4358899], [0, 0, 0], [0, 0, 0]], np.float32)
    rows = [(image, 0, BOX, 0.25) for image in range(5)]
    found = picked(ImageTable.of(image_ids=np.arange(5)), rows, vectors=vectors)
    assert [each.image_index for each in found] == [0, 2, 3, 4]
    free = EdgeCaseSettings(least_distance=-1)
    assert len(picked(ImageTable.of(image_ids=np.arange(5)), rows, vectors=vectors, settings=free)) == 5


def test_the_budget_is_kept_and_hard_images_come_first() -> None:
    images = ImageTable.of(image_ids=np.arange(50))
    rows = [(image, 0, [x, 0.0, x + 9, 9.0], 0.25) for image in range(50) for x in np.arange(image) * 10.0]
    found = picked(images, rows, settings=EdgeCaseSettings(budget=7))
    assert [each.image_index for each in found] == list(range(49, 42, -1))
    assert all(0 <= each.score <= 1 for each in found)


def test_nothing_to_look_at() -> None:
    assert picked(ImageTable.of(image_ids=[]), []) == []
    assert picked(ImageTable.of(image_ids=[1, 2]), []) == []


def test_figures_by_hand() -> None:
    """Two classes at one place, the second half as likely: the detector is torn by 1 - exp(-0.5 / 1.5)."""
    (found,) = picked(ImageTable.of(image_ids=[5]), [(0, 0, BOX, 0.9), (0, 1, BOX, 0.45)])
    assert found.parts["confusion"] == pytest.approx(1 - np.exp(-0.5 / 1.5), abs=1e-4)


def test_what_is_right_is_no_false_box() -> None:
    truth = GroundTruth.of(image_ids=[5, 6], image_index=[0], class_index=[0], boxes=[BOX])
    found = picked(ImageTable.of(image_ids=[5, 6]), [(0, 0, BOX, 0.9), (1, 0, BOX, 0.8)], truth=truth)
    parts = {each.image_index: each.parts["false"] for each in found}
    assert parts == {0: 0, 1: pytest.approx(1 - np.exp(-0.8), abs=1e-4)}


def test_a_detection_at_the_threshold_is_seen() -> None:
    """By hand: one rider and two cars; the rider's class is rare by 1 - log 2 / log 3."""
    rows = [(0, 1, BOX, 0.25), (1, 0, BOX, 0.9), (2, 0, BOX, 0.9)]
    found = picked(ImageTable.of(image_ids=[1, 2, 3]), rows)
    rare = {each.image_index: each.parts["rare"] for each in found}
    assert rare[0] == pytest.approx(1 - np.exp(-(1 - np.log(2) / np.log(3))), abs=1e-4)
    assert rare[1] == 0


def test_a_score_by_hand() -> None:
    """One rider among 100 cars: rare by 1 - log 2 / log 101. Without labels, the four weights add up to 5.5."""
    counts = np.tile([5, 0], (20, 1))
    counts[3] = [5, 1]
    found = picked(ImageTable.of(image_ids=np.arange(20), class_counts=counts), [])
    rare = 1 - np.exp(-(1 - np.log(2) / np.log(101)))
    assert [(each.image_index, each.score) for each in found] == [(3, pytest.approx(1.5 * rare / 5.5))]
