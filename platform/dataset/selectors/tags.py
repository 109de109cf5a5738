"""Reads of tags."""

from typing import Any

from django.db.models import Count

from accounts.natural_names import by_name
from dataset.models import Dataset, Image, Tag


def tags_of(dataset: Dataset) -> list[dict[str, Any]]:
    """Every tag with the number of images that have it, by name."""
    rows = Tag.objects.filter(dataset=dataset).annotate(images=Count("image_tags")).order_by(by_name())
    return [{"id": row.pk, "name": row.name, "images": row.images} for row in rows]


def tags_on(image: Image) -> list[dict[str, Any]]:
    """The tags of one image, by name."""
    return [{"id": tag.pk, "name": tag.name} for tag in Tag.objects.filter(image_tags__image=image).order_by(by_name())]
