"""The table of functions of the query line: how each is written, what it says, what it becomes."""

from __future__ import annotations

from dataclasses import dataclass

from curate.query import boxes, near, tree
from curate.query.arguments import Compile, CompileNode, sort_arguments
from curate.query.boxes import compile_all, compile_count
from curate.query.columns import LABEL, MATCH, SUGGESTION, Scope
from curate.query.errors import QueryError, unknown_name
from curate.query.lasso import compile_lasso
from curate.query.memberships import compile_in_slice, compile_in_split, compile_tag, compile_used_in_training
from curate.query.names import DatasetNames
from curate.query.near import compile_near
from curate.query.sql import Sql
from curate.query.verdicts import compared_verdict, compile_suggested, errors_changed, verdict


@dataclass(frozen=True)
class Function:
    """One function. `takes` says what its first argument names: a class, slice, split or tag; "" for nothing."""

    name: str
    signature: str
    what: str
    compile: Compile
    takes: str = "class"
    parameters: tuple[str, ...] = ()  # name = value pairs that are no conditions
    scope: Scope | None = None  # the fields that its conditions may name
    counts: bool = True  # may be followed by a comparison with a number


_MATCHED = "evaluation = …, truth = …, predicted = …, error = …, conf >= …, iou >= …"
FUNCTIONS = {
    function.name: function
    for function in (
        Function(
            "count", "count(class or *, condition …) >= number",
            "how many labels an image has; with revision = … had then; with predictions = … how many predictions",
            compile_count, parameters=boxes.PARAMETERS, scope=LABEL,
        ),
        Function(
            "any", "any(class or *, condition …)", "at least one such label",
            compile_count, parameters=boxes.PARAMETERS, scope=LABEL, counts=False,
        ),
        Function(
            "all", "all(class or *, condition …)", "there are such labels, and all fulfil the conditions",
            compile_all, parameters=boxes.PARAMETERS, scope=LABEL, counts=False,
        ),
        Function(
            "in_slice", 'in_slice("name" or id)', "the image is in the slice",
            compile_in_slice, takes="slice", counts=False,
        ),
        Function(
            "in_split", "in_split(train, valid or test)", "the image came from that split when it was imported",
            compile_in_split, takes="split", counts=False,
        ),
        Function("tag", 'tag("name")', "the image has the tag", compile_tag, takes="tag", counts=False),
        Function(
            "used_in_training", "used_in_training(run = …, checkpoint = …)",
            "a run was trained on the image: any, that one, or one behind the checkpoint",
            compile_used_in_training, takes="", parameters=("run", "checkpoint"), counts=False,
        ),
        Function(
            "near", "near(image = … or object = …, top = 50, distance <= …)",
            "looks like that image, or has an object that looks like that one; within = bits: by perceptual hash",
            compile_near, takes="", parameters=near.PARAMETERS, counts=False,
        ),
        Function(
            "in_lasso", 'in_lasso("x,y x,y x,y …", map = id)', "inside a line drawn on the embedding map",
            compile_lasso, takes="", parameters=("map",), counts=False,
        ),
        Function(
            "tp", f"tp(class or *, {_MATCHED})", "found: a true positive",
            verdict("match.truth_class_id"), parameters=("evaluation",), scope=MATCH,
        ),
        Function(
            "fp", f"fp(class or *, {_MATCHED})", "found wrongly: a false positive, by predicted class",
            verdict("match.predicted_class_id"), parameters=("evaluation",), scope=MATCH,
        ),
        Function(
            "fn", f"fn(class or *, {_MATCHED})", "not found: a false negative, by labelled class",
            verdict("match.truth_class_id"), parameters=("evaluation",), scope=MATCH,
        ),
        Function(
            "suggested", "suggested(kind = …, run = id, verdict = …, score >= …)", "auto-curate suggests a change",
            compile_suggested, takes="", parameters=("run",), scope=SUGGESTION,
        ),
        Function(
            "fixed", "fixed(class or *, comparison = id)", "a label that only the newer evaluation finds",
            compared_verdict("fn", "tp"), parameters=("comparison",), scope=MATCH,
        ),
        Function(
            "broken", "broken(class or *, comparison = id)", "a label that only the older evaluation finds",
            compared_verdict("tp", "fn"), parameters=("comparison",), scope=MATCH,
        ),
        Function(
            "improved", "improved(comparison = id)", "the newer evaluation has fewer errors on the image",
            errors_changed("<"), takes="", parameters=("comparison",), counts=False,
        ),
        Function(
            "worsened", "worsened(comparison = id)", "the newer evaluation has more errors on the image",
            errors_changed(">"), takes="", parameters=("comparison",), counts=False,
        ),
    )
}  # fmt: skip


def compile_call(call: tree.Call, names: DatasetNames, node: CompileNode) -> Sql:
    """Compile one call. Raises QueryError for an unknown function or arguments that it does not take."""
    function = FUNCTIONS.get(call.name)
    if function is None:
        raise unknown_name("function", call.name, list(FUNCTIONS), call.at)
    if call.op is not None and not function.counts:
        raise QueryError(f"{call.name}() is true or false; it is not compared with a number.", call.at)
    return function.compile(call, sort_arguments(call, function.parameters), names, node)
