"""How many of the images shown have boxes of which size and of which provenance."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet

from curate.grid.object_sources import LABELS, SIZES, source_of
from dataset.models import Dataset, Image, Provenance

KEEP = 600  # seconds; the name holds the revision, and nothing else changes what is counted

# One pass: each image's boxes become the set of sizes, and of provenances, that occur on it; equal sets are counted.
SETS = """
SELECT sizes, provenances, count(*) FROM (
    SELECT bit_or({size}) AS sizes, bit_or(1 << label.provenance) AS provenances
    FROM {labels} WHERE label.dataset_id = %s AND label.died IS NULL {only_shown} GROUP BY label.image_id
) of_images GROUP BY sizes, provenances
"""


def box_facets(dataset: Dataset, shown: QuerySet[Image], *, narrowed: bool) -> dict[str, list[dict[str, Any]]]:
    """Images by size and by provenance of their boxes. `narrowed` is false where `shown` is the whole dataset."""
    if narrowed:
        return _counted(dataset, shown)
    name = f"curate:box-facets:{dataset.pk}:{dataset.head_revision}"
    kept = cache.get_or_set(name, lambda: _counted(dataset, None), KEEP)
    assert kept is not None
    return kept


def _counted(dataset: Dataset, shown: QuerySet[Image] | None) -> dict[str, list[dict[str, Any]]]:
    sets = _sets(dataset, shown)
    return {
        "sizes": _of_each(list(SIZES), [(sizes, images) for sizes, _, images in sets]),
        "provenances": _of_each([one.label for one in Provenance], [(held, images) for _, held, images in sets]),
    }


def _of_each(values: list[str], sets: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Of each value the images in whose set it is; the nth value is the nth bit."""
    return [
        {"value": value, "images": sum(images for held, images in sets if held >> place & 1)}
        for place, value in enumerate(values)
    ]


def _sets(dataset: Dataset, shown: QuerySet[Image] | None) -> list[tuple[int, int, int]]:
    area = source_of(dataset, None).area
    (_, small), (_, medium), _ = SIZES.values()
    size = f"CASE WHEN {area} < {small} THEN 1 WHEN {area} < {medium} THEN 2 ELSE 4 END"
    only_shown, params = "", ()
    if shown is not None:
        text, params = shown.order_by().values("id").query.sql_with_params()
        only_shown = f"AND label.image_id IN ({text})"
    with connection.cursor() as cursor:
        cursor.execute(SETS.format(size=size, labels=LABELS, only_shown=only_shown), [dataset.pk, *params])
        return list(cursor.fetchall())
