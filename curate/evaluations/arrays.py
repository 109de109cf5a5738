"""Labels and predictions of some images, read as the columns that diagnosis and auto-curate work on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dataset.models import Dataset, Image, LabelClass, PredictionSet
from dataset.selectors import predictions
from dataset.selectors.annotations import labels_at
from science.evaluation.arrays import Ground, Ids, Predicted, Units
from science.evaluation.types import Detections, GroundTruth


def ground_of(dataset: Dataset, image_ids: Ids | list[int]) -> Ground:
    """These images, each once, and the dataset's classes."""
    classes = list(LabelClass.objects.filter(dataset=dataset).order_by("index").values_list("id", "name"))
    return Ground(
        image_ids=np.unique(np.asarray(image_ids, np.int64)),
        class_ids=np.array([pk for pk, _ in classes], np.int64),
        class_names=[name for _, name in classes],
    )


def ground_truth(dataset: Dataset, ground: Ground, revision: int) -> GroundTruth:
    """The labels at a revision; `annotation_ids` are row ids."""
    labels = labels_at(dataset=dataset, revision=revision, image_ids=ground.image_ids)
    return GroundTruth.of(
        image_ids=ground.image_ids,
        image_index=ground.image_index(labels.image_id),
        class_index=ground.class_index(labels.class_id),
        boxes=labels.boxes,
        annotation_ids=labels.annotation_id,
    )


def predicted_boxes(ground: Ground, prediction_set: PredictionSet) -> Predicted:
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
    return predicted_boxes(ground, prediction_set).detections


def image_sizes(ground: Ground) -> NDArray[np.float64]:
    """(I, 2) width and height in pixels."""
    rows = Image.objects.filter(pk__in=ground.image_ids.tolist()).order_by("pk").values_list("width", "height")
    return np.array(list(rows), np.float64).reshape(-1, 2)


def resampling_units(image_ids: Ids) -> Units:
    """Frames of one sequence, and copies of one picture, count as one unit: they do not vote twice."""
    found = Image.objects.filter(pk__in=image_ids.tolist()).order_by("pk").values_list("sequence", "sha256")
    names = [f"sequence {sequence}" if sequence else sha256 for sequence, sha256 in found]
    numbers = np.unique(names, return_inverse=True)[1] if names else np.zeros(0)
    return Units(numbers.astype(np.int64), "sequence" if any(sequence for sequence, _ in found) else "image")
