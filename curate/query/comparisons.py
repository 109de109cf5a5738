"""Comparisons of one field: = != < <= > >=, in, like, is null."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from curate.query.columns import FieldKind, QueryColumn
from curate.query.errors import Position, QueryError
from curate.query.sql import Sql, all_of, any_of, negation_of
from curate.query.tree import Literal

ClassId = Callable[[Literal], int | None]

# The operators as SQL has them; what the line says reaches the text of a comparison only by way of this table.
OPERATORS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def compare_sql(column: QueryColumn, op: str, literal: Literal, class_id: ClassId) -> Sql:
    """`column op literal`. Raises QueryError where the literal is of another kind."""
    match column.kind:
        case FieldKind.NUMBER | FieldKind.REAL:
            return _compare_number(column, op, literal)
        case FieldKind.TEXT:
            return _compare_text(column, op, literal)
        case FieldKind.TIME:
            return _compare_time(column, op, literal)
        case FieldKind.JSON:
            return _compare_json(column, op, literal)
        case FieldKind.CLASS:
            return _compare_class(column, op, literal, class_id)
        case FieldKind.CHOICE:
            return _compare_choice(column, op, literal)
        case FieldKind.TRUTH:
            return _compare_truth(column, op, literal)


def in_list_sql(column: QueryColumn, literals: tuple[Literal, ...], class_id: ClassId) -> Sql:
    """`column in (…)`: SQL's IN for numbers and texts, any of the comparisons for the rest."""
    if column.kind in (FieldKind.NUMBER, FieldKind.REAL) and not any(one.percent for one in literals):
        return _one_of(column, [_number(column, one) for one in literals])
    if column.kind == FieldKind.TEXT:
        return _one_of(column, [_text(column, one) for one in literals])
    return any_of(compare_sql(column, "=", literal, class_id) for literal in literals)


def _one_of(column: QueryColumn, values: Sequence[object]) -> Sql:
    places = ", ".join(["%s"] * len(values))
    return Sql(f"{column.sql} IN ({places})", tuple(values), nullable=True)


def like_sql(column: QueryColumn, pattern: Literal) -> Sql:
    """SQL's LIKE, of a pattern as `parser.pattern_of` reads it: % is any text, _ any character; case matters."""
    text = str(pattern.value)
    if column.kind == FieldKind.TEXT:
        return Sql(f"{column.sql} LIKE %s", (text,), nullable=True)
    if column.kind == FieldKind.JSON:
        value, path = _json_value(column, "#>>")
        return all_of([_json_type(column, "string"), Sql(f"{value} LIKE %s", (path, text), nullable=True)])
    raise QueryError("like compares texts; this field is not one.", pattern.at, _operators(column))


def is_null(column: QueryColumn) -> Sql:
    """Nothing is known: null, an absent key, or an empty text where that is how absence is kept."""
    if column.kind == FieldKind.JSON:
        value, path = _json_value(column, "#>")
        return Sql(f"COALESCE(jsonb_typeof({value}), 'null') = 'null'", (path,))
    if column.blank:
        return Sql(f"{column.sql} = ''")
    return Sql(f"({column.sql} IS NULL)")


def _compare_number(column: QueryColumn, op: str, literal: Literal) -> Sql:
    if literal.percent and column.whole:
        share = float(literal.value) / 100
        return Sql(f"{column.sql} {OPERATORS[op]} %s::float8 * {column.whole}", (share,), nullable=True)
    return Sql(f"{column.sql} {OPERATORS[op]} %s", (_number(column, literal),), nullable=True)


def _number(column: QueryColumn, literal: Literal) -> int | float:
    value = literal.value
    if literal.percent:
        raise _no_share(literal)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise QueryError(f"A number was expected here, not “{value}”.", literal.at, ["a number"])
    return float(np.float32(value)) if column.kind == FieldKind.REAL else value


def _no_share(literal: Literal) -> QueryError:
    return QueryError(
        f"{literal.value}% of what? Only places and sizes of boxes are given in per cent of the image.", literal.at
    )


def _text(column: QueryColumn, literal: Literal) -> str:
    if not isinstance(literal.value, str):
        shown = str(literal.value).lower()
        raise QueryError(f'A text was expected here; write "{shown}" in quotes.', literal.at, ["a text in quotes"])
    return literal.value


def _compare_text(column: QueryColumn, op: str, literal: Literal) -> Sql:
    order = ' COLLATE "C"' if op not in ("=", "!=") else ""  # by code point, the same on every server
    condition = Sql(f"{column.sql} {OPERATORS[op]} %s{order}", (_text(column, literal),), nullable=True)
    return all_of([condition, negation_of(is_null(column))]) if column.blank and op != "=" else condition


def _compare_time(column: QueryColumn, op: str, literal: Literal) -> Sql:
    """A date alone stands for that whole day in UTC."""
    start, end = _span(literal)
    if start == end:
        return Sql(f"{column.sql} {OPERATORS[op]} %s", (start,), nullable=True)
    inside = Sql(f"({column.sql} >= %s AND {column.sql} < %s)", (start, end), nullable=True)
    match op:
        case "=":
            return inside
        case "!=":
            return Sql(f"(NOT {inside.text})", inside.params, nullable=True)
        case "<" | ">=":
            return Sql(f"{column.sql} {op} %s", (start,), nullable=True)
        case _:
            return Sql(f"{column.sql} {'<' if op == '<=' else '>='} %s", (end,), nullable=True)


