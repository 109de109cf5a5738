"""Tree to SQL: a condition on the table dataset_image, with parameters, and what to order by."""

from __future__ import annotations

from dataclasses import dataclass

from curate.query import comparisons, tree
from curate.query.columns import Scope, image_scope
from curate.query.errors import QueryError
from curate.query.functions import compile_call
from curate.query.names import DatasetNames
from curate.query.ordering import Order, order_of
from curate.query.parser import parse_line
from curate.query.sql import TRUE, Sql, all_of, any_of, negation_of


@dataclass(frozen=True)
class Compiled:
    """A query line in SQL: a condition on dataset_image, and the order that it asks for (empty: none)."""

    where: Sql
    order: Order


def compile_query(text: str, names: DatasetNames) -> Sql:
    """A query line as a condition on dataset_image. Raises QueryError with line, column and what was expected."""
    return compile_line(text, names).where


def compile_line(text: str, names: DatasetNames) -> Compiled:
    """As `compile_query`, with the order."""
    line = parse_line(text)
    where = line.where and without_revision(line.where, names)
    scope = image_scope(names.check_key, names.revision)
    return Compiled(TRUE if where is None else _Compiler(names).node(where, scope), order_of(line.order, scope))


def without_revision(node: tree.Node, names: DatasetNames) -> tree.Node | None:
    """The condition without a `revision = r` at its top, which says when all counts are meant; None if it was alone."""
    parts = node.parts if isinstance(node, tree.And) else (node,)
    asked = [part for part in parts if _is_revision(part)]
    if len(asked) > 1:
        raise QueryError("revision is given twice.", asked[1].field.at)  # type: ignore[union-attr]
    for part in asked:
        assert isinstance(part, tree.Compare)
        names.revision = names.revision_number(part.literal)
    rest = tuple(part for part in parts if not _is_revision(part))
    if len(rest) <= 1:
        return rest[0] if rest else None
    return tree.And(rest, 1 + max(map(tree.depth_of, rest)))


def _is_revision(node: tree.Node) -> bool:
    return isinstance(node, tree.Compare) and node.op == "=" and str(node.field).lower() == "revision"


class _Compiler:
    """Walks the tree; the scope says what a field name means at this depth."""

    def __init__(self, names: DatasetNames) -> None:
        self.names = names

    def node(self, node: tree.Node, scope: Scope) -> Sql:
        match node:
            case tree.And(parts=parts):
                return all_of(self.node(part, scope) for part in parts)
            case tree.Or(parts=parts):
                return any_of(self.node(part, scope) for part in parts)
            case tree.Not(inside=inside):
                return negation_of(self.node(inside, scope))
            case tree.Call():
                return self._call(node, scope)
            case tree.Compare(field=field, op=op, literal=literal):
                return comparisons.compare_sql(scope.resolve(field), op, literal, self.names.class_or_background)
            case tree.Within(field=field, literals=literals):
                return comparisons.in_list_sql(scope.resolve(field), literals, self.names.class_or_background)
            case tree.Like(field=field, pattern=pattern):
                return comparisons.like_sql(scope.resolve(field), pattern)
            case tree.IsNull(field=field):
                return comparisons.is_null(scope.resolve(field))

    def _call(self, call: tree.Call, scope: Scope) -> Sql:
        if scope.what != "An image":
            raise QueryError(f"{call.name}() cannot stand inside another function.", call.at)
        return compile_call(call, self.names, self.node)
