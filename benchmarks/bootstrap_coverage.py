"""How often the 95 % intervals hold the truth, and how often nothing is called a gain, on simulated sets.

    PYTHONPATH=platform:. python benchmarks/bootstrap_coverage.py [--sets 500] [--first-seed 10001] [--cases weak-120 …]

Two detectors whose true figures are had from 100,000 images judge sets of fresh images. Of 500 sets the share that an
exact 95 % interval covers lies between 93 and 97 % in 96 of 100 such simulations. docs/bootstrap.md records the result;
seeds below 10,000 were looked at while the method was made.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from science.evaluation.average_precision import accumulate
from science.evaluation.bootstrap import BootstrapResult, ComparisonResult, Gain, Interval, bootstrap, compare
from tests.science.evaluation.world import CLASSES, evaluations

SKILLS = (1.0, 1.25)
LARGE = 100_000  # images that stand for all


@dataclass(frozen=True)
class CoverageCase:
    """Sets of so many images, of which so many follow each other; of an ordinary or a weak detector."""

    images: int
    sequence: int = 1
    weak: bool = False

    @property
    def name(self) -> str:
        """Return what the command line calls it."""
        kind = "weak" if self.weak else "images" if self.sequence == 1 else "sequences"
        return f"{kind}-{self.images}"

    def world(self) -> dict[str, Any]:
        """Return its part of the arguments of ``evaluations``."""
        return {"sequence": self.sequence, **({"crowding": 2.0, "harder": 1.4} if self.weak else {})}


CASES = [CoverageCase(n, s) for n in (80, 200, 600) for s in (1, 4)] + [
    CoverageCase(120, weak=True),
    CoverageCase(400, weak=True),
]


@dataclass(frozen=True)
class Truth:
    """True figures of both detectors."""

    map: tuple[float, float]
    classes: tuple[NDArray[np.float64], NDArray[np.float64]]  # (C,) each

    @classmethod
    def of(cls, world: dict[str, Any]) -> Truth:
        """Take those of very many images."""
        both = [accumulate(each) for each in evaluations(seed=0, images=LARGE, skills=SKILLS, **world)]
        first, second = (np.array([each.ap for each in one.per_class()]) for one in both)
        return cls((both[0].figures()["AP"], both[1].figures()["AP"]), (first, second))


def main() -> None:
    """Simulate, and print a row for each case as the table of docs/bootstrap.md has it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=500)
    parser.add_argument("--first-seed", type=int, default=10_001)
    parser.add_argument("--cases", nargs="+", choices=[case.name for case in CASES], default=[c.name for c in CASES])
    parser.add_argument("--resamples", type=int, default=1000)
    options = parser.parse_args()
    print(f"{options.sets} sets, seeds from {options.first_seed}, {options.resamples} resamples; shares of sets\n")
    print("| sets | true mAP | mAP | percentile | classes | difference | its classes | gain proven | none, proven |"
          " none, a class | width | percentile | value at |")  # fmt: skip
    print("| --- " * 13 + "|")
    for case in CASES:
        if case.name in options.cases:
            began, truth = time.perf_counter(), Truth.of(case.world())
            seeds = range(options.first_seed, options.first_seed + options.sets)
            sets = [one_set(seed, case, truth, options.resamples) for seed in seeds]
            print(row(case, truth, np.array(sets)), f"<!-- {time.perf_counter() - began:.0f} s -->", flush=True)


def one_set(seed: int, case: CoverageCase, truth: Truth, resamples: int) -> list[float]:
    """Return what ``row`` averages: 1 where the truth was covered, NaN where there is no interval."""
    made = {"seed": seed, "images": case.images, **case.world()}
    drawn: dict[str, Any] = {
        "groups": np.arange(case.images) // case.sequence, "seed": seed, "resamples": resamples,
    }  # fmt: skip
    first, second = evaluations(**made, skills=SKILLS)
    one, two = bootstrap(first, **drawn), compare(first, second, **drawn)
    none = compare(*evaluations(**made, skills=(SKILLS[0], SKILLS[0])), **drawn)
    return [*_covered(one, two, truth), *_called(two, none), *_widths(one)]


def _covered(one: BootstrapResult, two: ComparisonResult, truth: Truth) -> list[float]:
    low, high = np.quantile(one.draws, [0.025, 0.975])
    return [
        _holds(one.map, truth.map[0]),
        float(low <= truth.map[0] <= high),
        _holds(two.map.interval, truth.map[1] - truth.map[0]),
        *(_holds(each, true) for each, true in zip(one.classes, truth.classes[0], strict=True)),
        *(
            _holds(each.interval, true)
            for each, true in zip(two.classes, truth.classes[1] - truth.classes[0], strict=True)
        ),
    ]


def _holds(interval: Interval, true: float) -> float:
    return np.nan if np.isnan(interval.low) else float(interval.low <= true <= interval.high)


def _called(two: ComparisonResult, none: ComparisonResult) -> list[float]:
    return [
        float(two.map.gain is Gain.PROVEN),
        float(none.map.gain is not Gain.NOT_SHOWN),
        float(any(each.gain is not Gain.NOT_SHOWN for each in none.classes)),
    ]


def _widths(one: BootstrapResult) -> list[float]:
    """Return the widths with and without the correction, and where in the interval the value lies, from 0 to 1."""
    low, high = np.quantile(one.draws, [0.025, 0.975])
    width = one.map.high - one.map.low
    return [width, float(high - low), (one.map.value - one.map.low) / width]


def row(case: CoverageCase, truth: Truth, sets: NDArray[np.float64]) -> str:
    """Return the means of (S, 9 + 2 C) sets."""
    shares = np.nanmean(sets, axis=0)
    level, plain, difference = shares[:3]
    classes, differences = shares[3 : 3 + CLASSES], shares[3 + CLASSES : 3 + 2 * CLASSES]
    proven, called, called_class, width, plain_width, place = shares[3 + 2 * CLASSES :]
    return (
        f"| {case.name} | {truth.map[0]:.3f} | {level:.3f} | {plain:.3f} | {classes.min():.3f} – {classes.max():.3f} | "
        f"{difference:.3f} | {differences.min():.3f} – {differences.max():.3f} | {proven:.3f} | {called:.3f} | "
        f"{called_class:.3f} | {width:.3f} | {plain_width:.3f} | {place:.2f} |"
    )


if __name__ == "__main__":
    main()
