"""What can be written next in a query line: fields with their values, classes, slices, splits, tags, functions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import connection

from curate.counts.columns import columns_of
from curate.counts.facets import metadata_facets
from curate.models import AutoCurate, Comparison, Evaluation
from curate.query.columns import IMAGE, LABEL, FieldKind, QueryColumn, Scope
from curate.query.functions import FUNCTIONS, Function
from curate.query.names import DatasetNames, slice_names
from dataset.attribute_rules import CHECKBOX, CHOICE, NUMBER
from dataset.models import Attribute, Dataset, PredictionSet
from model.models import Checkpoint, Run
from science.natural_order import natural_key

TYPES = {
    FieldKind.NUMBER: "number",
    FieldKind.REAL: "number",
    FieldKind.TEXT: "text",
    FieldKind.TIME: "time",
    FieldKind.TRUTH: "truth",
    FieldKind.CHOICE: "choice",
    FieldKind.CLASS: "class",
}
MOST = 50  # names or values of one kind
SAMPLE = 20_000  # labels that are looked at for their attributes
KEEP = 24 * 3600  # seconds; the name carries the revision

ATTRIBUTES = """
SELECT pair.key, pair.value, count(*)
FROM dataset_labelclass class,
     LATERAL (SELECT attributes FROM dataset_annotation label
              WHERE label.dataset_id = class.dataset_id AND label.label_class_id = class.id AND label.died IS NULL
              LIMIT %s) sample,
     jsonb_each(sample.attributes) pair
