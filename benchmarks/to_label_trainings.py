"""Is what we choose to label worth more than a random choice, once a detector has learnt it? Beside named peers.

    PYTHONPATH=platform:. OMP_NUM_THREADS=1 NUMBA_NUM_THREADS=1 python benchmarks/to_label_trainings.py
        [--data scenes FOLDER …] [--weights YOLOV8N.pt] [--keep FOLDER] [--ways random entropy ours …]
        [--budgets 20 10 40] [--seeds 0 1 2 …] [--cuts boxes images] [--lightly PYTHON] [--table]

For each data set (`scenes`: generated road scenes; else a folder, read by the platform's importers, exact copies left
out) a validation slice is set apart once, whole sequences and near-duplicates together. For each seed an eighth of the
scenes, a tenth of real images, is labelled at first and a network learns it (the *parent*), which then looks at the
pool. Each way orders the pool; the parent goes on with the labelled images and those chosen, with the same seed and as
many images seen, and is scored on the validation slice: mAP 50:95, in points. So that a training takes seconds, only
the head learns (`short_trainings`). `images`: as many as the budget says, in per cent of the pool. `boxes`: each order
is cut where its boxes are as many as those of the random choice, which is what labelling costs.

Ways: `random`; `entropy`, the highest sum of the entropies of the parent's detections from 0.05 on, one of a sequence
and near-duplicates apart; `ours` with detections and embeddings, `ours-alone` with embeddings alone; `k-centre`,
`typiclust`, `uniqueness` and `lightly` as in `to_label.py`, by the same embeddings.

Results are appended to `trainings.jsonl` in the folder kept, one line a training, so that a run that was stopped goes
on; what was trained on the same images before is not trained again. `--table` prints what is there.

The interval of a mean difference over seeds: its variance is that between the seeds over their number (chance in the
start, the choice and the training) plus that of a paired bootstrap over the validation images, which the seeds share;
with Student's quantile. Data sets count alike in their mean, degrees of freedom by Welch and Satterthwaite.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from benchmarks import to_label
from benchmarks.inside_boxes import read, truth_of
from benchmarks.short_trainings import ShortTrainings, State
from curate.embeddings.encoder import PictureToEncode
from curate.embeddings.encoder.efficientnet import EfficientNetLite0
from curate.embeddings.encoder.pictures import tiles_of
from demo.objects import CLASSES
from demo.plant import ImageLabels
from demo.scenes import scenes
from model.engines import ConvertRequest, TrainSettings, run_in_process
from science.autocurate.grouping import groups_of
from science.autocurate.to_label import ToLabelSettings, choose_to_label
from science.autocurate.types import ImageTable
from science.autocurate.worth import UNSURE_FROM, entropy
from science.evaluation.average_precision import accumulate
from science.evaluation.matching import match
from science.evaluation.quantiles import student_quantile
from science.evaluation.resampling import draws, prepare, score_resamples
from science.evaluation.types import Detections
from storage.facts import MEASURED_AT, facts_of

ROAD = Path(__file__).resolve().parents[1] / "model" / "weights" / "road11t.pt"
SCENES, SCENES_VALIDATION = 800, 400
VALIDATION = 0.3  # of all images
RESAMPLES = 200
DRAWS = 2  # of the augmentation
PARENT = 4  # times as many passes over its images does the parent make as those that go on from it
HASH_BITS = 6  # by which a validation slice is kept apart

Ints = NDArray[np.int64]


class Recipe(NamedTuple):
    """How the networks of a data set learn."""

    settings: TrainSettings
    epochs: int
    start: float  # the part of the images that is labelled at first


def recipe(name: str) -> Recipe:
    common: dict[str, Any] = {"rect": True, "mosaic": 0.0, "freeze": 22, "threads": 1, "batch": 16}
    if name == "scenes":
        return Recipe(TrainSettings(**common, imgsz=256, lr0=0.01, cls_gain=1.0), 4, 0.125)
    if name == "carla_driving":  # small things
        return Recipe(TrainSettings(**common, imgsz=256, lr0=0.005), 5, 0.1)
    return Recipe(TrainSettings(**common, imgsz=160, lr0=0.005), 7, 0.1)


@dataclass(frozen=True, eq=False)
class PreparedImages:
    """All images of a data set and what is known of them."""

    name: str
    paths: list[Path]
    labels: list[ImageLabels]
    names: tuple[str, ...]
    sequence: Ints  # (I,) -1 = none
    hashes: Ints  # (I,)
    strata: dict[str, Ints]
    vectors: NDArray[np.float32]  # (I, 1280)
    validation: Ints
    rest: Ints

    @property
    def counts(self) -> Ints:
        """(I, C) boxes of each class."""
        return np.array([np.bincount(one.classes, minlength=len(self.names)) for one in self.labels], np.int64)


def material(name: str, folder: Path) -> PreparedImages:
    """Draw or read a data set, once."""
    title = Path(name).name
    kept = folder / f"{title}.pkl"
    if not kept.exists():
        paths, labels, names, groups, facts = drawn_scenes(folder / title) if name == "scenes" else imported(Path(name))
        sequence = (
            np.unique(groups, return_inverse=True)[1].astype(np.int64) if any(groups) else np.full(len(paths), -1)
        )
        hashes = np.array([hash_of(path) for path in paths], np.int64)
        validation = apart(title, sequence, hashes)
        rest = np.setdiff1d(np.arange(len(paths)), validation)
        made = PreparedImages(title, paths, labels, names, sequence, hashes, facts, embedded(paths), validation, rest)
        kept.write_bytes(pickle.dumps(vars(made)))
    return PreparedImages(**pickle.loads(kept.read_bytes()))


class ReadImages(NamedTuple):
    """Images as they were drawn or read."""

    paths: list[Path]
    labels: list[ImageLabels]
    names: tuple[str, ...]
    groups: list[str]  # sequences; "" = none
    strata: dict[str, Ints]


def drawn_scenes(folder: Path) -> ReadImages:
    """Road scenes; the validation slice is drawn by a seed of its own and comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    paths, labels, groups, facts = [], [], [], []
    for count, seed, prefix in ((SCENES, 7000, "scene"), (SCENES_VALIDATION, 7002, "validation")):
        for scene in scenes(count, seed, prefix=prefix):
            paths.append(folder / f"{scene.key}.jpg")
            cv2.imwrite(str(paths[-1]), scene.pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])
            height, width = scene.pixels.shape[:2]
            labels.append(ImageLabels(paths[-1].name, width, height, scene.boxes, scene.classes))
            groups.append(scene.sequence)
            facts.append(scene.metadata)
    strata = {key: np.unique([one[key] for one in facts], return_inverse=True)[1].astype(np.int64) for key in facts[0]}
    return ReadImages(paths, labels, CLASSES, groups, strata)


