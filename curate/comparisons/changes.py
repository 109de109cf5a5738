"""What changed between the two evaluations of a comparison, counted: cells, error types, objects and images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from curate.evaluations.reads import ERROR_ORDER
from curate.grid.object_changes import FP_GONE, WORDS, Pair
from curate.grid.object_sources import Conditions, ObjectSource, asked_objects, source_for
from curate.query.sql import Sql

CELLS = """
SELECT truth_class_id, predicted_class_id, count(*) FROM curate_match match
WHERE {where} AND (verdict <> 'fp' OR truth_class_id IS NULL) GROUP BY 1, 2
"""
ERRORS = """
SELECT error, count(*) FROM curate_match match
WHERE {where} AND ((verdict = 'fp' AND error <> '') OR (verdict = 'fn' AND error = 'missed')) GROUP BY 1
"""
OBJECTS = """
SELECT CASE WHEN match.verdict = 'fp' THEN match.predicted_class_id ELSE match.truth_class_id END, count(*)
FROM {table} WHERE {where} GROUP BY 1
"""
IMAGES = """
SELECT count(*) FILTER (WHERE more < 0), count(*) FILTER (WHERE more > 0) FROM (
SELECT image_id, sum(CASE WHEN evaluation_id = %s THEN 1 ELSE -1 END) AS more FROM curate_match match
WHERE verdict IN ('fp', 'fn') AND (({mine}) OR ({others})) GROUP BY image_id) counted
"""


def changes(pair: Pair, class_ids: list[int]) -> dict[str, Any]:
    """All of it, as a comparison keeps it. The object grid lists, under the same conditions, what is counted here."""
    sides = {"a": pair.earlier, "b": pair.later}
    within = {side: asked_objects(source_for(pk), None, Conditions(pair=pair)) for side, pk in sides.items()}
    return {
        "confusion": {"class_ids": class_ids, **{side: matrix(where, class_ids) for side, where in within.items()}},
        "errors": errors(within),
        "objects": objects(pair, class_ids),
        "images": images(pair, within),
    }


def matrix(where: Sql, class_ids: Sequence[int]) -> list[list[int]]:
    """Counts of boxes, labelled class down, predicted class across, background last."""
    places = {pk: place for place, pk in enumerate([*class_ids, None])}
    counts = [[0] * len(places) for _ in places]
    for truth, predicted, boxes in _rows(CELLS.format(where=where.text), where):
        if truth in places and predicted in places:
            counts[places[truth]][places[predicted]] = boxes
    return counts


def errors(within: dict[str, Sql]) -> list[dict[str, Any]]:
    """Each type of error with how many of it either has."""
    found = {side: dict(_rows(ERRORS.format(where=where.text), where)) for side, where in within.items()}
    return [{"error": error, **{side: counts.get(error, 0) for side, counts in found.items()}} for error in ERROR_ORDER]


def objects(pair: Pair, class_ids: Sequence[int]) -> dict[str, Any]:
    """How many labels were fixed and broken, how many false positives went and came; in all, and by class."""
    by_class = {word: _objects(pair, word) for word in WORDS}
    return {
        **{word: sum(counts.values()) for word, counts in by_class.items()},
        "per_class": [
            {"class_id": pk, **{word: counts.get(pk, 0) for word, counts in by_class.items()}} for pk in class_ids
        ],
    }


def _objects(pair: Pair, word: str) -> dict[int, int]:
    source: ObjectSource = source_for(pair.earlier if word == FP_GONE else pair.later)
    where = asked_objects(source, None, Conditions(pair=pair, changed=(word,)))
    return dict(_rows(OBJECTS.format(table=source.table, where=where.text), where))


def images(pair: Pair, within: dict[str, Sql]) -> dict[str, int]:
    """On how many images the later has fewer errors (false positives and missed labels), and on how many more."""
    mine, others = within["b"], within["a"]
    params = (pair.later, *mine.params, *others.params)
    fewer, more = _rows(IMAGES.format(mine=mine.text, others=others.text), Sql("", params))[0]
    return {"fewer": fewer, "more": more}


def _rows(statement: str, where: Sql) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(where.params))  # type: ignore[arg-type]
        return list(cursor.fetchall())
