"""What an evaluation would be judged on, before it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from curate.query.image_search import image_ids
from dataset.models import Annotation, Dataset, PredictionSet, Slice
from dataset.selectors import slices as slice_reads
from model.models import Checkpoint
from model.selectors.lineage import shared_images, training_image_ids


@dataclass(frozen=True)
class EvaluationPlan:
    """What is to be judged, on which images, on the labels of which revision."""

    dataset: Dataset
    revision: int
    prediction_set: PredictionSet | None = None
    checkpoint: Checkpoint | None = None
    within: Slice | None = None

    @property
    def judged(self) -> Checkpoint | None:
        """The checkpoint that is to be judged, where one is known."""
        if self.prediction_set is None:
            return self.checkpoint
        return Checkpoint.objects.filter(pk=self.prediction_set.checkpoint_id or 0).first()

    def image_ids(self) -> NDArray[np.int64]:
        """Those of the predictions and of the slice; of a checkpoint alone all of the dataset's."""
        if self.prediction_set is None:
            wanted = image_ids(self.dataset, "", self.within.pk if self.within else None)
            return np.asarray(sorted(wanted), np.int64)
        predicted = np.asarray(self.prediction_set.manifest.image_ids, np.int64)
        return predicted if self.within is None else np.intersect1d(predicted, slice_reads.image_ids(self.within))


@dataclass(frozen=True)
class Preview:
    """How many images and labels, and how many of the images the weights have seen."""

    revision: int
    images: int
    boxes: int
    trained_on: int


def preview(plan: EvaluationPlan) -> Preview:
    """Count what there is to judge on, and the images that the checkpoint, or one behind it, was trained on."""
    ids = plan.image_ids().tolist()
    labels = Annotation.objects.filter(image_id__in=ids, born__lte=plan.revision, ignore=0).exclude(
        died__lte=plan.revision
    )
    return Preview(
        revision=plan.revision,
        images=len(ids),
        boxes=labels.count(),
        trained_on=shared_images(judged=ids, trained=sorted(training_image_ids(plan.judged))),
    )
