"""What evaluations and auto-curate say about an image: tp, fp, fn, fixed, broken, improved, worsened, suggested."""

from __future__ import annotations

from curate.query import tree
from curate.query.arguments import (
    Arguments,
    Compile,
    CompileNode,
    class_filter,
    need_class,
    refuse_classes,
    refuse_conditions,
)
from curate.query.columns import MATCH, SUGGESTION
from curate.query.errors import QueryError
from curate.query.names import DatasetNames
from curate.query.rows import Rows
from curate.query.sql import Sql


def verdict(column: str) -> Compile:
    """tp, fp, fn: the class is the labelled one, for a false positive the predicted one."""

    def compile_verdict(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
        need_class(call, arguments)
        rows = Rows(
            "curate_match match",
            "match.image_id",
            (
                Sql("match.evaluation_id = %s", (_evaluation(call, arguments, names),)),
                Sql("match.verdict = %s", (call.name,)),
                *class_filter(column, arguments, names),
                *(node(condition, MATCH) for condition in arguments.conditions),
            ),
        )
        return rows.counted(call.op, call.number)

    return compile_verdict


def _evaluation(call: tree.Call, arguments: Arguments, names: DatasetNames) -> int:
    if (literal := arguments.parameters.get("evaluation")) is not None:
        return names.evaluation_id(literal)
    if names.evaluation is not None:
        return names.evaluation.pk
    raise QueryError(f"{call.name}() needs evaluation = … to say whose verdict is meant.", call.at, ["evaluation = …"])


def compile_suggested(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
    refuse_classes(call, arguments)
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


def compared_verdict(first: str, second: str) -> Compile:
    """fixed and broken: labels with one verdict in the first evaluation of a comparison and another in its second."""

    def compile_compared(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
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
                *class_filter("match.truth_class_id", arguments, names),
                *(node(condition, MATCH) for condition in arguments.conditions),
            ),
        )
        return rows.counted(call.op, call.number)

    return compile_compared


# False positives and missed labels of the later evaluation, minus those of the earlier, on images that both judged.
ERRORS_MORE = """(dataset_image.id IN (
SELECT image_id FROM (SELECT image_id, sum(CASE WHEN evaluation_id = %s THEN 1 ELSE -1 END) AS more
FROM curate_match WHERE evaluation_id = ANY(%s) AND verdict IN ('fp', 'fn') GROUP BY image_id) counted
WHERE {holds} AND image_id IN ({judged}) AND image_id IN ({judged})))"""
JUDGED = """SELECT unnest(manifest.image_ids) FROM curate_evaluation judged
JOIN dataset_manifest manifest ON manifest.id = judged.manifest_id WHERE judged.id = %s"""


def errors_changed(holds: str) -> Compile:
    """improved and worsened: images with fewer or more errors in the second evaluation of a comparison."""

    def compile_errors_changed(call: tree.Call, arguments: Arguments, names: DatasetNames, node: CompileNode) -> Sql:
        refuse_classes(call, arguments)
        refuse_conditions(call, arguments, ("comparison",))
        literal = arguments.parameters.get("comparison")
        if literal is None:
            raise QueryError(f"{call.name}() needs comparison = …", call.at, ["comparison = …"])
        a, b = names.compared_pair(literal)
        return Sql(ERRORS_MORE.format(holds=f"more {holds} 0", judged=JUDGED), (b, [a, b], a, b))

    return compile_errors_changed
