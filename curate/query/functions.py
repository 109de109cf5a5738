"""The functions of the query line: count, any, in_slice, tp, fp, fn, suggested, fixed, broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from curate.query import tree
from curate.query.columns import LABEL, MATCH, PREDICTION, SUGGESTION, Scope
from curate.query.errors import QueryError, unknown
from curate.query.names import Names
from curate.query.rows import Rows
from curate.query.sql import Sql

CompileNode = Callable[[tree.Node, Scope], Sql]


@dataclass
class Arguments:
    """A call's arguments, sorted: class names (or *), `parameter = value` pairs, and conditions on the rows."""

    classes: list[tree.Literal] = field(default_factory=list)
    star: tree.Star | None = None
    parameters: dict[str, tree.Literal] = field(default_factory=dict)
    conditions: list[tree.Node] = field(default_factory=list)


@dataclass(frozen=True)
class Function:
    """One function: how it is written, what it says, which parameters it takes, and what it becomes."""

    name: str
    signature: str
    what: str
    parameters: tuple[str, ...]
    compile: Callable[[tree.Call, Arguments, Names, CompileNode], Sql]
    counts: bool = True  # may be followed by a comparison with a number


def sort_arguments(call: tree.Call, parameters: Iterable[str]) -> Arguments:
    """Sort a call's arguments. Raises QueryError where * stands beside names or a parameter stands twice."""
    sorted_ = Arguments()
    for argument in call.arguments:
        match argument:
            case tree.Star():
                sorted_.star = argument
            case tree.Literal():
                sorted_.classes.append(argument)
            case tree.Compare(field=named, op="=", literal=literal) if str(named).lower() in parameters:
                if str(named).lower() in sorted_.parameters:
                    raise QueryError(f"{named} is given twice.", named.at)
                sorted_.parameters[str(named).lower()] = literal
            case _:
                sorted_.conditions.append(argument)
    if sorted_.star and sorted_.classes:
        raise QueryError("* means every class; leave it out beside names.", sorted_.star.at)
    return sorted_


def _class_filter(column: str, arguments: Arguments, names: Names) -> list[Sql]:
    ids = [names.class_id(literal) for literal in arguments.classes]
    if not ids:
        return []
    return [Sql(f"{column} = %s", (ids[0],)) if len(ids) == 1 else Sql(f"{column} = ANY(%s)", (ids,))]


def _needs_class(call: tree.Call, arguments: Arguments) -> None:
    if not arguments.classes and arguments.star is None:
        raise QueryError(f"{call.name}() needs a class or *.", call.at, ["a class", "*"])


def _no_class(call: tree.Call, arguments: Arguments) -> None:
    if arguments.classes:
        raise QueryError(f"{call.name}() takes no class.", arguments.classes[0].at)


def _boxes(call: tree.Call, arguments: Arguments, names: Names, node: CompileNode) -> Sql:
    """count and any: the current labels, or the boxes of a prediction set."""
    _needs_class(call, arguments)
    if (predictions := arguments.parameters.get("predictions")) is not None:
        mine = Sql("prediction.prediction_set_id = %s", (names.prediction_set_id(predictions),))
        rows = Rows(
            "dataset_prediction prediction",
            "prediction.image_id",
            (
                mine,
                *_class_filter("prediction.label_class_id", arguments, names),
                *(node(condition, PREDICTION) for condition in arguments.conditions),
            ),
        )
        return rows.counted(call.op, call.number)
    rows = Rows(
        "dataset_annotation label",
        "label.image_id",
        (
            Sql("label.dataset_id = %s", (names.dataset.pk,)),
            Sql("label.died IS NULL"),
            *_class_filter("label.label_class_id", arguments, names),
            *(node(condition, LABEL) for condition in arguments.conditions),
        ),
    )
    return rows.counted(call.op, call.number)


def _in_slice(call: tree.Call, arguments: Arguments, names: Names, node: CompileNode) -> Sql:
    if len(arguments.classes) != 1 or arguments.conditions or arguments.star:
        raise QueryError("in_slice() takes one slice, by id or by name.", call.at, names_of_slices(names))
    rows = Rows(
        "dataset_sliceimage member",
        "member.image_id",
        (Sql("member.slice_id = %s", (names.slice_id(arguments.classes[0]),)),),
    )
    return rows.counted(None, None)


def names_of_slices(names: Names) -> list[str]:
    return [f'"{name}"' for name in list(names.slices)[:12]]


def _evaluation(call: tree.Call, arguments: Arguments, names: Names) -> int:
    if (literal := arguments.parameters.get("evaluation")) is not None:
        return names.evaluation_id(literal)
    if names.evaluation is not None:
        return names.evaluation.pk
    raise QueryError(f"{call.name}() needs evaluation = … to say whose verdict is meant.", call.at, ["evaluation = …"])