WHERE class.dataset_id = %s AND jsonb_typeof(pair.value) IN ('string', 'number', 'boolean')
GROUP BY pair.key, pair.value ORDER BY pair.key, count(*) DESC, pair.value
"""

FieldRow = dict[str, Any]


def completions(dataset: Dataset) -> dict[str, list[Any]]:
    """Everything that a query line of this dataset can name."""
    names = DatasetNames(dataset)
    attributes = attribute_fields(dataset)
    return {
        "fields": [*scope_fields(IMAGE), *metadata_fields(dataset)],
        "classes": list(dataset.classes.order_by("index").values_list("name", flat=True)),
        "slices": slice_names(dataset),
        "splits": names.splits,
        "tags": sorted(names.tags, key=natural_key),
        "functions": [function_row(function, dataset, attributes) for function in FUNCTIONS.values()],
    }


def function_row(function: Function, dataset: Dataset, attributes: list[FieldRow]) -> dict[str, Any]:
    """A function with what may stand between its brackets."""
    parameters = [parameter(function, name, dataset) for name in function.parameters]
    fields = scope_fields(function.scope) if function.scope else []
    return {
        "name": function.name,
        "signature": function.signature,
        "what": function.what,
        "takes": function.takes,
        "fields": [*parameters, *fields, *(attributes if function.scope is LABEL else [])],
    }


def scope_fields(scope: Scope) -> list[FieldRow]:
    return [
        {"name": name, "type": TYPES[column.kind], "values": values_of(column)}
        for name, column in scope.columns.items()
    ]


def values_of(column: QueryColumn) -> list[Any]:
    if column.kind == FieldKind.TRUTH:
        return [True, False]
    return list(column.choices or ())


def parameter(function: Function, name: str, dataset: Dataset) -> FieldRow:
    """`name = …` of a function, with what it can be there."""
    read = VALUES.get(f"{function.name}.{name}") or VALUES.get(name)
    values = read(dataset) if read else []
    return {
        "name": name,
        "type": "text" if any(isinstance(value, str) for value in values) else "number",
        "values": values,
    }


def _judged(dataset: Dataset) -> list[Any]:
    rows = Evaluation.objects.filter(dataset=dataset, of=None, finished_at__isnull=False).order_by("-id")
    return list(dict.fromkeys(rows.values_list("prediction_set__name", flat=True)[:MOST]))


def _predicted(dataset: Dataset) -> list[Any]:
    rows = PredictionSet.objects.filter(dataset=dataset).order_by("-id")
    return list(dict.fromkeys(rows.values_list("name", flat=True)[:MOST]))


def _compared(dataset: Dataset) -> list[Any]:
    rows = Comparison.objects.filter(dataset=dataset, finished_at__isnull=False).order_by("-id")
    return list(rows.values_list("id", flat=True)[:MOST])


def _revisions(dataset: Dataset) -> list[Any]:
    return list(dataset.revisions.order_by("-number").values_list("number", flat=True)[:MOST])


def _runs(dataset: Dataset) -> list[Any]:
    return list(Run.objects.filter(dataset=dataset).order_by("-id").values_list("name", flat=True)[:MOST])


def _checkpoints(dataset: Dataset) -> list[Any]:
    rows = Checkpoint.objects.filter(run__dataset=dataset).order_by("-id")
    return list(rows.values_list("id", flat=True)[:MOST])


def _auto_curates(dataset: Dataset) -> list[Any]:
    return list(AutoCurate.objects.filter(dataset=dataset).order_by("-id").values_list("id", flat=True)[:MOST])


VALUES: dict[str, Callable[[Dataset], list[Any]]] = {
    "evaluation": _judged,
    "predictions": _predicted,
    "comparison": _compared,
    "revision": _revisions,
    "checkpoint": _checkpoints,
    "used_in_training.run": _runs,
    "suggested.run": _auto_curates,
}


def metadata_fields(dataset: Dataset) -> list[FieldRow]:
    """The metadata keys with the values seen most often. A key that is no plain name is quoted."""
    values = {
        facet["key"]: [one["value"] for one in facet["values"]] for facet in metadata_facets(columns_of(dataset), None)
    }
    return [field_row(key, values.get(key, []), "metadata", IMAGE) for key in dataset.metadata_keys]


def attribute_fields(dataset: Dataset) -> list[FieldRow]:
    """The attributes that labels have, with their values, by a sample of each class; kept until the labels change."""
    name = f"curate:attributes:{dataset.pk}:{dataset.head_revision}:{dataset.annotation_count}"
    kept = cache.get_or_set(name, lambda: _attributes(dataset), KEEP)
    stated = stated_values(dataset)
    found = {key: list(dict.fromkeys([*stated.get(key, []), *values])) for key, values in (kept or {}).items()}
    rows = [field_row(key, values[:MOST], "attributes", LABEL) for key, values in (stated | found).items()]
    return sorted(rows, key=lambda row: row["name"])


def stated_values(dataset: Dataset) -> dict[str, list[Any]]:
    """What the schema says of attributes: the values of a choice in their order, also those that no label has yet."""
    stated: dict[str, list[Any]] = {}
    for row in Attribute.objects.filter(dataset=dataset):
        own = {CHECKBOX: [True, False], CHOICE: row.values, NUMBER: [row.minimum or 0]}.get(row.kind, [])
        stated.setdefault(row.name, []).extend(own)
    return stated


def _attributes(dataset: Dataset) -> dict[str, list[Any]]:
    of_each = max(200, SAMPLE // max(1, dataset.classes.count()))
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(ATTRIBUTES, [of_each, dataset.pk])
        for key, value, _ in cursor.fetchall():
            found.setdefault(key, []).append(json.loads(value) if isinstance(value, str) else value)
    return {key: values[:MOST] for key, values in found.items()}


def field_row(key: str, values: list[Any], json_name: str, scope: Scope) -> FieldRow:
    return {"name": field_text(key, json_name, scope), "type": type_of(values), "values": values}


def field_text(key: str, json_name: str = "metadata", scope: Scope = IMAGE) -> str:
    """The key as the query line takes it."""
    plain = key.isidentifier() and key.lower() not in RESERVED and key.lower() not in scope.columns
    if plain:
        return key
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'{json_name}."{escaped}"'


RESERVED = {
    "and", "or", "not", "in", "like", "is", "null", "true", "false", "metadata", "attributes", "revision",
    "used_in_training", "touches_border", "labelled", "negative",
}  # fmt: skip


def type_of(values: list[Any]) -> str:
    """number, truth or text, as most of the values are."""
    kinds = [
        "truth" if isinstance(one, bool) else "number" if isinstance(one, int | float) else "text" for one in values
    ]
    return max(set(kinds), key=kinds.count) if kinds else "text"
