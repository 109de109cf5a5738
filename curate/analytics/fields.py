"""What images can be told apart by: metadata keys with few values, numbers, the time, facts of the picture."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from curate.analytics.shown_images import ShownImages, rows_of
from curate.query import query_lines
from curate.query.columns import IMAGE, FieldKind
from dataset.models import Image
from science.analytics.bins import day_edges, nice_edges

FEW = 24  # different values that a chart shows one by one
SAMPLE = 20_000  # images that decide what kind of key a key is
# Facts of the picture; each appears once the table and the query line have it.
FACTS = ("brightness", "contrast", "sharpness")

KEYS = """
SELECT pair.key, jsonb_typeof(pair.value), count(*), count(DISTINCT pair.value),
       min(CASE WHEN jsonb_typeof(pair.value) = 'number' THEN pair.value::numeric END),
       max(CASE WHEN jsonb_typeof(pair.value) = 'number' THEN pair.value::numeric END)
FROM (SELECT metadata FROM dataset_image WHERE dataset_id = %s {sampled}) image, jsonb_each(image.metadata) pair
WHERE jsonb_typeof(pair.value) <> 'null'
GROUP BY 1, 2 ORDER BY 1, 2
"""
SAMPLED = "AND abs(hashint8(id)::bigint) %% {every} = 0"
# A list counts once for each of its different values.
ELEMENTS = """
SELECT DISTINCT id, jsonb_array_elements(CASE jsonb_typeof(metadata -> %s) WHEN 'array' THEN metadata -> %s
                                         ELSE jsonb_build_array(metadata -> %s) END) AS value
FROM dataset_image WHERE dataset_id = %s AND metadata ? %s
"""
VALUES = """
SELECT value, count(*) FROM ({held}) held WHERE jsonb_typeof(value) IN ('string', 'number', 'boolean')
GROUP BY value ORDER BY count(*) DESC, value LIMIT {most}
"""
ONE_VALUE = "SELECT metadata -> %s AS value FROM dataset_image WHERE dataset_id = %s"
RANGE = "SELECT min({sql}), max({sql}), count({sql}) FROM dataset_image WHERE dataset_id = %s"


@dataclass(frozen=True)
class ChartField:
    """One property of images, cut into classes. `code` is SQL of an image's place, null or negative for none."""

    name: str  # as the address and the page call it
    kind: str  # values, bins or time; list and many are not cut into classes
    places: tuple[str | None, ...] = ()  # labels of values
    edges: tuple[Any, ...] = ()  # bounds of bins; the first and last bin are open
    clauses: tuple[str, ...] = ()
    code: str = ""
    params: tuple[Any, ...] = ()
    number: str = ""  # SQL of the value as a number, where it is one
    number_params: tuple[Any, ...] = ()
    unit: str = ""
    unknown: str = ""  # the query line of images without a value
    values: tuple[Any, ...] = ()


def fields_of(shown: ShownImages) -> list[ChartField]:
    """Every field of the dataset, metadata keys first. Cut by the whole dataset, so that two slices are cut alike."""
    whole = shown.whole()
    return whole.kept("fields", lambda: [*metadata_fields(whole), *_time_field(whole), *_fact_fields(whole)])


def field_named(shown: ShownImages, name: str) -> ChartField | None:
    return next((one for one in fields_of(shown) if one.name == name and one.clauses), None)


def metadata_fields(shown: ShownImages) -> list[ChartField]:
    """The metadata keys, each as its values say: few, numbers, lists, or too many."""
    seen: dict[str, dict[str, tuple[Any, ...]]] = {}
    for key, kind, *rest in rows_of(KEYS.format(sampled=_sampled(shown)), [shown.dataset.pk]):
        seen.setdefault(key, {})[kind] = tuple(rest)
    return [_metadata_field(shown, key, kinds) for key, kinds in sorted(seen.items())]


