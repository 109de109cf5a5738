"""What an export reads: images and their labels at a revision, some thousand images at once: memory stays flat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson
from django.db import connection
from numpy.typing import NDArray

from dataset.exporting.layout import SHORT, ImagePlaces, Layout, PlacedImage, split_name
from dataset.exporting.types import (
    AttributeKinds,
    Chunk,
    Content,
    ExportImage,
    Schema,
    ScoredBoxes,
    StatedAttribute,
)
from dataset.models import Attribute, Dataset, Image, LabelClass, PredictionSet, Provenance
from dataset.selectors import predictions as prediction_reads
from dataset.selectors.annotations import ALIVE, LabelledBoxes, labelled_at, labels_at, shapes_at

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
    layout: Layout,
    splits: Mapping[int, str] | None = None,
    prediction_set: PredictionSet | None = None,
    without_unlabelled: bool = False,
    all_labelled: bool = False,
) -> Content:
    """The images of these ids (ascending) with their labels at the revision, and predictions where a set is given.

    `splits`: train, valid or test by image id, in place of what the metadata say. `without_unlabelled`: of the images
    that are not labelled only the files. `all_labelled`: these lie among the others, as if they were negatives.
    Predictions are in one file, with one of labels that is told to tools beside it: then metadata part nothing.
    """
    labelled = labelled_at(dataset=dataset, revision=revision, image_ids=image_ids)
    unlabelled = frozenset(image_ids[~labelled].tolist())
    told = dict.fromkeys(image_ids.tolist(), "") if prediction_set and splits is None else splits or {}
    read = ImageReader(layout, image_ids, told, frozenset() if all_labelled else unlabelled)
    listed = image_ids[labelled] if without_unlabelled else image_ids
    source = ContentSource(dataset, revision, Classes(dataset), read, prediction_set)
    whole = source.content(title, listed)
    return replace(
        whole,
        image_count=len(image_ids),
        files=lambda: (read.images(some) for some in parts(image_ids)),
        unlabelled=unlabelled,
        left_out=len(unlabelled) if without_unlabelled else 0,
        parts=tuple((split, source.content(title, ids)) for split, ids in read.by_split(listed)),
    )


@dataclass(frozen=True)
class ContentSource:
    """What every part of an export is read from."""

    dataset: Dataset
    revision: int
    classes: "Classes"
    read: "ImageReader"
    prediction_set: PredictionSet | None

    def content(self, title: str, ids: Ids) -> Content:
        return Content(
            title,
            self.revision,
            self.classes.names,
            len(ids),
            images=lambda: (self.read.images(some) for some in parts(ids)),
            chunks=lambda: (self.chunk(self.read.images(some), some) for some in parts(ids)),
            labels=lambda: (self.chunk([], some) for some in parts(ids)),
            predictions=(lambda: self.predictions(ids)) if self.prediction_set else None,
            attributes=lambda: attribute_kinds(self.dataset, self.revision, ids, self.classes),
            schema=schema_of(self.dataset, self.classes),
        )

    def chunk(self, images: list[ExportImage], ids: Ids) -> Chunk:
        return chunk_of(self.dataset, self.revision, images, ids, self.classes)

    def predictions(self, ids: Ids) -> Iterator[ScoredBoxes]:
        return scored_boxes_of(self.prediction_set, ids, self.classes) if self.prediction_set else iter(())


class ImageReader:
    """Reads images with where they lie in the archive."""

    def __init__(self, layout: Layout, ids: Ids, splits: Mapping[int, str], unlabelled: frozenset[int]) -> None:
        self.splits, self.unlabelled = splits, unlabelled
        self.codes: dict[int, str] = {}
        self.places = ImagePlaces(layout, self.placed(ids))

    def placed(self, ids: Ids) -> Iterator[PlacedImage]:
        """Every image in order; remembers the splits."""
        for some in parts(ids):
            rows = Image.objects.filter(pk__in=some.tolist()).order_by("pk").values_list("pk", "key", "metadata__split")
            for pk, key, split in rows:
                name = split_name(self.splits.get(pk, split))
                if name:
                    self.codes[pk] = name
                yield PlacedImage(pk, key, name, pk not in self.unlabelled)

    def by_split(self, ids: Ids) -> list[tuple[str, Ids]]:
        """The ids of each split that has some, those of none last; one part where there are no images."""
        codes = np.array([self.codes.get(pk, "") for pk in ids.tolist()])
        found = [(split, ids[codes == split]) for split in (*SHORT.values(), "")]
        return [(split, some) for split, some in found if len(some)] or [("", ids)]

    def images(self, ids: Ids) -> list[ExportImage]:
        """By rising id."""
        rows = Image.objects.filter(pk__in=ids.tolist()).order_by("pk").values_list(*FIELDS)
        return [self.image(row) for row in rows]

    def image(self, row: tuple[Any, ...]) -> ExportImage:
        pk, key, location, width, height, sequence, captured_at, latitude, longitude, metadata = row
        if self.splits.get(pk):
            metadata = {**metadata, "split": self.splits[pk]}
        split = self.codes.get(pk, "")
        place = self.places.of(PlacedImage(pk, key, split, pk not in self.unlabelled))
        size, where = (width, height), (latitude, longitude)
        return ExportImage(pk, key, location, *size, sequence, captured_at, *where, metadata, split, *place)


def attribute_kinds(dataset: Dataset, revision: int, image_ids: Ids, classes: "Classes") -> AttributeKinds:
    """Which attributes the boxes of each class have, and the JSON types of their values; `ignore` among them."""
    where = f"dataset_id = %s AND {ALIVE} AND image_id = ANY(%s)"
    query = (
        "SELECT DISTINCT label_class_id, name, jsonb_typeof(value) FROM dataset_annotation, "
        f"jsonb_each(attributes) AS one(name, value) WHERE {where} AND attributes IS NOT NULL "
        "UNION SELECT DISTINCT label_class_id, 'ignore', 'string' FROM dataset_annotation "
        f"WHERE {where} AND ignore <> 0"
    )
    params = [dataset.pk, revision, revision, image_ids.tolist()]
    with connection.cursor() as cursor:
        cursor.execute(query, [*params, *params])
        rows = cursor.fetchall()
    found: AttributeKinds = {}
    for class_id, name, kind in rows:
        index = int(classes.index_of(np.array([class_id], np.int64))[0])
        found.setdefault(index, {}).setdefault(name, set()).add(kind)
    return found


def schema_of(dataset: Dataset, classes: "Classes") -> Schema:
    """What the dataset's schema asks of each class, in its order."""
    found: Schema = {}
    rows = list(Attribute.objects.filter(dataset=dataset))
    for class_id, index in zip(classes.ids.tolist(), classes.indices.tolist(), strict=True):
        if own := {row.name: StatedAttribute(row.rule, row.default) for row in rows if row.rule.is_about(class_id)}:
            found[index] = own
    return found


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
        shapes_of(labels, dataset, revision, ids),
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


def shapes_of(labels: LabelledBoxes, dataset: Dataset, revision: int, image_ids: Ids) -> dict[int, bytes]:
    """The packed shapes of those labels that have one, by place."""
    by_row = shapes_at(dataset=dataset, revision=revision, image_ids=image_ids)
    if not by_row:
        return {}
    rows = labels.annotation_id
    return {place: by_row[int(rows[place])] for place in np.flatnonzero(np.isin(rows, list(by_row))).tolist()}


def scored_boxes_of(prediction_set: PredictionSet, image_ids: Ids, classes: Classes) -> Iterator[ScoredBoxes]:
    """The set's boxes on these images, every one, whatever its score."""
    arrays = prediction_reads.load(prediction_set)
    chosen = np.flatnonzero(np.isin(arrays.image_ids, image_ids))
    for start in range(0, len(chosen), BOXES_AT_ONCE):
        some = chosen[start : start + BOXES_AT_ONCE]
        yield ScoredBoxes(
            arrays.image_ids[some], classes.index_of(arrays.class_ids[some]), arrays.boxes[some], arrays.scores[some]
        )
