"""How far a figure can be believed: paired bootstrap over images or sequences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.evaluation.average_precision import accumulate
from science.evaluation.matching import Matches
from science.evaluation.quantiles import normal_cdf, normal_quantile, student_cdf, student_quantile
from science.evaluation.recall_resamples import mean_of_present, recall_of_resamples
from science.evaluation.resampling import BLOCK, draws, group_numbers, prepare, score_resamples
from science.evaluation.threads import side_by_side

RESAMPLES = 1000
LEVEL = 0.95
POWER = 0.8  # how often a true difference of ``smallest_shown`` is shown
CORRELATION = 0.5  # taken for the scores of a checkpoint and a later one on the same images, until both are there
FEWEST_IN_TAIL = 10  # with fewer resamples beyond zero the tail is read off the normal curve
HALVES = 50  # random splits in two, to see how much fewer images flatter
FEWEST_SURE = 100  # units below which the interval of one evaluation was seen to be a little too narrow
SPLIT_ONE_IN = 10  # resamples that are split in two in turn, to see how far chance moves the correction for it
FALLS = 1 / 2  # the power of the number of images with which that flattery falls
FALLS_BETWEEN = (1 / 3, 1)  # what else it may be: that of a maximum's, and of a smooth figure's

Float64s = NDArray[np.float64]


class Gain(StrEnum):
    """What a comparison says at 95 %."""

    PROVEN = "proven"
    NOT_SHOWN = "not_shown"
    REGRESSED = "regressed"


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % interval; all NaN where the figure does not exist, the ends where one unit is all."""

    value: float  # of all images, the evaluator's own figure
    low: float
    high: float
    standard_error: float
    units: int  # images or sequences with a box that counts


@dataclass(frozen=True)
class PairedDifference:
    """Second minus first, on the same images."""

    first: float
    second: float
    interval: Interval  # of the difference
    p_value: float  # two-sided, that there is none; corrected for many classes where it is one of many
    gain: Gain
    smallest_shown: float  # the smallest true difference that these images would show four times in five


@dataclass(frozen=True, eq=False)
class BootstrapResult:
    """Intervals of one evaluation."""

    map: Interval  # mAP 50:95
    map50: Interval
    map75: Interval
    ar100: Interval  # average recall, 100 boxes an image
    classes: list[Interval]  # AP 50:95, in class order
    classes50: list[Interval]
    smallest_shown: float  # the smallest gain in mAP that these images are likely to show, see docs
    resamples: int
    groups: int  # units that were drawn
    draws: NDArray[np.float64]  # (B,) mAP of each resample, for a histogram


@dataclass(frozen=True, eq=False)
class ComparisonResult:
    """Differences of two evaluations on the same images."""

    map: PairedDifference
    map50: PairedDifference
    classes: list[PairedDifference]  # AP 50:95, in class order; gain after Holm's correction
    resamples: int
    groups: int
    draws: NDArray[np.float64]  # (B,) difference in mAP of each resample


