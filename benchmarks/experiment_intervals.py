"""Do the intervals of experiments cover, and how often does an experiment without a gain call one proven?

    PYTHONPATH=.:platform python benchmarks/experiment_intervals.py [--worlds 1000]

Each world has 200 images and K seeds; the difference between the arms on an image with a seed is a true gain, plus what
the seed, the image, and both together add, all normal. `apart` is the seed's part, as a multiple of what the images add
to the error of a mean. Where the image and the seed meet, the part is four times the image's own, which is usual: the
errors of two trainings mostly are on different images. Counted are: how often the interval over images and seeds, and
that over images alone, hold the true gain; how often no gain is called one or a loss when all K pairs are trained, and
when the experiment may stop early; how often a gain of three standard errors is proven either way, and the runs saved.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.evaluation.bootstrap import Gain
from science.evaluation.over_seeds import SeededGain, images_alone, over_seeds
from science.evaluation.stopping import look

IMAGES, RESAMPLES = 200, 200
MET = 4.0  # the part of image and seed together, as a multiple of the image's own
Float64s = NDArray[np.float64]


@dataclass
class SimulatedExperiment:
    """Differences of one experiment, all seeds trained."""

    values: Float64s  # (K,)
    drawn: Float64s  # (B, K)

    def after(self, pairs: int) -> SeededGain:
        return over_seeds(self.values[:pairs], self.drawn[:, :pairs], IMAGES)


def world(random: np.random.Generator, seeds: int, apart: float, gain: float) -> SimulatedExperiment:
    by_image = random.normal(0, 0.01, (IMAGES, 1))
    by_seed = random.normal(0, 1, (1, seeds)) * apart * 0.01 / np.sqrt(IMAGES)
    both = random.normal(0, 0.01 * MET, (IMAGES, seeds))
    differences = gain + by_image + by_seed + both  # (I, K)
    weights = random.multinomial(IMAGES, np.full(IMAGES, 1 / IMAGES), RESAMPLES) / IMAGES
    return SimulatedExperiment(differences.mean(axis=0), weights @ differences)


def error_of(seeds: int, apart: float) -> float:
    """The true standard error of the mean over all seeds."""
    return float(np.sqrt((1 + apart**2 / seeds + MET**2 / seeds) * 0.01**2 / IMAGES))


def ended(found: SimulatedExperiment, planned: int) -> tuple[Gain, int]:
    """The verdict with early stopping, and after how many pairs."""
    for pairs in range(1, planned + 1):
        said = look(found.after(pairs), planned=planned)
        if said.stops or pairs == planned:
            return said.gain, pairs
    raise AssertionError


def row(random: np.random.Generator, planned: int, apart: float, worlds: int) -> str:
    none = [world(random, planned, apart, 0.0) for _ in range(worlds)]
    gain = 3 * error_of(planned, apart)
    some = [world(random, planned, apart, gain) for _ in range(worlds)]
    whole = [one.after(planned) for one in none]
    alone = [images_alone(float(one.values.mean()), one.drawn.mean(axis=1), IMAGES) for one in none]
    stopped = [ended(one, planned) for one in none]
    proven = [ended(one, planned) for one in some]
    figures = [
        np.mean([one.low <= 0 <= one.high for one in whole]),
        np.mean([one.low <= 0 <= one.high for one in alone]),
        np.mean([one.gain is not Gain.NOT_SHOWN for one in whole]),
        np.mean([one is not Gain.NOT_SHOWN for one, _ in stopped]),
        np.mean([one.after(planned).gain is Gain.PROVEN for one in some]),
        np.mean([one is Gain.PROVEN for one, _ in proven]),
        1 - np.mean([pairs for _, pairs in stopped]) / planned,
        1 - np.mean([pairs for _, pairs in proven]) / planned,
    ]
    return f"| {planned} | {apart:g} | " + " | ".join(f"{one:.3f}" for one in figures) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=1000)
    worlds = parser.parse_args().worlds
    heads = (
        "seeds",
        "apart",
        "covered",
        "images alone",
        "no gain, all",
        "early",
        "gain, all",
        "early",
        "saved, none",
        "saved, gain",
    )
    print("| " + " | ".join(heads) + " |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    random = np.random.default_rng(20)
    for planned in (2, 3, 5, 10):
        for apart in (0.0, 2.0, 5.0):
            print(row(random, planned, apart, worlds), flush=True)


if __name__ == "__main__":
    main()
