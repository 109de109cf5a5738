"""Labels and predictions of some images, read as the columns that diagnosis and auto-curate work on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dataset.importing.columns import Ignore
from dataset.models import Dataset, Image, LabelClass, PredictionSet
from dataset.selectors import predictions
from dataset.selectors.annotations import LabelledBoxes, labelled_at, labels_at
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


def labelled_ground(dataset: Dataset, image_ids: Ids | list[int], revision: int) -> Ground:
    """As `ground_of`, of those that were labelled at the revision: of the others nothing is known."""
    ids = np.asarray(image_ids, np.int64)
    return ground_of(dataset, ids[labelled_at(dataset=dataset, revision=revision, image_ids=ids)])


def ground_truth(dataset: Dataset, ground: Ground, revision: int) -> GroundTruth:
    """The labels at a revision; `annotation_ids` are row ids.

    Whatever is ignored is a crowd; what is ignored for every class stands once for each of them.
    """
    labels = labels_at(dataset=dataset, revision=revision, image_ids=ground.image_ids)
    rows, class_index = with_every_class(labels, ground)
    return GroundTruth.of(
        image_ids=ground.image_ids,
        image_index=ground.image_index(labels.image_id[rows]),
        class_index=class_index,
        boxes=labels.boxes[rows],
        annotation_ids=labels.annotation_id[rows],
        crowd=labels.ignore[rows] != Ignore.NO,
        area=stated_areas(labels)[rows] if labels.area.any() else None,
    )


def with_every_class(labels: LabelledBoxes, ground: Ground) -> tuple[Ids, Ids]:
    """The rows of the labels and their classes, both (N,) by image: those that count for every class once for each."""
    own = np.flatnonzero(labels.ignore != Ignore.ANYTHING)
    shared = np.flatnonzero(labels.ignore == Ignore.ANYTHING)
    if not len(shared):
        return own, ground.class_index(labels.class_id)
    classes = len(ground.class_ids)
    rows = np.concatenate([own, np.repeat(shared, classes)])
    class_index = np.concatenate([ground.class_index(labels.class_id[own]), np.tile(np.arange(classes), len(shared))])
    order = np.argsort(rows, kind="stable")
    return rows[order], class_index[order]


def stated_areas(labels: LabelledBoxes) -> NDArray[np.float64]:
    """(N,) square pixels that object sizes go by: as the labels' file states them, else the box's own."""
    boxes = labels.boxes.astype(np.float64)
    return np.where(labels.area > 0, labels.area, (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]))


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
