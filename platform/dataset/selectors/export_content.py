"""What an export reads: images and their labels at a revision, some thousand images at once: memory stays flat."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson
from django.db import connection
from numpy.typing import NDArray

from dataset.exporting.types import Chunk, Content, ExportImage, ScoredBoxes
from dataset.models import Dataset, Image, LabelClass, PredictionSet, Provenance
from dataset.selectors import predictions as prediction_reads
from dataset.selectors.annotations import ALIVE, LabelledBoxes, labelled_at, labels_at

Ids = NDArray[np.int64]

AT_ONCE = 2000  # images
BOXES_AT_ONCE = 50_000  # predictions
FIELDS = (
    "pk", "key", "location", "width", "height", "sequence", "captured_at", "latitude", "longitude", "metadata"
)  # fmt: skip


def content_of(
    *,
    dataset: Dataset,
    title: str,
    revision: int,
    image_ids: Ids,
    prediction_set: PredictionSet | None = None,
    without_unlabelled: bool = False,
) -> Content:
    """The images of these ids (ascending) with their labels at the revision, and predictions where a set is given.

    `without_unlabelled`: of the images that are not labelled only the files.
    """
    classes, every = Classes(dataset), image_ids
    labelled = labelled_at(dataset=dataset, revision=revision, image_ids=image_ids)
    unlabelled, left_out = frozenset(image_ids[~labelled].tolist()), 0
    if without_unlabelled:
        image_ids, left_out = image_ids[labelled], len(unlabelled)

    def images() -> Iterator[list[ExportImage]]:
        return (images_in(some) for some in parts(image_ids))

    def chunks() -> Iterator[Chunk]:
        return (chunk_of(dataset, revision, images_in(some), some, classes) for some in parts(image_ids))

    def labels() -> Iterator[Chunk]:
        return (chunk_of(dataset, revision, [], some, classes) for some in parts(image_ids))

    def predictions() -> Iterator[ScoredBoxes]:
        return scored_boxes_of(prediction_set, image_ids, classes) if prediction_set else iter(())

    def files() -> Iterator[list[ExportImage]]:
        return (images_in(some) for some in parts(every))

    return Content(
        title,
        revision,
        classes.names,
        len(every),
        images,
        chunks,
        labels,
        predictions if prediction_set else None,
        files,
        unlabelled,
        left_out,
    )


def parts(ids: Ids) -> Iterator[Ids]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


class Classes:
    """A dataset's class list, and the index of each id."""

    def __init__(self, dataset: Dataset) -> None:
        rows = list(LabelClass.objects.filter(dataset=dataset).order_by("index").values_list("pk", "index", "name"))
        self.names = [name for _, _, name in rows]
        by_id = sorted((pk, index) for pk, index, _ in rows)
        self.ids = np.array([pk for pk, _ in by_id], dtype=np.int64)
        self.indices = np.array([index for _, index in by_id], dtype=np.int64)

    def index_of(self, class_ids: Ids) -> Ids:
        """The `(N,)` index of every class id."""
        found: Ids = self.indices[np.searchsorted(self.ids, class_ids)]
        return found


def images_in(ids: Ids) -> list[ExportImage]:
    """By rising id."""
    rows = Image.objects.filter(pk__in=ids.tolist()).order_by("pk").values_list(*FIELDS)
    return [ExportImage(*row) for row in rows]


def chunk_of(dataset: Dataset, revision: int, images: list[ExportImage], ids: Ids, classes: Classes) -> Chunk:
    labels = labels_at(dataset=dataset, revision=revision, image_ids=ids)
    return Chunk(
        ids,
        images,
        np.searchsorted(ids, labels.image_id),
        labels.object_id,
        classes.index_of(labels.class_id),
        labels.boxes,
        labels.provenance == Provenance.IMPORTED,
        attributes_of(labels, dataset, revision, ids),
        labels.ignore,
        labels.area,
    )


def attributes_of(labels: LabelledBoxes, dataset: Dataset, revision: int, image_ids: Ids) -> dict[int, dict[str, Any]]:
    """The attributes of those labels that have some, by place."""
    query = (
        f"SELECT id, attributes::text FROM dataset_annotation WHERE dataset_id = %s AND {ALIVE} "
        "AND image_id = ANY(%s) AND attributes IS NOT NULL ORDER BY image_id, id"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [dataset.pk, revision, revision, image_ids.tolist()])
        rows = cursor.fetchall()
    if not rows:
        return {}
    order = np.argsort(labels.annotation_id)
    numbers = np.array([number for number, _ in rows], dtype=np.int64)
    places = order[np.searchsorted(labels.annotation_id, numbers, sorter=order)].tolist()
    read = {given: orjson.loads(given) for given in {given for _, given in rows}}  # most boxes share a few sets
    return {place: read[given] for place, (_, given) in zip(places, rows, strict=True) if read[given]}


def scored_boxes_of(prediction_set: PredictionSet, image_ids: Ids, classes: Classes) -> Iterator[ScoredBoxes]:
    """The set's boxes on these images, every one, whatever its score."""
    arrays = prediction_reads.load(prediction_set)
    chosen = np.flatnonzero(np.isin(arrays.image_ids, image_ids))
    for start in range(0, len(chosen), BOXES_AT_ONCE):
        some = chosen[start : start + BOXES_AT_ONCE]
        yield ScoredBoxes(
            arrays.image_ids[some], classes.index_of(arrays.class_ids[some]), arrays.boxes[some], arrays.scores[some]
        )