def _span(literal: Literal) -> tuple[datetime, datetime]:
    """The first moment meant and the first one after; equal for a moment."""
    try:
        if len(str(literal.value)) == len("2020-06-01"):
            start = datetime.combine(date.fromisoformat(str(literal.value)), time(), UTC)
            return start, start + timedelta(days=1)
        moment = datetime.fromisoformat(str(literal.value))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC), moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise QueryError(
            f"A date was expected here, as 2020-06-01 or 2020-06-01T12:30, not “{literal.value}”.",
            literal.at,
            ["a date"],
        ) from None


def _compare_class(column: QueryColumn, op: str, literal: Literal, class_id: ClassId) -> Sql:
    _only_equality(column, op, literal.at)
    wanted = class_id(literal)
    if wanted is None:
        return Sql(f"({column.sql} IS {'NOT ' if op == '!=' else ''}NULL)")
    if op == "!=":
        return Sql(f"({column.sql} IS DISTINCT FROM %s)", (wanted,))
    return Sql(f"{column.sql} = %s", (wanted,), nullable=True)


def _compare_choice(column: QueryColumn, op: str, literal: Literal) -> Sql:
    _only_equality(column, op, literal.at)
    choices = column.choices or {}
    if literal.value not in choices:
        raise QueryError(
            f"“{literal.value}” is not one of {', '.join(choices)}.", literal.at, [f'"{word}"' for word in choices]
        )
    return Sql(f"{column.sql} {OPERATORS[op]} %s", (choices[str(literal.value)],), nullable=True)


def _compare_truth(column: QueryColumn, op: str, literal: Literal) -> Sql:
    _only_equality(column, op, literal.at)
    if not isinstance(literal.value, bool):
        raise QueryError(f"true or false was expected here, not “{literal.value}”.", literal.at, ["true", "false"])
    return Sql(column.sql, nullable=True) if literal.value == (op == "=") else Sql(f"NOT {column.sql}", nullable=True)


def _only_equality(column: QueryColumn, op: str, at: Position) -> None:
    if op not in ("=", "!="):
        raise QueryError("Only =, != and in make sense here.", at, _operators(column))


def _operators(column: QueryColumn) -> list[str]:
    return (
        ["=", "!=", "in"]
        if column.kind in (FieldKind.CLASS, FieldKind.CHOICE, FieldKind.TRUTH)
        else ["=", "!=", "<", "<=", ">", ">=", "in"]
    )


def _json_value(column: QueryColumn, arrow: str) -> tuple[str, list[str]]:
    """The SQL of the value at the column's path, and the parameter that it takes."""
    return f"({column.sql} {arrow} %s::text[])", list(column.path)


def _json_type(column: QueryColumn, name: str) -> Sql:
    value, path = _json_value(column, "#>")
    return Sql(f"jsonb_typeof({value}) = '{name}'", (path,), nullable=True)


def _holds(column: QueryColumn, value: object) -> Sql:
    """Containment, which the index on the column answers; it knows no places in a list, so that those are looked up."""
    if any(key.isdecimal() for key in column.path[1:]):
        place, path = _json_value(column, "#>")
        return Sql(f"{place} @> %s::jsonb", (path, json.dumps(value)), nullable=True)
    for key in reversed(column.path):
        value = {key: value}
    return Sql(f"{column.sql} @> %s::jsonb", (json.dumps(value),), nullable=True)


def _equal_json(column: QueryColumn, literal: Literal) -> Sql:
    """The value itself, or a list that has it. 5 is not "5"."""
    return any_of([_holds(column, literal.value), _holds(column, [literal.value])])


def holds_text(column_sql: str, key: str, text: str) -> Sql:
    """Whether a key of a JSON column is this text."""
    return _holds(QueryColumn(FieldKind.JSON, column_sql, (key,)), text)


def _compare_json(column: QueryColumn, op: str, literal: Literal) -> Sql:
    if literal.percent:
        raise _no_share(literal)
    if op == "=":
        return _equal_json(column, literal)
    if op == "!=":
        return all_of([negation_of(is_null(column)), negation_of(_equal_json(column, literal))])
    if isinstance(literal.value, bool):
        raise QueryError("true and false have no order; only = and != make sense here.", literal.at, ["=", "!="])
    if isinstance(literal.value, str):
        value, path = _json_value(column, "#>>")
        ordered = Sql(f'{value} {OPERATORS[op]} %s COLLATE "C"', (path, literal.value), nullable=True)
        return all_of([_json_type(column, "string"), ordered])
    value, path = _json_value(column, "#>")
    ordered = Sql(f"{value} {OPERATORS[op]} %s::jsonb", (path, json.dumps(literal.value)), nullable=True)
    return all_of([_json_type(column, "number"), ordered])
