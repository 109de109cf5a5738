"""Labels and predictions of some images as the columns that diagnosis and auto-curate work on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dataset.models import Dataset, Image, LabelClass, PredictionSet
from dataset.selectors import predictions
from dataset.selectors.annotations import labels_at
from science.evaluation.types import Detections, GroundTruth

Ids = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ground:
    """Images and classes by position: `image_ids` rising, `class_ids` in class order."""

    dataset: Dataset
    image_ids: Ids  # (I,)
    class_ids: Ids  # (C,)
    class_names: list[str]

    @classmethod
    def of(cls, dataset: Dataset, image_ids: Ids | list[int]) -> Ground:
        """These images, each once."""
        classes = list(LabelClass.objects.filter(dataset=dataset).order_by("index").values_list("id", "name"))
        return cls(
            dataset=dataset,
            image_ids=np.unique(np.asarray(image_ids, np.int64)),
            class_ids=np.array([pk for pk, _ in classes], np.int64),
            class_names=[name for _, name in classes],
        )

    def image_index(self, image_ids: Ids) -> Ids:
        """(N,) positions of images that are all known to be here."""
        return np.searchsorted(self.image_ids, image_ids).astype(np.int64)

    def class_index(self, class_ids: Ids) -> Ids:
        """(N,) positions of classes of the dataset."""
        order = np.argsort(self.class_ids)
        return order[np.searchsorted(self.class_ids, class_ids, sorter=order)].astype(np.int64)


def ground_truth(ground: Ground, revision: int) -> GroundTruth:
    """The labels at a revision; `annotation_ids` are row ids."""
    labels = labels_at(dataset=ground.dataset, revision=revision, image_ids=ground.image_ids)
    return GroundTruth.of(
        image_ids=ground.image_ids,
        image_index=ground.image_index(labels.image_id),
        class_index=ground.class_index(labels.class_id),
        boxes=labels.boxes,
        annotation_ids=labels.annotation_id,
    )


@dataclass(frozen=True, eq=False)
class Predicted:
    """A prediction set's boxes on some images, and which of them are rows of the table too."""

    detections: Detections  # `prediction_ids` are positions in the set's file
    row_ids: Ids  # (M,) -1 below the rows' floor

    def with_rows(self) -> Detections:
        """Those that are rows; `prediction_ids` are the rows'."""
        kept = self.row_ids >= 0
        return replace(self.detections.take(kept), prediction_ids=self.row_ids[kept])


def predicted(ground: Ground, prediction_set: PredictionSet) -> Predicted:
    """All boxes of a prediction set on these images. Raises FileNotFoundError where its file is gone."""
    arrays = predictions.load(prediction_set)
    kept = np.isin(arrays.image_ids, ground.image_ids)
    found = Detections.of(
        image_index=ground.image_index(arrays.image_ids[kept]),
        class_index=ground.class_index(arrays.class_ids[kept]),
        boxes=arrays.boxes[kept],
        scores=arrays.scores[kept],
        prediction_ids=np.flatnonzero(kept),
    )
    return Predicted(found, arrays.row_ids[kept])


def detections(ground: Ground, prediction_set: PredictionSet) -> Detections:
    """As `predicted`, where the rows do not matter."""
    return predicted(ground, prediction_set).detections


def image_sizes(ground: Ground) -> NDArray[np.float64]:
    """(I, 2) width and height in pixels."""
    rows = Image.objects.filter(pk__in=ground.image_ids.tolist()).order_by("pk").values_list("width", "height")
    return np.array(list(rows), np.float64).reshape(-1, 2)


@dataclass(frozen=True, eq=False)
class Units:
    """What a bootstrap draws: images, or the sequences that they belong to."""

    groups: Ids  # (I,) images with the same number are drawn together
    kind: str  # "image" or "sequence"


def units(image_ids: Ids) -> Units:
    """Frames of one sequence, and copies of one picture, count as one unit: they do not vote twice."""
    found = Image.objects.filter(pk__in=image_ids.tolist()).order_by("pk").values_list("sequence", "sha256")
    names = [f"sequence {sequence}" if sequence else sha256 for sequence, sha256 in found]
    numbers = np.unique(names, return_inverse=True)[1] if names else np.zeros(0)
    return Units(numbers.astype(np.int64), "sequence" if any(sequence for sequence, _ in found) else "image")
