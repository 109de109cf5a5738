"""count, any and all: the labels of an image, now or at a revision, or the boxes of a prediction set."""

from __future__ import annotations

from curate.query import tree
from curate.query.arguments import Arguments, CompileNode, class_filter, need_class
from curate.query.columns import LABEL, PREDICTION
from curate.query.errors import QueryError
from curate.query.kept_counts import kept_count_sql
from curate.query.names import DatasetNames
from curate.query.predicted_counts import predicted_count_sql
from curate.query.rows import Rows
from curate.query.sql import Sql, all_of, negation_of
from dataset.importing.columns import Ignore

PARAMETERS = ("predictions", "revision")
IGNORED = ("ignore", "crowd")  # fields of labels


def compile_count(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
    """`count(class, …) op number`, and `any(class, …)`."""
    need_class(call, arguments)
    known = _from_columns(call, arguments, names) or predicted_count_sql(call, arguments, names)
    if known is not None:
        return known
    return _rows(call, arguments, names, _conditions(arguments, node)).counted(call.op, call.number)


def compile_all(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
    """There are such boxes, and none of them misses the conditions."""
    if not arguments.conditions:
        raise QueryError(f"{call.name}() needs a condition that all of them fulfil.", call.at, ["a condition"])
    fitting = all_of(_conditions(arguments, node))
    there = _rows(call, arguments, names, [])
    others = _rows(call, arguments, names, [negation_of(fitting)])
    return all_of([there.counted(None, None), others.counted("=", tree.Literal(0, call.at))])


def _from_columns(call: tree.Call, arguments: Arguments, names: DatasetNames) -> Sql | None:
    """Where only classes of today's labels are counted, and their counts are at hand."""
    if arguments.conditions or arguments.parameters or names.revision is not None or names.columns is None:
        return None
    class_ids = [names.class_id(literal) for literal in arguments.classes] or None
    return kept_count_sql(names.columns, class_ids, call.op, call.number)


def _conditions(arguments: Arguments, node: CompileNode) -> list[Sql]:
    scope = LABEL if arguments.parameters.get("predictions") is None else PREDICTION
    return [node(condition, scope) for condition in arguments.conditions]


def _rows(call: tree.Call, arguments: Arguments, names: DatasetNames, conditions: list[Sql]) -> Rows:
    need_class(call, arguments)
    if (predictions := arguments.parameters.get("predictions")) is None:
        classes = class_filter("label.label_class_id", arguments, names)
        alive = _alive(arguments, names)
        mine = Sql("label.dataset_id = %s", (names.dataset.pk,))
        counted = [] if any(map(asks_of_ignored, arguments.conditions)) else [Sql(f"label.ignore = {int(Ignore.NO)}")]
        return Rows("dataset_annotation label", "label.image_id", (mine, alive, *counted, *classes, *conditions))
    if (revision := arguments.parameters.get("revision")) is not None:
        raise QueryError("Predictions have no revisions; leave one of the two out.", revision.at)
    classes = class_filter("prediction.label_class_id", arguments, names)
    mine = Sql("prediction.prediction_set_id = %s", (names.prediction_set_id(predictions),))
    return Rows("dataset_prediction prediction", "prediction.image_id", (mine, *classes, *conditions))


def asks_of_ignored(node: tree.Node) -> bool:
    """Whether a condition speaks of what is ignored; without one only what is not is counted."""
    match node:
        case tree.And(parts=parts) | tree.Or(parts=parts):
            return any(map(asks_of_ignored, parts))
        case tree.Not(inside=inside):
            return asks_of_ignored(inside)
        case tree.Call():
            return False
        case _:
            return str(node.field).lower() in IGNORED


def _alive(arguments: Arguments, names: DatasetNames) -> Sql:
    """The labels as they are, or as they were at the revision that the call or the line asks for."""
    literal = arguments.parameters.get("revision")
    number = names.revision if literal is None else names.revision_number(literal)
    if number is None or number == names.dataset.head_revision:
        return Sql("label.died IS NULL")
    return Sql("(label.born <= %s AND (label.died IS NULL OR label.died > %s))", (number, number))