def bootstrap(
    matches: Matches, *, groups: ArrayLike | None = None, resamples: int = RESAMPLES, seed: int = 0
) -> BootstrapResult:
    """Return 95 % intervals of mAP, mAP50, mAP75, AR100 and each class.

    ``groups`` (I,) gives images of one sequence the same number, so that they are drawn together; a negative
    number or None means an image of its own. A resample without a box of a class leaves that class out of its mean.
    """
    numbers = group_numbers(groups, matches.images)
    drawn, halves, splits = (
        _draw(matches, numbers, resamples, seed),
        *_halves(matches, numbers, resamples // SPLIT_ONE_IN, seed),
    )
    values, units = _point(matches), units_of(matches, numbers)

    def level(value: float, figure: Callable[[Float64s], Float64s], units: int) -> Interval:
        return _level(value, figure(drawn), figure(halves), _Splits(figure(splits.whole), figure(splits.halves)), units)

    def of_class(c: int) -> Callable[[Float64s], Float64s]:
        return lambda scored: scored[..., c, :].mean(axis=-1)

    def of_class50(c: int) -> Callable[[Float64s], Float64s]:
        return lambda scored: scored[..., c, values.at50]

    def at(position: int) -> Callable[[Float64s], Float64s]:
        return lambda scored: mean_of_present(scored[..., position], -1)

    overall = level(values.map, lambda scored: mean_of_present(scored.mean(axis=-1), -1), units.overall)
    return BootstrapResult(
        map=overall,
        map50=level(values.map50, at(values.at50), units.overall),
        map75=level(values.map75, at(values.at75), units.overall),
        ar100=_unflattered(values.ar100, recall_of_resamples(matches, numbers, resamples, seed), units.overall),
        classes=[level(ap, of_class(c), units.classes[c]) for c, ap in enumerate(values.classes)],
        classes50=[level(ap, of_class50(c), units.classes[c]) for c, ap in enumerate(values.classes50)],
        smallest_shown=_smallest_shown(overall.standard_error * np.sqrt(2 * (1 - CORRELATION)), overall.units),
        resamples=resamples,
        groups=int(numbers.max(initial=-1)) + 1,
        draws=mean_of_present(drawn.mean(axis=2), 1),
    )


def compare(
    first: Matches, second: Matches, *, groups: ArrayLike | None = None, resamples: int = RESAMPLES, seed: int = 0
) -> ComparisonResult:
    """Return second minus first with 95 % intervals, drawing the same images for both.

    The labels may differ (before and after a fix), the images and classes may not: raises ``ValueError`` where they do.
    """
    if not np.array_equal(first.image_ids, second.image_ids):
        raise ValueError("both evaluations must be on the same images, in the same order")
    if first.classes != second.classes:
        raise ValueError("both evaluations must have the same classes")
    numbers = group_numbers(groups, first.images)
    before, after = _point(first), _point(second)
    drawn = [_draw(matches, numbers, resamples, seed) for matches in (first, second)]
    units, units_after = units_of(first, numbers), units_of(second, numbers)
    per_class = [
        difference_of(
            before.classes[c],
            after.classes[c],
            drawn[1][:, c].mean(axis=1) - drawn[0][:, c].mean(axis=1),
            min(units.classes[c], units_after.classes[c]),
        )
        for c in range(first.classes)
    ]
    overall = min(units.overall, units_after.overall)
    means = [mean_of_present(each.mean(axis=2), 1) for each in drawn]
    at50 = [mean_of_present(each[:, :, point.at50], 1) for each, point in zip(drawn, (before, after), strict=True)]
    return ComparisonResult(
        map=difference_of(before.map, after.map, means[1] - means[0], overall),
        map50=difference_of(before.map50, after.map50, at50[1] - at50[0], overall),
        classes=_holm(per_class),
        resamples=resamples,
        groups=int(numbers.max(initial=-1)) + 1,
        draws=means[1] - means[0],
    )


@dataclass(frozen=True, eq=False)
class _Point:
    """The evaluator's own figures on all images."""

    map: float
    map50: float
    map75: float
    ar100: float
    classes: list[float]
    classes50: list[float]
    at50: int  # position of IoU 0.5
    at75: int


@dataclass(frozen=True, eq=False)
class _Units:
    """How many groups have a box that counts."""

    overall: int
    classes: list[int]


def _point(matches: Matches) -> _Point:
    accumulated = accumulate(matches)
    figures, per_class = accumulated.figures(), accumulated.per_class()
    return _Point(
        map=figures["AP"],
        map50=figures["AP50"],
        map75=figures["AP75"],
        ar100=figures["AR100"],
        classes=[each.ap for each in per_class],
        classes50=[each.ap50 for each in per_class],
        at50=matches.threshold(0.5),
        at75=matches.threshold(0.75),
    )


def _draw(matches: Matches, groups: NDArray[np.int64], resamples: int, seed: int) -> Float64s:
    """Return (B, C, T) average precision of the resamples; the same seed draws the same images."""
    prepared = prepare(matches)
    blocks = side_by_side(lambda weights: score_resamples(prepared, weights), draws(groups, resamples, seed))
    return np.concatenate(blocks) if blocks else np.zeros((0, matches.classes, len(matches.iou_thresholds)))


class _Splits(NamedTuple):
    """Resamples and their halves, of a figure or of all classes and thresholds (…, C, T)."""

    whole: Float64s  # (S, …)
    halves: Float64s  # (S, 2, …) the mean of both halves, of two splits of each


def _halves(matches: Matches, groups: NDArray[np.int64], split_up: int, seed: int) -> tuple[Float64s, _Splits]:
    """Return (HALVES, C, T) average precision of random halves, the mean of both of a split, and that of resamples."""
    generator, count = np.random.default_rng(seed), int(groups.max(initial=-1)) + 1
    prepared = prepare(matches)

    def scored(picked: list[NDArray[np.int64]]) -> Float64s:
        def score(start: int) -> Float64s:
            block = picked[start : start + BLOCK]
            weights = np.array([np.bincount(each, minlength=count)[groups] for each in block], np.int32)
            return score_resamples(prepared, weights.reshape(len(block), len(groups)))

        return np.concatenate(side_by_side(score, range(0, max(len(picked), 1), BLOCK)))

    def split(whole: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        shuffled = generator.permutation(whole)
        return [shuffled[: count // 2], shuffled[count // 2 :]]

    everyone = np.arange(count)
    whole = [generator.integers(0, count, count) for _ in range(split_up if count else 0)]
    halves = scored([half for _ in range(HALVES) for half in split(everyone)])
    twice = scored([half for each in whole for _ in range(2) for half in split(each)])
    shape = halves.shape[1:]
    return (
        mean_of_present(halves.reshape(HALVES, 2, *shape), 1),
        _Splits(scored(whole), mean_of_present(twice.reshape(len(whole), 2, 2, *shape), 2)),
    )


def units_of(matches: Matches, groups: NDArray[np.int64]) -> _Units:
    real = ~matches.gt_ignored[0]
    box_groups, box_classes = groups[matches.gt_image[real]], matches.gt_class[real]
    return _Units(
        overall=len(np.unique(box_groups)),
        classes=[len(np.unique(box_groups[box_classes == c])) for c in range(matches.classes)],
    )


def _level(value: float, drawn: Float64s, halves: Float64s, splits: _Splits, units: int) -> Interval:
    """Return the interval of one evaluation's figure: that of the draws, moved by how much few images flatter.

    Average precision takes the best precision from each recall on, so chance only adds, the more the fewer the images.
    Half of them flatter more: with a bias that falls as one over the root of their number, by sqrt(2) - 1 of it.
    """
    drawn, halves = drawn[~np.isnan(drawn)], halves[~np.isnan(halves)]
    if np.isnan(value) or units < 2 or not len(drawn):
        return Interval(value, np.nan, np.nan, np.nan, units)
    reach, spread = _reach(units), float(drawn.std(ddof=1))
    bias = _per_half(FALLS) * (float(halves.mean()) - value) if len(halves) else 0.0
    wider = np.sqrt(_moved(splits) + (LAW_UNSURE * bias / spread) ** 2) if spread > 0 else 1.0
    ends = np.quantile(drawn, [normal_cdf(-reach), normal_cdf(reach)]) - drawn.mean()
    low, high = np.clip(value - bias + wider * ends, 0, 1)
    return Interval(value, float(low), float(high), spread, units)


def _unflattered(value: float, drawn: Float64s, units: int) -> Interval:
    """Return the interval of a ratio of two counts, which few images do not flatter."""
    return _level(value, drawn, np.zeros(0), _Splits(np.zeros(0), np.zeros((0, 2))), units)


def _per_half(falls: float) -> float:
    """Return the bias of all images in terms of how much larger it is on half of them."""
    return float(1 / (2**falls - 1))


# One standard error of the correction, as a part of it, as the power is not known.
LAW_UNSURE = (_per_half(FALLS_BETWEEN[0]) - _per_half(FALLS_BETWEEN[1])) / 2 / _per_half(FALLS)


def _moved(splits: _Splits) -> float:
    """Return how many times the variance of a figure grows by the correction, which chance moves too; at least 1.

    Two splits of a resample give two corrected figures. What they share is what the resample moved.
    """
    corrected = splits.whole[:, None] - _per_half(FALLS) * (splits.halves - splits.whole[:, None])
    known = ~np.isnan(corrected).any(axis=1)
    variance = float(splits.whole[known].var(ddof=1)) if known.sum() > 1 else 0.0
    return max(1.0, float(np.cov(corrected[known].T)[0, 1]) / variance) if variance > 0 else 1.0


def difference_of(before: float, after: float, drawn: Float64s, units: int) -> PairedDifference:
    """Return the expanded percentile interval of a difference, in which the bias of both cancels."""
    drawn, value = drawn[~np.isnan(drawn)], after - before
    if np.isnan(value) or units < 2 or not len(drawn):
        nothing = Interval(value, np.nan, np.nan, np.nan, units)
        return PairedDifference(before, after, nothing, np.nan, Gain.NOT_SHOWN, np.nan)
    reach = _reach(units)
    low, high = (float(end) for end in np.quantile(drawn, [normal_cdf(-reach), normal_cdf(reach)]))
    interval = Interval(value, low, high, float(drawn.std(ddof=1)), units)
    p_value = _p_value(drawn, units)
    smallest = _smallest_shown(interval.standard_error, units)
    return PairedDifference(before, after, interval, p_value, _gain(interval, p_value), smallest)


def _gain(interval: Interval, p_value: float) -> Gain:
    if p_value >= 1 - LEVEL:
        return Gain.NOT_SHOWN
    if interval.low > 0:
        return Gain.PROVEN
    return Gain.REGRESSED if interval.high < 0 else Gain.NOT_SHOWN


def _reach(units: int) -> float:
    """Return how many normal units the interval reaches to each side: Student's quantile instead of the normal one."""
    return float(student_quantile((1 + LEVEL) / 2, units - 1) * np.sqrt(units / (units - 1)))


def _p_value(drawn: Float64s, units: int) -> float:
    """Return the level at which the expanded interval would just touch zero, two-sided."""
    below = float(np.mean(drawn < 0) + np.mean(drawn <= 0)) / 2
    tail, spread = min(below, 1 - below), drawn.std(ddof=1)
    if spread == 0:
        return 1.0 if drawn[0] == 0 else 0.0
    if tail * len(drawn) < FEWEST_IN_TAIL:
        tail = min(normal_cdf(-abs(drawn.mean()) / spread), FEWEST_IN_TAIL / len(drawn))
    return float(min(1.0, 2 * student_cdf(normal_quantile(tail) / np.sqrt(units / (units - 1)), units - 1)))


def _smallest_shown(standard_error: float, units: int) -> float:
    """Return the true difference that would be shown with probability ``POWER``; NaN below two units."""
    if units < 2:
        return float("nan")
    return float(standard_error * (_reach(units) + normal_quantile(POWER)))


def _holm(differences: list[PairedDifference]) -> list[PairedDifference]:
    """Correct the p-values for there being many classes (Holm 1979) and judge by the corrected ones."""
    tested = [c for c, each in enumerate(differences) if not np.isnan(each.p_value)]
    corrected, highest = list(differences), 0.0
    for place, c in enumerate(sorted(tested, key=lambda c: differences[c].p_value)):
        each = differences[c]
        highest = max(highest, min(1.0, each.p_value * (len(tested) - place)))
        corrected[c] = replace(each, p_value=highest, gain=_gain(each.interval, highest))
    return corrected