def _sampled(shown: ShownImages) -> str:
    every = -(-shown.dataset.image_count // SAMPLE)
    return SAMPLED.format(every=every) if every > 1 else ""


def _metadata_field(shown: ShownImages, key: str, kinds: dict[str, tuple[Any, ...]]) -> ChartField:
    name, unknown = f"metadata.{key}", f"{query_lines.key(key)} is null"
    different = sum(distinct for kind, (_, distinct, _, _) in kinds.items() if kind != "object")
    if "object" in kinds:
        return ChartField(name, "many")
    if different <= FEW or "array" in kinds:
        return _value_field(shown, key, is_list="array" in kinds)
    number = kinds.get("number")
    if number is None or number[0] * 2 < sum(images for images, *_ in kinds.values()):
        return ChartField(name, "many")
    edges = nice_edges(float(number[2]), float(number[3]))[1:-1]
    sql = "CASE WHEN jsonb_typeof(metadata -> %s) = 'number' THEN (metadata -> %s)::numeric END"
    return ChartField(
        name, "bins", edges=tuple(edges), clauses=_clauses(edges, partial(query_lines.in_range, query_lines.key(key))),
        code=f"width_bucket({sql}, %s::numeric[])", params=(key, key, edges),
        number=f"({sql})::float8", number_params=(key, key), unknown=unknown,
    )  # fmt: skip


def _clauses(edges: Any, between: Callable[[Any, Any], str]) -> tuple[str, ...]:
    return tuple(between(low, high) for low, high in zip([None, *edges], [*edges, None], strict=True))


def _value_field(shown: ShownImages, key: str, is_list: bool) -> ChartField:
    """The most frequent values of a key with few."""
    held, given = (
        (ELEMENTS, [key, key, key, shown.dataset.pk, key]) if is_list else (ONE_VALUE, [key, shown.dataset.pk])
    )
    found = [_loaded(value) for value, _ in rows_of(VALUES.format(held=held, most=FEW + 1), given)]
    if is_list and len(found) > FEW:
        return ChartField(f"metadata.{key}", "many")
    values = sorted(found[:FEW], key=_order)
    return ChartField(
        f"metadata.{key}", "list" if is_list else "values",
        places=tuple(_label(value) for value in values),
        clauses=tuple(query_lines.equals(query_lines.key(key), value) for value in values),
        code="array_position(%s::jsonb[], metadata -> %s) - 1",
        params=([json.dumps(value) for value in values], key),
        unknown=f"{query_lines.key(key)} is null", values=tuple(values),
    )  # fmt: skip


def _order(value: Any) -> tuple[int, float]:
    """Truth values, then numbers by size, then texts, the most frequent first."""
    if isinstance(value, bool | int | float):
        return (0 if isinstance(value, bool) else 1, float(value))
    return (2, 0.0)


def _label(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _loaded(value: Any) -> Any:
    """A jsonb scalar as Python has it; the raw cursor gives text where Django does not decode."""
    return json.loads(value) if isinstance(value, str) else value


def _time_field(shown: ShownImages) -> list[ChartField]:
    first, last, known = rows_of(RANGE.format(sql="captured_at"), [shown.dataset.pk])[0]
    if not known or first == last:
        return []
    unit, edges = day_edges(first, last)
    inner: list[datetime] = edges[1:-1]
    if not inner:
        return []
    pairs = pairwise(edges)
    return [
        ChartField(
            "captured_at", "time", edges=tuple(edges), unit=unit,
            clauses=tuple(query_lines.in_period("captured_at", start, end) for start, end in pairs),
            code="width_bucket(captured_at, %s::timestamptz[])", params=(inner,), unknown="captured_at is null",
        )
    ]  # fmt: skip


def _fact_fields(shown: ShownImages) -> list[ChartField]:
    """brightness, contrast, sharpness: where the table and the query line have them and an image has a value."""
    columns = {one.name for one in Image._meta.get_fields()}
    named = [name for name in FACTS if name in columns and name in IMAGE.columns]
    return [found for name in named if (found := _fact_field(shown, name))]


def _fact_field(shown: ShownImages, name: str) -> ChartField | None:
    column = IMAGE.columns[name]
    low, high, known = rows_of(RANGE.format(sql=column.sql), [shown.dataset.pk])[0]
    if not known or low == high:
        return None
    edges = nice_edges(float(low), float(high))[1:-1]
    compared = [float(np.float32(edge)) for edge in edges] if column.kind == FieldKind.REAL else edges
    return ChartField(
        name, "bins", edges=tuple(edges), clauses=_clauses(edges, partial(query_lines.in_range, name)),
        code=f"width_bucket({column.sql}::float8, %s::float8[])", params=(compared,),
        number=f"{column.sql}::float8", unknown=f"{name} is null",
    )  # fmt: skip
