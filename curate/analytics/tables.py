"""Cross tables: any two fields of images, or classes, with what the margins would say of each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.problems import BadInput
from curate.analytics.boxes import class_boxes
from curate.analytics.fields import ChartField, field_named
from curate.analytics.images import bin_bounds
from curate.analytics.shown_images import ShownImages
from curate.query import query_lines
from dataset.bulk import copy_out
from science.analytics.counting import images_with_both, one_hot
from science.analytics.crosstab import cramers_v, residuals

CLASS = "class"
MOST_CLASSES = 40  # rows or columns that can still be read

CODED = "SELECT dataset_image.id, {codes} FROM dataset_image WHERE dataset_id = %s {only} ORDER BY dataset_image.id"

Flags = NDArray[np.bool_]
Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Head:
    """A row's or a column's name and the images in it."""

    images: int
    q: str
    label: str | None = None
    low: float | None = None
    high: float | None = None
    class_id: int | None = None


@dataclass(frozen=True)
class CrossTable:
    """Images by two properties. `images` are those for which both are known."""

    rows_name: str
    columns_name: str
    images: int
    unknown: int
    rows: list[Head]
    columns: list[Head]
    counts: list[list[int]]
    residuals: list[list[float | None]]
    q: list[list[str]]
    association: float | None  # Cramér's V; None where rows or columns overlap
    left_out: int = 0  # classes beyond those shown


@dataclass(frozen=True, eq=False)
class TableSide:
    """One direction of the table: which images are in which of its places."""

    heads: list[Head]  # without counts yet
    member: Flags  # (I, K)
    known: Flags  # (I,)
    exclusive: bool
    left_out: int = 0


def cross_table(shown: ShownImages, rows: str, columns: str) -> CrossTable:
    """Raises BadInput where a field is not one that can be crossed."""
    fields = [_field(shown, name) for name in (rows, columns)]
    image_ids, codes = field_places(shown, [field for field in fields if field])
    numbered = iter(codes)
    sides = [_field_side(field, next(numbered)) if field else _class_side(shown, image_ids) for field in fields]
    return _table(sides[0], sides[1], rows, columns)


def _field(shown: ShownImages, name: str) -> ChartField | None:
    """The field of that name; None for the classes."""
    if name == CLASS:
        return None
    field = field_named(shown, name)
    if field is None or field.kind == "list":
        sentence = f"“{name}” cannot stand in a cross table; it needs few values, numbers or a time."
        raise BadInput(sentence, errors={"rows": [sentence]})
    return field


def field_places(shown: ShownImages, fields: Sequence[ChartField]) -> tuple[Ids, list[Ids]]:
    """The images shown, rising, and for each field the `(I,)` places of the images in it; -1 for none."""
    only, params = shown.only("dataset_image.id")
    codes = ", ".join(f"COALESCE({field.code}, -1)::bigint" for field in fields) or "0::bigint"
    given = [value for field in fields for value in field.params]
    dtypes = [np.int64] * (1 + max(len(fields), 1))
    ids, *found = copy_out(CODED.format(codes=codes, only=only), [*given, shown.dataset.pk, *params], dtypes)
    return ids, found


def _field_side(field: ChartField, codes: Ids) -> TableSide:
    lows, highs = bin_bounds(field)
    heads = [
        Head(0, clause, label=field.places[k] if field.places else None, low=lows[k], high=highs[k])
        for k, clause in enumerate(field.clauses)
    ]
    return TableSide(heads, one_hot(codes, len(heads)), codes >= 0, exclusive=True)


def _class_side(shown: ShownImages, image_ids: Ids) -> TableSide:
    classes = list(shown.dataset.classes.values_list("id", "name"))
    found = class_boxes(shown, [pk for pk, _ in classes])
    member = found.presence(image_ids, len(classes))
    kept = np.sort(np.argsort(-member.sum(axis=0), kind="stable")[:MOST_CLASSES])
    heads = [
        Head(0, query_lines.boxes("any", [name]), label=name, class_id=pk)
        for pk, name in (classes[place] for place in kept.tolist())
    ]
    return TableSide(heads, member[:, kept], np.ones(len(image_ids), bool), False, len(classes) - len(kept))


def _table(rows: TableSide, columns: TableSide, rows_name: str, columns_name: str) -> CrossTable:
    known = rows.known & columns.known
    first, second = rows.member[known], columns.member[known]
    total = int(known.sum())
    counts = images_with_both(first, second)
    sums = first.sum(axis=0, dtype=np.int64), second.sum(axis=0, dtype=np.int64)
    scores = residuals(counts, *sums, total)
    same = rows_name == columns_name
    return CrossTable(
        rows_name, columns_name, images=total, unknown=len(known) - total,
        rows=_headed(rows.heads, sums[0]), columns=_headed(columns.heads, sums[1]),
        counts=counts.tolist(),
        residuals=[
            [None if np.isnan(z) or (same and i == j) else round(float(z), 2) for j, z in enumerate(line)]
            for i, line in enumerate(scores)
        ],
        q=[[_cell(a.q, b.q) for b in columns.heads] for a in rows.heads],
        association=None if same or not (rows.exclusive and columns.exclusive) else cramers_v(counts),
        left_out=max(rows.left_out, columns.left_out),
    )  # fmt: skip


def _headed(heads: list[Head], counts: Ids) -> list[Head]:
    return [
        Head(int(n), head.q, label=head.label, low=head.low, high=head.high, class_id=head.class_id)
        for head, n in zip(heads, counts, strict=True)
    ]


def _cell(first: str, second: str) -> str:
    return first if first == second else query_lines.both_conditions(first, second)


def crossable_fields(shown: ShownImages, fields: list[ChartField]) -> list[dict[str, Any]]:
    """What can be crossed."""
    names = [CLASS, *(field.name for field in fields if field.clauses and field.kind != "list")]
    return [{"name": name} for name in names]
