"""What the images shown consist of: their classes, metadata values and slices, counted."""

from __future__ import annotations

import json
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from dataset.models import Dataset, Image

MOST_VALUES = 50  # per metadata key, the most frequent
KEEP = 60  # seconds; metadata can change without a revision

# One pass over the index of current labels: images of a class are the groups, boxes their sum.
CLASSES = """
WITH shown AS MATERIALIZED ({shown})
SELECT label_class_id, count(*), sum(boxes) FROM (
    SELECT label_class_id, image_id, count(*) AS boxes FROM dataset_annotation
    WHERE dataset_id = %s AND died IS NULL {only_shown}
    GROUP BY label_class_id, image_id
) counted GROUP BY label_class_id
"""
ONLY_SHOWN = "AND image_id IN (SELECT id FROM shown)"
# Lists, objects and null are no values to choose from.
METADATA = """
WITH shown AS MATERIALIZED ({shown})
SELECT key, value, images FROM (
    SELECT pair.key, pair.value, count(*) AS images,
           row_number() OVER (PARTITION BY pair.key ORDER BY count(*) DESC, pair.value) AS place
    FROM dataset_image, jsonb_each(dataset_image.metadata) pair
    WHERE dataset_id = %s {only_shown} AND jsonb_typeof(pair.value) IN ('string', 'number', 'boolean')
    GROUP BY pair.key, pair.value
) counted WHERE place <= %s ORDER BY key, place
"""
ONLY_SHOWN_IMAGES = "AND dataset_image.id IN (SELECT id FROM shown)"
SLICES = """
WITH shown AS MATERIALIZED ({shown})
SELECT member.slice_id, count(*) FROM dataset_sliceimage member JOIN shown ON shown.id = member.image_id
GROUP BY member.slice_id
"""


def facets(dataset: Dataset, shown: QuerySet[Image], *, narrowed: bool) -> dict[str, list[dict[str, Any]]]:
    """Counts for the panel beside the grid. `narrowed` is false where `shown` is the whole dataset."""
    if narrowed:
        return counted(dataset, shown, narrowed=True)
    # Of the whole dataset they are asked for on every visit, and change with a revision, an import or a new class only.
    version = (dataset.head_revision, dataset.image_count, dataset.classes.count())
    name = f"curate:facets:{dataset.pk}:{':'.join(map(str, version))}"
    kept = cache.get_or_set(name, lambda: counted(dataset, shown, narrowed=False), KEEP)
    assert kept is not None
    return {**kept, "slices": slice_facets(dataset, shown, narrowed=False)}


def counted(dataset: Dataset, shown: QuerySet[Image], *, narrowed: bool) -> dict[str, list[dict[str, Any]]]:
    return {
        "classes": class_facets(dataset, shown, narrowed),
        "metadata": metadata_facets(dataset, shown, narrowed),
        "slices": slice_facets(dataset, shown, narrowed),
    }


def _rows(template: str, shown: QuerySet[Image], narrowed: bool, only_shown: str, params: list[Any]) -> list[tuple]:
    """Run a template with the images shown put in as a common table, or with nothing where all are shown."""
    if narrowed:
        inner, inner_params = shown.order_by().values("id").query.sql_with_params()
    else:
        inner, inner_params, only_shown = "SELECT 0 AS id", (), ""
    with connection.cursor() as cursor:
        cursor.execute(template.format(shown=inner, only_shown=only_shown), [*inner_params, *params])
        return cursor.fetchall()


def class_facets(dataset: Dataset, shown: QuerySet[Image], narrowed: bool) -> list[dict[str, Any]]:
    """Every class of the dataset with its images and boxes among those shown, in class order."""
    found = {row[0]: row[1:] for row in _rows(CLASSES, shown, narrowed, ONLY_SHOWN, [dataset.pk])}
    return [
        {"class_id": class_id, "images": found.get(class_id, (0, 0))[0], "boxes": int(found.get(class_id, (0, 0))[1])}
        for class_id in dataset.classes.values_list("id", flat=True)
    ]


def metadata_facets(
    dataset: Dataset, shown: QuerySet[Image], narrowed: bool, most: int = MOST_VALUES
) -> list[dict[str, Any]]:
    """Every metadata key with its most frequent values."""
    by_key: dict[str, list[dict[str, Any]]] = {}
    for key, value, images in _rows(METADATA, shown, narrowed, ONLY_SHOWN_IMAGES, [dataset.pk, most]):
        by_key.setdefault(key, []).append({"value": _loaded(value), "images": images})
    return [{"key": key, "values": values} for key, values in by_key.items()]


def slice_facets(dataset: Dataset, shown: QuerySet[Image], narrowed: bool) -> list[dict[str, Any]]:
    """Every slice with its images among those shown, by name."""
    slices = dataset.slices.order_by("name").values_list("id", "name", "image_count")
    counts = dict(_rows(SLICES, shown, narrowed, "", [])) if narrowed else {pk: count for pk, _, count in slices}
    return [{"id": pk, "name": name, "images": counts.get(pk, 0)} for pk, name, _ in slices]


def _loaded(value: Any) -> Any:
    """A jsonb scalar as Python has it; the raw cursor gives text where Django does not decode."""
    return json.loads(value) if isinstance(value, str) else value
