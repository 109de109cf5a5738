"""How long it takes to choose what to label once there are embeddings, and how well what is chosen covers the pool.

    OMP_NUM_THREADS=1 PYTHONPATH=platform:. python benchmarks/to_label.py [--pool 30000] [--lightly PYTHON]

On generated embeddings: looks of very different frequency, frames of sequences near each other, variance that falls
with the direction as that of a trained encoder does. Ours is measured with detections and without; the peers, which
know neither detections nor sequences, by the embeddings alone:

- LightlyStudio's selection engine, diversity strategy (the wheel lightly-mundig, which wants a Python of its own with
  numpy: `--lightly venv/bin/python`; left out without one),
- k-centre greedy (Sener and Savarese 2018) by one matrix product per image taken,
- TypiClust (Hacohen, Dekel, Weinshall 2022): k-means into as many clusters as the budget (500 at most), then of each
  cluster in turn the image whose 20 nearest in it are nearest,
- FiftyOne's uniqueness: the mean distance to an image's three nearest, weighted .6, .3, .1, the most unique first.

Seconds are of CPU time, ours the least of three. `covered` is the mean cosine similarity of an image of the pool to the
most similar one taken or labelled, `looks` how many of the looks were taken, `twice` how many of those taken lie within
a cosine distance of .02 of one taken before: what a person would label twice. `--quick` leaves out the peers that take
minutes where the pool is large: all but LightlyStudio's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

from science.autocurate.to_label import ToLabelSettings, choose_to_label
from science.autocurate.types import ImageTable
from science.evaluation.types import Detections

DIMENSIONS, LOOKS, CLASSES, LABELLED = 1280, 400, 10, 2000
REPEATS = 3
MOST_CLUSTERS = 500
LIGHTLY = """
import json, sys, time
import numpy, lightly_mundig
vectors, labelled, budget = numpy.load(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
start = time.process_time()
engine = lightly_mundig.Selection()
engine.add_diversifying_strategy(embeddings=vectors, strength=1.0, stopping_condition_minimum_distance=None)
first = list(range(len(vectors) - labelled, len(vectors)))
found = engine.run_selection(
    preselected_indices=first, n_total_samples=len(vectors), n_samples_to_select=labelled + budget
)
print(json.dumps({"seconds": time.process_time() - start, "found": found[labelled:]}))
"""

Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]


class World(NamedTuple):
    """The pool's images first, then those that are labelled."""

    vectors: Vectors  # (I, 1280)
    look: Ints  # (I,)
    sequence: Ints  # (I,)
    pool: int
    detections: Detections


def world(pool: int, seed: int) -> World:
    random = np.random.default_rng(seed)
    images = pool + LABELLED
    looks = random.standard_normal((LOOKS, DIMENSIONS))
    sequence = np.sort(random.integers(0, images // 3, images))
    look = random.choice(LOOKS, images, p=random.dirichlet(np.full(LOOKS, 0.5)))[sequence]
    drives = 0.5 * random.standard_normal((images // 3, DIMENSIONS))[sequence]
    frames = 0.1 * random.standard_normal((images, DIMENSIONS))
    vectors = (looks[look] + drives + frames) * np.arange(1, DIMENSIONS + 1) ** -0.6 + 0.02
    mixed = random.permutation(images)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True))[mixed].astype(np.float32)
    return World(vectors, look[mixed], sequence[mixed], pool, detected(random, images))


def detected(random: np.random.Generator, images: int) -> Detections:
    boxes = 15 * images
    return Detections.of(
        image_index=np.sort(random.integers(0, images, boxes)),
        class_index=random.choice(CLASSES, boxes, p=np.arange(CLASSES, 0, -1) / 55),
        boxes=np.tile(np.array([10, 10, 60, 60], np.float32), (boxes, 1)),
        scores=random.beta(0.5, 1.0, boxes).astype(np.float32),
    )


def ours(case: World, budget: int, with_detections: bool, per_sequence: int) -> list[int]:
    images = ImageTable.of(image_ids=np.arange(len(case.vectors)), sequence=case.sequence)
    found = choose_to_label(
        images,
        np.arange(len(case.vectors)) >= case.pool,
        class_names=[f"class {c}" for c in range(CLASSES)] if with_detections else [],
        detections=case.detections if with_detections else None,
        vectors=case.vectors,
        settings=ToLabelSettings(budget=budget, per_sequence=per_sequence),
    )
    return [one.image_index for one in found.picks]


def k_centre(case: World, budget: int) -> list[int]:
    labelled = case.vectors[case.pool :]
    pool, nearest = case.vectors[: case.pool], np.full(case.pool, -1.0, np.float32)
    for start in range(0, len(labelled), 500):
        nearest = np.maximum(nearest, (pool @ labelled[start : start + 500].T).max(axis=1))
    taken = []
    for _ in range(budget):
        taken.append(int(nearest.argmin()))
        nearest = np.maximum(nearest, pool @ pool[taken[-1]])
    return taken


def typiclust(case: World, budget: int) -> list[int]:
    pool = case.vectors[: case.pool]
    clusters = KMeans(min(budget, MOST_CLUSTERS), n_init=1, random_state=0, max_iter=20).fit_predict(pool)
    queues = []
    for cluster in np.argsort(-np.bincount(clusters)):
        rows = np.flatnonzero(clusters == cluster)
        similar = np.sort(pool[rows] @ pool[rows].T, axis=1)[:, -21:-1]
        queues.append(rows[np.argsort(-similar.mean(axis=1))].tolist() if similar.size else rows.tolist())
    taken: list[int] = []
    for turn in range(max(len(queue) for queue in queues)):
        taken += [queue[turn] for queue in queues if turn < len(queue)]
    return taken[:budget]


def uniqueness(case: World, budget: int) -> list[int]:
    pool, unique = case.vectors[: case.pool], np.empty(case.pool)
    for start in range(0, case.pool, 1000):
        similar = np.partition(pool[start : start + 1000] @ pool.T, -4, axis=1)[:, -4:]
        nearest = np.sqrt(np.maximum(0, 2 - 2 * np.sort(similar, axis=1)[:, -2::-1]))  # without the image itself
        unique[start : start + 1000] = nearest @ np.array([0.6, 0.3, 0.1])
    taken: list[int] = np.argsort(-unique)[:budget].tolist()
    return taken


def lightly(python: str, case: World, budget: int) -> tuple[float, list[int]]:
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "vectors.npy", case.vectors)
        command = [python, "-c", LIGHTLY, f"{folder}/vectors.npy", str(LABELLED), str(budget)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer["seconds"], answer["found"]


def timed(choose: Callable[[], list[int]], repeats: int) -> tuple[float, list[int]]:
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        found = choose()
        spent.append(time.process_time() - start)
    return min(spent), found


def line(case: World, name: str, seconds: float, found: list[int]) -> str:
    there, taken = np.full(case.pool, -1.0, np.float32), case.vectors[found]
    for rows in (taken, case.vectors[case.pool :]):
        for start in range(0, len(rows), 500):
            similar = case.vectors[: case.pool] @ rows[start : start + 500].T
            there = np.maximum(there, similar.max(axis=1))
    before = np.tril(taken @ taken.T, -1).max(axis=1)
    looks, twice = len(np.unique(case.look[found])), int((before >= 0.98).sum())
    return f"{name:<34}{seconds:>8.2f}{len(found):>8}{there.mean():>10.4f}{looks:>7}{twice:>7}"


def main() -> None:
    """Read the options and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", type=int, default=30_000)
    parser.add_argument("--budget", type=int, default=1000)
    parser.add_argument("--lightly", default="", metavar="PYTHON", help="one that has lightly-mundig")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    case, budget = world(options.pool, seed=0), options.budget
    ours(case, 10, with_detections=True, per_sequence=1)  # compiled once and kept
    threads = os.environ.get("OMP_NUM_THREADS", "all")
    print(f"{budget} of {options.pool} images, {LABELLED} labelled, OMP_NUM_THREADS={threads}")
    print(f"{'':<34}{'CPU s':>8}{'taken':>8}{'covered':>10}{'looks':>7}{'twice':>7}")
    rows: list[tuple[str, Callable[[], list[int]], int]] = [
        ("ours, with detections", lambda: ours(case, budget, True, 1), REPEATS),
        ("ours, embeddings alone", lambda: ours(case, budget, False, 1), REPEATS),
        ("ours, whatever the sequence", lambda: ours(case, budget, False, budget), REPEATS),
        ("k-centre greedy", lambda: k_centre(case, budget), 1),
        ("TypiClust", lambda: typiclust(case, budget), 1),
        ("FiftyOne's uniqueness", lambda: uniqueness(case, budget), 1),
        ("at random", np.random.default_rng(1).permutation(case.pool)[:budget].tolist, 1),
    ]
    for name, choose, repeats in rows[: 3 if options.quick else None]:
        print(line(case, name, *timed(choose, repeats)), flush=True)
    if options.lightly:
        print(line(case, "LightlyStudio's engine, diversity", *lightly(options.lightly, case, budget)))


if __name__ == "__main__":
    main()
