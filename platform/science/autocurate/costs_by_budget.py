"""What a label error costs the detector: by kind as measured on generated scenes, and by what this detector gets wrong.

The error budget of an evaluation says what each class would gain if the detector's errors of one type were repaired.
A label error teaches the detector the error of its own type, so that is where it costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.review_order import ErrorSensitivity

TAUGHT = {  # the kind of label error -> the types of the detector's errors that it teaches
    "wrong_class": ("class", "both"),
    "missing": ("missed",),
    "spurious": ("background",),
    "badly_drawn": ("localisation",),
}
OWN = 0.5  # how much the own error budget weighs against what was measured on scenes

Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ClassBudget:
    """What an evaluation found each of C classes to lose by each type of error, in [0, 1]; NaN = not known."""

    ap: Float64s  # (C,)
    gain: Mapping[str, Float64s]  # type of error -> (C,) what AP would gain without


def sensitivity_by_class(budget: ClassBudget, first: ErrorSensitivity | None = None) -> dict[str, Float64s]:
    """Return by kind of label error (C,) the points of AP that a class loses where all of its labels have it.

    Half is the ``first`` s_k; half is their sum, dealt out as the budget is: S d_ck / Σ_k mean_c d_ck, d_ck what class
    c would gain without the detector's errors that kind k teaches. So the mean over classes and the sum over kinds
    stay. None is more than the class has left to gain, 100 (1 − AP).
    """
    known = vars(first or ErrorSensitivity())
    lost = {kind: _lost(budget, types) for kind, types in TAUGHT.items()}
    total = sum(float(each.mean()) for each in lost.values() if len(each))
    if total <= 0:
        return {kind: np.full(len(budget.ap), value) for kind, value in known.items()}
    room = 100 * (1 - np.nan_to_num(budget.ap))
    points = sum(known.values()) / total
    return {kind: np.minimum((1 - OWN) * known[kind] + OWN * points * each, room) for kind, each in lost.items()}


def _lost(budget: ClassBudget, types: tuple[str, ...]) -> Float64s:
    """Return (C,) what the classes lose by these types of error."""
    each = [np.maximum(np.nan_to_num(budget.gain[name]), 0.0) for name in types if name in budget.gain]
    return np.sum(each, axis=0) if each else np.zeros(len(budget.ap))
