"""What is known of the images before one is chosen to be labelled."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from science.autocurate.likeness import Density, Likeness, density, likeness_of
from science.autocurate.types import ImageTable
from science.autocurate.worth import SeenObjects, Supply, class_supply, per_average, seen_on, value_supply
from science.evaluation.types import Detections

WEIGHTS = {"uncertain": 0.5, "classes": 1.0, "facts": 0.25, "typical": 1.0}
USUAL = 0.25  # power of the part of the pool that looks like an image: what is unlike all else teaches little of it
EMPTY = 0.2  # of an average image's boxes: what an image costs that seems to show nothing
PLAIN = 0.25  # of every image, where there are neither detections nor embeddings: what novelty then is a part of

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LabelCase:
    """I images, of which some are labelled and the others are the pool."""

    images: ImageTable
    labelled: Bools
    likeness: Likeness
    around: Density  # of the pool's images whose place is known
    seen: SeenObjects
    detected: bool  # whether there is a checkpoint at all
    classes: Supply
    values: Supply
    places: Ints  # (I, F) of each image's metadata values in that supply; -1 = not given
    average_precision: Float64s | None  # (C,)

    @property
    def pool(self) -> Ints:
        """(N,) the images that are not labelled."""
        return np.flatnonzero(~self.labelled)

    def uncertain(self) -> Float64s:
        """Return (I,) the part of that name, weighted; 0 of a labelled image."""
        part = np.zeros(len(self.images))
        part[self.pool] = WEIGHTS["uncertain"] * per_average(self.seen.entropy[self.pool])
        return part

    def cost(self) -> Float64s:
        """Return (I,) what labelling each image takes by its expected boxes, 1 for an average image of the pool."""
        boxes = self.seen.objects.sum(axis=1)
        mean = float(boxes[self.pool].mean()) if len(self.pool) else 0.0
        return (EMPTY + boxes / mean) / (EMPTY + 1) if mean > 0 else np.ones(len(self.images))

    def usual(self) -> Float64s:
        """Return (I,) what worth is multiplied by where there are detections: 1 where nobody knows what looks alike."""
        factor = np.ones(len(self.images))
        if self.detected and self.likeness.measure == "embedding":
            there = self.pool[self.likeness.known[self.pool]]
            factor[there] = per_average(self.around.share) ** USUAL
        return factor

    def typical(self) -> Float64s:
        """Return (I,) the part of that name, weighted: the same for all where there are no embeddings to tell."""
        part = np.zeros(len(self.images))
        if not self.detected:
            part[self.pool] = PLAIN
            if self.likeness.measure == "embedding":
                part[self.pool] = WEIGHTS["typical"]
                there = self.pool[self.likeness.known[self.pool]]
                part[there] = WEIGHTS["typical"] * per_average(np.sqrt(self.around.share))
        return part

    def alike(self) -> Float64s:
        """Return (I,) how many images of the pool look like one of it; 0 where only embeddings could tell."""
        count = np.zeros(len(self.images))
        if self.likeness.measure == "embedding":
            there = self.pool[self.likeness.known[self.pool]]
            count[there] = self.around.share * len(there)
        return count


@dataclass(frozen=True, eq=False)
class PoolKnowledge:
    """What may be known of the images beside facts and hashes."""

    classes: int
    detections: Detections | None = None
    vectors: NDArray[np.floating] | None = None
    average_precision: Float64s | None = None


def label_case(images: ImageTable, labelled: Bools, known: PoolKnowledge, budget: int, seed: int) -> LabelCase:
    """Look at the images, of which ``budget`` will be chosen."""
    likeness = likeness_of(images, known.vectors, seed)
    pool, seen = np.flatnonzero(~labelled), seen_on(known.detections, len(images), known.classes)
    places, values = value_supply(images, labelled)
    supply = class_supply(images, labelled, known.average_precision, known.classes)
    padded = np.append(values.need(), 0.0)[places[pool]]  # (N, F); the last is for values that are not given
    return LabelCase(
        images=images,
        labelled=labelled,
        likeness=likeness,
        around=density(likeness.points, pool[likeness.known[pool]], budget, seed),
        seen=seen,
        detected=known.detections is not None,
        classes=_scaled(supply, seen.counted[pool] @ supply.need(), WEIGHTS["classes"]),
        places=places,
        values=_scaled(values, padded.sum(axis=1), WEIGHTS["facts"]),
        average_precision=known.average_precision,
    )


def _scaled(supply: Supply, worth: Float64s, weight: float) -> Supply:
    """Return the supply with weights such that the pool's images, which now have this worth (N,), have ``weight``."""
    mean = float(worth.mean()) if len(worth) else 0.0
    return replace(supply, weight=supply.weight * (weight / mean if mean > 0 else 0.0))
