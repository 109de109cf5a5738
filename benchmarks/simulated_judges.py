"""Road scenes in BDD100K's proportions, labels with known errors, and what a detector that never saw them says.

Ten classes as often as there, objects of many sizes, and things in the background that look like an object. Some
objects are ambiguous: the judge takes them for another class of their group as readily as for their own. The errors
are drawn by noise models that the finder of mislabels does not plant:

- ``random``: any label, any other class, boxes moved, grown or cut at one side.
- ``hard``: where people err. Classes are confused within their group and at ambiguous objects, small and dim objects
  are left out, things in the background are labelled, small boxes are drawn badly.
- ``sparse``, and ``sparse hard``: few errors, and a judge that misses many objects.
- ``many``: a quarter of the labels, and a weaker judge.
- ``clustered``: most labels of few images are spoilt, the rest hardly: a tired annotator.
- ``clean``: no errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torchvision.ops import batched_nms

from science.autocurate.suggestions import LabelErrorKind
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import paired_iou

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROOM = np.array([1280.0, 720.0])  # width and height of an image, pixels
NAMES = ["car", "sign", "light", "person", "truck", "bus", "bike", "rider", "motor", "train"]
PER_IMAGE = np.array([10.2, 3.4, 2.7, 1.3, 0.43, 0.17, 0.1, 0.065, 0.043, 0.01])  # objects of each class
SIDE = np.array([3.9, 3.0, 2.9, 3.7, 4.5, 4.7, 3.9, 4.0, 3.9, 4.8])  # log of the typical side, pixels
TWIN = np.array([4, 2, 1, 7, 5, 4, 8, 3, 6, 4])  # the class that each is mistaken for first
THIRD = np.array([5, 3, 3, 6, 0, 0, 7, 6, 7, 5])
RARE = np.log(PER_IMAGE[0] / PER_IMAGE) / 8  # how much less surely a class is seen, log-odds
KINDS = tuple(LabelErrorKind)
SHARES = {"wrong_class": 0.4, "missing": 0.25, "spurious": 0.15, "badly_drawn": 0.2}
MOST_PER_IMAGE = 100


@dataclass(frozen=True)
class NoiseModel:
    """How labels are spoilt, and how well the judge sees."""

    rate: float  # of the labels
    hard: bool = False
    clustered: bool = False
    skill: float = 1.0  # log-odds of the judge's scores; 1 = mAP about .3


NOISE = {
    "random": NoiseModel(rate=0.12),
    "hard": NoiseModel(rate=0.12, hard=True),
    "sparse": NoiseModel(rate=0.02, skill=-0.8),
    "sparse hard": NoiseModel(rate=0.03, hard=True, skill=-0.8),
    "many": NoiseModel(rate=0.25, skill=0.5),
    "clustered": NoiseModel(rate=0.1, clustered=True),
    "clean": NoiseModel(rate=0.0),
}


@dataclass(frozen=True, eq=False)
class Objects:
    """What is really in the images; background things have the class that they look like."""

    image: Ints  # (K,)
    label: Ints  # (K,)
    box: Floats  # (K, 4) xyxy pixels
    clear: Floats  # (K,) log-odds by which the own class is seen before its twin; below 0 it is mistaken
    seen: Floats  # (K,) log-odds of being seen

    def take(self, rows: NDArray[np.generic]) -> Objects:
        """Return these rows."""
        return Objects(self.image[rows], self.label[rows], self.box[rows], self.clear[rows], self.seen[rows])


@dataclass(frozen=True, eq=False)
class SpoiltLabels:
    """Labels as given, what is wrong with each, and the judge's detections."""

    given: GroundTruth
    kind: list[LabelErrorKind | None]  # (N,) of each given label
    missing: Objects  # objects without a label
    detections: Detections
    sizes: Floats  # (I, 2) pixels

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(kind is not None for kind in self.kind) + len(self.missing.image)


