"""How often the interval of "how long the rest will take" holds the truth.

    PYTHONPATH=platform python benchmarks/remaining_time.py

Tasks take 4 s and 6 s an object, times a log-normal factor (sigma .6: the slowest in forty takes thrice the usual).
Objects are Poisson. Some tasks are finished, the others are left; the interval should hold what these take in 95 % of
the trials.
"""

from __future__ import annotations

import numpy as np

from science.remaining_time import rest_of_work

TRIALS = 400
SIGMA = 0.6


def coverage(finished: int, left: int, people: int, random: np.random.Generator) -> tuple[float, float]:
    """Share of trials in which the interval held the truth, and the interval's median width as a share of the truth."""
    held, widths = 0, []
    for _ in range(TRIALS):
        objects = random.poisson(5, finished + left)
        pace = np.exp(random.normal(0, 0.3, people))[random.integers(people, size=finished + left)]
        seconds = (4 + 6 * objects) * pace * np.exp(random.normal(-(SIGMA**2) / 2, SIGMA, finished + left))
        found = rest_of_work(seconds=seconds[:finished], objects=objects[:finished], left=objects[finished:])
        truth = seconds[finished:].sum()
        if found is not None:
            held += found.low <= truth <= found.high
            widths.append((found.high - found.low) / truth)
    return held / TRIALS, float(np.median(widths))


def main() -> None:
    random = np.random.default_rng(7)
    print(f"{'finished':>9}{'left':>7}{'people':>8}{'held':>8}{'width':>8}")
    for finished, left, people in ((5, 20, 1), (10, 100, 1), (10, 100, 3), (30, 300, 3), (100, 1000, 3), (300, 50, 5)):
        held, width = coverage(finished, left, people, random)
        print(f"{finished:>9}{left:>7}{people:>8}{held:>8.1%}{width:>8.0%}")


if __name__ == "__main__":
    main()
