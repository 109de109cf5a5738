"""Intervals: exact where they can be, honest where they are random."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm, t

from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import Gain, bootstrap, compare, difference_of
from science.evaluation.matching import Matches, match
from science.evaluation.resampling import LANES, draws, group_numbers, prepare, score_resamples
from science.evaluation.types import Detections, GroundTruth
from tests.science.evaluation.world import CLASSES, evaluations


@pytest.fixture(scope="module")
def pair() -> list[Matches]:
    """A weaker and a stronger detector on the same 120 images."""
    return evaluations(seed=1, images=120, skills=(0.5, 2.2))


def test_each_resample_scores_what_the_evaluator_gives_it(pair: list[Matches]) -> None:
    for matches in pair:
        weights = next(draws(np.arange(120), 5, seed=3))
        drawn = score_resamples(prepare(matches), weights)
        for weight, scored in zip(weights, drawn, strict=True):
            exact = [each.ap for each in accumulate(matches, weight).per_class()]
            np.testing.assert_allclose(scored.mean(axis=1), exact, rtol=0, atol=1e-12)


def test_many_resamples_and_large_weights_score_the_same(pair: list[Matches]) -> None:
    """More than are walked side by side; an image that stands 300 times; one that is left with no box at all."""
    matches, weights = pair[0], next(draws(np.arange(120), LANES, seed=3))
    weights = np.concatenate([weights, weights[:3], np.zeros((1, 120), np.int32)])
    weights[LANES, 7] = 300
    drawn = score_resamples(prepare(matches), weights)
    assert drawn.shape == (LANES + 4, CLASSES, 10)
    np.testing.assert_array_equal(drawn[LANES + 1], drawn[1])
    assert np.isnan(drawn[-1]).all()
    exact = [each.ap for each in accumulate(matches, weights[LANES]).per_class()]
    np.testing.assert_allclose(drawn[LANES].mean(axis=1), exact, rtol=0, atol=1e-12)


def test_crowds_are_left_out_of_resamples_as_of_the_evaluation() -> None:
    truth = GroundTruth.of(
        image_ids=[1, 2],
        image_index=[0, 0, 1],
        class_index=[0, 0, 0],
        boxes=[[0, 0, 10, 10], [50, 0, 90, 40], [0, 0, 10, 10]],
        crowd=[False, True, False],
    )
    found = Detections.of(
        image_index=[0, 0, 0, 1],
        class_index=[0] * 4,
        boxes=[[0, 0, 10, 9], [55, 5, 60, 10], [84, 0, 94, 10], [2, 2, 30, 30]],  # the third lies .6 in the crowd
        scores=[0.5, 0.9, 0.7, 0.8],
    )
    matches = match(truth, found, classes=1)
    drawn = score_resamples(prepare(matches), np.array([[1, 1], [2, 1], [0, 3]], np.int32))
    exact = [accumulate(matches, np.array(weight)).figures()["AP"] for weight in ([1, 1], [2, 1], [0, 3])]
    np.testing.assert_allclose(drawn.mean(axis=(1, 2)), exact, rtol=0, atol=1e-12)


def test_the_figures_are_the_evaluators_own(pair: list[Matches]) -> None:
    result = bootstrap(pair[0], resamples=50)
    figures = accumulate(pair[0]).figures()
    assert result.map.value == figures["AP"]
    assert result.map50.value == figures["AP50"]
    assert (result.map75.value, result.ar100.value) == (figures["AP75"], pytest.approx(figures["AR100"]))
    assert result.map75.low < result.map75.value < result.map75.high
    assert result.ar100.low < result.ar100.value < result.ar100.high
    assert result.map.low < result.map.value < result.map.high
    assert result.groups == 120
    assert len(result.draws) == 50


def test_average_recall_of_two_images_lies_where_their_draws_do() -> None:
    """One image's box is found at every IoU, the other's at none: a resample has a recall of 0, 1/2 or 1."""
    box = [10.0, 10.0, 50.0, 50.0]
    truth = GroundTruth.of(image_ids=[1, 2], image_index=[0, 1], class_index=[0, 0], boxes=[box, box])
    found = Detections.of(image_index=[0], class_index=[0], boxes=[box], scores=[0.9])
    result = bootstrap(match(truth, found, classes=1))
    assert result.ar100.value == 0.5
    assert (result.ar100.low, result.ar100.high) == (pytest.approx(0, abs=0.05), pytest.approx(1, abs=0.05))
    assert result.ar100.standard_error == pytest.approx(np.sqrt(1 / 8), abs=0.02)


def test_the_same_seed_gives_the_same_interval(pair: list[Matches]) -> None:
    assert bootstrap(pair[0], resamples=50, seed=4).map == bootstrap(pair[0], resamples=50, seed=4).map
    assert bootstrap(pair[0], resamples=50, seed=4).map != bootstrap(pair[0], resamples=50, seed=5).map


def test_the_interval_of_one_evaluation_lies_lower_and_is_wider_than_its_draws() -> None:
    """Few images flatter, and by how much is itself a guess; the fewer, the more of both."""
    moved, widened = [], []
    for images in (60, 600):
        result = bootstrap(evaluations(seed=3, images=images, skills=(1.0,))[0], resamples=300)
        low, high = np.quantile(result.draws, [0.025, 0.975])
        moved.append(result.map.value - (result.map.low + result.map.high) / 2)
        widened.append((result.map.high - result.map.low) / (high - low))
    assert moved[0] > moved[1] > 0
    assert min(widened) > 1.02


def test_a_clear_gain_is_proven_and_its_reverse_a_regression(pair: list[Matches]) -> None:
    gain, loss = compare(*pair), compare(*pair[::-1])
    assert gain.map.gain is Gain.PROVEN
    assert loss.map.gain is Gain.REGRESSED
    assert gain.map.interval.value == pytest.approx(gain.map.second - gain.map.first)
    assert gain.map.interval.value == pytest.approx(-loss.map.interval.value)
    assert 0 < gain.map.smallest_shown < gain.map.interval.value


def test_an_evaluation_beside_itself_shows_nothing(pair: list[Matches]) -> None:
    same = compare(pair[0], pair[0], resamples=50)
    assert (same.map.interval.low, same.map.interval.high) == (0, 0)
    assert same.map.gain is Gain.NOT_SHOWN
    assert {each.gain for each in same.classes} == {Gain.NOT_SHOWN}
    assert same.map.p_value == 1


def test_pairing_narrows_the_interval() -> None:
    """Two detectors that see and doubt alike: the same random numbers, a little more skill."""
    first, second = (evaluations(seed=1, images=120, skills=(skill,))[0] for skill in (0.8, 0.85))
    assert compare(first, second).map.interval.standard_error < 0.7 * bootstrap(first).map.standard_error


def test_correcting_for_many_classes_only_raises_p_values(pair: list[Matches]) -> None:
    result = compare(*pair, resamples=400)
    alone = [compare_one_class(pair, c) for c in range(CLASSES)]
    for corrected, single in zip(result.classes, alone, strict=True):
        assert corrected.p_value >= single - 1e-9


def compare_one_class(pair: list[Matches], c: int) -> float:
    """Return the p-value of a class compared alone."""
    only = [replace(each, gt_ignored=each.gt_ignored | (each.gt_class != c)[None, :]) for each in pair]
    return compare(*only, resamples=400).classes[c].p_value


def test_a_class_that_some_resamples_lack_is_left_out_of_those() -> None:
    truth = GroundTruth.of(
        image_ids=range(6), image_index=range(6), class_index=[0] * 5 + [1], boxes=[[0, 0, 10, 10]] * 6
    )
    found = Detections.of(image_index=range(5), class_index=[0] * 5, boxes=[[0, 0, 10, 10]] * 5, scores=[0.9] * 5)
    result = bootstrap(match(truth, found, classes=3))
    assert result.map.value == pytest.approx(0.5)
    assert set(np.round(result.draws, 6)) <= {0.0, 0.5, 1.0}  # both classes, or the one that was drawn
    assert result.classes[0].units == 5
    assert np.isnan(result.classes[1].low)  # one image holds all of it: no interval
    assert np.isnan(result.classes[2].value)


def test_images_of_a_sequence_are_drawn_together() -> None:
    numbers = group_numbers([7, -1, 7, 3, -1], images=5)
    assert numbers[0] == numbers[2]
    assert len(set(numbers.tolist())) == 4
    for weights in draws(numbers, 20, seed=0):
        assert np.array_equal(weights[:, 0], weights[:, 2])
        others = weights[:, [0, 1, 3, 4]]
        assert (others.sum(axis=1) == 4).all()


def test_sequences_widen_the_interval() -> None:
    matches = evaluations(seed=2, images=200, skills=(1.0,), sequence=10)[0]
    alone, together = bootstrap(matches), bootstrap(matches, groups=np.arange(200) // 10)
    assert together.map.standard_error > 1.15 * alone.map.standard_error
    assert together.groups == 20


def test_it_rejects_evaluations_of_different_images(pair: list[Matches]) -> None:
    other = evaluations(seed=1, images=110, skills=(0.8,))[0]
    with pytest.raises(ValueError, match="same images"):
        compare(pair[0], other)
    with pytest.raises(ValueError, match="groups"):
        bootstrap(pair[0], groups=[1, 2])


def test_no_images_give_no_interval() -> None:
    empty = match(GroundTruth.of(image_ids=[]), Detections.of(), classes=1)
    assert np.isnan(bootstrap(empty, resamples=10).map.low)
    assert compare(empty, empty, resamples=10).map.gain is Gain.NOT_SHOWN


@pytest.mark.slow
@pytest.mark.thorough
def test_the_interval_of_a_difference_covers_the_truth_about_as_often_as_it_says() -> None:
    """100 small sets of 80 images; benchmarks/bootstrap_coverage.py does it at length."""
    skills = (1.0, 1.25)
    large = [accumulate(each).figures()["AP"] for each in evaluations(seed=0, images=8000, skills=skills)]
    covered, false_proofs = 0, 0
    for seed in range(1, 101):
        result = compare(*evaluations(seed=seed, images=80, skills=skills), resamples=300, seed=seed)
        covered += result.map.interval.low <= large[1] - large[0] <= result.map.interval.high
        nothing = compare(*evaluations(seed=seed, images=80, skills=(1.0, 1.0)), resamples=300, seed=seed)
        false_proofs += nothing.map.gain is not Gain.NOT_SHOWN
    assert covered >= 88  # 95 expected; below 88 has a chance of 1 in 250
    assert false_proofs <= 12


def test_the_figures_at_one_threshold_have_intervals_of_their_own(pair: list[Matches]) -> None:
    compared, alone = compare(*pair, resamples=200), bootstrap(pair[0], resamples=200)
    assert 0 < compared.map50.interval.low < compared.map50.interval.value < compared.map50.interval.high
    assert alone.map50.low < alone.map50.value
    assert alone.map50 != alone.map
    assert [each.value for each in alone.classes50] == [each.ap50 for each in accumulate(pair[0]).per_class()]
    assert (compared.groups, compared.resamples, compared.draws.shape) == (120, 200, (200,))


@pytest.mark.parametrize(("mean", "units"), [(0.1, 12), (0.5, 12), (-0.2, 40)])
def test_the_p_value_is_where_the_expanded_interval_touches_zero(mean: float, units: int) -> None:
    """By scipy: the interval's ends are normal quantiles, stretched to Student's and by sqrt(n / (n - 1)).

    Where fewer than ten draws are beyond zero, the normal tail of the draws is taken, but no more than those ten.
    """
    drawn = np.random.default_rng(0).normal(mean, 0.1, 1000)
    found = difference_of(0.2, 0.2 + mean, drawn, units)
    beyond = min(np.mean(drawn < 0), np.mean(drawn > 0))
    tail = beyond if beyond * 1000 >= 10 else min(norm.cdf(-abs(drawn.mean()) / drawn.std(ddof=1)), 10 / 1000)
    expected = 2 * t.cdf(norm.ppf(tail) * np.sqrt((units - 1) / units), units - 1)
    assert found.p_value == pytest.approx(expected)
    reach = t.ppf(0.975, units - 1) * np.sqrt(units / (units - 1))
    ends = np.quantile(drawn, [norm.cdf(-reach), norm.cdf(reach)])
    assert (found.interval.low, found.interval.high) == pytest.approx(ends)
    assert found.smallest_shown == pytest.approx(drawn.std(ddof=1) * (reach + norm.ppf(0.8)))


def test_one_image_is_one_group() -> None:
    one = match(GroundTruth.of(image_ids=[1]), Detections.of(), classes=1)
    assert bootstrap(one, resamples=10).groups == 1
    assert compare(one, one, resamples=10).groups == 1
