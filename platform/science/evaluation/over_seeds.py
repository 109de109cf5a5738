"""Gains over images and over training seeds: a two-level bootstrap.

The bootstrap over images alone takes the trained checkpoints as they are: it says whether these are better. Trained
again with other seeds they would differ, so here seeds are drawn too, and the interval is that of the training.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import LEVEL, RESAMPLES, Gain, difference_of, units_of
from science.evaluation.matching import Matches
from science.evaluation.quantiles import student_cdf, student_quantile
from science.evaluation.recall_resamples import mean_of_present
from science.evaluation.resampling import draws, group_numbers, prepare, score_resamples
from science.evaluation.threads import side_by_side

Float64s = NDArray[np.float64]


@dataclass(frozen=True)
class SeededGain:
    """A mean difference over K seeds, with what is known of it; NaN where that is nothing."""

    value: float
    low: float  # at ``level``
    high: float
    level: float
    by_images: float  # standard error that the choice of images brings
    by_seeds: float  # standard error that the choice of seeds brings; NaN with one seed
    freedom: float  # degrees of freedom, after Satterthwaite
    p_value: float  # two-sided, that there is no difference; of classes after Holm's correction
    gain: Gain
    seeds: int
    units: int


@dataclass(frozen=True)
class ImagesAlone:
    """The same mean with the interval over images alone: of these checkpoints, not of the training."""

    value: float
    low: float
    high: float
    gain: Gain


@dataclass(frozen=True, eq=False)
class DrawnFigures:
    """One evaluation's average precision: of all images, and of resamples that are the same for every evaluation."""

    classes: Float64s  # (C,) on all images; NaN without a box
    drawn: Float64s  # (B, C)
    classes50: Float64s  # (C,) at IoU 0.5
    drawn50: Float64s  # (B, C)
    units: int  # images or sequences with a box that counts
    class_units: list[int]


@dataclass(frozen=True, eq=False)
class SeededComparison:
    """Treatment minus control over seeds."""

    map: SeededGain
    map50: SeededGain
    classes: list[SeededGain]  # in class order; gain after Holm's correction
    images_alone: ImagesAlone  # of mAP
    each: list[ImagesAlone]  # mAP of each seed's pair, over images


def drawn_figures(
    matches: Matches, *, groups: ArrayLike | None = None, resamples: int = RESAMPLES, seed: int = 0
) -> DrawnFigures:
    """Score the resamples; the same groups and seed draw the same images, which is what pairs evaluations."""
    numbers, at50 = group_numbers(groups, matches.images), matches.threshold(0.5)
    prepared = prepare(matches)
    blocks = side_by_side(lambda weights: score_resamples(prepared, weights), draws(numbers, resamples, seed))
    scored = np.concatenate(blocks) if blocks else np.zeros((0, matches.classes, len(matches.iou_thresholds)))
    per_class, units = accumulate(matches).per_class(), units_of(matches, numbers)
    return DrawnFigures(
        classes=np.array([one.ap for one in per_class]),
        drawn=scored.mean(axis=2),
        classes50=np.array([one.ap50 for one in per_class]),
        drawn50=scored[:, :, at50],
        units=units.overall,
        class_units=units.classes,
    )


def compare_over_seeds(
    treatment: Sequence[DrawnFigures], control: Sequence[DrawnFigures], *, level: float = LEVEL
) -> SeededComparison:
    """Compare the pairs, one of each arm per seed, all on the same images and labels. Raises ValueError without one."""
    if not treatment or len(treatment) != len(control):
        raise ValueError("each seed needs one evaluation of either arm")
    pairs = list(zip(treatment, control, strict=True))
    units = min(one.units for pair in pairs for one in pair)
    values = np.array([mean_of_present(t.classes, 0) - mean_of_present(c.classes, 0) for t, c in pairs])
    drawn = np.stack([mean_of_present(t.drawn, 1) - mean_of_present(c.drawn, 1) for t, c in pairs], axis=1)
    values50 = np.array([mean_of_present(t.classes50, 0) - mean_of_present(c.classes50, 0) for t, c in pairs])
    drawn50 = np.stack([mean_of_present(t.drawn50, 1) - mean_of_present(c.drawn50, 1) for t, c in pairs], axis=1)
    classes = [
        over_seeds(
            np.array([t.classes[k] - c.classes[k] for t, c in pairs]),
            np.stack([t.drawn[:, k] - c.drawn[:, k] for t, c in pairs], axis=1),
            min(one.class_units[k] for pair in pairs for one in pair),
        )
        for k in range(len(treatment[0].classes))
    ]
    return SeededComparison(
        map=over_seeds(values, drawn, units, level=level),
        map50=over_seeds(values50, drawn50, units, level=level),
        classes=_holm(classes),
        images_alone=images_alone(float(values.mean()), drawn.mean(axis=1), units),
        each=[images_alone(float(value), drawn[:, k], units) for k, value in enumerate(values)],
    )


