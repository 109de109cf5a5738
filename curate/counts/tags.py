"""How many of the images shown have which tag."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from dataset.models import Dataset, Image

TAGS = """
SELECT tag.id, tag.name, count(hung.image_id) FROM dataset_tag tag
LEFT JOIN dataset_imagetag hung ON hung.tag_id = tag.id {only_shown}
WHERE tag.dataset_id = %s GROUP BY tag.id, tag.name ORDER BY tag.name
"""


def tag_facets(dataset: Dataset, shown: QuerySet[Image], *, narrowed: bool) -> list[dict[str, Any]]:
    """Every tag with its images among those shown, by name. `narrowed` is false where `shown` is the whole dataset."""
    text, params = shown.order_by().values("id").query.sql_with_params() if narrowed else ("", ())
    only_shown = f"AND hung.image_id IN ({text})" if narrowed else ""
    with connection.cursor() as cursor:
        cursor.execute(TAGS.format(only_shown=only_shown), [*params, dataset.pk])
        return [{"id": pk, "name": name, "images": images} for pk, name, images in cursor.fetchall()]
