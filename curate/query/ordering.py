"""`order by`: fields to sort images by, and the pages of such an order.

What is not known comes last, whichever way the field is sorted. The image's id settles what is left, so that the order
is total and a page begins exactly after the last row of the one before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from curate.query.columns import FieldKind, QueryColumn, Scope
from curate.query.errors import QueryError
from curate.query.sql import Sql, all_of, any_of
from curate.query.tree import Term

MOST_TERMS = 5


@dataclass(frozen=True)
class SortKey:
    """One sort key: SQL of its value, whether it may be null, and how it is sorted."""

    value: Sql
    kind: FieldKind
    descending: bool
    nullable: bool

    @property
    def sql(self) -> Sql:
        """As ORDER BY takes it. Where nothing can be null no word is said of it, so that an index may serve."""
        way = "DESC" if self.descending else "ASC"
        return Sql(f"{self.value.text} {way}{' NULLS LAST' if self.nullable else ''}", self.value.params)

    def after(self, value: Any) -> Sql:
        """Rows whose key comes after this value. Nothing comes after null."""
        if value is None:
            return Sql("FALSE")
        sign = "<" if self.descending else ">"
        later = Sql(f"{self.value.text} {sign} {self.place}", (*self.value.params, self.given(value)))
        return any_of([later, self.same(None)]) if self.nullable else later

    def same(self, value: Any) -> Sql:
        if value is None:
            return Sql(f"({self.value.text} IS NULL)", self.value.params)
        return Sql(f"{self.value.text} = {self.place}", (*self.value.params, self.given(value)))

    @property
    def place(self) -> str:
        return {FieldKind.JSON: "%s::jsonb", FieldKind.TIME: "%s::timestamptz"}.get(self.kind, "%s")

    def given(self, value: Any) -> Any:
        return json.dumps(value) if self.kind == FieldKind.JSON else value


Order = tuple[SortKey, ...]
_ALWAYS_KNOWN = ("id", "key", "width", "height")


def order_of(terms: Sequence[Term], scope: Scope) -> Order:
    """The terms of a line as sort keys. Raises QueryError where a field is none or stands twice."""
    if len(terms) > MOST_TERMS:
        raise QueryError(f"Images are ordered by at most {MOST_TERMS} fields.", terms[MOST_TERMS].field.at)
    columns = [scope.resolve(term.field) for term in terms]
    for place, column in enumerate(columns):
        if column in columns[:place]:
            raise QueryError(f"{terms[place].field} is given twice.", terms[place].field.at)
    return tuple(_sorted(column, term.descending) for column, term in zip(columns, terms, strict=True))


def by_column(name: str, scope: Scope, *, descending: bool) -> Order:
    """One of an image's own fields."""
    return (_sorted(scope.columns[name], descending),)


def _sorted(column: QueryColumn, descending: bool) -> SortKey:
    known = any(column.sql == f"dataset_image.{name}" for name in _ALWAYS_KNOWN)
    return SortKey(_value(column), column.kind, descending, nullable=not known)


def _value(column: QueryColumn) -> Sql:
    """Absence is null, however it is kept."""
    if column.kind == FieldKind.JSON:
        return Sql(f"NULLIF({column.sql} #> %s::text[], 'null'::jsonb)", (list(column.path),))
    value = f"NULLIF({column.sql}, '')" if column.blank else column.sql
    return Sql(f'natural_name({value}) COLLATE "C"' if column.named else value)


def total(order: Order, scope: Scope) -> Order:
    """The order with the image's id at its end: names may read alike."""
    if order and order[-1].value.text == "dataset_image.id":
        return order
    descending = bool(order) and order[-1].descending
    return (*order, *by_column("id", scope, descending=descending))


def after_row(order: Order, values: Sequence[Any]) -> Sql:
    """Rows after the one with these sort keys: later in the first key, or the same there and later in the next.

    Where nothing can be null and all goes the same way it is said as one comparison, which an index can begin at.
    """
    if len(order) > 1 and not any(key.nullable for key in order) and len({key.descending for key in order}) == 1:
        return _after_as_one(order, values)
    cases = [
        all_of([*(key.same(value) for key, value in zip(order[:place], values[:place], strict=True)), key.after(value)])
        for place, (key, value) in enumerate(zip(order, values, strict=True))
    ]
    return any_of(cases)


def _after_as_one(order: Order, values: Sequence[Any]) -> Sql:
    here = ", ".join(key.value.text for key in order)
    there = ", ".join(key.place for key in order)
    params = [param for key in order for param in key.value.params]
    sign = "<" if order[0].descending else ">"
    given = [key.given(value) for key, value in zip(order, values, strict=True)]
    return Sql(f"({here}) {sign} ({there})", (*params, *given))


def fits_order(order: Order, values: Sequence[Any]) -> bool:
    """Whether these can be the sort keys of a row in this order."""
    return len(values) == len(order) and all(_is_of_kind(key, value) for key, value in zip(order, values, strict=True))


def _is_of_kind(key: SortKey, value: Any) -> bool:
    if value is None:
        return key.nullable
    if key.kind == FieldKind.TIME:
        return isinstance(value, str) and _is_time(value)
    if key.kind == FieldKind.JSON:
        return _can_be_stored(value)
    if key.kind == FieldKind.TEXT:
        return isinstance(value, str) and _can_be_stored(value)
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**63


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _can_be_stored(value: Any) -> bool:
    """Postgres has no NUL, no half characters and no NaN in its texts and JSON."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError:
        return False
    return "\\u0000" not in text