def imported(folder: Path) -> ReadImages:
    """Somebody's folder; what the importers say of its parts (train, valid) is no fact of the pictures."""
    with tempfile.TemporaryDirectory() as name:
        found = read(argparse.Namespace(data=folder), Path(name))
    groups = ["" if group == label.key else group for group, label in zip(found.groups, found.labels, strict=True)]
    return ReadImages(found.paths, found.labels, found.names, groups, {})


def hash_of(path: Path) -> int:
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((MEASURED_AT, MEASURED_AT))
    return facts_of(np.asarray(picture)).phash


def embedded(paths: Sequence[Path]) -> NDArray[np.float32]:
    encoder = EfficientNetLite0()
    found = [encoder(np.concatenate([tiles_of(PictureToEncode(path, None)) for path in paths[at : at + 16]]))
             for at in range(0, len(paths), 16)]  # fmt: skip
    return np.concatenate(found).astype(np.float32)


def apart(title: str, sequence: Ints, hashes: Ints) -> Ints:
    """The images of the validation slice."""
    if title == "scenes":
        return np.arange(SCENES, SCENES + SCENES_VALIDATION)
    table = ImageTable.of(image_ids=np.arange(len(hashes)), sequence=sequence, hashes=hashes)
    return first_groups(groups_of(table, HASH_BITS), round(VALIDATION * len(hashes)), seed=0)


