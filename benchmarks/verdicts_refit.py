"""What verdicts teach: the suggestions that are still open, before and after the first ones were answered.

    PYTHONPATH=platform:. python benchmarks/verdicts_refit.py [--images 250] [--seeds 3] [--verdicts 60]

Scenes and judges of `simulated_judges.py`. The surest suggestions get the verdict that is true of them (a label with an
error of whatever kind, or an object without a label); `science.autocurate.refit` learns from these. Of all others:
average precision of their order, and of those of 0.2 and more what is promised and how many are right.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from benchmarks.mislabel_peers import KINDS, SHOWN, average_precision, found_missing, report_of
from benchmarks.simulated_judges import NOISE, SpoiltLabels, spoilt_labels
from science.autocurate.mislabels import LabelErrorKind, MislabelReport
from science.autocurate.refit import OPEN, Reviewed, chances, refit

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def main() -> None:
    """Read the options and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=250)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=300)
    parser.add_argument("--verdicts", type=int, default=60)
    parser.add_argument("--noise", nargs="+", choices=sorted(NOISE), default=["random", "hard", "sparse"])
    options = parser.parse_args()
    print(f"{'errors':<12}{'':<8}{'AP':>7}{'shown':>8}{'promised':>10}{'right':>8}")
    for noise in options.noise:
        seeds = range(options.first_seed, options.first_seed + options.seeds)
        worlds = [spoilt_labels(seed=seed, images=options.images, noise=NOISE[noise]) for seed in seeds]
        rows = [before_and_after(world, options.verdicts) for world in worlds]
        for at, when in enumerate(("before", "after")):
            print(line(noise, when, [row[at] for row in rows]), flush=True)


def before_and_after(world: SpoiltLabels, verdicts: int) -> list[tuple[Floats, Bools]]:
    """Return the chances of what is open, first and refitted, and which are right."""
    report = report_of(world, 0.0)
    score, right = np.array([each.score for each in report.suggestions]), truths(world, report)
    answered = np.arange(len(score)) < verdicts
    kind = np.array([KINDS.index(each.kind) for each in report.suggestions])
    doubt = np.array([each.parts.get("doubt", each.score) for each in report.suggestions])
    reviewed = Reviewed(kind, doubt, np.where(answered, right.astype(np.int64), OPEN))
    after = chances(reviewed, refit(reviewed, [report.rates[each] for each in KINDS]))
    return [(score[~answered], right[~answered]), (after[~answered], right[~answered])]


def truths(world: SpoiltLabels, report: MislabelReport) -> Bools:
    """Return which suggestions are right."""
    missing = [each for each in report.suggestions if each.kind is LabelErrorKind.MISSING]
    lone = [(each.image_index, np.array(each.proposed_box), each.score) for each in missing]
    found = iter(found_missing(world, lone)[1].tolist())
    return np.array(
        [
            next(found) if each.kind is LabelErrorKind.MISSING else world.kind[each.annotation_id] is not None
            for each in report.suggestions
        ],
        bool,
    )


def line(noise: str, when: str, rows: list[tuple[Floats, Bools]]) -> str:
    """Return a line of the table, over all worlds."""
    precision = np.mean([average_precision(chance, right, int(right.sum())) for chance, right in rows])
    chance, right = (np.concatenate(part) for part in zip(*rows, strict=True))
    shown = chance >= SHOWN
    promised, kept = (chance[shown].mean(), right[shown].mean()) if shown.any() else (np.nan, np.nan)
    return f"{noise:<12}{when:<8}{precision:>7.3f}{shown.sum():>8}{promised:>10.2f}{kept:>8.2f}"


if __name__ == "__main__":
    main()
