"""What to try next, and whether to go on with it: Optuna's sampler and pruner. The one file that imports Optuna.

A study is made anew for each question from what was tried, so nothing is lost with a process, and the same search asks
for the same again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from model.searches.ranges import SettingRange, holds

if TYPE_CHECKING:
    from optuna import Study
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

STARTUP = 5  # trials at random before there is anything to learn from, and finished ones before one is pruned
LEAST_EPOCHS = 2  # after which a trial may be pruned, at the earliest


@dataclass(frozen=True)
class Tried:
    """A training that has ended, or one that is under way."""

    values: dict[str, Any]
    curve: list[float] = field(default_factory=list)  # a figure after each epoch
    value: float | None = None  # what it came to; None: pruned, or under way


def next_values(ranges: Sequence[SettingRange], tried: Sequence[Tried], seed: int) -> dict[str, Any]:
    """The values that look most promising after those tried; by the tree-structured Parzen estimator (TPE)."""
    from optuna.samplers import TPESampler

    study = _study(ranges, tried, TPESampler(seed=seed % 2**32, n_startup_trials=STARTUP))
    return dict(study.ask(_distributions(ranges)).params)


def is_hopeless(ranges: Sequence[SettingRange], tried: Sequence[Tried], now: Tried) -> bool:
    """Whether the best that it reached so far is below the median of the others at this epoch."""
    from optuna.pruners import MedianPruner
    from optuna.trial import TrialState

    pruner = MedianPruner(n_startup_trials=STARTUP, n_warmup_steps=LEAST_EPOCHS)
    study = _study(ranges, tried)
    return bool(pruner.prune(study, _frozen(ranges, now, TrialState.RUNNING)))


def _study(ranges: Sequence[SettingRange], tried: Sequence[Tried], sampler: Any = None) -> Study:
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for one in tried:
        ended = optuna.trial.TrialState.PRUNED if one.value is None else optuna.trial.TrialState.COMPLETE
        study.add_trial(_frozen(ranges, one, ended))
    return study


def _frozen(ranges: Sequence[SettingRange], one: Tried, state: Any) -> FrozenTrial:
    """A training as Optuna knows it; values outside the ranges, as the unchanged ones may be, are left out."""
    from optuna.trial import create_trial

    known = [each for each in ranges if each.name in one.values and holds(each, one.values[each.name])]
    return create_trial(
        state=state,
        value=one.value,
        params={each.name: one.values[each.name] for each in known},
        distributions=_distributions(known),
        intermediate_values=dict(enumerate(one.curve, start=1)),
    )


def _distributions(ranges: Sequence[SettingRange]) -> dict[str, BaseDistribution]:
    return {one.name: _distribution(one) for one in ranges}


def _distribution(one: SettingRange) -> BaseDistribution:
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    if one.kind == "choice":
        return CategoricalDistribution(one.choices)
    low, high = one.low or 0.0, one.high or 0.0
    if one.kind == "float":
        return FloatDistribution(low, high, log=one.log)
    return IntDistribution(int(low), int(high), log=one.log, step=1 if one.log else one.step)
