"""Weak groups are found, and where there are none, none is."""

import numpy as np
import pytest

from science.evaluation.matching import Matches
from science.evaluation.weak_slices import Fact, Measure, WeakSlice, weak_slices
from tests.science.evaluation.world import evaluations

IMAGES = 500
NAMES = ["car", "truck", "bus", "bike", "rider"]


def nonsense(random: np.random.Generator, count: int) -> list[Fact]:
    """Facts that have nothing to do with the detector."""
    return [
        *(Fact.of(f"fact {k}", random.choice(["a", "b", "c"], IMAGES, p=[0.5, 0.3, 0.2])) for k in range(count)),
        Fact.of("number", random.normal(size=IMAGES)),
    ]


def night(matches: Matches, random: np.random.Generator) -> np.ndarray:
    """Mostly the images on which little is found."""
    found = np.bincount(matches.det_image[(matches.hit[0] & 1) > 0], minlength=IMAGES)
    share = found / np.maximum(np.bincount(matches.gt_image, minlength=IMAGES), 1) + random.normal(0, 0.3, IMAGES)
    return share < np.quantile(share, 0.3)


@pytest.fixture(scope="module")
def found() -> list[WeakSlice]:
    matches, random = evaluations(seed=1, images=IMAGES, skills=(1.0,))[0], np.random.default_rng(1001)
    dark = night(matches, random)
    facts = [Fact.of("timeofday", np.where(dark, "night", "day")), *nonsense(random, 1)]
    return weak_slices(matches, facts, confidence=0.3)


def test_it_works(found: list[WeakSlice]) -> None:
    surest = found[0]
    assert surest.facts == (("timeofday", "night"),)
    assert surest.class_index is None
    assert surest.low < surest.value - surest.rest < surest.high < 0
    assert surest.p_value < surest.q_value < 0.01
    assert sum(("timeofday", "night") not in each.facts for each in found) <= 0.3 * len(found)


def test_each_is_a_sentence_with_its_interval(found: list[WeakSlice]) -> None:
    surest = found[0]
    said = surest.sentence(NAMES)
    assert "where timeofday = night, against" in said
    assert f"({surest.low:+.3f} to {surest.high:+.3f})" in said
    assert surest.code in {"weak_slice.recall", "weak_slice.ap"}
    assert surest.params["facts"] == [{"name": "timeofday", "value": "night"}]
    assert surest.params["images"] == np.count_nonzero(surest.images)
    of_class = next(each for each in found if each.class_index == 0)
    assert of_class.code == "weak_slice.recall.class"
    assert " of car is " in of_class.sentence(NAMES)


def test_both_measures_are_searched(found: list[WeakSlice]) -> None:
    assert {each.measure for each in found} <= set(Measure)


def test_small_objects_are_a_group() -> None:
    matches = evaluations(seed=2, images=IMAGES, skills=(1.5,))[0]
    t = matches.threshold(0.5)
    reached = np.zeros(len(matches.gt_image), bool)
    reached[matches.matched[t][matches.matched[t] >= 0]] = True
    areas = np.where(reached, 5000.0, 500.0)  # what is not found is small
    areas[np.random.default_rng(0).random(len(areas)) < 0.5] = 5000.0
    slices = weak_slices(matches, [], confidence=0.0, areas=areas)
    assert slices[0].facts == (("size", "small"),)


def test_sequences_make_it_less_sure() -> None:
    matches, random = evaluations(seed=3, images=IMAGES, skills=(1.0,))[0], np.random.default_rng(1003)
    facts = [Fact.of("timeofday", np.where(night(matches, random), "night", "day"))]
    alone, together = (
        next(each for each in weak_slices(matches, facts, confidence=0.3, groups=groups) if each.class_index is None)
        for groups in (None, np.arange(IMAGES) // 8)
    )
    assert together.high - together.low > 0
    assert together.p_value >= alone.p_value


def test_where_nothing_is_weak_nothing_is_reported() -> None:
    """False discoveries are all there are, so at most one set in ten should report any."""
    reporting = 0
    for seed in range(12):
        matches, random = evaluations(seed=seed, images=IMAGES, skills=(1.0,))[0], np.random.default_rng(seed + 100)
        reporting += bool(weak_slices(matches, nonsense(random, 2), confidence=0.3, seed=seed))
    assert reporting <= 4  # 1.2 expected at most; above 4 has a chance of 1 in 200


def test_too_small_groups_are_not_looked_at() -> None:
    matches = evaluations(seed=1, images=40, skills=(1.0,))[0]
    few = np.where(np.arange(40) < 5, "rare", "common")
    assert weak_slices(matches, [Fact.of("kind", few)], confidence=0.3) == []
    assert weak_slices(matches, [], confidence=0.3) == []


def test_numbers_become_bands_and_unknown_stays_out() -> None:
    numbers = Fact.of("speed", [*range(8), np.nan])
    assert len(set(numbers.values.tolist())) == 5
    assert numbers.values[-1] == ""
    assert Fact.of("cluster", [0, 1, 1, 0]).values.tolist() == ["0", "1", "1", "0"]
