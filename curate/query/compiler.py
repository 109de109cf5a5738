"""Tree to SQL: a condition on the table dataset_image, with parameters."""

from __future__ import annotations

from curate.query import comparisons, tree
from curate.query.columns import Scope, image_scope
from curate.query.errors import QueryError
from curate.query.functions import compile_call
from curate.query.names import Names
from curate.query.parser import parse
from curate.query.sql import TRUE, Sql, every, negated, some


def compile_query(text: str, names: Names) -> Sql:
    """A query line as a condition on dataset_image. Raises QueryError with line, column and what was expected."""
    node = parse(text)
    return TRUE if node is None else _Compiler(names).node(node, image_scope(names.check_key))


class _Compiler:
    """Walks the tree; the scope says what a field name means at this depth."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def node(self, node: tree.Node, scope: Scope) -> Sql:
        match node:
            case tree.And(parts=parts):
                return every(self.node(part, scope) for part in parts)
            case tree.Or(parts=parts):
                return some(self.node(part, scope) for part in parts)
            case tree.Not(inside=inside):
                return negated(self.node(inside, scope))
            case tree.Call():
                return self._call(node, scope)
            case tree.Compare(field=field, op=op, literal=literal):
                return comparisons.compare(scope.resolve(field), op, literal, self.names.class_or_background)
            case tree.Within(field=field, literals=literals):
                return comparisons.within(scope.resolve(field), literals, self.names.class_or_background)
            case tree.Like(field=field, pattern=pattern):
                return comparisons.like(scope.resolve(field), pattern)
            case tree.IsNull(field=field):
                return comparisons.is_null(scope.resolve(field))

    def _call(self, call: tree.Call, scope: Scope) -> Sql:
        if scope.what != "An image":
            raise QueryError(f"{call.name}() cannot stand inside another function.", call.at)
        return compile_call(call, self.names, self.node)
