"""Reads of what images are said to be: their tags and metadata, and what there is to choose from."""

import json
from typing import Any

from django.db import connection

from accounts.natural_names import by_name
from dataset.models import Dataset, Image, Tag
from dataset.selectors.tags import tags_on
from dataset.tag_names import REJECTED
from science.natural_order import natural_key

LOOKED_AT = 20_000  # images
MOST_VALUES = 20  # of a key that is chosen from; with more it is a name or a number
OURS = ("split",)  # keys whose values are no label of an image

VALUES = """
SELECT pair.key, pair.value::text, count(*) FROM (
    SELECT metadata FROM dataset_image WHERE dataset_id = %s ORDER BY id LIMIT %s
) image, jsonb_each(image.metadata) pair
WHERE jsonb_typeof(pair.value) IN ('string', 'boolean') GROUP BY 1, 2 ORDER BY 1, 2
"""


def labels_of(image: Image) -> dict[str, Any]:
    return {"tags": [one["name"] for one in tags_on(image)], "metadata": image.metadata}


def choices_of(dataset: Dataset) -> dict[str, Any]:
    """The dataset's tags, `rejected` left out, and the keys of which a few values come again, with these."""
    found: dict[str, dict[Any, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(VALUES, [dataset.pk, LOOKED_AT])
        for key, value, images in cursor.fetchall():
            found.setdefault(key, {})[json.loads(value)] = images
    keys = [key for key, values in found.items() if key not in OURS and is_chosen(values)]
    tags = Tag.objects.filter(dataset=dataset).exclude(name=REJECTED).order_by(by_name())
    return {
        "tags": list(tags.values_list("name", flat=True)),
        "metadata": [{"key": key, "values": list(found[key])} for key in sorted(keys, key=natural_key)],
    }


def is_chosen(values: dict[Any, int]) -> bool:
    """Few values, and not one of its own for every image."""
    images = sum(values.values())
    return len(values) <= MOST_VALUES and (images >= 2 * len(values) or images == 1)