def over_seeds(values: Float64s, drawn: Float64s, units: int, *, level: float = LEVEL) -> SeededGain:
    """Return the mean of K differences ``values`` (K,), one a seed, and how surely; ``drawn`` (B, K) are resamples.

    A draw takes images with return, the same for all seeds, and K seeds with return. The part of the images is seen in
    the draws; that of the seeds is known without drawing: the variance of a mean of K, corrected for their number.
    """
    known = drawn[~np.isnan(drawn).any(axis=1)]
    seeds, value = len(values), float(values.mean())
    if np.isnan(value) or units < 2 or len(known) < 2:
        return _unknown(value, level, seeds, units)
    of_images = float(known.mean(axis=1).var(ddof=1)) * units / (units - 1)
    if seeds < 2:
        return replace(_unknown(value, level, seeds, units), by_images=math.sqrt(of_images))
    of_seeds = float(values.var(ddof=1)) / seeds
    error, freedom = math.sqrt(of_images + of_seeds), _freedom(of_images, units, of_seeds, seeds)
    half = student_quantile((1 + level) / 2, freedom) * error
    p_value = 2 * student_cdf(-abs(value) / error, freedom) if error > 0 else float(value == 0)
    found = SeededGain(
        value, max(-1.0, value - half), min(1.0, value + half), level, math.sqrt(of_images), math.sqrt(of_seeds),
        freedom, p_value, Gain.NOT_SHOWN, seeds, units,
    )  # fmt: skip
    return replace(found, gain=_gain(value, p_value, level))


def images_alone(value: float, drawn: Float64s, units: int) -> ImagesAlone:
    """Return a difference with its interval over images, as a comparison of two evaluations has it."""
    found = difference_of(0.0, value, drawn, units)
    return ImagesAlone(value, found.interval.low, found.interval.high, found.gain)


def _freedom(of_images: float, units: int, of_seeds: float, seeds: int) -> float:
    """Return the degrees of freedom of a sum of two variances (Satterthwaite 1946)."""
    total = of_images + of_seeds
    below = of_images**2 / (units - 1) + of_seeds**2 / (seeds - 1)
    return total**2 / below if below > 0 else float(seeds - 1)


def _gain(value: float, p_value: float, level: float) -> Gain:
    if not p_value < 1 - level:
        return Gain.NOT_SHOWN
    return Gain.PROVEN if value > 0 else Gain.REGRESSED


def _unknown(value: float, level: float, seeds: int, units: int) -> SeededGain:
    nan = float("nan")
    return SeededGain(value, nan, nan, level, nan, nan, nan, nan, Gain.NOT_SHOWN, seeds, units)


def _holm(found: list[SeededGain]) -> list[SeededGain]:
    """Correct the p-values for there being many classes (Holm 1979) and judge by the corrected ones."""
    tested = sorted((c for c, one in enumerate(found) if not np.isnan(one.p_value)), key=lambda c: found[c].p_value)
    corrected, largest = list(found), 0.0
    for rank, c in enumerate(tested):
        largest = max(largest, min(1.0, (len(tested) - rank) * found[c].p_value))
        gain = _gain(found[c].value, largest, found[c].level)
        corrected[c] = replace(found[c], p_value=largest, gain=gain)
    return corrected
