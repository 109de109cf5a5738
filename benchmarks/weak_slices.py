"""How often weak slices are reported where there are none, and how often a planted one is found.

    PYTHONPATH=platform:. python benchmarks/weak_slices.py [--sets 200]

Simulated sets of 500 images with facts that mean nothing: any report is false, so at most one set in ten should have
one. Then with a fact that tells on which images little is found: it should be reported, and named by most reports.
"""

from __future__ import annotations

import argparse

import numpy as np

from science.evaluation.weak_slices import Fact, weak_slices
from tests.science.evaluation.test_weak_slices import IMAGES, night, nonsense
from tests.science.evaluation.world import evaluations

PLANTED = ("timeofday", "night")


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=200)
    sets = parser.parse_args().sets
    reporting, found, false = 0, 0, 0.0
    for seed in range(sets):
        matches, random = evaluations(seed=seed, images=IMAGES, skills=(1.0,))[0], np.random.default_rng(seed + 10_000)
        facts = nonsense(random, 3)
        reporting += bool(weak_slices(matches, facts, confidence=0.3, seed=seed))
        dark = np.where(night(matches, random), PLANTED[1], "day")
        slices = weak_slices(matches, [*facts, Fact.of(PLANTED[0], dark)], confidence=0.3, seed=seed)
        found += any(each.facts == (PLANTED,) for each in slices)
        false += sum(PLANTED not in each.facts for each in slices) / max(len(slices), 1)
        if (seed + 1) % 20 == 0 or seed + 1 == sets:
            share = np.array([reporting, found, false]) / (seed + 1)
            print(
                f"{seed + 1:4} sets: any report where nothing is weak {share[0]:.3f}; "
                f"the planted slice found {share[1]:.3f}, false among the reports {share[2]:.3f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
