"""Whether a judge sees anything: where it does not, nothing is called wrong with a chance above one half."""

from dataclasses import replace

import numpy as np
import pytest

from science.autocurate.judge import Judge, ranked_higher
from science.autocurate.mislabels import MislabelSettings, find_mislabels
from science.evaluation.types import Detections, GroundTruth
from tests.science.autocurate.judge_world import NAMES, World, world


@pytest.fixture(scope="module")
def labels() -> World:
    return world(seed=7, images=120, skill=1.0, rate=0.1)


def test_a_judge_that_sees_is_told_from_one_that_guesses(labels: World) -> None:
    seen = find_mislabels(labels.given, labels.detections, class_names=NAMES, image_sizes=labels.sizes)
    assert not seen.judge.is_weak
    assert seen.judge.tells_apart > 0.8
    assert "weak_judge" not in [note["code"] for note in seen.notes]


def test_a_judge_that_guesses_is_said_to_be_weak_and_its_doubts_are_held_below_one_half(labels: World) -> None:
    """The detections of other images: boxes of the right kind at places that have nothing to do with the labels."""
    shuffled = np.random.default_rng(0).permutation(len(labels.detections))
    guesses = replace(
        labels.detections,
        boxes=labels.detections.boxes[shuffled],
        class_index=labels.detections.class_index[shuffled],
    )
    report = find_mislabels(
        labels.given,
        guesses,
        class_names=NAMES,
        image_sizes=labels.sizes,
        settings=MislabelSettings(smallest_score=0.0),
    )
    assert report.judge.is_weak
    assert report.judge.tells_apart == pytest.approx(0.5, abs=0.05)
    assert [note["code"] for note in report.notes] == ["weak_judge"]
    assert max(each.score for each in report.suggestions) < 0.5
    assert not any(rate.known for rate in report.rates.values())


@pytest.mark.parametrize(
    ("judge", "weak"),
    [
        (Judge(0.3, 0.9), False),
        (Judge(0.011, 0.9), True),  # mAP 1.1
        (Judge(0.3, 0.6), True),  # scores labels hardly higher than nothing
        (Judge(float("nan"), float("nan")), False),  # nothing to judge
    ],
)
def test_weak_by_either_measure(judge: Judge, weak: bool) -> None:
    assert judge.is_weak is weak


def test_without_labels_nothing_is_known_of_the_judge() -> None:
    judge = find_mislabels(GroundTruth.of(image_ids=[1]), Detections.of(), class_names=["a"]).judge
    assert np.isnan([judge.AP, judge.tells_apart]).all()


def test_ranked_higher_by_hand() -> None:
    """Of the six pairs 3 beats all three, 1 beats the 0 and ties with the 1: 3 + 1 + 1/2 of 6."""
    assert ranked_higher(np.array([3.0, 1.0]), np.array([0.0, 1.0, 2.0])) == pytest.approx(4.5 / 6)
    assert np.isnan(ranked_higher(np.zeros(0), np.ones(2)))