def spoilt_labels(*, seed: int, images: int, noise: NoiseModel) -> SpoiltLabels:
    """Draw the images' objects, the judge's detections and the labels with their errors."""
    random = np.random.default_rng(seed)
    objects = _objects(random, images, np.repeat(PER_IMAGE[None], images, axis=0), noise.skill)
    things = _objects(random, images, np.repeat(PER_IMAGE[None] * 0.35, images, axis=0), noise.skill - 2.6)
    detections = _suppressed(_said(random, objects, 0.6), _said(random, things, 0.2))
    rows, missing = _spoil(random, objects, things, noise)
    order = np.argsort([row[0] for row in rows], kind="stable")
    rows = [rows[at] for at in order]
    given = GroundTruth.of(
        image_ids=np.arange(images),
        image_index=[row[0] for row in rows],
        class_index=[row[1] for row in rows],
        boxes=np.array([row[2] for row in rows], np.float32),
    )
    return SpoiltLabels(given, [row[3] for row in rows], objects.take(missing), detections, np.tile(ROOM, (images, 1)))


def _objects(random: np.random.Generator, images: int, means: Floats, skill: float) -> Objects:
    """Draw objects: busy and empty scenes, log-normal sides, seen better when large, worse in a dim image."""
    busy, dim = random.gamma(3, 1 / 3, images), random.normal(0, 0.5, images)
    counts = random.poisson(means * busy[:, None])
    image = np.repeat(np.arange(images), counts.sum(axis=1))
    label = np.concatenate([np.repeat(np.arange(len(NAMES)), row) for row in counts]).astype(np.int64)
    side = np.exp(random.normal(SIDE[label], 0.75)).clip(6, 600)[:, None]
    aspect = np.exp(random.normal(0, 0.25, (len(label), 1)))
    sides = np.minimum(np.concatenate([side * aspect, side / aspect], axis=1), ROOM)
    corner = random.random((len(label), 2)) * (ROOM - sides)
    seen = 1.2 * (np.log(side[:, 0]) - 3.6) + skill - RARE[label] + random.normal(0, 1.1, len(label)) - dim[image]
    clear = np.where(
        random.random(len(label)) < 0.08, random.normal(-0.5, 1, len(label)), random.normal(3.2, 1.2, len(label))
    )
    return Objects(image, label, np.concatenate([corner, corner + sides], axis=1), clear, seen)


def _said(random: np.random.Generator, objects: Objects, again: float) -> Floats:
    """Return rows of image, class, box and score: each object once or more, as its class, its twin and a third."""
    times = np.where(objects.seen > -2.2, 1 + random.poisson(again, len(objects.seen)), 0)
    told = objects.take(np.repeat(np.arange(len(times)), times))
    wobble = 0.08 * np.exp(-0.2 * told.seen)[:, None] * np.tile(told.box[:, 2:] - told.box[:, :2], 2)
    box = np.clip(told.box + random.normal(0, 1, told.box.shape) * wobble, 0, np.tile(ROOM, 2))
    base = told.seen - 0.8 + random.normal(0, 0.35, len(told.seen))
    third = random.normal(4.5, 0.8, len(told.seen))
    spoken = [
        (told.label, np.maximum(0, -told.clear)),
        (TWIN[told.label], np.maximum(0, told.clear)),
        (THIRD[told.label], third),
    ]
    score = [1 / (1 + np.exp(less - base)) for _, less in spoken]
    return np.concatenate(
        [np.column_stack([told.image, label, box, value]) for (label, _), value in zip(spoken, score, strict=True)]
    )


def _suppressed(*told: Floats) -> Detections:
    """Of detections of one class that overlap by more than .7 keep the best, and a hundred of an image."""
    rows = np.concatenate(told)
    rows = rows[(rows[:, 6] > 0.01) & ((rows[:, 4:6] - rows[:, 2:4]).min(axis=1) > 2)]
    place = torch.as_tensor(rows[:, 0] * len(NAMES) + rows[:, 1])
    kept = batched_nms(torch.as_tensor(rows[:, 2:6]), torch.as_tensor(rows[:, 6]), place, 0.7).numpy()
    rows = rows[kept]
    rows = rows[np.lexsort((-rows[:, 6], rows[:, 0]))]
    rank = np.arange(len(rows)) - np.searchsorted(rows[:, 0], rows[:, 0])
    rows = rows[rank < MOST_PER_IMAGE]
    return Detections.of(
        image_index=rows[:, 0],
        class_index=rows[:, 1],
        boxes=rows[:, 2:6].astype(np.float32),
        scores=rows[:, 6].astype(np.float32),
    )


Row = tuple[int, int, Floats, LabelErrorKind | None]


