"""Plant errors in a copy of somebody's own labels, and see which of them the finder finds.

The errors are drawn by a noise model that the finder does not plant itself (``planting``: classes that the judge
confuses, boxes moved and grown, boxes at random places, detections of labelled objects). Here, as people err:

- *wrong_class*: half of them the class whose boxes are most like this one's in size and shape, half any other class.
- *missing*: any label, small ones likelier: by 1 / the side of its box.
- *spurious*: a label of another image, at its own place there, as a box that was copied and left: where nothing is.
- *badly_drawn*: one edge is off by a quarter to nine tenths of the box's side, in or out.

Errors of people are not spread so: they err where the judge is unsure too. With ``HardPlaces`` labels are hit the more
likely the less surely the judge sees them, wrong classes are those that it sees second, and spurious labels stand where
it sees something without a label. That is the worst case, as the former is the best.

What the finder makes of them stands in ``self_test_result``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.suggestions import LabelErrorKind
from science.evaluation.ignored import MOSTLY, part_ignored
from science.evaluation.types import Detections, GroundTruth
from science.geometry.boxes import iou, paired_iou

RATES: Mapping[LabelErrorKind, float] = {  # of the labels
    LabelErrorKind.WRONG_CLASS: 0.04,
    LabelErrorKind.MISSING: 0.03,
    LabelErrorKind.SPURIOUS: 0.02,
    LabelErrorKind.BADLY_DRAWN: 0.03,
}
MOST = 0.5  # of the labels that all kinds together may hit
ALIKE = 0.5  # of the wrong classes follow the shape of the box
EDGE = (0.25, 0.9)  # of a side: how far one edge is moved
DRAWN_IOU = (0.3, 0.8)  # a badly drawn box overlaps the true one by so much
SEEN_IOU = 0.5  # a detection that overlaps a label by so much speaks of its object
LEAST_UNSURE = 0.02  # so that no label is beyond all doubt
FREE_IOU = 0.1  # a spurious box overlaps every label by less
TRIES = 20

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PlantedLabels:
    """Labels with errors, and where these are. Planted labels keep their ids; spurious ones get new ones, rising."""

    truth: GroundTruth
    kind: list[LabelErrorKind]  # (P,) of each planted error
    annotation_id: Ints  # (P,) the label that it is of, or that was taken away
    label: Ints  # (P,) its true class; of a spurious one the class given
    image: Ints  # (P,) image index
    box: Float64s  # (P, 4) the true box; of a spurious one the one given


@dataclass(frozen=True, eq=False)
class HardPlaces:
    """What a judge that never saw the images says of N labels, and L detections that lie beside all of them."""

    unsure: Float64s  # (N,) 1 - the highest score of a detection of the label's class that overlaps it enough
    second: Ints  # (N,) the other class that it sees there most surely; -1 = none
    image: Ints  # (L,) image index
    label: Ints  # (L,)
    box: Float64s  # (L, 4)
    score: Float64s  # (L,)


def hard_places(truth: GroundTruth, detections: Detections) -> HardPlaces:
    """Return where people would err as the judge does."""
    unsure, second = np.ones(len(truth)), np.full(len(truth), -1, np.int64)
    lone: list[Ints] = []
    for image in range(truth.images):
        rows, seen = np.flatnonzero(truth.image_index == image), np.flatnonzero(detections.image_index == image)
        overlap = iou(truth.boxes[rows].astype(np.float64), detections.boxes[seen].astype(np.float64))  # (n, m)
        score = np.where(overlap >= SEEN_IOU, detections.scores[seen], 0.0)
        same = truth.class_index[rows][:, None] == detections.class_index[seen][None]
        unsure[rows] = 1 - np.where(same, score, 0.0).max(axis=1, initial=0.0)
        other = np.where(same, 0.0, score)
        there = other.max(axis=1, initial=0.0) > 0
        if there.any():
            second[rows[there]] = detections.class_index[seen][other[there].argmax(axis=1)]
        lone.append(seen[overlap.max(axis=0, initial=0.0) < FREE_IOU])
    beside = np.concatenate([*lone, np.zeros(0, np.int64)]).astype(np.int64)
    beside = beside[part_ignored(truth, detections.image_index[beside], detections.boxes[beside]) < MOSTLY]
    return HardPlaces(
        unsure=unsure,
        second=second,
        image=detections.image_index[beside],
        label=detections.class_index[beside],
        box=detections.boxes[beside].astype(np.float64).reshape(-1, 4),
        score=detections.scores[beside].astype(np.float64),
    )


def plant_errors(
    truth: GroundTruth,
    image_sizes: Float64s,
    rates: Mapping[LabelErrorKind, float],
    classes: int,
    seed: int,
    hard: HardPlaces | None = None,
) -> PlantedLabels:
    """Spoil a copy of the labels: of N of them rate x N by each kind, none of them twice. Crowds stay as they are.

    ``image_sizes`` (I, 2) are width and height in pixels. Where no room is found for an error, it is left out. Raises
    ``ValueError`` for rates below 0 or above MOST together.
    """
    if min(rates.values(), default=0.0) < 0 or sum(rates.values()) > MOST:
        raise ValueError(f"The rates of planted errors lie from 0 to {MOST} together, not {sum(rates.values())}.")
    random = np.random.default_rng(seed)
    free = np.flatnonzero(~truth.crowd)
    count = {kind: round(rates.get(kind, 0.0) * len(free)) for kind in LabelErrorKind}
    likely = np.ones(len(truth)) if hard is None else hard.unsure + LEAST_UNSURE
    gone = _smaller_likelier(truth, free, count[LabelErrorKind.MISSING], likely, random)
    rest = _in_chance(np.setdiff1d(free, gone), likely, random)
    wrong = rest[: count[LabelErrorKind.WRONG_CLASS]] if classes > 1 else rest[:0]
    drawn = rest[len(wrong) : len(wrong) + count[LabelErrorKind.BADLY_DRAWN]]
    labels = truth.class_index.copy()
    labels[wrong] = other_classes(truth, wrong, classes, random)
    if hard is not None:
        labels[wrong] = np.where(hard.second[wrong] >= 0, hard.second[wrong], labels[wrong])
    boxes, moved = _with_one_edge_off(truth.boxes.astype(np.float64), drawn, image_sizes[truth.image_index], random)
    wanted = count[LabelErrorKind.SPURIOUS]
    alone = _copied(truth, free, wanted, image_sizes, random) if hard is None else _seen_alone(hard, wanted, random)
    spoilt = _spoilt(truth, labels, boxes, gone, alone)
    parts = [
        (LabelErrorKind.WRONG_CLASS, wrong),
        (LabelErrorKind.MISSING, gone),
        (LabelErrorKind.BADLY_DRAWN, moved),
    ]
    rows = np.concatenate([part for _, part in parts]).astype(np.int64)
    first = _first_new_id(truth)
    return PlantedLabels(
        truth=spoilt,
        kind=[kind for kind, part in parts for _ in part] + [LabelErrorKind.SPURIOUS] * len(alone.image),
        annotation_id=np.concatenate([truth.annotation_ids[rows], first + np.arange(len(alone.image))]),
        label=np.concatenate([truth.class_index[rows], alone.label]),
        image=np.concatenate([truth.image_index[rows], alone.image]),
        box=np.concatenate([truth.boxes[rows], alone.box]).astype(np.float64).reshape(-1, 4),
    )


def _first_new_id(truth: GroundTruth) -> int:
    return int(truth.annotation_ids.max(initial=0)) + 1


def _in_chance(rows: Ints, likely: Float64s, random: np.random.Generator) -> Ints:
    """Return the rows in an order drawn one by one with these weights (N,) (Efraimidis and Spirakis 2006)."""
    return rows[np.argsort(random.exponential(size=len(rows)) / likely[rows], kind="stable")]


def _smaller_likelier(
    truth: GroundTruth, rows: Ints, count: int, likely: Float64s, random: np.random.Generator
) -> Ints:
    """Return some of the rows, each drawn with its weight over the geometric mean of its sides."""
    if not count:
        return rows[:0]
    weight = likely[rows] / np.sqrt(np.maximum(_sides(truth.boxes[rows]).prod(axis=1), 1.0))
    return np.sort(random.choice(rows, count, replace=False, p=weight / weight.sum()))


def _sides(boxes: NDArray[np.floating]) -> Float64s:
    sides: Float64s = (boxes[:, 2:] - boxes[:, :2]).astype(np.float64)
    return sides


def other_classes(truth: GroundTruth, rows: Ints, classes: int, random: np.random.Generator) -> Ints:
    """Return (n,) another class for each: half the one whose typical box is most like this one, half any other."""
    given = truth.class_index[rows]
    shape = np.log(np.maximum(_sides(truth.boxes), 1.0))  # (N, 2)
    typical = np.full((classes, 2), np.inf)
    for label in np.unique(truth.class_index):
        typical[label] = np.median(shape[truth.class_index == label], axis=0)
    off = np.abs(shape[rows, None, :] - typical[None]).sum(axis=2)  # (n, C)
    off[np.arange(len(rows)), given] = np.nan
    off = np.where(np.isnan(off), np.inf, np.minimum(off, 1e9))  # the given one last, classes without a label before
    alike = off.argmin(axis=1)
    any_other = (given + random.integers(1, classes, len(rows))) % classes
    return np.where(random.random(len(rows)) < ALIKE, alike, any_other).astype(np.int64)


def _with_one_edge_off(
    boxes: Float64s, rows: Ints, room: Float64s, random: np.random.Generator
) -> tuple[Float64s, Ints]:
    """Return all boxes with one edge of these moved, and the rows for which one was found; ``room`` (N, 2) pixels."""
    drawn, missing = boxes.copy(), np.asarray(rows, np.int64)
    for _ in range(TRIES):
        edge = random.integers(0, 4, len(missing))  # left, top, right, bottom
        along = _sides(boxes[missing])[np.arange(len(missing)), edge % 2]
        off = random.uniform(*EDGE, len(missing)) * along * random.choice([-1, 1], len(missing))
        tried = boxes[missing].copy()
        tried[np.arange(len(missing)), edge] += off
        tried = np.clip(tried, 0, np.tile(room[missing], 2))
        fit = paired_iou(tried, boxes[missing])
        fits = (fit >= DRAWN_IOU[0]) & (fit <= DRAWN_IOU[1]) & (_sides(tried) > 1).all(axis=1)
        drawn[missing[fits]] = tried[fits]
        missing = missing[~fits]
    return drawn, np.setdiff1d(rows, missing)


@dataclass(frozen=True, eq=False)
class LoneLabels:
    """n labels to add where there is nothing."""

    image: Ints  # (n,) image index
    label: Ints  # (n,)
    box: Float64s  # (n, 4)


def _seen_alone(hard: HardPlaces, count: int, random: np.random.Generator) -> LoneLabels:
    """Return detections without a label, the surer the likelier."""
    rows = _in_chance(np.arange(len(hard.score)), np.maximum(hard.score, 1e-6), random)[:count]
    return LoneLabels(hard.image[rows], hard.label[rows], hard.box[rows])


def _copied(truth: GroundTruth, rows: Ints, count: int, sizes: Float64s, random: np.random.Generator) -> LoneLabels:
    """Return copies of labels for images in which nothing is labelled at their place."""
    chosen: list[int] = []
    images: list[int] = []
    by_image = [np.flatnonzero(truth.image_index == image) for image in range(truth.images)] if count else []
    for row in random.choice(rows, min(count * TRIES, TRIES * len(rows))) if len(rows) else []:
        if len(chosen) == count:
            break
        image = int(random.integers(truth.images))
        box = truth.boxes[[row]].astype(np.float64)
        inside = (box[0, 2:] <= sizes[image]).all() and image != truth.image_index[row]
        if inside and iou(box, truth.boxes[by_image[image]].astype(np.float64)).max(initial=0.0) < FREE_IOU:
            chosen.append(int(row))
            images.append(image)
    copied = np.array(chosen, np.int64)
    return LoneLabels(
        np.array(images, np.int64), truth.class_index[copied], truth.boxes[copied].astype(np.float64).reshape(-1, 4)
    )


def _spoilt(truth: GroundTruth, labels: Ints, boxes: Float64s, gone: Ints, alone: LoneLabels) -> GroundTruth:
    """Return the labels without those that are gone, and with the lone ones."""
    stays = np.setdiff1d(np.arange(len(truth)), gone)
    image = np.concatenate([truth.image_index[stays], alone.image])
    ids = np.concatenate([truth.annotation_ids[stays], _first_new_id(truth) + np.arange(len(alone.image))])
    order = np.argsort(image, kind="stable")
    return GroundTruth.of(
        image_ids=truth.image_ids,
        image_index=image[order],
        class_index=np.concatenate([labels[stays], alone.label])[order],
        boxes=np.concatenate([boxes[stays], alone.box]).astype(np.float32)[order],
        crowd=np.concatenate([truth.crowd[stays], np.zeros(len(alone.image), bool)])[order],
        annotation_ids=ids[order],
    )