def _verdict(column: str) -> Callable[[tree.Call, Arguments, Names, CompileNode], Sql]:
    """tp, fp, fn: the class is the labelled one, for a false positive the predicted one."""

    def compile_verdict(call: tree.Call, arguments: Arguments, names: Names, node: CompileNode) -> Sql:
        _needs_class(call, arguments)
        rows = Rows(
            "curate_match match",
            "match.image_id",
            (
                Sql("match.evaluation_id = %s", (_evaluation(call, arguments, names),)),
                Sql("match.verdict = %s", (call.name,)),
                *_class_filter(column, arguments, names),
                *(node(condition, MATCH) for condition in arguments.conditions),
            ),
        )
        return rows.counted(call.op, call.number)

    return compile_verdict


def _suggested(call: tree.Call, arguments: Arguments, names: Names, node: CompileNode) -> Sql:
    _no_class(call, arguments)
    if (run := arguments.parameters.get("run")) is not None:
        of_run = Sql("suggestion.auto_curate_id = %s", (names.auto_curate_id(run),))
    else:
        of_run = Sql(
            "suggestion.auto_curate_id IN (SELECT id FROM curate_autocurate WHERE dataset_id = %s)",
            (names.dataset.pk,),
        )
    conditions = (node(condition, SUGGESTION) for condition in arguments.conditions)
    rows = Rows("curate_suggestion suggestion", "suggestion.image_id", (of_run, *conditions))
    return rows.counted(call.op, call.number)


def _compared(first: str, second: str) -> Callable[[tree.Call, Arguments, Names, CompileNode], Sql]:
    """fixed and broken: labels with one verdict in the first evaluation of a comparison and another in its second."""

    def compile_compared(call: tree.Call, arguments: Arguments, names: Names, node: CompileNode) -> Sql:
        literal = arguments.parameters.get("comparison")
        if literal is None:
            raise QueryError(f"{call.name}() needs comparison = …", call.at, ["comparison = …"])
        a, b = names.compared_pair(literal)
        rows = Rows(
            "curate_match match JOIN curate_match earlier ON earlier.annotation_id = match.annotation_id",
            "match.image_id",
            (
                Sql("match.evaluation_id = %s AND match.verdict = %s", (b, second)),
                Sql("earlier.evaluation_id = %s AND earlier.verdict = %s", (a, first)),
                *_class_filter("match.truth_class_id", arguments, names),
                *(node(condition, MATCH) for condition in arguments.conditions),
            ),
        )
        return rows.counted(call.op, call.number)

    return compile_compared


_MATCHED = "evaluation = …, truth = …, predicted = …, error = …, score >= …, iou >= …"
FUNCTIONS = {
    function.name: function
    for function in (
        Function(
            "count",
            "count(class or *, condition …) >= number",
            "how many labels an image has; with predictions = … how many predictions",
            ("predictions",),
            _boxes,
        ),
        Function("any", "any(class or *, condition …)", "at least one such label", ("predictions",), _boxes, False),
        Function("in_slice", 'in_slice("name" or id)', "the image is in the slice", (), _in_slice, False),
        Function(
            "tp", f"tp(class or *, {_MATCHED})", "found: a true positive", ("evaluation",),
            _verdict("match.truth_class_id"),
        ),
        Function(
            "fp", f"fp(class or *, {_MATCHED})", "found wrongly: a false positive, by predicted class",
            ("evaluation",), _verdict("match.predicted_class_id"),
        ),
        Function(
            "fn", f"fn(class or *, {_MATCHED})", "not found: a false negative, by labelled class", ("evaluation",),
            _verdict("match.truth_class_id"),
        ),
        Function(
            "suggested", "suggested(kind = …, run = id, verdict = …, score >= …)", "auto-curate suggests a change",
            ("run",), _suggested,
        ),
        Function(
            "fixed", "fixed(class or *, comparison = id)", "a label that only the newer evaluation finds",
            ("comparison",), _compared("fn", "tp"),
        ),
        Function(
            "broken", "broken(class or *, comparison = id)", "a label that only the older evaluation finds",
            ("comparison",), _compared("tp", "fn"),
        ),
    )
}  # fmt: skip


def compile_call(call: tree.Call, names: Names, node: CompileNode) -> Sql:
    """Compile one call. Raises QueryError for an unknown function or arguments that it does not take."""
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise unknown("function", call.name, list(FUNCTIONS), call.at)
    if call.op is not None and not function.counts:
        raise QueryError(f"{call.name}() is true or false; it is not compared with a number.", call.at)
    return function.compile(call, sort_arguments(call, function.parameters), names, node)
