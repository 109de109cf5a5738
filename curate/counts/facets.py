"""What the images shown consist of: their classes, metadata values and slices, counted."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.natural_names import by_name
from curate.counts.columns import (
    DatasetColumns,
    Mask,
    class_counts,
    columns_of,
    label_states,
    shown_mask,
    slice_counts,
    value_counts,
)
from dataset.models import Dataset, Image

MOST_VALUES = 50  # per metadata key, the most frequent


def facets(dataset: Dataset, shown: QuerySet[Image], *, narrowed: bool) -> dict[str, list[dict[str, Any]]]:
    """Counts for the panel beside the grid. `narrowed` is false where `shown` is the whole dataset."""
    columns = columns_of(dataset)
    mask = shown_mask(columns, shown) if narrowed else None
    return {
        "classes": class_facets(dataset, columns, mask),
        "metadata": metadata_facets(columns, mask),
        "slices": slice_facets(dataset, columns, mask),
        "label_states": [
            {"label_state": name, "images": images} for name, images in label_states(columns, mask).items()
        ],
    }


def class_facets(dataset: Dataset, columns: DatasetColumns, mask: Mask | None) -> list[dict[str, Any]]:
    """Every class of the dataset with its images and objects among those shown, in class order."""
    found = class_counts(columns, mask)
    counts = {class_id: found.get(class_id, (0, 0)) for class_id in dataset.classes.values_list("id", flat=True)}
    return [{"class_id": class_id, "images": images, "boxes": boxes} for class_id, (images, boxes) in counts.items()]


def metadata_facets(columns: DatasetColumns, mask: Mask | None, most: int = MOST_VALUES) -> list[dict[str, Any]]:
    """Every metadata key that an image shown has, with its most frequent values."""
    counted = {key: value_counts(values, mask, most) for key, values in columns.metadata.items()}
    return [
        {"key": key, "values": [{"value": value, "images": images} for value, images in found]}
        for key, found in counted.items()
        if found
    ]


def slice_facets(dataset: Dataset, columns: DatasetColumns, mask: Mask | None) -> list[dict[str, Any]]:
    """Every slice with its images among those shown, by name."""
    slices = list(dataset.slices.order_by(by_name(), "id").values_list("id", "name", "image_count"))
    counts = {pk: count for pk, _, count in slices} if mask is None else slice_counts(columns, dataset, mask)
    return [{"id": pk, "name": name, "images": counts.get(pk, 0)} for pk, name, _ in slices]
