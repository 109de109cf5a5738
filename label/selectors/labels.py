"""Labels at a revision, as the merge and the editor need them: by image and object, with attributes."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from dataset.importing.columns import Ignore
from dataset.models import Annotation, Dataset, Provenance
from label.boxes import box_json
from label.merge import ObjectState
from science.shapes.packed import unpack
from science.shapes.shape_json import as_json

CHUNK = 2000  # images asked for at once
Objects = dict[int, ObjectState]  # by object id
IGNORE_WORDS = {one.value: one.word for one in Ignore}

OBJECTS = """
SELECT image_id, object_id, label_class_id, x1, y1, x2, y2, attributes, ignore, shape
FROM dataset_annotation
WHERE image_id = ANY(%s) AND born <= %s AND (died IS NULL OR died > %s) ORDER BY image_id, object_id
"""
COLUMNS = (
    "image_id",
    "object_id",
    "label_class_id",
    "x1",
    "y1",
    "x2",
    "y2",
    "attributes",
    "provenance",
    "ignore",
    "shape",
)


def labels_at_revision(revision: int, image_ids: Sequence[int]) -> QuerySet[Annotation]:
    """The annotations of these images at a revision."""
    at_revision = Q(born__lte=revision) & (Q(died__isnull=True) | Q(died__gt=revision))
    return Annotation.objects.filter(at_revision, image_id__in=image_ids)


def objects_at(revision: int, image_ids: Sequence[int]) -> dict[int, Objects]:
    """The objects of each image at a revision: image id -> object id -> state. Images without any are left out."""
    found: dict[int, Objects] = defaultdict(dict)
    for start in range(0, len(image_ids), CHUNK):
        with connection.cursor() as cursor:
            cursor.execute(OBJECTS, [list(image_ids[start : start + CHUNK]), revision, revision])
            rows = cursor.fetchall()
        for image_id, object_id, class_id, x1, y1, x2, y2, attributes, ignore, shape in rows:
            given = json.loads(attributes) if attributes else None
            facts = given or {}, IGNORE_WORDS[ignore], shape_json(shape)
            found[image_id][object_id] = ObjectState(class_id, (x1, y1, x2, y2), *facts)
    return dict(found)


def shape_json(packed: bytes | None) -> dict[str, Any] | None:
    """A stored shape as working copies have it."""
    return None if packed is None else as_json(unpack(bytes(packed)))


def class_ids_of(dataset: Dataset) -> frozenset[int]:
    """The classes that a box of the dataset may have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM dataset_labelclass WHERE dataset_id = %s", [dataset.pk])
        return frozenset(row[0] for row in cursor.fetchall())


def boxes_at(revision: int, image_id: int) -> list[dict]:
    """An image's labels at a revision, as boxes of a working copy."""
    rows = labels_at_revision(revision, [image_id]).order_by("object_id").values_list(*COLUMNS)
    return [
        box_json(
            f"o{object_id}",
            ObjectState(class_id, (x1, y1, x2, y2), attributes or {}, Ignore(ignore).word, shape_json(shape)),
            provenance=str(Provenance(provenance).label),
        )
        for _, object_id, class_id, x1, y1, x2, y2, attributes, provenance, ignore, shape in rows
    ]


def base_objects(tasks: Iterable[tuple[int, int]]) -> dict[int, Objects]:
    """The objects that tasks, given as (image id, base), started from: image id -> object id -> state."""
    by_base: dict[int, list[int]] = defaultdict(list)
    for image_id, base in tasks:
        by_base[base].append(image_id)
    found: dict[int, Objects] = {}
    for base, image_ids in by_base.items():
        found |= objects_at(base, image_ids)
    return found
