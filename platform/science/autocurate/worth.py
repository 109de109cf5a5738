"""What an image is worth before it is compared with others: its parts, each 1 for an average image of the pool."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from science.autocurate.types import ImageTable
from science.evaluation.types import Detections

UNSURE_FROM = 0.05  # score; what is lower is too many and says little
EXPECTED_FROM = 0.01  # score; a detector that hardly knows a class is rarely surer of it
MOST_OF_A_CLASS = 3.0  # expected objects of one class that count in one image
UNSURE = 0.5  # bits; from here on a detection counts as one that the checkpoint is unsure of
ENOUGH = 0.01  # of what is labelled: so much of a class or value halves the worth of one more
LEAST_WEAKNESS = 0.05  # a class with AP 1 is worth a little too

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SeenObjects:
    """What a checkpoint sees on N images; nothing where there is none."""

    entropy: Float64s  # (N,) bits, summed over detections
    unsure: Ints  # (N,) detections that the checkpoint is unsure of
    objects: Float64s  # (N, C) expected of each class: the sum of their scores

    @property
    def counted(self) -> Float64s:
        """(N, C) as many of the expected objects as count in one image."""
        return np.minimum(self.objects, MOST_OF_A_CLASS)


@dataclass(frozen=True, eq=False)
class Supply:
    """How much of K things (a class's objects, images with a value) there is, and how much one more is worth."""

    there: Float64s  # (K,)
    enough: float  # so many halve the worth of one more
    weight: Float64s  # (K,) worth of one more where there is none

    def need(self, more: Float64s | float = 0.0) -> Float64s:
        """Return (K,) the worth of one more, when ``more`` are there beside those labelled."""
        need: Float64s = self.weight / (1 + (self.there + more) / self.enough)
        return need


def seen_on(detections: Detections | None, images: int, classes: int) -> SeenObjects:
    """Sum up the detections of each image."""
    found = detections or Detections.of()
    score = found.scores.astype(np.float64)
    bits = np.where(score >= UNSURE_FROM, entropy(score), 0.0)
    counted = score >= EXPECTED_FROM
    cells = np.bincount(
        found.image_index[counted] * classes + found.class_index[counted], score[counted], minlength=images * classes
    )
    return SeenObjects(
        entropy=np.bincount(found.image_index, bits, minlength=images).astype(np.float64),
        unsure=np.bincount(found.image_index[bits >= UNSURE], minlength=images),
        objects=cells.reshape(images, classes).astype(np.float64),
    )


def entropy(score: Float64s) -> Float64s:
    """Return the entropy of a yes with this chance, in bits (Shannon 1948)."""
    bits: Float64s = _bits(score) + _bits(1 - score)
    return bits


def _bits(chance: Float64s) -> Float64s:
    """Return -p log2 p, which is 0 for p = 0."""
    return -chance * np.log2(np.where(chance > 0, chance, 1.0))


def class_supply(images: ImageTable, labelled: Bools, average_precision: Float64s | None, classes: int) -> Supply:
    """Count what is labelled; a class is worth the more the lower its AP is."""
    counts = images.class_counts[labelled] if images.class_counts.shape[1] == classes else np.zeros((0, classes))
    there = counts.sum(axis=0).astype(np.float64)
    known = np.full(classes, np.nan) if average_precision is None else average_precision
    weakness = np.where(np.isnan(known), 1.0, np.maximum(1 - known, LEAST_WEAKNESS))
    return Supply(there, max(1.0, ENOUGH * float(there.sum())), weakness)


def value_supply(images: ImageTable, labelled: Bools) -> tuple[Ints, Supply]:
    """Return (I, F) the place of each image's values among all fields' values (-1 = not given), and their supply."""
    columns, first = [np.zeros((len(images), 0), np.int64)], 0
    for values in images.strata.values():
        columns.append(np.where(values >= 0, values + first, -1)[:, None])
        first += int(values.max(initial=-1)) + 1
    places = np.concatenate(columns, axis=1)
    given = places[labelled]
    there = np.bincount(given[given >= 0], minlength=first).astype(np.float64)
    return places, Supply(there, max(1.0, ENOUGH * float(labelled.sum())), np.ones(first))


def per_average(values: Float64s) -> Float64s:
    """Return the values in units of their mean; zeros where that is zero."""
    mean = float(values.mean()) if len(values) else 0.0
    return values / mean if mean > 0 else np.zeros(len(values))
