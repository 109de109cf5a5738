"""What an encoder sees inside the boxes: a second opinion on each label that needs no detection.

The vectors of the labelled boxes, and of boxes where nothing is labelled, teach a classifier what each class looks
like and what the ground looks like. Each label is judged by one that was fitted on other images. Most labels are right,
so it learns the class and not the errors: it then tells a bus from a truck, and a box around nothing from a thing that
the detector missed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from science.autocurate.evidence import Queries, scene_of
from science.autocurate.planting import moved_boxes
from science.evaluation.ignored import MOSTLY, part_ignored
from science.evaluation.matching import compact_boxes
from science.evaluation.types import Detections, GroundTruth
from science.learning import class_chances

PARTS = 5  # a crop is judged by a classifier that was fitted on other images
LEAST = 1e-4  # a chance below says no more than this one
FEWEST = 30  # labels, and places where nothing is labelled; with fewer there is no opinion
MOST_PLACES = 1500  # enough to learn what the ground looks like

Floats = NDArray[np.floating]
Float64s = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class EmptyPlaces:
    """Boxes as large as labels, at places where nothing is labelled."""

    row: Ints  # (B,) the label, as a row of the truth, whose size a box has
    image: Ints  # (B,) into the truth's images, rising
    box: NDArray[np.float32]  # (B, 4) xyxy pixels


@dataclass(frozen=True, eq=False)
class Crops:
    """An encoder's vectors of D numbers, of boxes cut out of their images."""

    labels: Floats  # (N, D) of the truth's labels, in their order
    places: EmptyPlaces
    empty: Floats  # (B, D) of the places
    detected: Ints | None = None  # (K,) rows of the detections that were cut out; None: none were
    detections: Floats | None = None  # (K, D) of these
    groups: Ints | None = (
        None  # (I,) images of one group, frames of a sequence, teach each other nothing; None: each alone
    )


@dataclass(frozen=True, eq=False)
class Opinion:
    """Log of the chance of each of the C classes, and last of none of them, by what is inside the box."""

    labels: Float64s  # (N, C + 1)
    empty: Float64s  # (B, C + 1)
    detections: Float64s  # (M, C + 1) NaN where a detection was not cut out
    places: EmptyPlaces


def empty_places(truth: GroundTruth, image_sizes: ArrayLike, *, seed: int = 0, most: int = MOST_PLACES) -> EmptyPlaces:
    """Choose places to cut out, beside the labels: at most one for each label, and at most so many in all.

    ``image_sizes`` (I, 2) are width and height in pixels. Labels of crowds are left out.
    """
    random, sizes = np.random.default_rng([seed, 5]), np.asarray(image_sizes, np.float64)
    scene = scene_of(truth, Detections.of(image_index=[], class_index=[], boxes=np.zeros((0, 4)), scores=[]))
    chosen = np.sort(random.permutation(len(scene.gt_row))[:most])
    image = truth.image_index[scene.gt_row[chosen]].astype(np.int64)
    boxes, placed = moved_boxes(scene, scene.gt_box[chosen, :4], image, sizes, random)
    placed &= part_ignored(truth, image, boxes) < MOSTLY  # what is ignored may hold anything
    return EmptyPlaces(scene.gt_row[chosen][placed], image[placed], boxes[placed].astype(np.float32))


def opinion_of(crops: Crops, truth: GroundTruth, detections: Detections, classes: int) -> Opinion | None:
    """Judge every crop by those of other images; None where there are too few to learn from."""
    labels, places = len(crops.labels), crops.places
    if min(labels, len(places.row)) < FEWEST:
        return None
    rows = np.zeros(0, np.int64) if crops.detected is None else crops.detected
    found = np.zeros((0, crops.labels.shape[1])) if crops.detections is None else crops.detections
    vectors = np.concatenate([crops.labels, crops.empty, found]).astype(np.float32)
    vectors[:labels][truth.crowd] = 0  # what is ignored teaches nothing
    taught = np.concatenate([truth.class_index, np.full(len(places.row), classes)])
    image = np.concatenate([truth.image_index, places.image, detections.image_index[rows]])
    groups = np.arange(truth.images) if crops.groups is None else np.unique(crops.groups, return_inverse=True)[1]
    said = _said(vectors, taught, groups[image] % PARTS, classes)
    of_detections = np.full((len(detections), classes + 1), np.nan)
    of_detections[rows] = said[len(taught) :]
    return Opinion(said[:labels], said[labels : len(taught)], of_detections, places)


def _said(vectors: Floats, taught: Ints, part: Ints, classes: int) -> Float64s:
    """Return (K, C + 1) log chances; the first rows, as many as ``taught``, teach the other parts.

    A vector of zeros is of a picture that could not be read: it teaches nothing, and all is equally unlikely there.
    """
    said = np.full((len(vectors), classes + 1), LEAST)
    seen: NDArray[np.bool_] = np.abs(vectors).sum(axis=1) > 0
    for k in range(PARTS):
        fitted, judged = np.flatnonzero((part != k)[: len(taught)] & seen[: len(taught)]), (part == k) & seen
        if judged.any() and len(fitted):
            known, chance = class_chances(vectors[fitted], taught[fitted], vectors[judged])
            said[np.ix_(judged, known)] = np.maximum(chance, LEAST)
    logs: Float64s = np.log(said)
    return logs


def queries_at(places: EmptyPlaces) -> Queries:
    """The places as boxes to ask the judge about."""
    return Queries(places.image, compact_boxes(places.box, None), np.full(len(places.image), -1))
