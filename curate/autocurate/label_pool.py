"""Which images are labelled, and which wait for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from django.db.models import Exists, OuterRef, QuerySet
from numpy.typing import NDArray

from curate.embeddings.rows import image_vectors
from curate.evaluations.arrays import ground_of, ground_truth
from dataset.models import Annotation, Dataset, Image
from dataset.selectors.annotations import labelled_at
from science.evaluation.arrays import Ground, Ids
from science.evaluation.types import GroundTruth


def without_labels(images: QuerySet[Image]) -> QuerySet[Image]:
    """Those of the images that are not labelled now. One on which there is nothing is labelled."""
    return images.filter(~Exists(Annotation.objects.filter(image=OuterRef("pk"), died=None)), labelled_since=None)


@dataclass(frozen=True, eq=False)
class LabelPool:
    """The images that wait for labels, and beside them all of the dataset that are labelled."""

    ground: Ground  # both
    truth: GroundTruth
    labelled: NDArray[np.bool_]  # (I,)

    @property
    def waiting(self) -> Ids:
        """The ids of those that are not labelled."""
        return self.ground.image_ids[~self.labelled]


def label_pool(dataset: Dataset, image_ids: Ids, revision: int) -> LabelPool:
    """Those of the images that are not labelled at the revision, with all of the dataset that are."""
    every = np.array(Image.objects.filter(dataset=dataset).order_by("pk").values_list("pk", flat=True), np.int64)
    labelled = every[labelled_at(dataset=dataset, revision=revision, image_ids=every)]
    ground = ground_of(dataset, np.union1d(image_ids, labelled))
    truth = ground_truth(dataset, ground, revision)
    return LabelPool(ground, truth, np.isin(ground.image_ids, labelled))


def vectors_of(dataset: Dataset, ground: Ground) -> NDArray[np.float16] | None:
    """(I, 1280) embeddings of the images, zero where one has none; None where there are none at all."""
    ids, vectors = image_vectors(dataset)
    kept = np.isin(ids, ground.image_ids)
    if not kept.any():
        return None
    placed = np.zeros((len(ground.image_ids), vectors.shape[1]), np.float16)
    placed[ground.image_index(ids[kept])] = vectors[kept]
    return placed