def first_groups(groups: Ints, count: int, seed: int) -> Ints:
    """About so many images, whole groups in random order."""
    names, sizes = np.unique(groups, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    taken = names[order][np.cumsum(sizes[order]) <= count]
    return np.flatnonzero(np.isin(groups, taken))


@dataclass(frozen=True, eq=False)
class PoolToChooseFrom:
    """What a way may look at: the pool's images first, then those that are labelled."""

    material: PreparedImages
    rows: Ints  # (I,) images of the material
    pool: int
    detections: Detections
    seed: int
    parent: State

    @property
    def world(self) -> to_label.World:
        """As `to_label.py`'s peers want it."""
        vectors = self.material.vectors[self.rows]
        return to_label.World(
            vectors, np.zeros(len(vectors), np.int64), self.table.sequence, self.pool, self.detections
        )

    @property
    def table(self) -> ImageTable:
        """As the platform would know the images: labels of those that are labelled alone."""
        m, labelled = self.material, np.arange(len(self.rows)) >= self.pool
        return ImageTable.of(
            image_ids=self.rows,
            class_counts=m.counts[self.rows] * labelled[:, None],
            sequence=m.sequence[self.rows],
            hashes=m.hashes[self.rows],
            strata={name: values[self.rows] for name, values in m.strata.items()},
        )


def ours(case: PoolToChooseFrom, budget: int, *, with_detections: bool = True) -> list[int]:
    """In the order of the platform; behind the budget what it would take with three times as much."""
    order: list[int] = []
    for wanted in (budget, min(3 * budget, case.pool)):
        found = choose_to_label(
            case.table,
            np.arange(len(case.rows)) >= case.pool,
            class_names=case.material.names if with_detections else (),
            detections=case.detections if with_detections else None,
            vectors=case.material.vectors[case.rows],
            settings=ToLabelSettings(budget=wanted, seed=case.seed),
        )
        there = set(order)
        order += [one.image_index for one in found.picks if one.image_index not in there]
    return order


def summed_entropy(case: PoolToChooseFrom, budget: int) -> list[int]:
    """The highest first, one of a sequence, no near-duplicate of one that is labelled or taken, as for ours."""
    score, limits = case.detections.scores.astype(np.float64), ToLabelSettings()
    bits = np.bincount(case.detections.image_index, np.where(score >= UNSURE_FROM, entropy(score), 0), len(case.rows))
    table, vectors = case.table, case.material.vectors[case.rows]
    there, taken = list(range(case.pool, len(case.rows))), []
    sequences: set[int] = set()
    for i in np.argsort(-bits[: case.pool], kind="stable").tolist():
        same_hash = np.bitwise_count(table.hashes[there] ^ table.hashes[i]) <= limits.hash_bits
        near = np.where(same_hash, limits.alike_distance, limits.least_distance)
        if table.sequence[i] not in sequences and (1 - vectors[there] @ vectors[i] > near).all():
            taken.append(i)
            there.append(i)
            sequences |= {int(table.sequence[i])} - {-1}
    return taken


def at_random(case: PoolToChooseFrom, budget: int) -> list[int]:
    order: list[int] = np.random.default_rng([case.seed, 7]).permutation(case.pool).tolist()
    return order


WAYS: dict[str, Callable[[PoolToChooseFrom, int], list[int]]] = {
    "random": at_random,
    "entropy": summed_entropy,
    "ours": ours,
    "ours-alone": lambda case, budget: ours(case, budget, with_detections=False),
    "k-centre": lambda case, budget: to_label.k_centre(case.world, case.pool),
    "typiclust": lambda case, budget: to_label.typiclust(case.world, budget),
    "uniqueness": lambda case, budget: to_label.uniqueness(case.world, case.pool),
}


class Laboratory:
    """One data set: its trainings, and which of them are there already."""

    def __init__(self, name: str, options: argparse.Namespace) -> None:
        self.options, self.material = options, material(name, options.keep)
        self.recipe = recipe(self.material.name)
        began = time.process_time()
        m, weights = self.material, ROAD if name == "scenes" else converted(options)
        told = hashlib.sha1(repr((m.name, self.recipe.settings, DRAWS)).encode()).hexdigest()[:12]
        kept = options.keep / f"features-{m.name}-{told}.pt"
        self.trainings = ShortTrainings(weights, m.paths, m.labels, m.names, self.recipe.settings, DRAWS, kept)
        self.truth = truth_of([m.labels[i] for i in m.validation])
        print(f"{m.name}: features of {len(m.paths)} images, {time.process_time() - began:.0f} CPU s", flush=True)

    def case(self, seed: int) -> PoolToChooseFrom:
        """The start, the pool, and what the parent sees on it."""
        m, kept = self.material, self.options.keep / f"{self.material.name}-{seed}-{self.digest([])}.pkl"
        if not kept.exists():
            table = ImageTable.of(image_ids=m.rest, sequence=m.sequence[m.rest], hashes=m.hashes[m.rest])
            start = m.rest[first_groups(groups_of(table, HASH_BITS), round(self.recipe.start * len(m.rest)), seed + 1)]
            pool = np.setdiff1d(m.rest, start)
            seen = round(PARENT * self.recipe.epochs * len(start))
            parent = self.trainings.train(start, images_seen=seen, seed=seed)
            found = self.trainings.predict(parent, pool, conf=0.005)
            print(f"{m.name} {seed}: the parent's mAP {self.score(parent)['mAP']:.2f}", flush=True)
            kept.write_bytes(pickle.dumps((pool, start, found, parent)))
        pool, start, found, parent = pickle.loads(kept.read_bytes())
        return PoolToChooseFrom(m, np.concatenate([pool, start]), len(pool), found, seed, parent)

    def digest(self, rows: Any) -> str:
        told = (self.material.name, self.recipe, DRAWS, PARENT, [int(i) for i in rows])
        return hashlib.sha1(repr(told).encode()).hexdigest()[:12]

    def score(self, state: State) -> dict[str, Any]:
        """mAP in points, and of resamples of the validation images."""
        m = self.material
        matches = match(self.truth, self.trainings.predict(state, m.validation, conf=0.005), classes=len(m.names))
        groups, prepared = np.arange(len(m.validation)), prepare(matches)
        drawn = np.concatenate([score_resamples(prepared, some) for some in draws(groups, RESAMPLES, 0)])
        return {
            "mAP": round(100 * accumulate(matches).figures()["AP"], 4),
            "drawn": [round(float(one), 3) for one in 100 * np.nanmean(drawn.mean(axis=2), axis=1)],
        }

    def learn(self, case: PoolToChooseFrom, chosen: Sequence[int], budget: int) -> dict[str, Any]:
        """Train on the start and what was chosen; as many images seen whatever that is."""
        start = case.rows[case.pool :]
        rows = np.concatenate([start, case.rows[np.array(chosen, np.int64)]])
        seen = self.recipe.epochs * (len(start) + budget)
        key = self.digest([case.seed, budget, *sorted(rows.tolist())])
        kept = self.options.keep / f"scores-{key}.json"
        if not kept.exists():
            began = time.process_time()
            told = self.score(self.trainings.train(rows, images_seen=seen, seed=case.seed, start=case.parent))
            kept.write_text(json.dumps({**told, "seconds": round(time.process_time() - began, 1)}))
        counts = self.material.counts[case.rows[np.array(chosen, np.int64)]]
        return {"images": len(chosen), "boxes": int(counts.sum()), **json.loads(kept.read_text())}


def converted(options: argparse.Namespace) -> Path:
    target: Path = options.keep / "start.pt"
    if not target.exists():
        run_in_process(ConvertRequest(options.weights, target), log=options.keep / "log")
    return target


def cut(order: Sequence[int], boxes: Ints, wanted: int) -> list[int]:
    """The beginning of the order whose boxes are nearest to as many as wanted."""
    so_far = np.cumsum(boxes[list(order)])
    return list(order[: int(np.abs(so_far - wanted).argmin()) + 1])


def grid(options: argparse.Namespace) -> None:
    """Train what is not there yet, what matters most first."""
    rooms = {name: Laboratory(name, options) for name in options.data}
    with (options.keep / "trainings.jsonl").open("a") as file:
        for percent in options.budgets:
            for seed in options.seeds:
                for room in rooms.values():
                    for row in rows_of(room, percent, seed, options):
                        file.write(json.dumps(row) + "\n")
                        file.flush()


def rows_of(room: Laboratory, percent: int, seed: int, options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    case = room.case(seed)
    budget = round(percent / 100 * case.pool)
    boxes = room.material.counts[case.rows].sum(axis=1)
    wanted = int(boxes[at_random(case, budget)[:budget]].sum())
    for way in options.ways:
        order = WAYS[way](case, budget)
        for by in options.cuts:
            chosen = cut(order, boxes, wanted) if by == "boxes" and way != "random" else order[:budget]
            found = room.learn(case, chosen, budget)
            facts = {"data": room.material.name, "seed": seed, "budget": percent, "way": way, "by": by}
            print(*facts.values(), found["images"], found["boxes"], f"{found['mAP']:.2f}", found["seconds"], flush=True)
            yield {**facts, **found}


class Difference(NamedTuple):
    """A mean over seeds with what its interval is made of."""

    value: float
    variance: float
    freedom: float
    seeds: int

    def __str__(self) -> str:
        if not self.seeds:
            return "–"
        reach = student_quantile(0.975, self.freedom) * math.sqrt(self.variance) if self.seeds > 1 else math.nan
        return f"{self.value:+.2f} [{self.value - reach:+.2f}, {self.value + reach:+.2f}]"


def difference(
    rows: dict[tuple[Any, ...], dict[str, Any]], data: str, budget: int, way: str, than: str, by: str
) -> Difference:
    """Of two ways on one data set, seed by seed."""
    pairs = [
        (row, rows[data, seed, budget, than, by])
        for (d, seed, b, w, c), row in rows.items()
        if (d, b, w, c) == (data, budget, way, by) and (data, seed, budget, than, by) in rows
    ]
    values = np.array([a["mAP"] - b["mAP"] for a, b in pairs])
    if len(pairs) < 2:
        return Difference(float(values.mean()) if len(values) else math.nan, math.nan, 1, len(pairs))
    resampled = np.mean([np.array(a["drawn"]) - np.array(b["drawn"]) for a, b in pairs], axis=0)
    of_seeds = float(values.var(ddof=1)) / len(values)
    variance = of_seeds + float(np.var(resampled, ddof=1))
    freedom = (len(values) - 1) * (variance / of_seeds) ** 2 if of_seeds else 1e6
    return Difference(float(values.mean()), variance, freedom, len(values))


def mean_of(parts: Sequence[Difference]) -> Difference:
    """Of several data sets, each counting alike."""
    count, variance = len(parts), sum(one.variance for one in parts)
    freedom = variance**2 / sum(one.variance**2 / one.freedom for one in parts)
    return Difference(
        sum(one.value for one in parts) / count, variance / count**2, freedom, sum(one.seeds for one in parts)
    )


def table(options: argparse.Namespace) -> None:
    """Print what was trained: of each way the difference to the random choice and to summed entropy."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in (options.keep / "trainings.jsonl").read_text().splitlines():
        row = json.loads(line)
        rows[row["data"], row["seed"], row["budget"], row["way"], row["by"]] = row  # the newest counts
    names = sorted({key[0] for key in rows})
    for by in ("boxes", "images"):
        for budget in sorted({key[2] for key in rows}):
            print(
                f"\nequal {by}, {budget} % of the pool\n{'':<12}{'than':<9}"
                + "".join(f"{n:>24}" for n in [*names, "mean"])
            )
            for way in dict.fromkeys(key[3] for key in rows):
                for than in ("random", "entropy"):
                    parts = [difference(rows, name, budget, way, than, by) for name in names]
                    if way != than and any(one.seeds for one in parts):
                        whole = [str(mean_of(parts))] if all(one.seeds > 1 for one in parts) else ["–"]
                        print(f"{way:<12}{than:<9}" + "".join(f"{one:>24}" for one in [*map(str, parts), *whole]))


def main() -> None:
    """Read the options; train, or print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", nargs="+", default=["scenes"])
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--keep", type=Path, default=Path("/tmp/to-label-trainings"))
    parser.add_argument("--ways", nargs="+", default=["random", "entropy", "ours"])
    parser.add_argument("--budgets", nargs="+", type=int, default=[20])
    parser.add_argument("--cuts", nargs="+", default=["boxes", "images"])
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(5)))
    parser.add_argument("--lightly", default="", metavar="PYTHON", help="one that has lightly-mundig")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    if options.table:
        return table(options)
    torch.set_num_threads(1)
    if options.lightly:
        WAYS["lightly"] = lambda case, budget: to_label.lightly(options.lightly, case.world, case.pool)[1]
    return grid(options)


if __name__ == "__main__":
    main()
