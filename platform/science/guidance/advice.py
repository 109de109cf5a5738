"""What a step is expected to bring, in points of mAP, and in which order to offer the steps.

Every gain comes from measurements of one dataset: a run's rates of label errors, a learning curve, the epochs of a
training, two networks side by side. What was not measured has no gain; it is offered as something to measure first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, hypot, inf

import numpy as np

from science.evaluation.bootstrap import CORRELATION
from science.guidance.power_law import NORMAL, PowerLaw, Range

POINTS = 100.0  # of mAP in 1
# The highest share of wrong labels among ten well-known datasets (Northcutt, Athalye, Mueller 2021, "Pervasive Label
# Errors in Test Sets Destabilize Machine Learning Benchmarks", table 2: QuickDraw 10.12 %). Only bounds from above.
HIGHEST_SHARE_OF_ERRORS = 0.1012
LEAST_GAIN = 0.05  # points of mAP; less than this is written as none
MOST_EXTRAPOLATED = 2.0  # times the data that was trained on; further out a curve says little


@dataclass(frozen=True)
class StepSource:
    """A row that a number was computed from."""

    kind: str  # evaluation, run, auto_curate, comparison, learning_curve
    id: int


@dataclass(frozen=True)
class Advice:
    """One step, what it brings and what it takes. ``gain`` None: nobody knows yet, ``needs`` says what to measure."""

    step: str
    gain: Range | None  # points of mAP, 0 … 100
    people_minutes: float
    machine_minutes: float | None  # None: nothing was trained yet that would tell
    why: str  # which sentence says where the gain comes from
    facts: Mapping[str, float | str] = field(default_factory=dict)  # for that sentence
    needs: tuple[str, ...] = ()
    sources: tuple[StepSource, ...] = ()
    at_most: float | None = None  # points of mAP, where only a bound is known
    class_index: int | None = None

    @property
    def hours(self) -> float:
        """People's and the machine's time together."""
        return (self.people_minutes + (self.machine_minutes or 0.0)) / 60

    @property
    def per_hour(self) -> float | None:
        """Points of mAP per hour in all; None where either is unknown."""
        return None if self.gain is None or not self.hours else self.gain.value / self.hours

    @property
    def per_people_hour(self) -> float | None:
        """Points of mAP per hour of people's time; None where it takes none, or the gain is unknown."""
        return None if self.gain is None or not self.people_minutes else self.gain.value / (self.people_minutes / 60)


def ranked(steps: Sequence[Advice]) -> list[Advice]:
    """Return those with a gain first, by gain per hour and then by its lower end; then what is to be measured.

    Measurements stand by whether a bound of what they may find is known, then by machine time.
    """
    return sorted(steps, key=_rank)


def _rank(one: Advice) -> tuple[bool, float, float]:
    if one.gain is not None:
        return (False, -(one.per_hour if one.per_hour is not None else inf), -one.gain.low)
    return (True, float(one.at_most is None), one.machine_minutes if one.machine_minutes is not None else inf)


def next_of(steps: Sequence[Advice]) -> Advice | None:
    """Return the step to offer first: the best whose interval is above nothing, else a measurement, else the best.

    A gain that may as well be none is worth less than knowing more.
    """
    order = ranked(steps)
    sure = [one for one in order if one.gain is not None and one.gain.low >= LEAST_GAIN]
    unknown = [one for one in order if one.gain is None]
    return next(iter([*sure, *unknown, *order]), None)


def gain_of_corrections(worth: float, right: Range) -> Range:
    """Return what mending brings: its expected worth in points, and the same at both ends of how many are right.

    ``worth`` is the sum over suggestions of chance times what such an error costs; ``right`` how many of them are.
    """
    if right.value <= 0:
        return Range(0.0, 0.0, 0.0)
    return Range(worth, worth * right.low / right.value, worth * right.high / right.value)


def most_of_corrections(costliest: float) -> float:
    """Return a bound in points before anything was looked for: the highest known share of labels, of the worst kind."""
    return costliest * HIGHEST_SHARE_OF_ERRORS


def within_reach(more: float, there: float) -> float:
    """Return how many more a learning curve is asked for: no further than twice what was trained on."""
    return max(0.0, min(more, (MOST_EXTRAPOLATED - 1) * there))


def gain_of_data(law: PowerLaw, more: float, classes: int = 1, start: float | None = None) -> Range:
    """Return the points of mAP that so many more images bring; of one class of C, a C-th of its own gain in AP."""
    return _scaled(law.gain(more, start), POINTS / max(classes, 1))


def difference_of_runs(first: tuple[float, float], second: tuple[float, float]) -> Range:
    """Return second minus first in points, of two evaluations (AP, standard error) on the same images.

    Where nobody has compared them, their errors are taken to go together as those of two checkpoints usually do.
    """
    value = second[0] - first[0]
    spread = np.sqrt(max(hypot(first[1], second[1]) ** 2 - 2 * CORRELATION * first[1] * second[1], 0.0))
    return _scaled(Range(value, value - NORMAL * spread, value + NORMAL * spread), POINTS)


def images_to_show(images: int, smallest: float, expected: float) -> int:
    """Return how many more validation images make a gain of ``expected`` provable: errors shrink with their root.

    ``smallest`` is the smallest gain that the present ``images`` would show, in the same unit.
    """
    if not expected > 0 or smallest <= expected:
        return 0
    return ceil(images * ((smallest / expected) ** 2 - 1))


def _scaled(one: Range, by: float) -> Range:
    return Range(one.value * by, one.low * by, one.high * by)
