"""The gate: may a candidate take the incumbent's place? Each rule allows a figure to drop by so many points.

A drop is judged by the paired bootstrap's 95 % interval of candidate minus incumbent (docs/gate.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.evaluation.bootstrap import RESAMPLES, ComparisonResult, PairedDifference, compare
from science.evaluation.figure_differences import compare_figures
from science.evaluation.matching import Matches

FIGURES = ("mAP", "mAP50", "AP75", "APs", "APm", "APl", "AR100")
POINT = 0.01  # of average precision, which goes from 0 to 1
TOUCH = 1e-9  # an interval that ends at the limit itself keeps it, whatever the last bit says

Bools = NDArray[np.bool_]


class GateVerdict(StrEnum):
    """What is known of a rule at 95 %. NOT_SHOWN is not PASSED."""

    PASSED = "passed"  # the whole interval keeps the limit
    NOT_SHOWN = "not_shown"  # the interval lies across the limit, or there is none, or neither finds anything
    BROKEN = "broken"  # the whole interval lies below it


@dataclass(frozen=True, eq=False)
class GateRule:
    """A figure that may drop by at most ``drop`` points (hundredths), of all, of one class, or of some images."""

    figure: str  # one of FIGURES; of one class, mAP is the class's AP
    drop: float  # points, at least 0
    class_index: int | None = None  # None: the mean of all classes
    images: Bools | None = None  # (I,) which images; None: all


@dataclass(frozen=True)
class RuleResult:
    """The difference that a rule is about, and what it says."""

    difference: PairedDifference
    verdict: GateVerdict
    images: int  # that the rule is about


@dataclass(frozen=True, eq=False)
class GateSides:
    """Incumbent and candidate on the same images and labels, and what is drawn together."""

    incumbent: Matches
    candidate: Matches
    groups: ArrayLike | None = None  # (I,) as in ``bootstrap.compare``
    resamples: int = RESAMPLES
    seed: int = 0


def verdict_of(difference: PairedDifference, drop: float) -> GateVerdict:
    """Return what an interval says of a drop of at most so many points."""
    low, high = difference.interval.low, difference.interval.high
    if np.isnan(low) or np.isnan(high) or finds_nothing(difference):
        return GateVerdict.NOT_SHOWN
    if low >= -drop * POINT - TOUCH:
        return GateVerdict.PASSED
    return GateVerdict.BROKEN if high < -drop * POINT - TOUCH else GateVerdict.NOT_SHOWN


def finds_nothing(difference: PairedDifference) -> bool:
    """Whether both figures are 0: nothing was found before or after, so there is nothing to compare."""
    return difference.first == 0 and difference.second == 0


def verdict_of_all(verdicts: Sequence[GateVerdict]) -> GateVerdict:
    """Return the gate's verdict: broken by one that is broken, passed only where every rule is."""
    if GateVerdict.BROKEN in verdicts:
        return GateVerdict.BROKEN
    all_passed = verdicts and set(verdicts) == {GateVerdict.PASSED}
    return GateVerdict.PASSED if all_passed else GateVerdict.NOT_SHOWN


def judge_rules(
    sides: GateSides, rules: Sequence[GateRule], report: Callable[[float], None] = lambda share: None
) -> list[RuleResult]:
    """Judge each rule, in their order; rules about the same images share one drawing. ``report`` hears 0..1."""
    drawn: dict[tuple[bytes, int | None], _Drawn] = {}
    found = []
    for done, rule in enumerate(rules):
        report(done / len(rules))
        whole = rule.figure != "mAP"  # a class's mAP is in the drawing of all classes already
        key = (b"" if rule.images is None else rule.images.tobytes(), rule.class_index if whole else None)
        if key not in drawn:
            drawn[key] = _Drawn(_narrowed(sides, rule.images, key[1]))
        difference = drawn[key].difference(rule.figure, None if whole else rule.class_index)
        images = sides.incumbent.images if rule.images is None else int(rule.images.sum())
        found.append(RuleResult(difference, verdict_of(difference, rule.drop), images))
    return found


class _Drawn:
    """The differences of one part of the images and classes, drawn when they are asked for."""

    def __init__(self, sides: GateSides) -> None:
        self.sides = sides
        self.compared: ComparisonResult | None = None
        self.figures: dict[str, PairedDifference] | None = None

    def difference(self, figure: str, class_index: int | None) -> PairedDifference:
        if figure not in ("mAP", "mAP50"):
            return self._figures()[figure]
        compared = self._compared()
        if class_index is not None:
            return compared.classes[class_index]
        return compared.map if figure == "mAP" else compared.map50

    def _compared(self) -> ComparisonResult:
        if self.compared is None:
            sides = self.sides
            pair, drawing = (sides.incumbent, sides.candidate), (sides.resamples, sides.seed)
            self.compared = compare(*pair, groups=sides.groups, resamples=drawing[0], seed=drawing[1])
        return self.compared

    def _figures(self) -> dict[str, PairedDifference]:
        if self.figures is None:
            sides = self.sides
            pair, drawing = (sides.incumbent, sides.candidate), (sides.resamples, sides.seed)
            self.figures = compare_figures(*pair, groups=sides.groups, resamples=drawing[0], seed=drawing[1])
        return self.figures


def _narrowed(sides: GateSides, images: Bools | None, class_index: int | None) -> GateSides:
    """Return both sides on some images, of one class."""
    if images is None and class_index is None:
        return sides
    classes = None if class_index is None else np.arange(sides.incumbent.classes) == class_index
    incumbent, candidate = (one.of(images, classes=classes) for one in (sides.incumbent, sides.candidate))
    return GateSides(incumbent, candidate, sides.groups, sides.resamples, sides.seed)
