"""Reads of embeddings: what there is and what is missing, what is near an image, and the map."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Exists, OuterRef
from numpy.typing import NDArray

from curate.embeddings.encoder import ENCODER
from curate.models import Embedding, EmbeddingMap
from dataset.bulk import copy_out
from dataset.models import Dataset, Image
from dataset.selectors.annotations import COLUMNS, DTYPES, LabelledBoxes, as_labels
from dataset.selectors.images import image_brief
from jobs.models import Job
from storage import blobs

Ids = NDArray[np.int64]

NEAR_IMAGE = """
SELECT near.image_id, near.vector <=> anchor.vector AS distance
FROM curate_embedding near, curate_embedding anchor
WHERE anchor.image_id = %s AND anchor.encoder = %s AND anchor.annotation_id IS NULL
  AND near.dataset_id = %s AND near.encoder = %s AND near.annotation_id IS NULL AND near.image_id <> anchor.image_id
ORDER BY near.vector <=> anchor.vector, near.image_id LIMIT %s
"""
UNSEEN = (
    "NOT EXISTS (SELECT 1 FROM curate_embedding e WHERE e.annotation_id = dataset_annotation.id AND e.encoder = %s)"
)
OBJECTS = f"""
SELECT {COLUMNS} FROM dataset_annotation
WHERE dataset_id = %s AND died IS NULL AND image_id = ANY(%s) AND {UNSEEN} ORDER BY image_id, id
"""
FORGET = """
DELETE FROM curate_embedding e USING dataset_annotation label
WHERE e.dataset_id = %s AND e.annotation_id = label.id AND label.died IS NOT NULL
"""


def has_embedding(image: Image) -> bool:
    return Embedding.objects.filter(image=image, encoder=ENCODER, annotation_id=None).exists()


def still_there(dataset: Dataset, image_ids: Ids) -> NDArray[np.bool_]:
    """(N,) whether the image has not been removed."""
    known = Image.objects.filter(dataset=dataset).values_list("pk", flat=True)
    return np.isin(image_ids, np.fromiter(known, np.int64))


def images_without(dataset: Dataset, image_ids: Ids) -> Ids:
    """Those of the images that have no embedding yet, rising."""
    known = Embedding.objects.filter(image=OuterRef("pk"), encoder=ENCODER, annotation_id=None)
    rows = Image.objects.filter(~Exists(known), dataset=dataset).order_by("pk").values_list("pk", flat=True)
    return np.intersect1d(np.fromiter(rows, np.int64), image_ids)


def objects_without(dataset: Dataset, image_ids: Ids) -> LabelledBoxes:
    """The current labels on these images that have no embedding yet, by image."""
    params = [dataset.pk, image_ids.tolist(), ENCODER]
    return as_labels(copy_out(OBJECTS, params, DTYPES))


def forget_past_objects(dataset: Dataset) -> None:
    """Remove the embeddings of boxes that have been changed or deleted since."""
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [dataset.pk])


def status(dataset: Dataset) -> dict[str, Any]:
    """How many images and objects have an embedding, the newest map, and the job that is at work."""
    mine = Embedding.objects.filter(dataset=dataset, encoder=ENCODER)
    states = (Job.State.QUEUED, Job.State.RUNNING)
    job = Job.objects.filter(kind="compute_embeddings", dataset_id=dataset.pk, state__in=states).order_by("pk").first()
    drawn = newest_map(dataset)
    return {
        "encoder": ENCODER,
        "images": {"embedded": mine.filter(annotation_id=None).count(), "total": dataset.image_count},
        "objects": {"embedded": mine.exclude(annotation_id=None).count(), "total": dataset.annotation_count},
        "map": drawn.pk if drawn else None,
        "job": job.pk if job else None,
    }


def similar_images(image: Image, limit: int) -> list[dict[str, Any]]:
    """The images most like this one, nearest first, each with its distance: 0 the same, 1 nothing in common."""
    with connection.cursor() as cursor:
        cursor.execute(NEAR_IMAGE, [image.pk, ENCODER, image.dataset_id, ENCODER, limit])
        found = cursor.fetchall()
    rows = Image.objects.in_bulk([pk for pk, _ in found])
    return [{"image": image_brief(rows[pk]), "distance": distance} for pk, distance in found]


def newest_map(dataset: Dataset) -> EmbeddingMap | None:
    return dataset.embedding_maps.filter(encoder=ENCODER).order_by("-pk").first()


@dataclass(frozen=True, eq=False)
class Points:
    """A map's points."""

    image_ids: Ids  # (N,) rising
    points: NDArray[np.uint16]  # (N, 2) x and y on the plane


def points_of(drawn: EmbeddingMap) -> Points:
    """The map's points. Raises FileNotFoundError where its file is gone."""
    with np.load(BytesIO(blobs.read(drawn.location))) as arrays:
        return Points(arrays["image_ids"], arrays["points"])
