"""Differences of AP75, AP by size and average recall: each resample scores what the evaluator gives it."""

import numpy as np
import pytest

from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import Gain, compare
from science.evaluation.figure_differences import at_075, compare_figures
from science.evaluation.matching import Matches, match
from science.evaluation.recall_resamples import recall_of_resamples
from science.evaluation.resampling import draws, prepare, score_resamples
from science.evaluation.types import Detections, GroundTruth
from tests.science.evaluation.world import evaluations

IMAGES = 80


@pytest.fixture(scope="module")
def pair() -> list[Matches]:
    """A weaker and a stronger detector on the same images."""
    return evaluations(seed=3, images=IMAGES, skills=(0.5, 2.2))


def test_it_works(pair: list[Matches]) -> None:
    found = compare_figures(*pair, resamples=200)
    first, second = (accumulate(matches).figures() for matches in pair)
    assert list(found) == ["AP75", "APs", "APm", "APl", "AR100"]
    for name, difference in found.items():
        assert (difference.first, difference.second) == (first[name], second[name])
        assert difference.interval.low < difference.interval.value < difference.interval.high
    assert found["AR100"].gain == Gain.PROVEN


def test_each_resample_scores_what_the_evaluator_gives_it(pair: list[Matches]) -> None:
    numbers = np.arange(IMAGES)
    drawn = recall_of_resamples(pair[0], numbers, 5, seed=7)
    at75 = score_resamples(prepare(at_075(pair[0])), next(draws(numbers, 5, seed=7)))
    for place, weight in enumerate(next(draws(numbers, 5, seed=7))):
        exact = accumulate(pair[0], weight).figures()
        assert drawn[place] == pytest.approx(exact["AR100"], abs=1e-12)
        assert np.nanmean(at75[place, :, 0]) == pytest.approx(exact["AP75"], abs=1e-12)


def test_sizes_are_compared_as_all_sizes_are(pair: list[Matches]) -> None:
    """With every box large, APl is mAP and so is its interval."""
    large = [
        Matches(**{**vars(matches), "hit": matches.hit[[0, 0, 0, 0]], "ignored": matches.ignored[[0, 0, 0, 0]],
                   "gt_ignored": matches.gt_ignored[[0, 0, 0, 0]]})
        for matches in pair
    ]  # fmt: skip
    found, whole = compare_figures(*large, resamples=100)["APl"], compare(*pair, resamples=100).map
    assert (found.interval, found.p_value) == (whole.interval, whole.p_value)


def test_a_size_without_boxes_has_no_difference(pair: list[Matches]) -> None:
    none = [
        Matches(**{**vars(matches), "gt_ignored": matches.gt_ignored | np.array([[False], [True], [False], [False]])})
        for matches in pair
    ]
    found = compare_figures(*none, resamples=20)["APs"]
    assert np.isnan(found.interval.value)
    assert found.gain == Gain.NOT_SHOWN


def test_without_images_there_is_nothing() -> None:
    none: dict = {"image_index": [], "class_index": [], "boxes": []}
    empty = match(GroundTruth.of(image_ids=[], **none), Detections.of(**none, scores=[]), classes=2)
    assert all(np.isnan(each.interval.value) for each in compare_figures(empty, empty, resamples=10).values())
