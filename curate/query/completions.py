"""What can be written next in a query line: fields with their values, classes, slices, functions."""

from __future__ import annotations

from typing import Any

from curate.query.columns import IMAGE, Kind
from curate.query.functions import FUNCTIONS
from curate.query.names import slice_names
from curate.selectors.facets import facets
from dataset.models import Dataset, Image

TYPES = {Kind.NUMBER: "number", Kind.REAL: "number", Kind.TEXT: "text", Kind.TIME: "time"}


def completions(dataset: Dataset) -> dict[str, list[Any]]:
    """Everything that a query line of this dataset can name."""
    return {
        "fields": [*image_fields(), *metadata_fields(dataset)],
        "classes": list(dataset.classes.order_by("index").values_list("name", flat=True)),
        "slices": slice_names(dataset),
        "functions": [{"name": one.name, "signature": one.signature, "what": one.what} for one in FUNCTIONS.values()],
    }


def image_fields() -> list[dict[str, Any]]:
    return [{"name": name, "type": TYPES[column.kind], "values": []} for name, column in IMAGE.columns.items()]


def metadata_fields(dataset: Dataset) -> list[dict[str, Any]]:
    """The metadata keys with the values seen most often. A key that is no plain name is quoted."""
    values = {
        facet["key"]: [one["value"] for one in facet["values"]]
        for facet in facets(dataset, Image.objects.filter(dataset=dataset), narrowed=False)["metadata"]
    }
    return [
        {"name": written(key), "type": type_of(values.get(key, [])), "values": values.get(key, [])}
        for key in dataset.metadata_keys
    ]


def written(key: str) -> str:
    """The key as the query line takes it."""
    plain = key.isidentifier() and key.lower() not in RESERVED and key.lower() not in IMAGE.columns
    if plain:
        return key
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'metadata."{escaped}"'


RESERVED = {"and", "or", "not", "in", "like", "is", "null", "true", "false", "metadata"}


def type_of(values: list[Any]) -> str:
    """number, truth or text, as most of the values are."""
    kinds = [
        "truth" if isinstance(one, bool) else "number" if isinstance(one, int | float) else "text" for one in values
    ]
    return max(set(kinds), key=kinds.count) if kinds else "text"
