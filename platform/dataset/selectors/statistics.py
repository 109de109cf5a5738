"""What is in a slice: classes and metadata, counted at the newest revision."""

from typing import Any

from django.db import connection

from dataset.models import Slice

BY_CLASS = """
    SELECT label_class_id, count(DISTINCT image_id), count(*)
    FROM dataset_annotation
    WHERE dataset_id = %(dataset)s AND died IS NULL AND ignore = 0
      AND image_id IN (SELECT image_id FROM dataset_sliceimage WHERE slice_id = %(slice)s)
    GROUP BY label_class_id ORDER BY label_class_id
"""
STATES = """
    SELECT EXISTS (SELECT FROM dataset_annotation AS box WHERE box.image_id = image.id AND box.died IS NULL),
           labelled_since IS NOT NULL, count(*)
    FROM dataset_sliceimage AS member JOIN dataset_image AS image ON image.id = member.image_id
    WHERE member.slice_id = %(slice)s GROUP BY 1, 2
"""
BY_VALUE = """
    SELECT entry.key, entry.value #>> '{}', count(*)
    FROM dataset_sliceimage AS member JOIN dataset_image AS image ON image.id = member.image_id,
         jsonb_each(image.metadata) AS entry
    WHERE member.slice_id = %(slice)s AND jsonb_typeof(entry.value) IN ('string', 'boolean', 'number')
    GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2
"""
MOST_VALUES = 50  # keys with more different values say nothing as a list


def statistics_of(row: Slice) -> dict[str, Any]:
    """Images by the state of their labels, objects; by class; by metadata value. What is ignored is no object."""
    values = {"slice": row.pk, "dataset": row.dataset_id}
    classes = [
        {"class_id": class_id, "images": images, "boxes": boxes}
        for class_id, images, boxes in rows_of(BY_CLASS, values)
    ]
    return {
        "images": row.image_count,
        "boxes": sum(entry["boxes"] for entry in classes),
        **label_states(rows_of(STATES, values)),
        "classes": classes,
        "metadata": metadata_of(values),
    }


def label_states(rows: list[tuple[bool, bool, int]]) -> dict[str, int]:
    """Images with boxes, on which there is nothing, that are not labelled; the latter two together have no box."""
    with_boxes = sum(images for boxes, _, images in rows if boxes)
    negatives = sum(images for boxes, said, images in rows if said and not boxes)
    unlabelled = sum(images for boxes, said, images in rows if not said and not boxes)
    return {
        "empty_images": negatives + unlabelled,
        "labelled_images": with_boxes,
        "negative_images": negatives,
        "unlabelled_images": unlabelled,
    }


def metadata_of(values: dict[str, int]) -> list[dict[str, Any]]:
    by_key: dict[str, list[dict[str, Any]]] = {}
    for key, value, images in rows_of(BY_VALUE, values):
        by_key.setdefault(key, []).append({"value": value, "images": images})
    return [{"key": key, "values": found} for key, found in by_key.items() if len(found) <= MOST_VALUES]


def rows_of(query: str, values: dict[str, int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