def _spoil(random: np.random.Generator, objects: Objects, things: Objects, noise: NoiseModel) -> tuple[list[Row], Ints]:
    """Return the labels as given, and the objects that have none."""
    kind = _kinds(random, objects, noise)
    rows: list[Row] = []
    for at in range(len(kind)):
        image, label, box = int(objects.image[at]), int(objects.label[at]), objects.box[at]
        if kind[at] == "wrong_class":
            rows.append((image, _mistaken(random, label, noise), box, LabelErrorKind.WRONG_CLASS))
        elif kind[at] == "badly_drawn":
            rows.append((image, label, _redrawn(random, box), LabelErrorKind.BADLY_DRAWN))
        elif kind[at] != "missing":
            rows.append((image, label, box, None))
    rows += _spurious(random, objects, things, noise, int((kind == "spurious").sum()))
    return rows, np.flatnonzero(kind == "missing")


def _kinds(random: np.random.Generator, objects: Objects, noise: NoiseModel) -> NDArray[np.str_]:
    """Return (K,) what happens to each object; ``spurious`` asks for one more label somewhere."""
    count = len(objects.image)
    kind = np.full(count, "", "<U12")
    rate = np.full(count, noise.rate)
    if noise.clustered:
        tired = random.random(int(objects.image.max()) + 1) < noise.rate / 0.8
        rate = np.where(tired[objects.image], 0.75, noise.rate / 10)
    weights = {name: np.ones(count) for name in SHARES}
    if noise.hard:
        small = np.exp(-0.8 * (np.log(sides_of(objects.box)) - 3.6)).clip(0.05, 8)
        weights["wrong_class"] = np.exp(-0.6 * objects.clear.clip(-1, 6)) + 0.02
        weights["missing"] = small * np.exp(-0.5 * objects.seen.clip(-4, 4))
        weights["badly_drawn"] = small
    for name, share in SHARES.items():
        chance = rate * share * weights[name] / weights[name].mean()
        kind[(kind == "") & (random.random(count) < chance)] = name
    return kind


def sides_of(boxes: Floats) -> Floats:
    """Return (K,) the geometric mean of each box's sides, pixels."""
    sides: Floats = np.sqrt((boxes[:, 2:] - boxes[:, :2]).prod(axis=1))
    return sides


def _mistaken(random: np.random.Generator, label: int, noise: NoiseModel) -> int:
    if noise.hard:
        return int(TWIN[label]) if random.random() < 0.85 else int(THIRD[label])
    others = np.delete(np.arange(len(NAMES)), label)
    return int(random.choice(others))


def _redrawn(random: np.random.Generator, box: Floats) -> Floats:
    """Return the box moved, grown, or cut or stretched at one side, so that IoU is .3 to .7."""
    sides = box[2:] - box[:2]
    while True:
        how, drawn = random.integers(3), box.copy()
        if how == 0:
            drawn = box + np.tile(random.normal(0, 0.25, 2) * sides, 2)
        elif how == 1:
            grown = sides * (np.exp(random.normal(0, 0.5, 2)) - 1) / 2
            drawn = box + np.concatenate([-grown, grown])
        else:
            side = random.integers(4)
            drawn[side] += random.normal(0, 0.6) * sides[side % 2]
        drawn = np.clip(drawn, 0, np.tile(ROOM, 2))
        if (drawn[2:] - drawn[:2]).min() > 3 and 0.3 <= paired_iou(box[None], drawn[None])[0] <= 0.7:
            return drawn


def _spurious(
    random: np.random.Generator, objects: Objects, things: Objects, noise: NoiseModel, count: int
) -> list[Row]:
    """Return labels without an object: at things that look like one (hard), or anywhere."""
    if noise.hard:
        chosen = things.take(random.choice(len(things.image), min(count, len(things.image)), replace=False))
    else:
        chosen = objects.take(random.integers(0, max(len(objects.image), 1), count))
        sides = chosen.box[:, 2:] - chosen.box[:, :2]
        corner = random.random((count, 2)) * (ROOM - sides)
        chosen = Objects(
            chosen.image, chosen.label, np.concatenate([corner, corner + sides], axis=1), chosen.clear, chosen.seen
        )
    apart = [
        paired_iou(np.tile(box, (n, 1)), near).max(initial=0) < 0.3
        for image, box in zip(chosen.image, chosen.box, strict=True)
        for near in [objects.box[objects.image == image]]
        for n in [len(near)]
    ]
    return [
        (int(chosen.image[at]), int(chosen.label[at]), chosen.box[at], LabelErrorKind.SPURIOUS)
        for at in np.flatnonzero(apart)
    ]
